/** Thresholds as handles on the score axis: dragged, or moved by keys like any slider. */

import { count, inPoints, percent, whole } from "./format.js";
import { fitted, pool, svg, write, writeText } from "./nodes.js";

/** @typedef {import("./figures.js").TierFigures} TierFigures */

/**
 * @typedef {object} ThresholdHandlers
 * @property {(index: number, score: number) => void} onThresholdInput  with every step; `index` is the tier's place
 * @property {(index: number, score: number) => void} onThresholdChange  once it is let go of
 */

/**
 * Where the handles stand.
 * @typedef {object} HandleFrame
 * @property {number} left  of the plot, in pixels, as all of these
 * @property {number} right
 * @property {number} top  of the line
 * @property {number} bottom
 * @property {number} minScore
 * @property {number} maxScore
 */

const PAGE_SHARE = 20;
const LABEL_HEIGHT = 18;
const LETTER = 6.2;
const GRIP = { width: 14, height: 22 };

/**
 * @param {HandleFrame} frame
 * @param {number} score
 * @returns {number}  where this score begins; the right end for one beyond the range
 */
export function edgeOf({ left, right, minScore, maxScore }, score) {
  const within = Math.min(score, maxScore + 1);
  return left + ((within - minScore) / (maxScore - minScore + 1)) * (right - left);
}

/**
 * @param {SVGSVGElement} plot
 * @param {ThresholdHandlers} handlers
 */
export function createHandles(plot, handlers) {
  const layer = svg("g", "panel-handles", plot);
  /** @type {HandleFrame} */
  let frame = { left: 0, right: 1, top: 0, bottom: 1, minScore: 0, maxScore: 1 };
  /** @type {TierFigures[]} */
  let tiers = [];
  /** A handle on the way: its tier, where it began, where it is, and what a dragging pointer needs.
   * @type {{index: number, began: number, score: number, isMoved: boolean, pointer: number | null, zero: number} | null} */
  let held = null;
  const handles = pool((place) => createHandle(layer, place + 1));

  /** @param {number} index */
  function limits(index) {
    // A highest tier that begins above every possible score stays there until it is moved.
    const end = Math.max(frame.maxScore, tiers[index].threshold);
    const high = index + 1 < tiers.length ? tiers[index + 1].threshold - 1 : end;
    return { low: tiers[index - 1].threshold + 1, high };
  }

  /**
   * Of handles that lie over each other, the one that is free to go where the hand goes is meant.
   * @param {number} score
   */
  function takeFreeOne(score) {
    while (held !== null && !held.isMoved && score !== held.score) {
      const isUp = score > held.score;
      const next = held.index + (isUp ? 1 : -1);
      if (next < 1 || next >= tiers.length) return;
      const { low, high } = limits(held.index);
      const isStuck = isUp ? held.score >= high : held.score <= low;
      const shift = edgeOf(frame, held.score) - edgeOf(frame, tiers[next].threshold);
      if (Math.abs(shift) >= (isStuck ? GRIP.width : GRIP.width / 2)) return;
      const began = tiers[next].threshold;
      held = { ...held, index: next, began, score: began, zero: held.zero + shift };
    }
  }

  /** @param {number} score */
  function moveTo(score) {
    if (held === null) return;
    const { low, high } = limits(held.index);
    const within = Math.min(Math.max(score, low), high);
    if (within === held.score) return;
    held.score = within;
    held.isMoved = true;
    handlers.onThresholdInput(held.index, within);
  }

  /** @param {boolean} [isKept] */
  function letGo(isKept = true) {
    if (held === null) return;
    const { index, began, score, isMoved } = held;
    held = null;
    if (!isKept && score !== began) handlers.onThresholdInput(index, began);
    // Also where it came back to where it began: whoever was told that it moves has to hear that it rests.
    if (isMoved) handlers.onThresholdChange(index, isKept ? score : began);
  }

  /** @param {number} x  in pixels of the plot */
  function scoreAt(x) {
    const share = (x - frame.left) / (frame.right - frame.left);
    return Math.round(frame.minScore + share * (frame.maxScore - frame.minScore + 1));
  }

  /** @param {SVGGElement} node @param {number} index */
  function listen(node, index) {
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      letGo();
      const began = tiers[index].threshold;
      node.setPointerCapture(event.pointerId);
      // Where score 0 lies under this pointer, so that the handle does not jump to it.
      const zero = event.clientX - edgeOf(frame, began);
      held = { index, began, score: began, isMoved: false, pointer: event.pointerId, zero };
    });
    node.addEventListener("pointermove", (event) => {
      if (held === null || held.pointer !== event.pointerId) return;
      takeFreeOne(scoreAt(event.clientX - held.zero));
      moveTo(scoreAt(event.clientX - held.zero));
    });
    node.addEventListener("pointerup", () => letGo());
    node.addEventListener("pointercancel", () => letGo());
    node.addEventListener("keydown", (event) => onKey(event, index));
    node.addEventListener("keyup", () => held?.pointer === null && letGo());
    node.addEventListener("blur", () => letGo());
  }

  /** @param {KeyboardEvent} event @param {number} index */
  function onKey(event, index) {
    if (event.key === "Escape") return letGo(false);
    const now = held?.index === index ? held.score : tiers[index].threshold;
    const target = keyTarget(event.key, now, limits(index), frame.maxScore - frame.minScore);
    if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    held ??= { index, began: now, score: now, isMoved: false, pointer: null, zero: 0 };
    moveTo(target);
  }

  /** @param {SVGGElement} parent @param {number} index */
  function createHandle(parent, index) {
    const handle = drawnHandle(parent);
    listen(handle.node, index);
    return handle;
  }

  return {
    /**
     * @param {TierFigures[]} drawn  lowest first
     * @param {HandleFrame} place
     */
    draw(drawn, place) {
      tiers = drawn;
      frame = place;
      handles(drawn.length - 1).forEach((handle, number) => {
        const index = number + 1;
        const tier = drawn[index];
        const x = edgeOf(frame, tier.threshold);
        const from = ` from ${whole(tier.threshold)}`;
        const needed = LETTER * (tier.label.length + from.length);
        const isLeft = needed > frame.right - x && x > frame.right - x;
        const room = isLeft ? x : frame.right - x;
        const labelBottom = frame.top - GRIP.height / 2 - 6 - LABEL_HEIGHT * (drawn.length - 1 - index);
        write(handle.node, { transform: `translate(${x},0)`, ...sliderState(tier, limits(index)) });
        write(handle.line, { y1: labelBottom + 4, y2: frame.bottom });
        write(handle.target, { y: frame.top - GRIP.height / 2, height: frame.bottom - frame.top + GRIP.height / 2 });
        write(handle.grip, { y: frame.top - GRIP.height / 2 });
        write(handle.notch, { d: `M-2.5 ${frame.top - 5}v10M2.5 ${frame.top - 5}v10` });
        writeText(handle.label, fitted(tier.label, room - LETTER * from.length, LETTER) + from);
        write(handle.label, {
          "text-anchor": isLeft ? "end" : "start",
          x: isLeft ? 6 : -6,
          y: labelBottom,
        });
      });
    },
  };
}

/**
 * How high the labels and grips above the plot stand.
 * @param {number} tierCount
 */
export function handlesHeight(tierCount) {
  return LABEL_HEIGHT * Math.max(1, tierCount - 1) + GRIP.height / 2 + 4;
}

/** @param {SVGGElement} parent */
function drawnHandle(parent) {
  const node = svg("g", "panel-handle", parent);
  write(node, { role: "slider", tabindex: 0, "aria-orientation": "horizontal" });
  const line = svg("line", "panel-threshold", node);
  const target = svg("rect", "panel-target", node);
  write(target, { x: -12, width: 24 });
  const grip = svg("rect", "panel-grip", node);
  write(grip, { x: -GRIP.width / 2, width: GRIP.width, height: GRIP.height, rx: 4 });
  const notch = svg("path", "panel-notch", node);
  const label = svg("text", "panel-handle-label", node);
  write(label, { "aria-hidden": "true" });
  return { node, line, target, grip, notch, label };
}

/**
 * @param {TierFigures} tier
 * @param {{low: number, high: number}} limits
 */
function sliderState(tier, { low, high }) {
  const converted = tier.rate === null ? "no leads" : `${count(tier.leads)} leads, ${percent(tier.rate)} converted`;
  return {
    "aria-label": `${tier.label} from`,
    "aria-valuemin": low,
    "aria-valuemax": high,
    "aria-valuenow": tier.threshold,
    "aria-valuetext": `${inPoints(tier.threshold)}, ${converted}`,
  };
}

/**
 * @param {string} key
 * @param {number} now
 * @param {{low: number, high: number}} limits
 * @param {number} span  of the scores
 * @returns {number | null}  null for a key that moves nothing
 */
function keyTarget(key, now, { low, high }, span) {
  const page = Math.max(2, Math.round(span / PAGE_SHARE));
  /** @type {Record<string, number>} */
  const targets = {
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    PageUp: now + page,
    PageDown: now - page,
    Home: low,
    End: high,
  };
  return targets[key] ?? null;
}

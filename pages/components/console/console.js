/** The tuning console: Streamlit calls this script with every answer of the dashboard; it wires inputs and panel. */

import { createControls } from "./controls.js";
import { createDelivery } from "./delivery.js";
import { figuresOf } from "./live/figures.js";
import { write } from "./live/nodes.js";
import { createPanel } from "./live/panel.js";
import { decodeCounts } from "./live/table.js";
import { createOutbox } from "./outbox.js";
import { createTuning } from "./tuning.js";

/** @typedef {import("./tuning.js").Change} Change */
/** @typedef {import("./tuning.js").Confirmed} Confirmed */
/** @typedef {import("./live/figures.js").Figures} Figures */
/** @typedef {import("./live/figures.js").Tier} Tier */
/** @typedef {import("./live/table.js").CountsPayload} CountsPayload */

/**
 * What Python sends; see component.py.
 * @typedef {Confirmed & {
 *   showControls: boolean,
 *   reference: {counts: CountsPayload, tiers: Tier[], compared: import("./live/headline.js").Compared} | null,
 *   appearance: import("./live/panel.js").Appearance,
 *   noun: "quarter" | "month",
 *   explanations: string[],
 * }} ConsoleData
 */

/** @typedef {(name: string, value: unknown) => void} Trigger */

/**
 * Where the console and the bringer of response tables, two components of one page, find each other.
 * @typedef {object} Meeting
 * @property {((rule: string) => void) | undefined} [ask]
 * @property {(() => void) | undefined} [onTable]
 * @property {import("./live/table.js").ResponsePayload | null} [table]
 */

const MEETING = Symbol.for("tierline.console");

/** An answer takes less, however many leads there are; a question can be lost when the page is redrawn. */
const ASK_AGAIN_MILLISECONDS = 2000;

/** @type {WeakMap<object, ReturnType<typeof createConsole>>} */
const consoles = new WeakMap();

/** Which tier's history is shown, the highest until one is chosen; outlives a change of page. @type {string | null} */
let chosenTier = null;

/**
 * @param {{data: ConsoleData | null, parentElement: HTMLElement | ShadowRoot, setTriggerValue: Trigger}} component
 * @returns {() => void}  takes the console down
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const made = consoles.get(parentElement) ?? createConsole(parentElement);
  consoles.set(parentElement, made);
  if (data) made.receive(data, setTriggerValue);
  return () => {
    made.destroy();
    consoles.delete(parentElement);
  };
}

/** @param {ConsoleData} data  @returns {string}  what the panel shows, to tell two answers apart */
function shownBy({ draft, counts }) {
  return JSON.stringify([draft.tiers, counts]);
}

/** @returns {Meeting} */
function meeting() {
  const place = /** @type {Record<symbol, Meeting>} */ (/** @type {unknown} */ (globalThis));
  return (place[MEETING] ??= {});
}

/** @param {HTMLElement | ShadowRoot} parent */
function createConsole(parent) {
  const root = /** @type {HTMLElement} */ (parent.querySelector(".console"));
  const inputs = document.createElement("section");
  inputs.className = "inputs";
  inputs.setAttribute("aria-label", "Rules and thresholds");
  const live = document.createElement("section");
  live.className = "live";
  live.setAttribute("aria-label", "What your draft would have done");
  const announcement = document.createElement("p");
  announcement.className = "announcement";
  announcement.setAttribute("role", "status");
  // With dozens of rules the way to the handles is long for those who tab.
  const skip = document.createElement("button");
  skip.type = "button";
  skip.className = "skip";
  skip.textContent = "Skip the rules";
  skip.addEventListener("click", () => {
    const first = live.querySelector("[role=slider]") ?? live.querySelector("button");
    if (first instanceof HTMLElement || first instanceof SVGElement) first.focus();
  });
  root.replaceChildren(skip, inputs, live, announcement);
  root.classList.add("running");

  /** @type {Trigger} */
  let trigger = () => {};
  /** @type {ConsoleData | null} */
  let data = null;
  /** @type {Figures | null} */
  let reference = null;
  let frame = 0;
  let isMoving = false;
  let announces = false;
  let near = "";
  let asked = { request: "", at: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let making;

  const client = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const outbox = createOutbox();
  const tuning = createTuning(client, (sent) => {
    outbox.send("changes", () => trigger("sent", sent));
    delivery.watch();
  });
  const delivery = createDelivery(root, tuning);
  const controls = createControls(inputs, {
    onPreview: preview,
    onCommit: commit,
    onNear: comeNear,
  });
  const panel = createPanel(live, {
    onThresholdInput: (place, score) => {
      controls.flush();
      preview(threshold(place, score));
      controls.showThresholds(tuning.refusals);
    },
    onThresholdChange: (place, score) => {
      commit(threshold(place, score));
      // At once: the next key counts from where the handle stands.
      cancelAnimationFrame(frame);
      draw();
    },
    onTierChosen: (name) => {
      chosenTier = name;
      schedule();
    },
  });
  meeting().onTable = receiveTable;

  /** @param {number} place @param {number} score @returns {Change} */
  function threshold(place, score) {
    return { kind: "threshold", tier: tuning.draft().tiers[place].name, value: score };
  }

  /** @param {Change} change */
  function preview(change) {
    tuning.preview(change);
    isMoving = true;
    controls.follow(tuning.draft());
    if (change.kind === "points" || change.kind === "cap") comeNear(change.rule);
    schedule();
  }

  /** @param {Change} change */
  function commit(change) {
    isMoving = false;
    tuning.commit(change);
    showInputs();
    schedule();
  }

  /** @param {string} rule  one whose points may move soon: its response table should be here by then */
  function comeNear(rule) {
    near = rule;
    making ??= setTimeout(makeAhead);
    const request = `${rule} ${data?.identities[rule]}`;
    const now = performance.now();
    const isUnderWay = asked.request === request && now - asked.at < ASK_AGAIN_MILLISECONDS;
    if (isUnderWay || !tuning.lacksTable(rule)) return;
    asked = { request, at: now };
    outbox.send("question", () => meeting().ask?.(rule));
  }

  function receiveTable() {
    const table = meeting().table;
    if (!table || data === null) return;
    tuning.receiveTable(table);
    making ??= setTimeout(makeAhead);
    schedule();
  }

  /** What the rule near the hand may be moved to: a task each, so that no frame waits for more than one. */
  function makeAhead() {
    making = tuning.makeNext(near) ? setTimeout(makeAhead) : undefined;
  }

  function showInputs() {
    controls.update(tuning.draft(), tuning.refusals);
  }

  function schedule() {
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    if (data === null) return;
    const { counts, isWaiting } = tuning.counts();
    live.hidden = counts === null;
    root.classList.toggle("waits", isWaiting);
    write(live, { "aria-busy": String(isWaiting || isMoving || tuning.hasPending()) });
    if (counts === null) return;
    const { tiers } = tuning.draft();
    const figures = figuresOf(counts, tiers);
    if (!tiers.some((tier) => tier.name === chosenTier)) chosenTier = null;
    panel.draw(figures, reference, {
      chosenTier: chosenTier ?? "",
      scoreRange: [counts.minScore, counts.maxScore],
      moving: isMoving,
      noun: data.noun,
      compared: data.reference?.compared ?? null,
      appearance: data.appearance,
      explanations: data.explanations,
    });
    if (announces && !isWaiting && !isMoving) {
      announces = false;
      announcement.textContent = panel.describe();
    }
  }

  return {
    /** @param {ConsoleData} next @param {Trigger} setTriggerValue */
    receive(next, setTriggerValue) {
      trigger = setTriggerValue;
      // Undo, another part of the leads and edited tiers come from outside, and change what was read out too.
      const isOther = data !== null && shownBy(data) !== shownBy(next);
      data = next;
      announces = tuning.receive(next) || isOther || announces;
      delivery.watch();
      reference = next.reference && figuresOf(decodeCounts(next.reference.counts), next.reference.tiers);
      root.classList.toggle("figures-only", !next.showControls);
      inputs.hidden = !next.showControls;
      skip.hidden = !next.showControls;
      receiveTable();
      showInputs();
      if (near !== "") comeNear(near);
      schedule();
    },
    destroy() {
      controls.destroy();
      panel.destroy();
      outbox.empty();
      delivery.destroy();
      cancelAnimationFrame(frame);
      clearTimeout(making);
      if (meeting().onTable === receiveTable) meeting().onTable = undefined;
    },
  };
}

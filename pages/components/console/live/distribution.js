/** How many leads have which score: those that converted above, the others below, thresholds through both. */

import { countAxis, heldTop, wholeTicks } from "./axes.js";
import { count, shortCount, whole } from "./format.js";
import { createHandles, edgeOf, handlesHeight } from "./handles.js";
import { createTicks, html, pool, show, svg, write, writeText } from "./nodes.js";
import { createReadout } from "./readout.js";
import { distributionTitle } from "./words.js";

/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./figures.js").Distribution} Distribution */
/** @typedef {import("./handles.js").HandleFrame} HandleFrame */
/** @typedef {import("./panel.js").Scene} Scene */

/**
 * One of the two halves: where it stands and which numbers it shows.
 * @typedef {object} Half
 * @property {"converted" | "notConverted"} key
 * @property {number} top
 * @property {number} height
 */

const MARGIN = { left: 46, right: 10 };
const STRIP = 5;
const HALVES = [88, 70];
const GAP = 12;
const AXIS = 38;
const LEGEND = /** @type {const} */ ([
  ["converted", "converted"],
  ["notConverted", "did not convert"],
  ["reference", "model in use"],
]);

/**
 * @param {HTMLElement} parent
 * @param {import("./handles.js").ThresholdHandlers} handlers
 */
export function createDistribution(parent, handlers) {
  const section = html("section", "panel-chart", parent);
  const title = html("h3", "panel-title", section);
  const frame = html("div", "panel-plot", section);
  const plot = svg("svg", "", frame);
  const stripLayer = svg("g", "", plot);
  const strips = pool(() => ({ node: svg("rect", "", stripLayer) }));
  const halves = { converted: createHalf(plot, "converted"), notConverted: createHalf(plot, "notConverted") };
  const axis = createScoreAxis(plot);
  const handles = createHandles(plot, handlers);
  const legend = createLegend(section);
  /** @type {{scene: Scene, place: HandleFrame} | null} */
  let drawn = null;
  createReadout(frame, plot, (x, y) => drawn && binAt(drawn.scene.figures.distribution, drawn.place, x, y));

  return {
    /** @param {Scene} scene */
    draw(scene) {
      const { figures, appearance, scoreRange, width } = scene;
      const top = handlesHeight(figures.tiers.length);
      const place = {
        left: MARGIN.left,
        right: Math.max(width - MARGIN.right, MARGIN.left + 40),
        top,
        bottom: top + STRIP + HALVES[0] + GAP + HALVES[1],
        minScore: scoreRange[0],
        maxScore: scoreRange[1],
      };
      drawn = { scene, place };
      write(plot, { width, height: place.bottom + AXIS });
      writeText(title, distributionTitle(figures));
      strips(figures.tiers.length).forEach(({ node }, number) => {
        const from = edgeOf(place, figures.tiers[number].threshold);
        const to = edgeOf(place, figures.tiers[number + 1]?.threshold ?? Infinity);
        write(node, { x: from, y: top, width: to - from, height: STRIP - 2, fill: appearance.tiers[number] });
      });
      const reference = comparable(scene);
      halves.converted.draw(scene, reference, place, top + STRIP, HALVES[0]);
      halves.notConverted.draw(scene, reference, place, top + STRIP + HALVES[0] + GAP, HALVES[1]);
      axis.draw(place);
      handles.draw(figures.tiers, place);
      legend.draw(scene, reference !== null);
    },
  };
}

/**
 * The distribution of the model in use, where its bins are the same.
 * @param {Scene} scene
 */
function comparable({ figures, reference }) {
  if (reference === null) return null;
  const [now, old] = [figures.distribution, reference.distribution];
  const isSame = now.width === old.width && now.low[0] === old.low[0] && now.low.length === old.low.length;
  return isSame ? old : null;
}

/**
 * @param {SVGSVGElement} plot
 * @param {"converted" | "notConverted"} key
 */
function createHalf(plot, key) {
  const ticks = createTicks(plot);
  const bars = svg("path", "panel-bars", plot);
  const outline = svg("path", "panel-outline", plot);
  /** @type {number | null} */
  let kept = null;
  return {
    /**
     * @param {Scene} scene
     * @param {Distribution | null} reference
     * @param {HandleFrame} place
     * @param {number} top
     * @param {number} height
     */
    draw(scene, reference, place, top, height) {
      const distribution = scene.figures.distribution;
      const leads = distribution[key];
      const largest = Math.max(1, ...leads, ...(reference?.[key] ?? []));
      const end = heldTop(kept, largest, scene.moving, (value) => countAxis(value).top);
      kept = end;
      const bottom = top + height;
      const step = countAxis(end).step;
      ticks(Math.floor(end / step) + 1).forEach((tick, number) => {
        const y = Math.round(bottom - (number * step * height) / end) + 0.5;
        write(tick.line, { x1: place.left, x2: place.right, y1: y, y2: y });
        write(tick.text, { x: place.left - 6, y: y + 4, "text-anchor": "end" });
        writeText(tick.text, shortCount(number * step));
      });
      write(bars, { d: barsPath(distribution, leads, place, bottom, height / end), fill: scene.appearance[key] });
      show(outline, reference !== null);
      if (reference === null) return;
      const path = outlinePath(reference, reference[key], place, bottom, height / end);
      write(outline, { d: path, stroke: scene.appearance.reference });
    },
  };
}

/**
 * @param {Distribution} distribution
 * @param {number[]} leads
 * @param {HandleFrame} place
 * @param {number} bottom
 * @param {number} scale  pixels a lead
 */
function barsPath({ low, width }, leads, place, bottom, scale) {
  let path = "";
  for (let bin = 0; bin < leads.length; bin++) {
    if (leads[bin] === 0) continue;
    const from = edgeOf(place, low[bin]);
    const to = edgeOf(place, low[bin] + width);
    const gap = Math.min(1.5, (to - from) * 0.07);
    // A single lead is still to be seen.
    const height = Math.max(1, leads[bin] * scale);
    path += `M${tenth(from + gap)} ${bottom}V${tenth(bottom - height)}H${tenth(to - gap)}V${bottom}Z`;
  }
  return path;
}

/**
 * The upper edge of the bars of the model in use.
 * @param {Distribution} distribution
 * @param {number[]} leads
 * @param {HandleFrame} place
 * @param {number} bottom
 * @param {number} scale
 */
function outlinePath({ low, width }, leads, place, bottom, scale) {
  let path = `M${tenth(edgeOf(place, low[0]))} ${bottom}`;
  for (let bin = 0; bin < leads.length; bin++) {
    const to = edgeOf(place, low[bin] + width);
    path += `V${tenth(bottom - leads[bin] * scale)}H${tenth(to)}`;
  }
  return `${path}V${bottom}`;
}

/** @param {SVGSVGElement} plot */
function createScoreAxis(plot) {
  const layer = svg("g", "", plot);
  const ticks = pool(() => ({ node: svg("text", "", layer) }));
  const name = svg("text", "panel-axis-name", plot);
  writeText(name, "score (points)");
  return {
    /** @param {HandleFrame} place */
    draw(place) {
      const shown = wholeTicks(place.minScore, place.maxScore, (place.right - place.left) / 90);
      ticks(shown.length).forEach(({ node }, number) => {
        const half = edgeOf(place, shown[number] + 0.5);
        write(node, { x: half, y: place.bottom + 16, "text-anchor": "middle" });
        writeText(node, whole(shown[number]));
      });
      const middle = (place.left + place.right) / 2;
      write(name, { x: middle, y: place.bottom + 33, "text-anchor": "middle" });
    },
  };
}

/** @param {HTMLElement} parent */
function createLegend(parent) {
  const list = html("ul", "panel-legend", parent);
  const entries = LEGEND.map(([key, text]) => {
    const entry = html("li", "", list);
    const sign = html("span", key === "reference" ? "panel-line-sign" : "panel-sign", entry);
    sign.setAttribute("aria-hidden", "true");
    return { key, text, entry, sign, name: html("span", "", entry) };
  });
  return {
    /** @param {Scene} scene @param {boolean} isDrawn  the model in use, where there is one */
    draw({ appearance, reference }, isDrawn) {
      for (const { key, text, entry, sign, name } of entries) {
        const isLeftOut = key === "reference" && !isDrawn;
        write(sign, { style: `background: ${appearance[key]}` });
        writeText(name, isLeftOut ? `${text} not drawn: its scores have another range` : text);
        show(sign, !isLeftOut);
        show(entry, !isLeftOut || reference !== null);
      }
    },
  };
}

/**
 * @param {Distribution} distribution
 * @param {HandleFrame} place
 * @param {number} x
 * @param {number} y
 */
function binAt({ low, width, converted, notConverted }, place, x, y) {
  if (x < place.left || x >= place.right || y < place.top || y > place.bottom) return null;
  const scores = place.maxScore - place.minScore + 1;
  const bin = Math.floor(((x - place.left) / (place.right - place.left)) * (scores / width));
  if (bin >= low.length) return null;
  const highest = Math.min(low[bin] + width - 1, place.maxScore);
  const range = highest === low[bin] ? whole(highest) : `${whole(low[bin])} to ${whole(highest)}`;
  return {
    x: edgeOf(place, (low[bin] + highest + 1) / 2),
    y,
    lines: [
      `score ${range}`,
      `${count(converted[bin])} converted`,
      `${count(notConverted[bin])} did not convert`,
    ],
  };
}

/** @param {number} pixels */
function tenth(pixels) {
  return Math.round(pixels * 10) / 10;
}

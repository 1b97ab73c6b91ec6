/** The conversion rate of each tier with its likely range, beside the average of all leads. */

import { heldTop, rateTick, rateTicks, rateTop } from "./axes.js";
import { count, likelyRange, percent, times } from "./format.js";
import { createTicks, fitted, html, pool, show, svg, write, writeText } from "./nodes.js";
import { createReadout } from "./readout.js";
import { smallNote, tierRatesTitle } from "./words.js";

/** @typedef {import("./figures.js").TierFigures} TierFigures */
/** @typedef {import("./panel.js").Scene} Scene */

const LEFT = 2;
const RIGHT = 24;
const AXIS = 40;
const AVERAGE = 20;
const LEAST_ROW = 44;
const MOST_ROW = 66;
const BAR = { top: 22, height: 14 };

/**
 * How high the plot is, so that the chart beside it can be as high.
 * @param {number} tierCount
 */
export function tierRatesHeight(tierCount) {
  const room = 200;
  const row = Math.min(MOST_ROW, Math.max(LEAST_ROW, room / tierCount));
  return { row, height: Math.max(room, row * tierCount) + AVERAGE + AXIS };
}

/** @param {HTMLElement} parent */
export function createTierRates(parent) {
  const section = html("section", "panel-chart", parent);
  const title = html("h3", "panel-title", section);
  const frame = html("div", "panel-plot", section);
  const note = html("p", "panel-chart-note", section);
  const plot = svg("svg", "", frame);
  const ticks = createTicks(plot);
  const axisName = svg("text", "panel-axis-name", plot);
  writeText(axisName, "leads that converted");
  const average = svg("line", "panel-average", plot);
  const averageText = svg("text", "panel-note-text", plot);
  const rowLayer = svg("g", "", plot);
  const rows = pool(() => createRow(rowLayer));
  /** @type {number | null} */
  let kept = null;
  /** @type {{tiers: TierFigures[], row: number, at: (rate: number) => number} | null} */
  let drawn = null;
  createReadout(frame, plot, (_, y) => drawn && tierAt(drawn, y));

  return {
    /** @param {Scene} scene */
    draw(scene) {
      const { figures, reference, appearance, chartWidth: width } = scene;
      const tiers = [...figures.tiers].reverse();
      const { row, height } = tierRatesHeight(tiers.length);
      const bottom = height - AXIS;
      const names = new Set(tiers.map((tier) => tier.name));
      // Only what is drawn: a tier that the draft does not have would stretch the axis for nothing.
      const known = reference?.tiers.filter((tier) => names.has(tier.name)) ?? [];
      const old = new Map(known.map((tier) => [tier.name, tier.rate]));
      const largest = Math.max(0, ...tiers.map((tier) => tier.high ?? 0), ...[...old.values()].map((r) => r ?? 0));
      const top = heldTop(kept, largest, scene.moving, rateTop);
      kept = top;
      const plotWidth = Math.max(40, width - LEFT - RIGHT);
      /** @param {number} rate */
      const at = (rate) => LEFT + (rate / top) * plotWidth;
      drawn = { tiers, row, at };

      write(plot, { width, height });
      writeText(title, tierRatesTitle(figures));
      const strokes = known.some((tier) => tier.rate !== null) ? "Upright stroke: model in use." : "";
      writeText(note, `${strokes} ${smallNote(tiers, appearance.smallBelow)}`.trim());
      const shownTicks = rateTicks(top);
      ticks(shownTicks.length).forEach((tick, place) => {
        const x = Math.round(at(shownTicks[place])) + 0.5;
        write(tick.line, { x1: x, x2: x, y1: 0, y2: bottom });
        write(tick.text, { x, y: bottom + 16, "text-anchor": place === 0 ? "start" : "middle" });
        writeText(tick.text, rateTick(shownTicks[place]));
      });
      write(axisName, { x: LEFT + plotWidth / 2, y: bottom + 33, "text-anchor": "middle" });
      drawAverage(figures.rate);
      rows(tiers.length).forEach((drawnRow, place) => {
        const tier = tiers[place];
        const isSmall = tier.leads < appearance.smallBelow;
        const colour = isSmall ? appearance.small : appearance.tiers[tiers.length - 1 - place];
        drawnRow.draw(tier, old.get(tier.name) ?? null, colour, place * row, at, width, appearance.reference);
      });

      /** @param {number | null} rate */
      function drawAverage(rate) {
        show(average, rate !== null);
        show(averageText, rate !== null);
        if (rate === null) return;
        const x = at(rate);
        const isFarRight = x > width - 110;
        write(average, { x1: x, x2: x, y1: 0, y2: bottom });
        write(averageText, {
          x: isFarRight ? x - 5 : x + 5,
          y: bottom - 6,
          "text-anchor": isFarRight ? "end" : "start",
        });
        writeText(averageText, `average ${percent(rate)}`);
      }
    },
  };
}

/** @param {SVGGElement} layer */
function createRow(layer) {
  const node = svg("g", "", layer);
  const bar = svg("rect", "panel-pale", node);
  const reference = svg("line", "panel-reference-mark", node);
  const range = svg("path", "panel-range", node);
  const point = svg("circle", "", node);
  const text = svg("text", "panel-row-text", node);
  const name = svg("tspan", "panel-strong", text);
  const figure = svg("tspan", "", text);
  write(point, { r: 6 });
  return {
    node,
    /**
     * @param {TierFigures} tier
     * @param {number | null} old  rate of the model in use
     * @param {string} colour
     * @param {number} top
     * @param {(rate: number) => number} at
     * @param {number} width
     * @param {string} referenceColour
     */
    draw(tier, old, colour, top, at, width, referenceColour) {
      const middle = BAR.top + BAR.height / 2;
      const words = tier.leads === 0 ? " no leads" : ` ${percent(tier.rate)} of ${count(tier.leads)} leads`;
      write(node, { transform: `translate(0,${Math.round(top)})` });
      write(text, { x: LEFT, y: 14 });
      writeText(name, fitted(tier.label, width - 7 * words.length, 7.2));
      writeText(figure, words);
      const rate = tier.rate ?? 0;
      write(bar, { x: LEFT, y: BAR.top, width: at(rate) - LEFT, height: BAR.height, fill: colour });
      show(point, tier.rate !== null);
      write(point, { cx: at(rate), cy: middle, fill: colour });
      write(range, { d: rangePath(tier, at, middle) });
      show(reference, old !== null);
      const x = at(old ?? 0);
      write(reference, { x1: x, x2: x, y1: middle - 12, y2: middle + 12, stroke: referenceColour });
    },
  };
}

/**
 * @param {TierFigures} tier
 * @param {(rate: number) => number} at
 * @param {number} y
 */
function rangePath({ low, high }, at, y) {
  if (low === null || high === null) return "";
  const [from, to] = [at(low).toFixed(1), at(high).toFixed(1)];
  return `M${from} ${y - 4}v8M${to} ${y - 4}v8M${from} ${y}H${to}`;
}

/**
 * @param {{tiers: TierFigures[], row: number, at: (rate: number) => number}} drawn
 * @param {number} y
 */
function tierAt({ tiers, row, at }, y) {
  const place = Math.floor(y / row);
  if (place < 0 || place >= tiers.length) return null;
  const tier = tiers[place];
  return {
    x: at(tier.rate ?? 0),
    y: place * row + BAR.top + BAR.height / 2,
    lines: [
      `${percent(tier.rate)}: ${count(tier.conversions)} of ${count(tier.leads)} leads`,
      likelyRange(tier.low, tier.high),
      times(tier.lift),
    ],
  };
}

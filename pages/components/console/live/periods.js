/** One tier's conversion rate in every period, with its likely range, the model in use behind. */

import { heldTop, periodTicks, rateTick, rateTicks, rateTop } from "./axes.js";
import { count, likelyRange, percent } from "./format.js";
import { createTicks, html, newId, pool, show, svg, write, writeText } from "./nodes.js";
import { createReadout } from "./readout.js";
import { tierRatesHeight } from "./tier_rates.js";
import { openNote, periodsTitle, smallNote } from "./words.js";

/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./figures.js").PeriodFigures} PeriodFigures */
/** @typedef {import("./figures.js").TierFigures} TierFigures */
/** @typedef {import("./panel.js").Scene} Scene */

/**
 * @typedef {object} PeriodFrame
 * @property {number} left
 * @property {number} step  pixels a period
 * @property {number} bottom
 * @property {(rate: number) => number} at
 */

const MARGIN = { left: 40, right: 6, top: 8, bottom: 40 };
const TICK_WIDTH = 34;

/**
 * @param {HTMLElement} parent
 * @param {(name: string) => void} onTierChosen
 */
export function createPeriods(parent, onTierChosen) {
  const section = html("section", "panel-chart", parent);
  const title = html("h3", "panel-title", section);
  const frame = html("div", "panel-plot", section);
  const plot = svg("svg", "", frame);
  const hatch = createHatch(plot);
  const ticks = createTicks(plot);
  const openLayer = svg("g", "", plot);
  const openBands = pool(() => ({ node: svg("rect", "", openLayer) }));
  const referenceLine = svg("path", "panel-reference-line", plot);
  const markLayer = svg("g", "", plot);
  const marks = pool(() => createMark(markLayer));
  const labelLayer = svg("g", "", plot);
  const labels = pool(() => {
    const node = svg("g", "", labelLayer);
    return { node, part: svg("text", "", node), year: svg("text", "", node) };
  });
  const foot = html("div", "panel-foot", section);
  const choice = createTierChoice(foot, onTierChosen);
  const note = html("p", "panel-chart-note", foot);
  /** @type {number | null} */
  let kept = null;
  /** @type {{figures: Figures, tier: number, place: PeriodFrame, old: (number | null)[]} | null} */
  let drawn = null;
  createReadout(frame, plot, (x) => drawn && periodAt(drawn, x));

  return {
    /** @param {Scene} scene */
    draw(scene) {
      const { figures, appearance, chartWidth: width, noun } = scene;
      const periods = figures.byPeriod;
      const tier = chosenPlace(figures, scene.chosenTier);
      const tiers = periods.map((period) => period.tiers[tier]);
      const old = ratesInUse(scene, figures.tiers[tier].name);
      const largest = Math.max(0, ...tiers.map((each) => each.high ?? 0), ...old.map((rate) => rate ?? 0));
      const top = heldTop(kept, largest, scene.moving, rateTop);
      kept = top;
      const height = tierRatesHeight(figures.tiers.length).height;
      const bottom = height - MARGIN.bottom;
      const place = {
        left: MARGIN.left,
        step: Math.max(40, width - MARGIN.left - MARGIN.right) / Math.max(1, periods.length),
        bottom,
        at: (/** @type {number} */ rate) => bottom - (rate / top) * (bottom - MARGIN.top),
      };
      drawn = { figures, tier, place, old };

      write(plot, { width, height });
      writeText(title, periodsTitle(figures, tier, noun));
      writeText(note, `${openNote(periods)} ${smallNote(tiers, appearance.smallBelow)}`.trim());
      drawAxes(periods, width, place, top);
      write(hatch.lines, { stroke: appearance.muted });
      const open = [...periods.keys()].filter((each) => periods[each].open > 0 && periods[each].leads === 0);
      openBands(open.length).forEach(({ node }, number) => {
        const x = place.left + open[number] * place.step + 0.05 * place.step;
        const size = { width: 0.9 * place.step, height: bottom - MARGIN.top };
        write(node, { x, y: MARGIN.top, ...size, fill: `url(#${hatch.id})` });
      });
      write(referenceLine, { d: linePath(old, place), stroke: appearance.reference });
      marks(periods.length).forEach((mark, number) => {
        const isSmall = tiers[number].leads < appearance.smallBelow;
        const colour = isSmall ? appearance.small : appearance.tiers[appearance.tiers.length - 1];
        mark.draw(tiers[number], middleOf(place, number), place.at, colour, periods[number].open > 0);
      });
      choice.draw(figures, tier, noun);
    },
  };

  /**
   * @param {PeriodFigures[]} periods
   * @param {number} width
   * @param {PeriodFrame} place
   * @param {number} top
   */
  function drawAxes(periods, width, place, top) {
    const rates = rateTicks(top);
    ticks(rates.length).forEach((tick, number) => {
      const y = Math.round(place.at(rates[number])) + 0.5;
      write(tick.line, { x1: place.left, x2: width - MARGIN.right, y1: y, y2: y });
      write(tick.text, { x: place.left - 6, y: y + 4, "text-anchor": "end" });
      writeText(tick.text, rateTick(rates[number]));
    });
    const most = Math.max(1, Math.floor((width - place.left) / TICK_WIDTH));
    const names = periodTicks(
      periods.map((period) => period.period),
      most,
    );
    labels(names.length).forEach((label, number) => {
      const x = middleOf(place, names[number].place);
      write(label.part, { x, y: place.bottom + 16, "text-anchor": "middle" });
      write(label.year, { x, y: place.bottom + 32, "text-anchor": "middle" });
      writeText(label.part, names[number].part);
      writeText(label.year, names[number].year);
    });
  }
}

/**
 * The place of the chosen tier; the highest one where there is none of that name.
 * @param {Figures} figures
 * @param {string} name
 */
export function chosenPlace(figures, name) {
  const place = figures.tiers.findIndex((tier) => tier.name === name);
  return place < 0 ? figures.tiers.length - 1 : place;
}

/**
 * @param {Scene} scene
 * @param {string} name  of the tier
 */
function ratesInUse({ figures, reference }, name) {
  if (reference === null) return [];
  const tier = reference.tiers.findIndex((each) => each.name === name);
  const rates = new Map(reference.byPeriod.map((period) => [period.period, period.tiers[tier]?.rate ?? null]));
  return figures.byPeriod.map((period) => rates.get(period.period) ?? null);
}

/** @param {PeriodFrame} place @param {number} number */
function middleOf(place, number) {
  return place.left + (number + 0.5) * place.step;
}

/**
 * @param {(number | null)[]} rates
 * @param {PeriodFrame} place
 */
function linePath(rates, place) {
  let path = "";
  rates.forEach((rate, number) => {
    if (rate === null) return;
    const isStart = number === 0 || rates[number - 1] === null;
    path += `${isStart ? "M" : "L"}${middleOf(place, number).toFixed(1)} ${place.at(rate).toFixed(1)}`;
  });
  return path;
}

/** @param {SVGGElement} layer */
function createMark(layer) {
  const node = svg("g", "", layer);
  const range = svg("path", "panel-range panel-quiet", node);
  const point = svg("circle", "panel-point", node);
  write(point, { r: 5.5 });
  return {
    node,
    /**
     * @param {TierFigures} tier
     * @param {number} x
     * @param {(rate: number) => number} at
     * @param {string} colour
     * @param {boolean} isOpen
     */
    draw(tier, x, at, colour, isOpen) {
      show(node, tier.rate !== null);
      if (tier.rate === null || tier.low === null || tier.high === null) return;
      const [low, high] = [at(tier.low).toFixed(1), at(tier.high).toFixed(1)];
      write(range, { d: `M${x - 4} ${low}h8M${x - 4} ${high}h8M${x} ${low}V${high}` });
      write(point, { cx: x, cy: at(tier.rate), stroke: colour, fill: isOpen ? "var(--paper)" : colour });
    },
  };
}

/** @param {SVGSVGElement} plot */
function createHatch(plot) {
  const pattern = svg("pattern", "", svg("defs", "", plot));
  const id = newId("hatch");
  write(pattern, { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
  const lines = svg("path", "", pattern);
  write(lines, { d: "M-2 2L2 -2M0 8L8 0M6 10L10 6", "stroke-width": 0.8 });
  return { id, lines };
}

/**
 * @param {HTMLElement} parent
 * @param {(name: string) => void} onTierChosen
 */
function createTierChoice(parent, onTierChosen) {
  const select = html("select", "panel-tier-choice", parent);
  select.addEventListener("change", () => onTierChosen(select.value));
  let shown = "";
  return {
    /**
     * @param {Figures} figures
     * @param {number} tier
     * @param {string} noun
     */
    draw(figures, tier, noun) {
      write(select, { "aria-label": `Tier by ${noun}` });
      const names = JSON.stringify(figures.tiers.map(({ name, label }) => [name, label]));
      if (names !== shown) {
        shown = names;
        const options = figures.tiers.map(({ name, label }) => new Option(label, name));
        select.replaceChildren(...options.reverse());
      }
      const name = figures.tiers[tier].name;
      if (select.value !== name) select.value = name;
    },
  };
}

/**
 * @param {{figures: Figures, tier: number, place: PeriodFrame, old: (number | null)[]}} drawn
 * @param {number} x
 */
function periodAt({ figures, tier, place, old }, x) {
  const number = Math.floor((x - place.left) / place.step);
  if (number < 0 || number >= figures.byPeriod.length) return null;
  const period = figures.byPeriod[number];
  const { rate, conversions, leads, low, high } = period.tiers[tier];
  const beside = { x: middleOf(place, number), y: rate === null ? place.bottom / 2 : place.at(rate) };
  if (period.leads === 0) return { ...beside, lines: [`${period.period}: still open, no rate yet`] };
  const before = old[number] ?? null;
  return {
    ...beside,
    lines: [
      `${period.period}: ${percent(rate)}, ${count(conversions)} of ${count(leads)} leads`,
      likelyRange(low, high),
      ...(before === null ? [] : [`model in use: ${percent(before)}`]),
    ],
  };
}

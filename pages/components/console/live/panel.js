/** The live panel: the figures of the top tier and three charts, drawn anew with every frame of a moving handle. */

import { createDistribution } from "./distribution.js";
import { createHeadline, headlineFigures } from "./headline.js";
import { html, write } from "./nodes.js";
import { chosenPlace, createPeriods } from "./periods.js";
import { createTables, tablesOf } from "./tables.js";
import { createTierRates } from "./tier_rates.js";
import { distributionTitle, periodsTitle, tierRatesTitle } from "./words.js";

/** @typedef {import("./figures.js").Figures} Figures */

/**
 * Colours of one theme, the tiers' lowest first, and below how many leads a mark is grey.
 * @typedef {object} Appearance
 * @property {string} ink
 * @property {string} muted
 * @property {string} grid
 * @property {string} page
 * @property {string} converted
 * @property {string} notConverted
 * @property {string} small
 * @property {string} reference
 * @property {string[]} tiers
 * @property {number} smallBelow
 */

/**
 * @typedef {object} DrawOptions
 * @property {string} chosenTier  whose rates by period are shown; "" for the highest
 * @property {[number, number]} scoreRange
 * @property {boolean} moving  axes stay where they are until it is false again
 * @property {"quarter" | "month"} noun
 * @property {Appearance} appearance
 * @property {import("./headline.js").Compared | null} [compared]  null: the highest tiers of both
 * @property {string[]} [explanations]  behind the five figures of the headline, in their order
 */

/** @typedef {DrawOptions & {figures: Figures, reference: Figures | null, width: number, chartWidth: number}} Scene */

/**
 * @typedef {object} PanelHandlers
 * @property {(index: number, score: number) => void} onThresholdInput  with every step; `index` is the tier's place
 * @property {(index: number, score: number) => void} onThresholdChange  once it is let go of
 * @property {(name: string) => void} onTierChosen
 */

const TWO_COLUMNS = 620;
const GAP = 28;
const THEME = /** @type {const} */ (["ink", "muted", "grid", "page"]);

/**
 * @param {HTMLElement} root
 * @param {PanelHandlers} handlers
 */
export function createPanel(root, handlers) {
  const panel = html("div", "panel", root);
  const headline = createHeadline(panel);
  const distribution = createDistribution(panel, handlers);
  const pair = html("div", "panel-pair", panel);
  const rates = createTierRates(pair);
  const periods = createPeriods(pair, handlers.onTierChosen);
  const tables = createTables(panel);
  let width = panel.clientWidth;
  /** @type {{figures: Figures, reference: Figures | null, options: DrawOptions} | null} */
  let drawn = null;

  const observer = new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width) return;
    width = now;
    if (drawn) draw(drawn.figures, drawn.reference, drawn.options);
  });
  observer.observe(panel);

  /**
   * @param {Figures} figures
   * @param {Figures | null} reference  of the model in use
   * @param {DrawOptions} options
   */
  function draw(figures, reference, options) {
    drawn = { figures, reference, options };
    if (width === 0) return;
    const isWide = width >= TWO_COLUMNS;
    const chartWidth = isWide ? Math.floor((width - GAP) / 2) : width;
    const scene = { ...options, figures, reference, width, chartWidth };
    write(panel, {
      class: isWide ? "panel panel-wide" : "panel",
      style: THEME.map((name) => `--panel-${name}: ${options.appearance[name]}`).join("; "),
    });
    const { noun, compared = null, explanations = [] } = options;
    headline.draw(headlineFigures(figures, reference, noun, compared), explanations, compared?.note ?? "");
    distribution.draw(scene);
    rates.draw(scene);
    periods.draw(scene);
    if (!options.moving) tables.draw(tablesOf(scene, chosenPlace(figures, options.chosenTier)));
  }

  return {
    draw,
    /** What the panel shows, in a few sentences. */
    describe() {
      if (drawn === null) return "";
      const { figures, reference, options } = drawn;
      const tier = chosenPlace(figures, options.chosenTier);
      const { noun, compared = null } = options;
      const headlines = headlineFigures(figures, reference, noun, compared).map(
        ({ label, value, change, note }) => `${label}: ${value}${change && ` (${change})`}, ${note}`,
      );
      const titles = [
        distributionTitle(figures),
        tierRatesTitle(figures),
        periodsTitle(figures, tier, noun),
      ];
      const note = compared?.note ? ` ${compared.note}` : "";
      return `${headlines.join("; ")}.${note} ${titles.join(". ")}.`;
    },
    destroy() {
      observer.disconnect();
      panel.remove();
    },
  };
}

/** What the charts show as tables, for those who do not see them; written when a handle is let go of. */

import { count, likelyRange, percent, times, whole } from "./format.js";
import { html } from "./nodes.js";
import { distributionTitle, periodsTitle, tierRatesTitle } from "./words.js";

/** @typedef {import("./panel.js").Scene} Scene */

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {string[]} head
 * @property {string[][]} rows
 */

/** @param {HTMLElement} parent */
export function createTables(parent) {
  const place = html("div", "panel-tables", parent);
  let shown = "";
  return {
    /** @param {Table[]} tables */
    draw(tables) {
      const now = JSON.stringify(tables);
      if (now === shown) return;
      shown = now;
      place.replaceChildren(...tables.map(drawnTable));
    },
  };
}

/**
 * @param {Scene} scene
 * @param {number} tier  place of the chosen tier
 * @returns {Table[]}
 */
export function tablesOf({ figures, reference, noun, scoreRange }, tier) {
  const { low, width, converted, notConverted } = figures.distribution;
  const old = new Map(reference?.tiers.map((each) => [each.name, each.rate]));
  const inUse = reference ? ["model in use"] : [];
  return [
    {
      caption: distributionTitle(figures),
      head: ["score", "converted", "did not convert"],
      rows: low.map((lowest, bin) => {
        const highest = Math.min(lowest + width - 1, scoreRange[1]);
        const range = highest === lowest ? whole(highest) : `${whole(lowest)} to ${whole(highest)}`;
        return [range, count(converted[bin]), count(notConverted[bin])];
      }),
    },
    {
      caption: tierRatesTitle(figures),
      head: ["tier", "leads", "converted", "rate", "likely range", "vs the average", ...inUse],
      rows: [...figures.tiers].reverse().map((each) => [
        each.label,
        count(each.leads),
        count(each.conversions),
        percent(each.rate),
        likelyRange(each.low, each.high),
        times(each.lift),
        ...inUse.map(() => percent(old.get(each.name) ?? null)),
      ]),
    },
    {
      caption: periodsTitle(figures, tier, noun),
      head: [noun, "leads", "converted", "rate", "likely range", "still open"],
      rows: figures.byPeriod.map(({ period, open, tiers }) => [
        period,
        count(tiers[tier].leads),
        count(tiers[tier].conversions),
        percent(tiers[tier].rate),
        likelyRange(tiers[tier].low, tiers[tier].high),
        count(open),
      ]),
    },
  ];
}

/** @param {Table} table */
function drawnTable({ caption, head, rows }) {
  const table = html("table", "");
  html("caption", "", table, caption);
  const top = html("tr", "", html("thead", "", table));
  for (const name of head) html("th", "", top, name).scope = "col";
  const body = html("tbody", "", table);
  for (const [first, ...others] of rows) {
    const row = html("tr", "", body);
    html("th", "", row, first).scope = "row";
    for (const cell of others) html("td", "", row, cell);
  }
  return table;
}

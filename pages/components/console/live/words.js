/** Titles that say what a chart shows, and the notes below them. */

import { count, percent, times } from "./format.js";
import { halfReach } from "./figures.js";

/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./figures.js").PeriodFigures} PeriodFigures */
/** @typedef {import("./figures.js").TierFigures} TierFigures */

/** @param {Figures} figures */
export function distributionTitle({ distribution }) {
  const converted = halfReach(distribution, distribution.converted);
  const others = halfReach(distribution, distribution.notConverted);
  if (converted === null || others === null) return "No complete leads of both kinds yet";
  return `Half of the leads that converted score ${converted} or more, half of the others ${others} or more`;
}

/** @param {Figures} figures */
export function tierRatesTitle({ tiers }) {
  const top = tiers[tiers.length - 1];
  if (top.rate === null) return `No complete leads in ${top.label} yet`;
  if (top.lift === null) return `${top.label}: none of ${count(top.leads)} leads converted yet`;
  return `${top.label}: ${percent(top.rate)} convert, ${times(top.lift)}`;
}

/**
 * @param {Figures} figures
 * @param {number} tier  its place
 * @param {"quarter" | "month"} noun
 */
export function periodsTitle(figures, tier, noun) {
  const label = figures.tiers[tier].label;
  const judged = figures.byPeriod.filter((period) => period.tiers[tier].lift !== null);
  if (judged.length === 0) return `${label}: no complete ${noun} yet`;
  const above = judged.filter((period) => (period.tiers[tier].lift ?? 0) > 1).length;
  const word = judged.length === 1 ? noun : `${noun}s`;
  return `${label} converted above average in ${above} of ${judged.length} ${word}`;
}

/**
 * What hollow and hatched marks mean; "" when nothing is open.
 * @param {PeriodFigures[]} periods
 */
export function openNote(periods) {
  const open = periods.filter((period) => period.open > 0);
  if (open.length === 0) return "";
  return open.some((period) => period.leads > 0) ? "Hollow or hatched: still open." : "Hatched: still open.";
}

/**
 * What grey marks mean; "" when there are none.
 * @param {TierFigures[]} tiers
 * @param {number} smallBelow  leads
 */
export function smallNote(tiers, smallBelow) {
  const isSmall = tiers.some((tier) => tier.leads > 0 && tier.leads < smallBelow);
  return isSmall ? `Grey: fewer than ${smallBelow} leads.` : "";
}

/** Titles that say what a chart shows, and the notes below them. */

import { count, percent, times, whole } from "./format.js";

/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./figures.js").PeriodFigures} PeriodFigures */
/** @typedef {import("./figures.js").TierFigures} TierFigures */

/** @param {Figures} figures */
export function distributionTitle({ distribution }) {
  const { convertedHalf: converted, notConvertedHalf: others } = distribution;
  if (converted === null || others === null) return "No complete leads of both kinds yet";
  if (converted === others) return `Half of the leads score ${whole(converted)} or more, converted or not`;
  const reach = `${whole(converted)} or more, half of the others ${whole(others)} or more`;
  return `Half of the leads that converted score ${reach}`;
}

/** @param {Figures} figures */
export function tierRatesTitle({ tiers, leads }) {
  const top = tiers[tiers.length - 1];
  if (top.rate === null && leads > 0) return `None of the ${count(leads)} complete leads is in ${top.label}`;
  if (top.rate === null) return `No complete leads in ${top.label} yet`;
  if (tiers.length === 1) return `${top.label} holds all leads: ${percent(top.rate)} convert`;
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
  const complete = figures.byPeriod.filter((period) => period.leads > 0);
  if (complete.length === 0) return `${label}: no complete ${noun} yet`;
  if (figures.tiers[tier].leads === 0) return `${label} has no leads in any complete ${noun}`;
  const judged = complete.filter((period) => period.tiers[tier].lift !== null);
  if (judged.length === 0) return `${label}: no leads converted in any complete ${noun}`;
  if (figures.tiers.length === 1) {
    const rates = complete.map((period) => period.rate ?? 0);
    return `${label} holds all leads: by ${noun} ${percent(Math.min(...rates))} to ${percent(Math.max(...rates))} convert`;
  }
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

/** Figures as text, letter for letter as pages/components/format.py writes them. */

export const NO_DATA = "–";

const NO_BREAK = "\u00a0";
const MINUS = "\u2212";
const SMALLEST_SHOWN_RATE = 0.0005;

/** @typedef {number | null} Known  null stands for a figure of nothing */

/**
 * A fraction as percent; a rate that would be rounded to nothing is named as such.
 * @param {Known} rate
 * @param {0 | 1} [decimals]
 */
export function percent(rate, decimals = 1) {
  if (rate === null) return NO_DATA;
  if (decimals === 1 && rate > 0 && rate < SMALLEST_SHOWN_RATE) return `under 0.1${NO_BREAK}%`;
  return `${fixed(100 * rate, decimals)}${NO_BREAK}%`;
}

/**
 * A whole number with thousands apart.
 * @param {Known} number
 */
export function count(number) {
  return number === null ? NO_DATA : fixed(number, 0);
}

/**
 * A score or points: as it is typed, but with the sign that numbers have.
 * @param {number} points
 */
export function whole(points) {
  return String(points).replace("-", MINUS);
}

/** @param {number} points @returns {string}  with their unit */
export function inPoints(points) {
  return `${whole(points)} ${Math.abs(points) === 1 ? "point" : "points"}`;
}

/** @param {Known} delta  of two counts */
export function signedCount(delta) {
  return delta === null ? NO_DATA : signed(delta, 0);
}

/** @param {Known} delta  of two fractions, shown in percentage points */
export function signedPoints(delta) {
  return delta === null ? NO_DATA : `${signed(100 * delta, 1)}${NO_BREAK}points`;
}

/**
 * @param {Known} delta
 * @param {number} [factor]
 */
export function signedTenths(delta, factor = 1) {
  return delta === null ? NO_DATA : signed(factor * delta, 1);
}

/** @param {Known} lift */
export function times(lift) {
  return lift === null ? NO_DATA : `${fixed(lift, 1)}${NO_BREAK}times the average`;
}

/** @param {Known} lift */
export function timesAlone(lift) {
  return lift === null ? NO_DATA : `${fixed(lift, 1)} times`;
}

/**
 * @param {Known} low
 * @param {Known} high
 */
export function likelyRange(low, high) {
  if (low === null || high === null) return NO_DATA;
  return `likely ${fixed(100 * low, 1)} to ${fixed(100 * high, 1)}${NO_BREAK}%`;
}

/**
 * @param {Known} low  of an AUC
 * @param {Known} high
 */
export function likelyTimes(low, high) {
  if (low === null || high === null) return NO_DATA;
  return `likely ${fixed(100 * low, 0)} to ${fixed(100 * high, 0)}`;
}

/** @param {Known} auc */
export function timesIn100(auc) {
  return auc === null ? NO_DATA : `${fixed(100 * auc, 0)} times in${NO_BREAK}100`;
}

/**
 * A short count for an axis: 500, 1.5k, 20k, 1M.
 * @param {number} number
 */
export function shortCount(number) {
  if (number >= 1_000_000) return `${number / 1_000_000}M`;
  return number >= 1_000 ? `${number / 1_000}k` : String(number);
}

/**
 * @param {number} value
 * @param {0 | 1} decimals
 */
function signed(value, decimals) {
  const shown = fixed(Math.abs(value), decimals);
  if (!/[1-9]/.test(shown)) return `±${shown}`;
  return `${value > 0 ? "+" : MINUS}${shown}`;
}

/**
 * Rounded as Python rounds: a tie goes to the even digit, where toFixed goes up.
 * @param {number} value  at least 0
 * @param {0 | 1} decimals
 */
function fixed(value, decimals) {
  const unit = 10 ** decimals;
  const twice = 2 * unit * value;
  // Only a fraction of .5, .25 or .75 is a tie in binary; 0.35 is not, though ten times it may look like one.
  const isTie = Number.isInteger(4 * value) && Number.isInteger(twice) && twice % 2 === 1;
  const rounded = isTie ? 2 * Math.round((twice - 1) / 4) / unit : value;
  return rounded.toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

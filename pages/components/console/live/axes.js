/** Ends and ticks of axes: round numbers, and ends that stand still while a handle moves. */

const NICE_RATES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
const RATE_STEPS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The smallest step of 1, 2 or 5 times a power of ten that is at least so large, and at least 1.
 * @param {number} least
 */
export function wholeStep(least) {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10;
  return factor * power;
}

/**
 * The end of an axis of counts, and the step of its ticks: about three of them.
 * @param {number} largest
 */
export function countAxis(largest) {
  const step = wholeStep(largest / 3);
  return { step, top: step * Math.max(1, Math.ceil(largest / step)) };
}

/**
 * The round end of an axis of rates; 10 % where there is nothing to show.
 * @param {number} largest
 */
export function rateTop(largest) {
  if (largest === 0) return 0.1;
  return NICE_RATES.find((top) => largest <= top) ?? 1;
}

/**
 * Ticks from 0 to `top`, at most five beside the 0.
 * @param {number} top
 */
export function rateTicks(top) {
  const step = RATE_STEPS.find((each) => top / each <= 5.01) ?? 0.25;
  return Array.from({ length: Math.floor(top / step + 1.01) }, (_, place) => place * step);
}

/**
 * A tick of a rate: 5 %, or 0.5 % where that is the step.
 * @param {number} rate
 */
export function rateTick(rate) {
  return `${Number((100 * rate).toFixed(1))}%`;
}

/**
 * Whole ticks within both ends.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
export function wholeTicks(low, high, most) {
  const step = wholeStep((high - low) / most);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}

/**
 * An end that stays while a handle moves, unless something would leave the plot.
 * @param {number | null} kept
 * @param {number} largest
 * @param {boolean} moving
 * @param {(largest: number) => number} fit
 */
export function heldTop(kept, largest, moving, fit) {
  return moving && kept !== null && largest <= kept ? kept : fit(largest);
}

/**
 * Texts below the periods that have a tick: the part, and the year below the first of each year.
 * @param {string[]} periods
 * @param {number} most
 * @returns {{place: number, part: string, year: string}[]}
 */
export function periodTicks(periods, most) {
  const step = Math.max(1, Math.ceil(periods.length / most));
  let yearBefore = "";
  const ticks = [];
  for (let place = 0; place < periods.length; place += step) {
    const [year, part = ""] = periods[place].split("-");
    const short = /^\d+$/.test(part) ? MONTHS[Number(part) - 1] : part;
    ticks.push({ place, part: short, year: year === yearBefore ? "" : year });
    yearBefore = year;
  }
  return ticks;
}

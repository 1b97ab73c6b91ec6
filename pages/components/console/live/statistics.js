/** Rates, their likely ranges and the AUC, from counts: the formulas of scoring/statistics.py. */

const Z_95 = 1.959963984540054;

/** @typedef {{low: number, high: number} | {low: null, high: null}} Interval */

/**
 * @param {number} part
 * @param {number} whole
 * @returns {number | null}  null when `whole` is 0
 */
export function rateOf(part, whole) {
  return whole === 0 ? null : part / whole;
}

/**
 * Wilson's 95 % interval of a rate; null for a rate of nothing.
 * @param {number} conversions
 * @param {number} leads
 * @returns {Interval}
 */
export function wilsonInterval(conversions, leads) {
  if (leads === 0) return { low: null, high: null };
  const share = conversions / leads;
  const middle = share + (Z_95 * Z_95) / (2 * leads);
  const reach = Z_95 * Math.sqrt((share * (1 - share)) / leads + (Z_95 * Z_95) / (4 * leads * leads));
  const scale = 1 + (Z_95 * Z_95) / leads;
  // At the ends the bound is 0 or 1 exactly; the subtraction would leave a rounding error.
  return {
    low: conversions === 0 ? 0 : Math.max(0, (middle - reach) / scale),
    high: conversions === leads ? 1 : Math.min(1, (middle + reach) / scale),
  };
}

/**
 * Chance that a converted lead outranks one that did not convert, ties one half, with DeLong's interval.
 *
 * All null when a class is empty; the interval null with fewer than two of a class.
 * @param {ArrayLike<number>} positives  leads by rising score
 * @param {ArrayLike<number>} negatives
 * @returns {{auc: number | null, low: number | null, high: number | null}}
 */
export function aucInterval(positives, negatives) {
  const positiveCount = sumOf(positives);
  const negativeCount = sumOf(negatives);
  if (positiveCount === 0 || negativeCount === 0) return { auc: null, low: null, high: null };
  let wonTwice = 0;
  for (let place = 0, below = 0; place < positives.length; place++) {
    wonTwice += positives[place] * (2 * below + negatives[place]);
    below += negatives[place];
  }
  const auc = wonTwice / (2 * positiveCount * negativeCount);
  if (positiveCount < 2 || negativeCount < 2) return { auc, low: null, high: null };
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let place = 0, below = 0, above = positiveCount; place < positives.length; place++) {
    above -= positives[place];
    const outranked = (below + negatives[place] / 2) / negativeCount - auc;
    const outranking = (above + positives[place] / 2) / positiveCount - auc;
    ofPositives += positives[place] * outranked * outranked;
    ofNegatives += negatives[place] * outranking * outranking;
    below += negatives[place];
  }
  const variance =
    ofPositives / (positiveCount - 1) / positiveCount + ofNegatives / (negativeCount - 1) / negativeCount;
  const reach = Z_95 * Math.sqrt(variance);
  return { auc, low: Math.max(0, auc - reach), high: Math.min(1, auc + reach) };
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} [from]
 * @param {number} [to]  place after the last
 * @returns {number}
 */
export function sumOf(values, from = 0, to = values.length) {
  let sum = 0;
  for (let place = from; place < to; place++) sum += values[place];
  return sum;
}

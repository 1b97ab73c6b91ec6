/** From leads by score to the figures of the page: what scoring/backtest.py and distribution.py compute. */

import { aucInterval, rateOf, sumOf, wilsonInterval } from "./statistics.js";

/** @typedef {import("./table.js").Counts} Counts */
/** @typedef {{name: string, label: string, threshold: number}} Tier */

/**
 * What a tier converted. Leads are complete ones; `low` and `high` are the rate's likely range; null stands for
 * a figure of nothing.
 * @typedef {object} TierFigures
 * @property {string} name
 * @property {string} label
 * @property {number} threshold
 * @property {number} leads
 * @property {number} conversions
 * @property {number | null} rate
 * @property {number | null} low
 * @property {number | null} high
 * @property {number | null} lift
 * @property {number | null} capture
 */

/**
 * @typedef {object} PeriodFigures
 * @property {string} period
 * @property {number} open  leads that are still open
 * @property {number} leads
 * @property {number} conversions
 * @property {number | null} rate
 * @property {TierFigures[]} tiers  lowest first
 */

/**
 * Complete leads in bins of equal width; `low` is the lowest score of each. The halves are the highest scores that at
 * least half of these leads reach, told to the point; null without leads.
 * @typedef {object} Distribution
 * @property {number[]} low
 * @property {number} width
 * @property {number[]} converted
 * @property {number[]} notConverted
 * @property {number | null} convertedHalf
 * @property {number | null} notConvertedHalf
 */

/**
 * @typedef {object} Figures
 * @property {number} leads
 * @property {number} conversions
 * @property {number | null} rate
 * @property {number | null} auc
 * @property {number | null} aucLow
 * @property {number | null} aucHigh
 * @property {TierFigures[]} tiers  lowest first
 * @property {Distribution} distribution
 * @property {PeriodFigures[]} byPeriod
 */

const MOST_BINS = 40;

/**
 * @param {Counts} counts
 * @param {Tier[]} tiers  lowest first
 * @returns {Figures}
 */
export function figuresOf(counts, tiers) {
  const scores = counts.maxScore - counts.minScore + 1;
  const starts = tiers.map((tier) => Math.min(Math.max(tier.threshold - counts.minScore, 0), scores));
  const byPeriod = counts.periods.map((period, place) => {
    const converted = counts.converted.subarray(place * scores, (place + 1) * scores);
    const notConverted = counts.notConverted.subarray(place * scores, (place + 1) * scores);
    return { period, open: counts.open[place], ...ratesOf(converted, notConverted, tiers, starts) };
  });
  const converted = pooled(counts.converted, scores);
  const notConverted = pooled(counts.notConverted, scores);
  const { auc, low, high } = aucInterval(converted, notConverted);
  return {
    ...ratesOf(converted, notConverted, tiers, starts),
    auc,
    aucLow: low,
    aucHigh: high,
    distribution: distributionOf(counts.minScore, converted, notConverted),
    byPeriod,
  };
}

/**
 * @param {Int32Array} converted  leads by score
 * @param {Int32Array} notConverted
 * @param {Tier[]} tiers
 * @param {number[]} starts  place of each tier's first score
 */
function ratesOf(converted, notConverted, tiers, starts) {
  const conversions = sumOf(converted);
  const leads = conversions + sumOf(notConverted);
  const average = rateOf(conversions, leads);
  /** @type {TierFigures[]} */
  const ofTiers = tiers.map((tier, place) => {
    const end = place + 1 < tiers.length ? starts[place + 1] : converted.length;
    const own = sumOf(converted, starts[place], end);
    const all = own + sumOf(notConverted, starts[place], end);
    const rate = rateOf(own, all);
    return {
      name: tier.name,
      label: tier.label,
      threshold: tier.threshold,
      leads: all,
      conversions: own,
      rate,
      ...wilsonInterval(own, all),
      lift: rate === null || !average ? null : rate / average,
      capture: rateOf(own, conversions),
    };
  });
  return { leads, conversions, rate: average, tiers: ofTiers };
}

/**
 * @param {Int32Array} counts  by period and score
 * @param {number} scores
 * @returns {Int32Array}  by score
 */
function pooled(counts, scores) {
  const sums = new Int32Array(scores);
  for (let first = 0; first < counts.length; first += scores) {
    for (let place = 0; place < scores; place++) sums[place] += counts[first + place];
  }
  return sums;
}

/**
 * At most 40 bins over the whole range, of the narrowest whole width that needs no more.
 * @param {number} minScore
 * @param {Int32Array} converted  leads by score
 * @param {Int32Array} notConverted
 * @returns {Distribution}
 */
function distributionOf(minScore, converted, notConverted) {
  const width = Math.ceil(converted.length / MOST_BINS);
  /** @type {Distribution} */
  const bins = {
    low: [], width, converted: [], notConverted: [],
    convertedHalf: halfReach(converted, minScore), notConvertedHalf: halfReach(notConverted, minScore),
  };
  for (let start = 0; start < converted.length; start += width) {
    const end = Math.min(start + width, converted.length);
    bins.low.push(minScore + start);
    bins.converted.push(sumOf(converted, start, end));
    bins.notConverted.push(sumOf(notConverted, start, end));
  }
  return bins;
}

/**
 * @param {Int32Array} leads  by score
 * @param {number} minScore
 * @returns {number | null}
 */
function halfReach(leads, minScore) {
  const half = sumOf(leads) / 2;
  if (half === 0) return null;
  let reaching = 0;
  let place = leads.length;
  while (reaching < half) reaching += leads[--place];
  return minScore + place;
}

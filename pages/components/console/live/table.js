/**
 * Leads by score, for any points of one rule: what scoring/response.py does, whole number for whole number.
 *
 * Payloads are those of payload.py and are decoded once.
 */

/** @typedef {{type: "uint8" | "int8" | "uint16" | "int16" | "int32", base64: string}} Packed */
/** @typedef {Uint8Array | Int8Array | Uint16Array | Int16Array | Int32Array} WholeNumbers */

/**
 * Complete leads by period and score; place p * scores + (score - minScore) holds period p.
 * @typedef {object} Counts
 * @property {string[]} periods
 * @property {number[]} open  leads that are still open, by period
 * @property {number} minScore
 * @property {number} maxScore
 * @property {Int32Array} converted
 * @property {Int32Array} notConverted
 */

/**
 * @typedef {object} CountsPayload
 * @property {string[]} periods
 * @property {number[]} open
 * @property {number} minScore
 * @property {number} maxScore
 * @property {Packed} converted
 * @property {Packed} notConverted
 */

/**
 * @typedef {object} ResponsePayload
 * @property {string} rule
 * @property {string} draft
 * @property {string[]} periods
 * @property {number[]} open
 * @property {number} minScore
 * @property {number} maxScore
 * @property {number | null} categoryMin
 * @property {number | null} categoryMax
 * @property {Packed} starts
 * @property {Packed} countValues
 * @property {Packed} restOfCategory
 * @property {Packed} rest
 * @property {Packed} count
 * @property {Packed} leads
 */

/**
 * A response table, decoded. Rows are grouped by outcome and period, those that converted first; `starts` says
 * where each group begins.
 * @typedef {object} ResponseTable
 * @property {string} rule
 * @property {string} draft
 * @property {string[]} periods
 * @property {number[]} open
 * @property {number} minScore
 * @property {number} maxScore
 * @property {number} categoryMin  -Infinity without a limit
 * @property {number} categoryMax  Infinity without a limit
 * @property {WholeNumbers} starts
 * @property {WholeNumbers} countValues
 * @property {WholeNumbers} restOfCategory
 * @property {WholeNumbers} rest
 * @property {WholeNumbers} count
 * @property {WholeNumbers} leads
 * @property {Float64Array} points  what each of `countValues` gives; filled by every evaluation
 */

/**
 * What a score is made from: the keys of a model file that matter once the rules are counted.
 * @typedef {object} ScoredModel
 * @property {number} [base_points]
 * @property {number} [min_score]
 * @property {number} [max_score]
 * @property {{name: string, min_points?: number, max_points?: number}[]} [categories]
 * @property {{category: string, points: number, max_points?: number, enabled?: boolean}[]} [rules]
 */

const COUNT_UNIT = 20;

const PACKED_TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
};

/**
 * @param {CountsPayload} payload
 * @returns {Counts}
 */
export function decodeCounts(payload) {
  return {
    periods: payload.periods,
    open: payload.open,
    minScore: payload.minScore,
    maxScore: payload.maxScore,
    converted: Int32Array.from(unpacked(payload.converted)),
    notConverted: Int32Array.from(unpacked(payload.notConverted)),
  };
}

/**
 * @param {ResponsePayload} payload
 * @returns {ResponseTable}
 */
export function decodeResponse(payload) {
  const countValues = unpacked(payload.countValues);
  return {
    rule: payload.rule,
    draft: payload.draft,
    periods: payload.periods,
    open: payload.open,
    minScore: payload.minScore,
    maxScore: payload.maxScore,
    categoryMin: payload.categoryMin ?? -Infinity,
    categoryMax: payload.categoryMax ?? Infinity,
    starts: unpacked(payload.starts),
    countValues,
    restOfCategory: unpacked(payload.restOfCategory),
    rest: unpacked(payload.rest),
    count: unpacked(payload.count),
    leads: unpacked(payload.leads),
    points: new Float64Array(countValues.length),
  };
}

/**
 * The counts of the model in which the table's rule has these points and this cap.
 * @param {ResponseTable} table
 * @param {number} points  whole
 * @param {number | null} maxPoints  null without a cap
 * @returns {Counts}
 */
export function countsAt(table, points, maxPoints) {
  const scores = table.maxScore - table.minScore + 1;
  const periods = table.periods.length;
  const counts = emptyCounts(table, periods * scores);
  for (let place = 0; place < table.points.length; place++) {
    table.points[place] = rulePoints(table.countValues[place], points, maxPoints);
  }
  for (let group = 0; group < 2 * periods; group++) {
    const isConverted = group < periods;
    const into = isConverted ? counts.converted : counts.notConverted;
    const first = (isConverted ? group : group - periods) * scores - table.minScore;
    addGroup(table, table.starts[group], table.starts[group + 1], into, first);
  }
  return counts;
}

/**
 * The score of a lead, from the counts of its rules: steps 5 to 7 of the semantics.
 * @param {ScoredModel} model
 * @param {ArrayLike<number>} counts  twentieths, one for each enabled rule in the model's order
 * @returns {number}
 */
export function scoreOf(model, counts) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  const enabled = (model.rules ?? []).filter((rule) => rule.enabled ?? true);
  enabled.forEach((rule, place) => {
    const given = rulePoints(counts[place], rule.points, rule.max_points ?? null);
    sums.set(rule.category, (sums.get(rule.category) ?? 0) + given);
  });
  let total = model.base_points ?? 0;
  for (const [name, sum] of sums) {
    const limits = model.categories?.find((category) => category.name === name);
    total += clipped(sum, limits?.min_points ?? -Infinity, limits?.max_points ?? Infinity);
  }
  return clipped(total, model.min_score ?? 0, model.max_score ?? 100);
}

/**
 * What a rule gives for its count: whole points, halves away from zero.
 * @param {number} count  twentieths
 * @param {number} points
 * @param {number | null} maxPoints
 * @returns {number}
 */
export function rulePoints(count, points, maxPoints) {
  let given = count * Math.abs(points);
  if (maxPoints !== null && given > maxPoints * COUNT_UNIT) given = maxPoints * COUNT_UNIT;
  const whole = Math.floor((given + COUNT_UNIT / 2) / COUNT_UNIT);
  return points < 0 ? 0 - whole : whole;
}

/**
 * @param {ResponseTable} table
 * @param {number} from  row
 * @param {number} to  row after the last
 * @param {Int32Array} into
 * @param {number} first  place of score 0 in `into`
 */
function addGroup(table, from, to, into, first) {
  const { restOfCategory, rest, count, leads, points, categoryMin, categoryMax, minScore, maxScore } = table;
  for (let row = from; row < to; row++) {
    let own = restOfCategory[row] + points[count[row]];
    if (own < categoryMin) own = categoryMin;
    if (own > categoryMax) own = categoryMax;
    let score = rest[row] + own;
    if (score < minScore) score = minScore;
    if (score > maxScore) score = maxScore;
    into[first + score] += leads[row];
  }
}

/**
 * @param {ResponseTable} table
 * @param {number} size
 * @returns {Counts}
 */
function emptyCounts(table, size) {
  const { periods, open, minScore, maxScore } = table;
  const converted = new Int32Array(size);
  const notConverted = new Int32Array(size);
  return { periods, open, minScore, maxScore, converted, notConverted };
}

/**
 * @param {number} value
 * @param {number} lowest
 * @param {number} highest
 * @returns {number}
 */
function clipped(value, lowest, highest) {
  return Math.min(Math.max(value, lowest), highest);
}

/**
 * @param {Packed} packed
 * @returns {WholeNumbers}
 */
function unpacked({ type, base64 }) {
  return new PACKED_TYPES[type](bytesOf(base64).buffer);
}

/**
 * @param {string} base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(base64) {
  // Browsers from before 2025 lack the quick way, which TypeScript does not know yet.
  const known = /** @type {{fromBase64?: (text: string) => Uint8Array<ArrayBuffer>}} */ (Uint8Array);
  if (known.fromBase64) return known.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < bytes.length; place++) bytes[place] = text.charCodeAt(place);
  return bytes;
}

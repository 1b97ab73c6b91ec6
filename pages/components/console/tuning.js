/**
 * What is being tuned: the draft as Python last confirmed it, what was changed since, and the figures of both.
 *
 * No screen in here. A change is shown at once, sent, and kept until Python has acknowledged its number; a value
 * that Python sends never overwrites a newer one of the hand. Figures are shown only where they are exact: from
 * confirmed counts, or from the response table of the one rule that differs from them. Otherwise the last ones stay.
 */

import { sliderEnds } from "./fields.js";
import { createAhead } from "./live/ahead.js";
import { decodeCounts, decodeResponse } from "./live/table.js";

/** @typedef {import("./live/table.js").Counts} Counts */
/** @typedef {import("./live/table.js").CountsPayload} CountsPayload */
/** @typedef {import("./live/table.js").ResponsePayload} ResponsePayload */
/** @typedef {import("./live/table.js").ResponseTable} ResponseTable */

/** @typedef {{points: number, cap: number | null, enabled: boolean}} RuleValues */
/**
 * @typedef {object} RuleData
 * @property {string} id
 * @property {string} label
 * @property {string} category
 * @property {number} points
 * @property {number | null} cap
 * @property {boolean} enabled
 * @property {boolean} isChanged
 * @property {boolean} isNew
 * @property {RuleValues | null} before  in the model in use
 * @property {string} old
 */
/** @typedef {{name: string, label: string, threshold: number, before: number | null}} TierData */
/** @typedef {{name: string, minPoints: number | null, maxPoints: number | null}} CategoryData */
/**
 * @typedef {object} DraftData
 * @property {number} minScore
 * @property {number} maxScore
 * @property {TierData[]} tiers
 * @property {CategoryData[]} categories
 * @property {RuleData[]} rules
 * @property {string[]} removed
 */
/**
 * @typedef {object} Confirmed
 * @property {string} client
 * @property {number} applied
 * @property {[number, string][]} problems
 * @property {DraftData} draft
 * @property {Record<string, string>} identities
 * @property {CountsPayload | null} counts
 */

/**
 * @typedef {{kind: "points", rule: string, value: number}
 *   | {kind: "cap", rule: string, value: number | null}
 *   | {kind: "switch", rule: string, value: boolean}
 *   | {kind: "reset", rule: string}
 *   | {kind: "threshold", tier: string, value: number}
 *   | {kind: "limit", category: string, which: "min_points" | "max_points", value: number | null}
 *   | {kind: "edit", rule: string | null}
 *   | {kind: "tiers"}} Change
 */
/** @typedef {Change & {number: number}} Operation */

/** @typedef {{change: Change, message: string}} Refusal */

/**
 * @param {string} client  names this console among others
 * @param {(sent: {client: string, operations: Operation[]}) => void} send
 */
export function createTuning(client, send) {
  let lastNumber = 0;
  /** @type {Operation[]} */
  let pending = [];
  /** @type {Change | null} */
  let preview = null;
  /** @type {Confirmed | null} */
  let confirmed = null;
  /** @type {Counts | null} */
  let confirmedCounts = null;
  /** @type {Map<string, Refusal>} */
  const refusals = new Map();
  /** @type {Map<string, ResponseTable>} */
  const tables = new Map();
  /** @type {Counts | null} */
  let shown = null;
  /** @type {{table: ResponseTable, counts: Counts, points: number, cap: number | null} | null} */
  let live = null;
  /** Of the table that was evaluated last. @type {ReturnType<typeof createAhead> | null} */
  let ahead = null;

  /** @returns {Change[]} what differs from the confirmed draft, oldest first */
  const unconfirmed = () => (preview === null ? pending : [...pending, preview]);

  /**
   * The draft with everything that was changed since.
   * @returns {DraftData}
   */
  function draft() {
    if (confirmed === null) throw new Error("there is no draft before the first answer");
    return unconfirmed().reduce(changed, confirmed.draft);
  }

  /**
   * The table of a rule, where it gives the counts of the draft for any points of that rule.
   * @param {string} rule
   */
  function validTable(rule) {
    const table = tables.get(rule);
    if (table === undefined || table.draft !== confirmed?.identities[rule]) return null;
    return pending.every((change) => leavesTable(change, rule)) ? table : null;
  }

  /** @param {ResponseTable} table @param {number | null} cap */
  function aheadOf(table, cap) {
    if (ahead?.table !== table || ahead.cap !== cap) ahead = createAhead(table, cap);
    return ahead;
  }

  /** @returns {Counts | null} of the draft; null where they are not known yet */
  function exactCounts() {
    const scored = unconfirmed().filter((change) => !leavesScores(change));
    if (scored.length === 0) return confirmedCounts;
    const [first] = scored;
    if (first.kind !== "points" && first.kind !== "cap") return null;
    const table = validTable(first.rule);
    if (table === null || !scored.every((change) => leavesTable(change, first.rule))) return null;
    const own = draft().rules.find((rule) => rule.id === first.rule);
    if (own === undefined) return null;
    const counts = aheadOf(table, own.cap).at(own.points);
    live = { table, counts, points: own.points, cap: own.cap };
    return counts;
  }

  /** Whether confirmed counts are what the browser had shown for the same points before. */
  function agrees() {
    if (live === null || confirmedCounts === null || pending.length > 0 || confirmed === null) return true;
    const { table, counts, points, cap } = live;
    const own = confirmed.draft.rules.find((rule) => rule.id === table.rule);
    if (confirmed.identities[table.rule] !== table.draft || own?.points !== points || own.cap !== cap) return true;
    return sameNumbers(counts.converted, confirmedCounts.converted) && sameNumbers(counts.notConverted, confirmedCounts.notConverted);
  }

  return {
    draft,
    refusals,
    validTable,
    hasPending: () => pending.length > 0,
    sendAgain: () => send({ client, operations: pending }),

    /** @param {Confirmed} data @returns {boolean} whether an own change was confirmed by this */
    receive(data) {
      confirmed = data;
      confirmedCounts = data.counts && decodeCounts(data.counts);
      shown ??= confirmedCounts;
      const applied = data.client === client ? data.applied : 0;
      const done = pending.filter((operation) => operation.number <= applied);
      pending = pending.filter((operation) => operation.number > applied);
      for (const operation of done) {
        const problem = data.problems.find(([number]) => number === operation.number);
        if (problem) refusals.set(fieldOf(operation), { change: operation, message: problem[1] });
      }
      for (const [rule, table] of tables) if (table.draft !== data.identities[rule]) tables.delete(rule);
      if (live && !tables.has(live.table.rule)) live = null;
      if (ahead && !tables.has(ahead.table.rule)) ahead = null;
      if (!agrees()) console.error("The figures of the browser differed from the dashboard's; the latter are shown now.");
      return done.length > 0;
    },

    /** @param {ResponsePayload} payload */
    receiveTable(payload) {
      // The same rows were decoded before: an answer is repeated with every redraw of the page.
      if (tables.get(payload.rule)?.draft === payload.draft) return;
      tables.set(payload.rule, decodeResponse(payload));
    },

    /**
     * Make the figures of one more place of a rule's slider, before the hand gets there.
     * @param {string} rule
     * @returns {boolean} whether there may be more to make
     */
    makeNext(rule) {
      const table = validTable(rule);
      // Where the slider stood when the hand took it: its ends stay while it moves.
      const own = confirmed && pending.reduce(changed, confirmed.draft).rules.find((each) => each.id === rule);
      return table !== null && own ? aheadOf(table, own.cap).makeNext(own.points, reachOf(own)) : false;
    },

    /**
     * Whether a rule's table must be asked for before its points can be followed.
     * @param {string} rule
     */
    lacksTable(rule) {
      const identity = confirmed?.identities[rule];
      return identity !== undefined && tables.get(rule)?.draft !== identity;
    },

    /** @param {Change | null} change  what the hand is about to do; null for nothing any more */
    preview(change) {
      preview = change;
      if (change) refusals.delete(fieldOf(change));
    },

    /** @param {Change} change  what was done; what changes nothing is not sent */
    commit(change) {
      preview = null;
      refusals.delete(fieldOf(change));
      const before = draft();
      if (!opensEditor(change) && JSON.stringify(changed(before, change)) === JSON.stringify(before)) return;
      pending = [...pending, { ...change, number: ++lastNumber }];
      send({ client, operations: pending });
    },

    /** @returns {{counts: Counts | null, isWaiting: boolean}} what to draw; the last exact ones while waiting */
    counts() {
      // Without figures of the draft as it stands there are none to wait for.
      if (confirmedCounts === null) return { counts: null, isWaiting: false };
      const exact = exactCounts();
      if (exact !== null) shown = exact;
      return { counts: shown, isWaiting: exact === null };
    },
  };
}

/**
 * Names the input that a change was made in.
 * @param {Change} change
 */
export function fieldOf(change) {
  switch (change.kind) {
    case "threshold":
      return `threshold ${change.tier}`;
    case "limit":
      return `${change.which} ${change.category}`;
    case "tiers":
      return "tiers";
    default:
      return `${change.kind} ${change.rule}`;
  }
}

/**
 * Ends of a rule's slider.
 * @param {RuleData} rule
 */
export function reachOf(rule) {
  return sliderEnds([rule.points, rule.before?.points ?? 0]);
}

/**
 * Whether a rule's response table holds as before after a change.
 * @param {Change} change
 * @param {string} rule
 */
function leavesTable(change, rule) {
  if (leavesScores(change)) return true;
  return (change.kind === "points" || change.kind === "cap") && change.rule === rule;
}

/** @param {Change} change  whether every lead scores as before */
function leavesScores(change) {
  return change.kind === "threshold" || opensEditor(change);
}

/** @param {Change} change  whether it changes nothing by itself */
function opensEditor(change) {
  return change.kind === "edit" || change.kind === "tiers";
}

/**
 * @param {DraftData} draft
 * @param {Change} change
 * @returns {DraftData}
 */
function changed(draft, change) {
  if (change.kind === "tiers") return draft;
  if (change.kind === "threshold") {
    const tiers = draft.tiers.map((tier) => (tier.name === change.tier ? { ...tier, threshold: change.value } : tier));
    return { ...draft, tiers };
  }
  if (change.kind === "limit") {
    const key = change.which === "min_points" ? "minPoints" : "maxPoints";
    const categories = draft.categories.map((category) =>
      category.name === change.category ? { ...category, [key]: change.value } : category,
    );
    return { ...draft, categories };
  }
  return { ...draft, rules: draft.rules.map((rule) => (rule.id === change.rule ? changedRule(rule, change) : rule)) };
}

/**
 * @param {RuleData} rule
 * @param {Change} change
 * @returns {RuleData}
 */
function changedRule(rule, change) {
  switch (change.kind) {
    case "points":
      return { ...rule, points: change.value };
    case "cap":
      return { ...rule, cap: change.value };
    case "switch":
      return { ...rule, enabled: change.value };
    case "reset":
      return { ...rule, ...rule.before };
    default:
      return rule;
  }
}

/**
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
function sameNumbers(one, other) {
  if (one.length !== other.length) return false;
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false;
  return true;
}

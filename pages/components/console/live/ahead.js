/**
 * The counts of the places that a slider can be moved to, made before the hand gets there.
 *
 * To evaluate a response table takes the longer the more rows it has; to look up what was made takes nothing, and
 * so a step of a moving handle costs the same at any number of leads. Nothing is rounded or left out for it.
 */

import { countsAt } from "./table.js";

/** @typedef {import("./table.js").Counts} Counts */
/** @typedef {import("./table.js").ResponseTable} ResponseTable */

/** More than a track has pixels. */
const MOST_KEPT = 400;
const MOST_BYTES = 32_000_000;

/**
 * @param {ResponseTable} table
 * @param {number | null} cap  of the table's rule
 */
export function createAhead(table, cap) {
  /** By points, the oldest first. @type {Map<number, Counts>} */
  const made = new Map();
  const numbers = 2 * table.periods.length * (table.maxScore - table.minScore + 1);
  const room = Math.min(MOST_KEPT, Math.max(1, Math.floor(MOST_BYTES / (numbers * Int32Array.BYTES_PER_ELEMENT))));

  /** @param {number} points @returns {Counts}  not to be written to: they are given out again */
  function at(points) {
    const known = made.get(points);
    if (known !== undefined) return known;
    const counts = countsAt(table, points, cap);
    if (made.size >= room) made.delete(/** @type {number} */ (made.keys().next().value));
    made.set(points, counts);
    return counts;
  }

  return {
    table,
    cap,
    at,
    /**
     * Make one more: what is nearest to where the slider stands.
     * @param {number} points  where it stands
     * @param {{low: number, high: number}} ends
     * @returns {boolean}  whether there may be more to make
     */
    makeNext(points, { low, high }) {
      if (made.size >= room) return false;
      for (let away = 0; points - away >= low || points + away <= high; away++) {
        for (const place of [points + away, points - away]) {
          if (place < low || place > high || made.has(place)) continue;
          at(place);
          return true;
        }
      }
      return false;
    },
  };
}

// Evaluates the cases of a JSON file with the console's own modules and prints the results as JSON.
import { readFileSync } from "node:fs";
import { createAhead } from "../../pages/components/console/live/ahead.js";
import * as format from "../../pages/components/console/live/format.js";
import { figuresOf } from "../../pages/components/console/live/figures.js";
import { decodeCounts, decodeResponse, scoreOf } from "../../pages/components/console/live/table.js";

/**
 * @typedef {import("../../pages/components/console/live/table.js").Counts} Counts
 * @typedef {import("../../pages/components/console/live/figures.js").Tier} Tier
 */

/** @param {Counts} counts */
function plain(counts) {
  const { converted, notConverted, ...rest } = counts;
  return { ...rest, converted: [...converted], notConverted: [...notConverted] };
}

/** @param {any} given */
function responsesOf(given) {
  const table = decodeResponse(given.response);
  return given.changes.map((/** @type {{points: number, maxPoints: number | null}} */ change) => {
    const ahead = createAhead(table, change.maxPoints);
    // As on the page: what is shown was made before, together with what lies beside it.
    for (let time = 0; time < 3; time++) ahead.makeNext(change.points, { low: change.points - 1, high: change.points + 1 });
    const counts = ahead.at(change.points);
    return { counts: plain(counts), figures: figuresOf(counts, given.tiers) };
  });
}

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = {
  scores: (cases.scores ?? []).map((/** @type {any} */ given) =>
    given.counts.map((/** @type {number[]} */ counts) => scoreOf(given.model, counts)),
  ),
  responses: (cases.responses ?? []).map(responsesOf),
  figures: (cases.figures ?? []).map((/** @type {any} */ given) =>
    figuresOf(decodeCounts(given.counts), given.tiers),
  ),
  texts: (cases.texts ?? []).map((/** @type {[string, ...any[]]} */ [name, ...given]) =>
    /** @type {Record<string, any>} */ (format)[name](...given),
  ),
};
process.stdout.write(JSON.stringify(results));

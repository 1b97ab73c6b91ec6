import assert from "node:assert/strict";
import { test } from "node:test";
import { createAhead } from "../../pages/components/console/live/ahead.js";
import { countsAt, decodeResponse } from "../../pages/components/console/live/table.js";

/** @param {number[]} values */
function packed(values) {
  return { type: "int32", base64: Buffer.from(new Int32Array(values).buffer).toString("base64") };
}

/** Leads with no, half a count, one and three of the rule, one period. */
function table(maxScore = 50) {
  return decodeResponse({
    rule: "a", draft: "A1", periods: ["2025-Q1"], open: [0], minScore: 0, maxScore, categoryMin: -5, categoryMax: 30,
    starts: packed([0, 1, 4]), countValues: packed([0, 10, 20, 60]), restOfCategory: packed([1, 2, 3, 4]),
    rest: packed([5, 6, 7, 8]), count: packed([0, 1, 2, 3]), leads: packed([1, 20, 300, 4000]),
  });
}

const ENDS = { low: -20, high: 20 };

/** @param {ReturnType<typeof createAhead>} ahead @param {number} points */
function madeFrom(ahead, points, ends = ENDS) {
  let made = 0;
  while (ahead.makeNext(points, ends)) made += 1;
  return made;
}

test("every place of the slider is made once, and what is looked up is what the table gives", () => {
  const own = table();
  for (const cap of [null, 12]) {
    const ahead = createAhead(own, cap);
    assert.equal(madeFrom(ahead, 5), 41);
    for (let points = ENDS.low; points <= ENDS.high; points++) {
      assert.deepEqual(ahead.at(points), countsAt(own, points, cap));
    }
    assert.ok(!ahead.makeNext(-20, ENDS));
  }
});

test("what is nearest to the slider comes first", () => {
  const own = table();
  const ahead = createAhead(own, null);
  const [near, far] = [ahead.at(5), ahead.at(20)];
  for (let time = 0; time < 4; time++) ahead.makeNext(5, ENDS);
  // From now on the table gives nothing: what is still told was made before.
  own.leads.fill(0);
  for (const points of [3, 4, 6, 7]) assert.equal(sum(ahead.at(points)), 4321);
  for (const points of [2, 8, 19]) assert.equal(sum(ahead.at(points)), 0);
  assert.equal(ahead.at(5), near);
  assert.equal(ahead.at(20), far);
});

test("points beyond the slider's ends, and more than there is room for, are made when they are asked for", () => {
  const own = table(500_000);
  const ahead = createAhead(own, null);
  assert.equal(madeFrom(ahead, 0), 7);
  for (const points of [-20, 1000, 0]) assert.deepEqual(ahead.at(points), countsAt(own, points, null));
  const wide = createAhead(table(), null);
  assert.equal(madeFrom(wide, 0, { low: 0, high: 2_000_000 }), 400);
  assert.deepEqual(wide.at(1_999_999), countsAt(table(), 1_999_999, null));
});

/** @param {import("../../pages/components/console/live/table.js").Counts} counts */
function sum({ converted, notConverted }) {
  return [...converted, ...notConverted].reduce((total, leads) => total + leads, 0);
}

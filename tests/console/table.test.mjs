import assert from "node:assert/strict";
import { test } from "node:test";
import { rulePoints, scoreOf } from "../../pages/components/console/live/table.js";

test("halves of a point go away from zero, on both sides", () => {
  assert.equal(rulePoints(10, 1, null), 1);
  assert.equal(rulePoints(10, -1, null), -1);
  assert.equal(rulePoints(9, 1, null), 0);
  assert.ok(Object.is(rulePoints(9, -1, null), 0));
});

test("a cap limits the points before they are rounded", () => {
  assert.equal(rulePoints(20_000, 1_000_000, null), 1_000_000_000);
  assert.equal(rulePoints(50, 7, 12), 12);
  assert.equal(rulePoints(50, -7, 12), -12);
});

test("a rule that is switched off takes no count and gives nothing", () => {
  const model = {
    base_points: 3,
    rules: [
      { category: "fit", points: 50, enabled: false },
      { category: "fit", points: 4 },
    ],
  };
  assert.equal(scoreOf(model, [20]), 7);
});

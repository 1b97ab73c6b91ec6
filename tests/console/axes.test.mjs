import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countAxis,
  heldTop,
  periodTicks,
  rateTick,
  rateTicks,
  rateTop,
  wholeTicks,
} from "../../pages/components/console/live/axes.js";

test("an axis of counts ends at a round number that holds the largest", () => {
  assert.deepEqual(countAxis(1), { step: 1, top: 1 });
  assert.deepEqual(countAxis(130), { step: 50, top: 150 });
  assert.deepEqual(countAxis(8_000), { step: 5_000, top: 10_000 });
  for (let largest = 1; largest < 3_000; largest++) {
    const { step, top } = countAxis(largest);
    assert.ok(top >= largest && top - largest < step && top / step <= 3.01);
  }
});

test("an axis of rates has at most six ticks, the last one at its end or before", () => {
  for (let largest = 0; largest <= 1; largest += 0.001) {
    const top = rateTop(largest);
    const ticks = rateTicks(top);
    assert.ok(top >= largest && ticks.length >= 2 && ticks.length <= 6);
    assert.ok(ticks[ticks.length - 1] <= top + 1e-9);
  }
  assert.equal(rateTick(rateTicks(0.01)[1]), "0.2%");
});

test("scores have whole ticks within the range, negative ones too", () => {
  assert.deepEqual(wholeTicks(-100, 201, 4), [-100, 0, 100, 200]);
  assert.deepEqual(wholeTicks(0, 10, 40), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("an end stays while a handle moves, but grows before something leaves the plot", () => {
  assert.equal(heldTop(0.2, 0.02, true, rateTop), 0.2);
  assert.equal(heldTop(0.2, 0.22, true, rateTop), 0.25);
  assert.equal(heldTop(0.2, 0.02, false, rateTop), 0.02);
  assert.equal(heldTop(null, 0.02, true, rateTop), 0.02);
});

test("the year stands below the first tick of each year", () => {
  const shown = (/** @type {string[]} */ periods, /** @type {number} */ most) =>
    periodTicks(periods, most).map(({ part, year }) => `${part} ${year}`.trim());
  assert.deepEqual(shown(["2024-Q4", "2025-Q1", "2025-Q2"], 10), ["Q4 2024", "Q1 2025", "Q2"]);
  assert.deepEqual(shown(["2024-11", "2024-12", "2025-01", "2025-02"], 2), ["Nov 2024", "Jan 2025"]);
  assert.deepEqual(shown([], 10), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "../../pages/components/console/live/figures.js";
import { headlineFigures } from "../../pages/components/console/live/headline.js";
import { aucInterval, wilsonInterval } from "../../pages/components/console/live/statistics.js";
import {
  distributionTitle,
  openNote,
  periodsTitle,
  smallNote,
  tierRatesTitle,
} from "../../pages/components/console/live/words.js";

const TIERS = [
  { name: "Nurture", label: "Nurture", threshold: 0 },
  { name: "SQL", label: "Sales-ready (SQL)", threshold: 2 },
];

/** Two periods, scores 0 to 3. */
function counts({ converted = [1, 0, 0, 4, 0, 0, 1, 0], notConverted = [60, 20, 10, 5, 30, 0, 2, 1] } = {}) {
  return {
    periods: ["2025-Q1", "2025-Q2"],
    open: [0, 12],
    minScore: 0,
    maxScore: 3,
    converted: Int32Array.from(converted),
    notConverted: Int32Array.from(notConverted),
  };
}

const NOTHING = counts({ converted: Array(8).fill(0), notConverted: Array(8).fill(0) });
const plain = (/** @type {string} */ text) => text.replaceAll("\u00a0", " ");

test("titles say what the charts show", () => {
  const figures = figuresOf(counts(), TIERS);
  assert.equal(
    distributionTitle(figures),
    "Half of the leads that converted score 3 or more, half of the others 0 or more",
  );
  // 5 of 23 against 6 of 134.
  assert.equal(plain(tierRatesTitle(figures)), "Sales-ready (SQL): 21.7 % convert, 4.9 times the average");
  const title = "Sales-ready (SQL) converted above average in 2 of 2 quarters";
  assert.equal(periodsTitle(figures, 1, "quarter"), title);
  assert.equal(openNote(figures.byPeriod), "Hollow or hatched: still open.");
  assert.equal(smallNote(figures.tiers, 30), "Grey: fewer than 30 leads.");
});

test("titles of nothing say so", () => {
  const figures = figuresOf(NOTHING, TIERS);
  assert.equal(distributionTitle(figures), "No complete leads of both kinds yet");
  assert.equal(tierRatesTitle(figures), "No complete leads in Sales-ready (SQL) yet");
  assert.equal(periodsTitle(figures, 1, "month"), "Sales-ready (SQL): no complete month yet");
  assert.equal(openNote(figures.byPeriod), "Hatched: still open.");
  assert.equal(smallNote(figures.tiers, 30), "");
});

test("an empty tier beside full ones, a tier of all leads and scores that tell nothing are called so", () => {
  const empty = figuresOf(counts(), [...TIERS, { name: "VIP", label: "VIP", threshold: 4 }]);
  assert.equal(tierRatesTitle(empty), "None of the 134 complete leads is in VIP");
  assert.equal(periodsTitle(empty, 2, "quarter"), "VIP has no leads in any complete quarter");
  const none = figuresOf(counts({ converted: Array(8).fill(0) }), TIERS);
  assert.equal(periodsTitle(none, 1, "quarter"), "Sales-ready (SQL): no leads converted in any complete quarter");
  const one = figuresOf(counts(), [{ name: "All", label: "Everybody", threshold: 0 }]);
  // 5 of 100 and 1 of 34.
  assert.equal(plain(tierRatesTitle(one)), "Everybody holds all leads: 4.5 % convert");
  const title = "Everybody holds all leads: by quarter 2.9 % to 5.0 % convert";
  assert.equal(plain(periodsTitle(one, 0, "quarter")), title);
  const flat = { ...counts({ converted: [1, 0, 0, 0, 0, 0, 0, 0] }), minScore: -7, maxScore: -4 };
  assert.equal(distributionTitle(figuresOf(flat, TIERS)), "Half of the leads score \u22127 or more, converted or not");
});

test("a title names one period in the singular, and a tier without a win as such", () => {
  const figures = figuresOf(counts({ converted: Array(8).fill(0) }), TIERS);
  assert.equal(tierRatesTitle(figures), "Sales-ready (SQL): none of 18 leads converted yet");
  const one = figuresOf(counts({ converted: [0, 0, 0, 4, 0, 0, 0, 0] }), TIERS);
  const title = "Sales-ready (SQL) converted above average in 1 of 1 quarter";
  assert.equal(periodsTitle(one, 1, "quarter"), title);
});

test("the headline compares with the model in use, and calls what rounds to nothing no change", () => {
  const figures = figuresOf(counts(), TIERS);
  const same = headlineFigures(figures, figures, "quarter");
  assert.deepEqual(
    same.map(({ change, direction }) => [change, direction]),
    Array(5).fill(["as in use", 0]),
  );
  const wider = figuresOf(counts(), [TIERS[0], { ...TIERS[1], threshold: 1 }]);
  const [leads, converted, caught, lift, auc] = headlineFigures(wider, figures, "quarter");
  assert.deepEqual([leads.value, leads.change, leads.direction, leads.note], ["43", "+20", 1, "of 134 lead-quarters"]);
  assert.ok(!leads.moreIsBetter && converted.moreIsBetter);
  assert.equal(plain(converted.change), "\u221210.1 points");
  assert.equal(caught.change, "as in use");
  assert.equal(plain(caught.value), "83.3 %");
  assert.equal(lift.change, "\u22122.3");
  assert.equal(auc.change, "as in use");
});

test("another tier of the model in use is neither praised nor blamed, and a tier below the highest can be compared", () => {
  const figures = figuresOf(counts(), TIERS);
  const graded = figuresOf(counts(), [...TIERS, { name: "VIP", label: "VIP", threshold: 3 }]);
  const other = headlineFigures(graded, figures, "quarter", { place: 1, isSame: false, note: "another" });
  assert.deepEqual(other.map(({ moreIsBetter }) => moreIsBetter), [false, false, false, false, true]);
  assert.equal(other[0].change, "\u221213");
  const [same] = headlineFigures(figures, graded, "quarter", { place: 1, isSame: true, note: "below VIP" });
  assert.equal(same.change, "+10");
});

test("without a model in use nothing is compared, and figures of nothing are dashes", () => {
  const shown = headlineFigures(figuresOf(NOTHING, TIERS), null, "quarter");
  assert.deepEqual(
    shown.map(({ value, change }) => [value, change]),
    [["0", ""], ...Array(4).fill(["–", ""])],
  );
  assert.equal(shown[1].note, "no leads");
});

test("intervals of nothing are null, and those of all or none end at 1 or 0 exactly", () => {
  assert.deepEqual(wilsonInterval(0, 0), { low: null, high: null });
  assert.equal(wilsonInterval(0, 3).low, 0);
  assert.equal(wilsonInterval(3, 3).high, 1);
  assert.deepEqual(aucInterval([0, 0], [1, 2]), { auc: null, low: null, high: null });
  assert.deepEqual(aucInterval([0, 1], [1, 2]), { auc: 2 / 3, low: null, high: null });
});

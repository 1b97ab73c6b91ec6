import assert from "node:assert/strict";
import { test } from "node:test";
import { createTuning } from "../../pages/components/console/tuning.js";

const CLIENT = "here";

/** @param {number[]} values */
function packed(values) {
  return { type: "int32", base64: Buffer.from(new Int32Array(values).buffer).toString("base64") };
}

/** Two rules of one category, scores 0 to 4, one period; `a` was counted once by 5 leads, `b` never. */
function confirmed({ applied = 0, a = 1, b = 1, problems = [], identities = { a: "A1", b: "B1" } } = {}) {
  const rule = (id, points) => ({
    id, label: id, category: "c", points, cap: null, enabled: true,
    isChanged: false, isNew: false, before: { points: 1, cap: null, enabled: true }, old: "",
  });
  const notConverted = [0, 0, 0, 0, 0];
  notConverted[a] = 5;
  return {
    client: CLIENT, applied, problems, identities,
    draft: {
      minScore: 0, maxScore: 4, removed: [],
      tiers: [{ name: "low", label: "low", threshold: 0, before: 0 }, { name: "top", label: "top", threshold: 3, before: 3 }],
      categories: [{ name: "c", minPoints: null, maxPoints: null }],
      rules: [rule("a", a), rule("b", b)],
    },
    counts: { periods: ["2025-Q1"], open: [0], minScore: 0, maxScore: 4, converted: packed([0, 0, 0, 0, 0]), notConverted: packed(notConverted) },
  };
}

function table(draft = "A1") {
  return {
    rule: "a", draft, periods: ["2025-Q1"], open: [0], minScore: 0, maxScore: 4, categoryMin: null, categoryMax: null,
    starts: packed([0, 0, 1]), countValues: packed([20]), restOfCategory: packed([0]), rest: packed([0]),
    count: packed([0]), leads: packed([5]),
  };
}

function tuningOf(data = confirmed()) {
  const sent = [];
  const tuning = createTuning(CLIENT, (message) => sent.push(structuredClone(message)));
  tuning.receive(data);
  return { tuning, sent };
}

const points = (rule, value) => ({ kind: "points", rule, value });
const shown = (tuning) => Array.from(tuning.counts().counts.notConverted);

test("without a response table the last exact figures stay, and it is said that they wait", () => {
  const { tuning } = tuningOf();
  tuning.preview(points("a", 4));
  assert.deepEqual(tuning.counts().isWaiting, true);
  assert.deepEqual(shown(tuning), [0, 5, 0, 0, 0]);
  assert.equal(tuning.draft().rules[0].points, 4);
});

test("with its table a rule is followed, before and after it is let go of", () => {
  const { tuning } = tuningOf();
  assert.ok(tuning.lacksTable("a"));
  tuning.receiveTable(table());
  assert.ok(!tuning.lacksTable("a"));
  tuning.preview(points("a", 4));
  assert.deepEqual(shown(tuning), [0, 0, 0, 0, 5]);
  tuning.commit(points("a", 3));
  assert.deepEqual(shown(tuning), [0, 0, 0, 5, 0]);
  assert.ok(!tuning.counts().isWaiting);
});

test("what a slider may be moved to is made before, for the cap of the draft and for no other draft", () => {
  const { tuning } = tuningOf();
  assert.ok(!tuning.makeNext("a"));
  tuning.receiveTable(table());
  let made = 0;
  while (tuning.makeNext("a")) made += 1;
  assert.equal(made, 21);
  const own = tuning.validTable("a");
  const leads = own.leads.slice();
  // From now on the table gives nothing: what is still told was made before.
  own.leads.fill(0);
  for (let value = 0; value <= 20; value++) {
    tuning.preview(points("a", value));
    assert.equal(shown(tuning)[Math.min(value, 4)], 5);
  }
  own.leads.set(leads);
  tuning.preview(points("a", 3));
  assert.deepEqual(shown(tuning), [0, 0, 0, 5, 0]);
  tuning.commit(points("a", 3));
  tuning.preview({ kind: "cap", rule: "a", value: 2 });
  assert.deepEqual(shown(tuning), [0, 0, 5, 0, 0]);
  tuning.preview(null);
  assert.deepEqual(shown(tuning), [0, 0, 0, 5, 0]);
  tuning.receive(confirmed({ applied: 1, a: 3, identities: { a: "A2", b: "B1" } }));
  assert.ok(!tuning.makeNext("a"));
});

test("a table of another draft is never used", () => {
  const { tuning } = tuningOf();
  tuning.receiveTable(table("older"));
  tuning.preview(points("a", 4));
  assert.ok(tuning.counts().isWaiting);
});

test("a change of another rule makes a table invalid until the dashboard says that it fits", () => {
  const { tuning } = tuningOf();
  tuning.receiveTable(table());
  tuning.commit(points("b", 2));
  tuning.preview(points("a", 4));
  assert.ok(tuning.counts().isWaiting);
  tuning.receive(confirmed({ applied: 1, b: 2, identities: { a: "A2", b: "B1" } }));
  assert.ok(tuning.lacksTable("a"));
  tuning.receiveTable(table("A2"));
  assert.deepEqual(shown(tuning), [0, 0, 0, 0, 5]);
});

test("a threshold needs no table and leaves every table as it is", () => {
  const { tuning } = tuningOf();
  tuning.receiveTable(table());
  tuning.commit({ kind: "threshold", tier: "top", value: 2 });
  assert.ok(!tuning.counts().isWaiting);
  assert.equal(tuning.draft().tiers[1].threshold, 2);
  assert.ok(tuning.validTable("a"));
});

test("what was not acknowledged is sent again with the next change, under its own number", () => {
  const { tuning, sent } = tuningOf();
  tuning.commit(points("a", 2));
  tuning.commit(points("b", 3));
  assert.deepEqual(sent[1].operations.map(({ number, rule }) => [number, rule]), [[1, "a"], [2, "b"]]);
  tuning.receive(confirmed({ applied: 1, a: 2 }));
  tuning.commit(points("b", 4));
  assert.deepEqual(sent[2].operations.map(({ number }) => number), [2, 3]);
});

test("an older answer never overwrites a newer change", () => {
  const { tuning } = tuningOf();
  tuning.commit(points("a", 2));
  tuning.commit(points("a", 3));
  tuning.receive(confirmed({ applied: 1, a: 2 }));
  assert.equal(tuning.draft().rules[0].points, 3);
  assert.ok(tuning.hasPending());
  assert.ok(tuning.receive(confirmed({ applied: 2, a: 3 })));
  assert.ok(!tuning.hasPending());
});

test("the numbers of another console acknowledge nothing here", () => {
  const { tuning } = tuningOf();
  tuning.commit(points("a", 2));
  assert.ok(!tuning.receive({ ...confirmed({ applied: 9 }), client: "elsewhere" }));
  assert.equal(tuning.draft().rules[0].points, 2);
});

test("a refused change goes back, and its reason is kept until the field is touched again", () => {
  const { tuning } = tuningOf();
  tuning.commit(points("a", 2));
  tuning.receive(confirmed({ applied: 1, problems: [[1, "points must be even"]] }));
  assert.equal(tuning.draft().rules[0].points, 1);
  assert.equal(tuning.refusals.get("points a").message, "points must be even");
  tuning.preview(points("a", 4));
  assert.equal(tuning.refusals.size, 0);
});

test("what changes nothing is not sent, and a reset goes back to the model in use", () => {
  const { tuning, sent } = tuningOf(confirmed({ a: 2 }));
  tuning.commit(points("a", 2));
  assert.equal(sent.length, 0);
  tuning.commit({ kind: "reset", rule: "a" });
  assert.equal(tuning.draft().rules[0].points, 1);
  assert.ok(tuning.counts().isWaiting);
});

test("figures that the dashboard does not confirm give way to its own, and that is logged", (context) => {
  const log = context.mock.method(console, "error", () => {});
  const { tuning } = tuningOf();
  tuning.receiveTable(table());
  tuning.commit(points("a", 3));
  tuning.counts();
  const other = confirmed({ applied: 1, a: 3 });
  other.counts.notConverted = packed([5, 0, 0, 0, 0]);
  tuning.receive(other);
  assert.deepEqual(shown(tuning), [5, 0, 0, 0, 0]);
  assert.equal(log.mock.callCount(), 1);
});

test("opening the editor changes no figure", () => {
  const { tuning, sent } = tuningOf();
  tuning.commit({ kind: "edit", rule: "a" });
  assert.deepEqual(sent[0].operations, [{ kind: "edit", rule: "a", number: 1 }]);
  assert.ok(!tuning.counts().isWaiting);
});

test("a draft that the data do not fit has no figures, not even the last ones", () => {
  const { tuning } = tuningOf();
  assert.ok(tuning.counts().counts);
  tuning.receive({ ...confirmed(), counts: null, identities: {} });
  assert.deepEqual(tuning.counts(), { counts: null, isWaiting: false });
});

test("what is not acknowledged is sent again as it was", () => {
  const { tuning, sent } = tuningOf();
  tuning.commit(points("a", 2));
  tuning.commit(points("b", 3));
  tuning.receive(confirmed({ applied: 1, a: 2 }));
  tuning.sendAgain();
  assert.deepEqual(sent.at(-1), { client: CLIENT, operations: [{ ...points("b", 3), number: 2 }] });
});

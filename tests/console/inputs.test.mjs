import assert from "node:assert/strict";
import { test } from "node:test";
import { createRest, readNumber, REST_MILLISECONDS, sliderEnds } from "../../pages/components/console/fields.js";
import { createOutbox } from "../../pages/components/console/outbox.js";

test("whole numbers within the limits are read, everything else says what is allowed", () => {
  const limits = { low: -5, high: 10, rule: "from -5 to 10" };
  assert.deepEqual(readNumber(" 7 ", limits), { value: 7, problem: "" });
  assert.deepEqual(readNumber("-5", limits), { value: -5, problem: "" });
  for (const text of ["", "11", "1.5", "1e9", "seven"]) assert.equal(readNumber(text, limits).problem, "from -5 to 10");
  assert.deepEqual(readNumber(" ", { ...limits, mayBeEmpty: true }), { value: null, problem: "" });
});

test("a slider has room for double of what a rule gives, on the side where it gives it", () => {
  assert.deepEqual(sliderEnds([5, 5]), { low: 0, high: 20 });
  assert.deepEqual(sliderEnds([15, 5]), { low: 0, high: 50 });
  assert.deepEqual(sliderEnds([-30, -10]), { low: -100, high: 0 });
  assert.deepEqual(sliderEnds([-3, 8]), { low: -20, high: 20 });
  assert.deepEqual(sliderEnds([0, 0]), { low: 0, high: 20 });
  for (let value = 1; value < 1_000_000; value = 3 * value + 1) {
    assert.ok(sliderEnds([value]).high >= 2 * value);
    assert.ok(sliderEnds([-value]).low <= -2 * value);
  }
});

test("only the last thing before a rest is done, and at once when asked", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const done = [];
  const rest = createRest();
  rest.later(() => done.push(1));
  context.mock.timers.tick(REST_MILLISECONDS - 1);
  rest.later(() => done.push(2));
  context.mock.timers.tick(REST_MILLISECONDS);
  assert.deepEqual(done, [2]);
  rest.later(() => done.push(3));
  rest.flush();
  rest.flush();
  assert.deepEqual(done, [2, 3]);
  rest.later(() => done.push(4));
  rest.drop();
  context.mock.timers.tick(10 * REST_MILLISECONDS);
  assert.deepEqual(done, [2, 3]);
});

test("things are sent one by one, changes first, of each kind the newest", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const outbox = createOutbox();
  outbox.send("question", () => sent.push("asked 1"));
  assert.deepEqual(sent, [], "a question waits for what the hand may be about to change");
  outbox.send("question", () => sent.push("asked 2"));
  outbox.send("changes", () => sent.push("changed"));
  context.mock.timers.tick(20);
  assert.deepEqual(sent, ["changed"]);
  context.mock.timers.tick(20);
  assert.deepEqual(sent, ["changed", "asked 2"]);
  context.mock.timers.tick(1000);
  outbox.send("changes", () => sent.push("changed again"));
  assert.deepEqual(sent, ["changed", "asked 2", "changed again"], "a change goes at once");
  outbox.send("question", () => sent.push("never"));
  outbox.empty();
  context.mock.timers.tick(1000);
  assert.equal(sent.length, 3);
});

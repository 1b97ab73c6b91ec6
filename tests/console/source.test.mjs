import assert from "node:assert/strict";
import { test } from "node:test";

import bring from "../../pages/components/console/table_source.js";

const MEETING = Symbol.for("tierline.console");

function setUp() {
  const asked = [];
  let told = 0;
  globalThis[MEETING] = { onTable: () => (told += 1) };
  const show = (data) => bring({ data, setTriggerValue: (name, value) => asked.push([name, value]) });
  return { asked, show, told: () => told, meeting: globalThis[MEETING] };
}

const last = { rule: "open", draft: "d1" };

test("a table is handed over once and stays when the page is redrawn without it", () => {
  const { asked, show, told, meeting } = setUp();
  show({ table: last, last });
  assert.equal(meeting.table.draft, "d1");
  show({ table: null, last });
  assert.equal(meeting.table, null);
  assert.deepEqual(asked, []);
  assert.equal(told(), 2);
});

test("a table that got lost between two redraws is asked for again", () => {
  const { asked, show } = setUp();
  show({ table: null, last });
  assert.deepEqual(asked, [["asked", { rule: "open" }]]);
  show({ table: last, last });
  show({ table: null, last });
  assert.equal(asked.length, 1);
});

test("without a table to come nothing is asked", () => {
  const { asked, show } = setUp();
  show(null);
  show({ table: null, last: null });
  assert.deepEqual(asked, []);
});

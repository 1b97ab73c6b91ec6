/** Brings response tables to the console: a part of the page of its own, so that asking redraws nothing else. */

/**
 * @typedef {object} TableData
 * @property {{rule: string, draft: string} | null} table  what was asked for; null when nothing was
 * @property {{rule: string, draft: string} | null} last  which table was handed over last
 */

/**
 * @param {{data: TableData | null, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function ({ data, setTriggerValue }) {
  // The console looks for the same name; see Meeting there.
  const place = /** @type {any} */ (globalThis);
  const meeting = (place[Symbol.for("tierline.console")] ??= {});
  meeting.ask = (/** @type {string} */ rule) => setTriggerValue("asked", { rule });
  meeting.table = data?.table ?? null;
  if (meeting.table !== null) meeting.received = meeting.table.draft;
  else if (data?.last && data.last.draft !== meeting.received) meeting.ask(data.last.rule);
  meeting.onTable?.();
}

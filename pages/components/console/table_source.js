/** Brings response tables to the console: a part of the page of its own, so that asking redraws nothing else. */

/**
 * @param {{data: {table: object | null} | null, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function ({ data, setTriggerValue }) {
  // The console looks for the same name; see Meeting there.
  const place = /** @type {any} */ (globalThis);
  const meeting = (place[Symbol.for("tierline.console")] ??= {});
  meeting.ask = (/** @type {string} */ rule) => setTriggerValue("asked", { rule });
  meeting.table = data?.table ?? null;
  meeting.onTable?.();
}

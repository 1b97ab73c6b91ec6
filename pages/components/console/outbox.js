/**
 * Sends one thing at a time, changes before questions.
 *
 * What two fragments of a page are told within one turn of the browser reaches only the first of them: Streamlit
 * puts it into one message, which has one addressee.
 */

const APART_MILLISECONDS = 20;

/** @typedef {"changes" | "question"} Kind */

/** @returns {{send: (kind: Kind, act: () => void) => void, empty: () => void}} */
export function createOutbox() {
  /** Of each kind only the newest: it says everything that an older one did. @type {Map<Kind, () => void>} */
  const waiting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function next() {
    timer = undefined;
    const kind = waiting.has("changes") ? "changes" : "question";
    const act = waiting.get(kind);
    if (act === undefined) return;
    waiting.delete(kind);
    timer = setTimeout(next, APART_MILLISECONDS);
    act();
  }

  return {
    send(kind, act) {
      waiting.set(kind, act);
      // A question waits in any case: the hand may be about to change something.
      if (timer === undefined) {
        if (kind === "changes") next();
        else timer = setTimeout(next, APART_MILLISECONDS);
      }
    },
    empty() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

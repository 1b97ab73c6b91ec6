/**
 * Sees to it that what was changed arrives.
 *
 * A change travels as an event of one fragment of the page, and a run of the whole page drops the events that it
 * overtakes. So links and buttons outside the console wait until the dashboard has acknowledged the change, and what
 * is not acknowledged for a while is sent again; changes are numbered, and none is made twice.
 */

const AGAIN_MILLISECONDS = 1500;
/** Pressed things wait no longer than this, should the dashboard not answer at all. */
const PATIENCE_MILLISECONDS = 4000;

/**
 * @param {HTMLElement} root  of the console: what is pressed in here waits for nothing
 * @param {{hasPending: () => boolean, sendAgain: () => void}} changes
 */
export function createDelivery(root, { hasPending, sendAgain }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** @type {HTMLElement | null} */
  let held = null;
  let isLettingGo = false;

  /** @param {MouseEvent} event */
  function hold(event) {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (isLettingGo || !isPlain || !hasPending()) return;
    const path = event.composedPath();
    const pressed = path.find((node) => node instanceof HTMLElement && node.matches("a[href], button"));
    if (!(pressed instanceof HTMLElement) || path.includes(root)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = pressed;
    patience ??= setTimeout(letGo, PATIENCE_MILLISECONDS);
  }

  function letGo() {
    clearTimeout(patience);
    patience = undefined;
    const pressed = held;
    held = null;
    isLettingGo = true;
    pressed?.click();
    isLettingGo = false;
  }

  document.addEventListener("click", hold, true);

  return {
    /** After every change and every answer. */
    watch() {
      clearTimeout(again);
      if (hasPending()) again = setTimeout(sendAgain, AGAIN_MILLISECONDS);
      else letGo();
    },
    destroy() {
      document.removeEventListener("click", hold, true);
      clearTimeout(again);
      clearTimeout(patience);
    },
  };
}

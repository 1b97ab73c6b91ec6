/** Times, inside the page, what a hand waits for; installed by browser_case.py before anything is drawn. */
(() => {
  /** Milliseconds from a pointer's move to the painted frame in which the panel follows it. */
  const steps = [];
  /** When the last frame was painted in which something that the page shows had changed. */
  let lastRepaint = 0;
  /** The same with Streamlit's marks on elements that are due to be drawn again, and then are not. */
  let lastTouch = 0;
  let releasedAt = 0;

  /** A message that is sent in a frame's turn is received when that frame has been painted. */
  function afterPaint(act) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      act(performance.now());
    };
    requestAnimationFrame(() => port2.postMessage(null));
  }

  let isPanelRedrawn = false;
  let movedAt = null;
  addEventListener(
    "pointermove",
    (event) => {
      if (event.buttons === 0 || movedAt !== null) return;
      movedAt = performance.now();
      isPanelRedrawn = false;
      afterPaint((paintedAt) => {
        if (isPanelRedrawn) steps.push(paintedAt - movedAt);
        movedAt = null;
      });
    },
    true,
  );
  addEventListener("pointerup", () => (releasedAt = performance.now()), true);

  /** The dashboard's own sign that something runs is no figure. */
  const aside = "[data-testid=stStatusWidget], [data-testid=stToolbar], [data-testid=stHeader]";
  const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  function isOnPage({ target, type }) {
    const element = elementOf(target);
    if (element === null || element.closest(aside)) return false;
    return type !== "attributes" || !element.matches("[data-testid=stApp]");
  }
  const isMark = ({ target, type, attributeName }) =>
    type === "attributes" &&
    (attributeName === "data-stale" || (attributeName === "class" && target.matches("[data-testid=stElementContainer]")));

  let isRepaintDue = false;
  let isTouchDue = false;
  const observer = new MutationObserver((mutations) => {
    isPanelRedrawn ||= mutations.some(({ target }) => elementOf(target)?.closest(".live"));
    const seen = mutations.filter(isOnPage);
    if (seen.length === 0) return;
    const isWaiting = isTouchDue;
    isTouchDue = true;
    isRepaintDue ||= !seen.every(isMark);
    if (isWaiting) return;
    afterPaint((paintedAt) => {
      lastTouch = paintedAt;
      if (isRepaintDue) lastRepaint = paintedAt;
      isRepaintDue = isTouchDue = false;
    });
  });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, all);
  // What components draw stands in roots of their own, which the document's observer does not see.
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    observer.observe(root, all);
    return root;
  };

  globalThis.tierlineTimes = {
    takeSteps: () => steps.splice(0),
    release: () => (releasedAt = performance.now()),
    sinceRelease: () => [lastRepaint - releasedAt, lastTouch - releasedAt],
    stillFor: () => performance.now() - Math.max(lastTouch, releasedAt),
  };
})();

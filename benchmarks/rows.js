/** When the rows of a table were painted, inside the page; installed by leads_page_case.py before anything is drawn. */
(() => {
  /** Of the first rows, in pixels of the canvas. */
  const HEADER = 40;
  const STRIP = 120;
  /** Text has edges in many shades; an empty table has background and lines. */
  const FEWEST_COLOURS = 8;

  let startedAt = 0;
  let before = null;
  let paintedAt = null;

  /** The first rows as a string, null as long as there are none. */
  function picture() {
    const canvas = document.querySelector("[data-testid=stDataFrame] canvas[data-testid=data-grid-canvas]");
    if (canvas === null || canvas.width === 0 || canvas.height < HEADER + STRIP) return null;
    const { data } = canvas.getContext("2d").getImageData(0, HEADER, Math.min(canvas.width, 600), STRIP);
    const pixels = new Uint32Array(data.buffer);
    if (new Set(pixels).size < FEWEST_COLOURS) return null;
    return pixels.join();
  }

  function look() {
    if (paintedAt === null) {
      // What is seen was drawn before this frame began; to look at it takes some milliseconds of its own.
      const at = performance.now();
      const now = picture();
      if (now !== null && now !== before) paintedAt = at;
    }
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);

  globalThis.tierlineRows = {
    /** From the next click on, other rows than those that stand there now are waited for. */
    startAtClick: () =>
      addEventListener(
        "click",
        () => {
          startedAt = performance.now();
          before = picture();
          paintedAt = null;
        },
        { capture: true, once: true },
      ),
    /** Milliseconds until they were there, from the click, else from when the page was asked for; null before. */
    since: () => (paintedAt === null ? null : paintedAt - startedAt),
  };
})();

/** The figures behind the mark that a pointer rests on. */

import { html, show, write, writeText } from "./nodes.js";

/** @typedef {{x: number, y: number, lines: string[]} | null} Readout */

/**
 * @param {HTMLElement} frame  positioned; holds the plot and nothing else
 * @param {SVGSVGElement} plot
 * @param {(x: number, y: number) => Readout} find  what stands at a place of the plot
 */
export function createReadout(frame, plot, find) {
  const box = html("div", "panel-readout", frame);
  box.setAttribute("aria-hidden", "true");
  const lines = Array.from({ length: 3 }, () => html("div", "", box));
  const hide = () => show(box, false);
  hide();

  /** @param {PointerEvent} event */
  function follow(event) {
    const isOnHandle = event.target instanceof Element && event.target.closest("[role=slider]") !== null;
    if (isOnHandle || (event.pointerType === "mouse" && event.buttons)) return hide();
    const place = plot.getBoundingClientRect();
    const found = find(event.clientX - place.left, event.clientY - place.top);
    if (found === null) return hide();
    lines.forEach((line, number) => {
      writeText(line, found.lines[number] ?? "");
      show(line, number < found.lines.length);
    });
    const beyondMiddle = found.x > place.width / 2;
    const shift = beyondMiddle ? "translate(calc(-100% - 10px), -50%)" : "translate(10px, -50%)";
    write(box, { style: `left: ${found.x}px; top: ${found.y}px; transform: ${shift}` });
    show(box, true);
  }

  plot.addEventListener("pointermove", follow);
  plot.addEventListener("pointerdown", follow);
  plot.addEventListener("pointerleave", hide);
  return { hide };
}

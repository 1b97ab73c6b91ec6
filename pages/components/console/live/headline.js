/** The row of figures about the top tier, each against the model in use. */

import {
  NO_DATA,
  count,
  likelyRange,
  likelyTimes,
  percent,
  signedCount,
  signedPoints,
  signedTenths,
  timesAlone,
  timesIn100,
} from "./format.js";
import { html, newId, show, write, writeText } from "./nodes.js";
import { wilsonInterval } from "./statistics.js";

/** @typedef {import("./figures.js").Figures} Figures */

/**
 * @typedef {object} HeadlineFigure
 * @property {string} label
 * @property {string} value
 * @property {string} change  against the model in use, with its sign; "" when nothing is compared
 * @property {-1 | 0 | 1} direction
 * @property {boolean} moreIsBetter  whether a rise deserves praise; the size of a tier does not, nor what another tier does
 * @property {string} note  its likely range, or of how many
 */

/**
 * Which tier of the model in use the highest one is held against; see pages/components/tune/compared.py.
 * @typedef {object} Compared
 * @property {number} place
 * @property {boolean} isSame  otherwise a change says that the tiers differ, not that one is better
 * @property {string} note  "" when the changes are what one expects
 */

/**
 * Explanations behind the figures, in their order; none without.
 * @typedef {string[]} Explanations
 */

const AS_IN_USE = "as in use";
const FIGURES = 5;
const EXPLANATION_WIDTH = 260;

/**
 * @param {Figures} figures
 * @param {Figures | null} reference
 * @param {string} noun  what a period is called
 * @param {Compared | null} [compared]  the highest tiers of both when not given
 * @returns {HeadlineFigure[]}
 */
export function headlineFigures(figures, reference, noun, compared = null) {
  const top = figures.tiers[figures.tiers.length - 1];
  const old = reference ? reference.tiers[compared?.place ?? reference.tiers.length - 1] : null;
  const isSame = compared?.isSame ?? true;
  const caught = wilsonInterval(top.conversions, figures.conversions);
  const converted = `${count(top.conversions)}, ${likelyRange(top.low, top.high)}`;
  /** @param {number | null | undefined} now @param {number | null | undefined} before */
  const less = (now, before) => (now == null || before == null ? null : now - before);
  /** @param {number | null} delta @param {string} text */
  const change = (delta, text) => changeOf(delta, text, old !== null);
  const moreLeads = less(top.leads, old?.leads);
  const moreRate = less(top.rate, old?.rate);
  const moreCaught = less(top.capture, old?.capture);
  const moreLift = less(top.lift, old?.lift);
  const moreAuc = less(figures.auc, reference?.auc);
  return [
    {
      label: top.label,
      value: count(top.leads),
      ...change(moreLeads, signedCount(moreLeads)),
      moreIsBetter: false,
      note: `of ${count(figures.leads)} lead-${noun}s`,
    },
    {
      label: "of them converted",
      value: percent(top.rate),
      ...change(moreRate, signedPoints(moreRate)),
      moreIsBetter: isSame,
      note: top.leads ? converted : "no leads",
    },
    {
      label: "share of wins caught",
      value: percent(top.capture),
      ...change(moreCaught, signedPoints(moreCaught)),
      moreIsBetter: isSame,
      note: likelyRange(caught.low, caught.high),
    },
    {
      label: "vs the average",
      value: timesAlone(top.lift),
      ...change(moreLift, signedTenths(moreLift)),
      moreIsBetter: isSame,
      note: `average ${percent(figures.rate)}`,
    },
    {
      label: "picks the buyer",
      value: timesIn100(figures.auc),
      ...change(moreAuc, signedTenths(moreAuc, 100)),
      moreIsBetter: true,
      note: likelyTimes(figures.aucLow, figures.aucHigh),
    },
  ];
}

/** @param {HTMLElement} parent */
export function createHeadline(parent) {
  const compares = html("p", "panel-compares", parent);
  const list = html("dl", "panel-headline", parent);
  const items = Array.from({ length: FIGURES }, () => createItem(list));
  return {
    /**
     * @param {HeadlineFigure[]} shown
     * @param {Explanations} explanations
     * @param {string} note  about the changes; "" for none
     */
    draw(shown, explanations, note) {
      writeText(compares, note);
      show(compares, note !== "");
      shown.forEach((figure, place) => items[place].draw(figure, explanations[place] ?? ""));
    },
  };
}

/** @param {HTMLElement} list */
function createItem(list) {
  const item = html("div", "panel-item", list);
  const term = html("dt", "", item);
  const label = html("span", "panel-label", term);
  const help = createHelp(term, list);
  const value = html("dd", "panel-value", item);
  const change = html("dd", "panel-change", item);
  const note = html("dd", "panel-note", item);
  return {
    /**
     * @param {HeadlineFigure} figure
     * @param {string} explanation
     */
    draw(figure, explanation) {
      writeText(label, figure.label);
      writeText(value, figure.value);
      const arrow = ["↓ ", "", "↑ "][figure.direction + 1];
      writeText(change, figure.change && arrow + figure.change);
      const praise = figure.direction > 0 ? "good" : "bad";
      write(change, {
        "data-praise": figure.moreIsBetter && figure.direction !== 0 ? praise : null,
        "data-shown": figure.change ? "yes" : null,
      });
      writeText(note, figure.note);
      help.draw(figure.label, explanation);
    },
  };
}

/** @param {HTMLElement} parent @param {HTMLElement} list */
function createHelp(parent, list) {
  const button = html("button", "panel-help", parent, "?");
  const text = html("span", "panel-explanation", parent);
  text.id = newId("help");
  write(button, { type: "button", "aria-describedby": text.id });
  write(text, { role: "tooltip" });
  function placeExplanation() {
    const room = list.getBoundingClientRect().right - parent.getBoundingClientRect().left;
    write(text, { style: `left: ${Math.min(0, room - EXPLANATION_WIDTH)}px` });
  }
  button.addEventListener("pointerenter", placeExplanation);
  button.addEventListener("focus", placeExplanation);
  // A tooltip must go away without the pointer being moved (WCAG 2.2, 1.4.13).
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") button.blur();
  });
  return {
    /**
     * @param {string} label
     * @param {string} explanation
     */
    draw(label, explanation) {
      write(button, { "aria-label": `What is: ${label}`, hidden: explanation ? null : "" });
      writeText(text, explanation);
    },
  };
}

/**
 * The words and the direction of a change; what rounds to nothing is no change.
 * @param {number | null} delta
 * @param {string} text
 * @param {boolean} isCompared
 * @returns {{change: string, direction: -1 | 0 | 1}}
 */
function changeOf(delta, text, isCompared) {
  if (!isCompared) return { change: "", direction: 0 };
  if (delta === null) return { change: NO_DATA, direction: 0 };
  if (!/[1-9]/.test(text)) return { change: AS_IN_USE, direction: 0 };
  return { change: text, direction: delta > 0 ? 1 : -1 };
}

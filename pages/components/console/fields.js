/** Inputs of whole numbers: slider and box as one value, checked while typing, sent when the hand rests. */

import { inPoints } from "./live/format.js";
import { show, write, writeText } from "./live/nodes.js";

export const REST_MILLISECONDS = 300;

/**
 * @typedef {object} Limits
 * @property {number} low
 * @property {number} high
 * @property {boolean} [mayBeEmpty]
 * @property {string} rule  says what is allowed: "must be a whole number from 1 to 5"
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]  true: without a value
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * @param {string} text
 * @param {Limits} limits
 * @returns {{value: number | null, problem: string}}  problem: "" for a valid text
 */
export function readNumber(text, limits) {
  const trimmed = text.trim();
  if (trimmed === "" && limits.mayBeEmpty) return { value: null, problem: "" };
  const value = Number(trimmed);
  const fits = trimmed !== "" && Number.isInteger(value) && value >= limits.low && value <= limits.high;
  return fits ? { value, problem: "" } : { value: null, problem: limits.rule };
}

/** Does the last thing it was given once nothing new has come for a while. */
export function createRest() {
  /** @type {(() => void) | null} */
  let waiting = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function flush() {
    clearTimeout(timer);
    const act = waiting;
    waiting = null;
    act?.();
  }
  return {
    flush,
    /** @param {() => void} act  takes the place of what was waiting for the same input */
    later(act) {
      clearTimeout(timer);
      waiting = act;
      timer = setTimeout(flush, REST_MILLISECONDS);
    },
    drop() {
      clearTimeout(timer);
      waiting = null;
    },
  };
}

/**
 * A number box, with a slider beside it if asked for.
 *
 * @param {object} options
 * @param {string} options.name  unique in the console
 * @param {string} options.label
 * @param {string} [options.placeholder]
 * @param {boolean} [options.withSlider]
 * @param {() => Limits} options.limits
 * @param {ReturnType<typeof createRest>} options.rest  shared, so that one input's change goes before the next one's
 * @param {(value: number | null) => void} options.onPreview
 * @param {(value: number | null) => void} options.onCommit
 */
export function createNumberField(options) {
  const { name, label, limits, rest, onPreview, onCommit } = options;
  const box = element("input", {
    type: "number", step: 1, inputmode: "numeric", "aria-label": label, placeholder: options.placeholder, name,
  });
  const slider = options.withSlider
    ? element("input", { type: "range", step: 1, "aria-label": `${label}, slider`, name: `${name} slider` })
    : null;
  const problem = element("p", { class: "problem", id: `problem-${name.replace(/[^\w-]/g, "-")}`, role: "alert" });
  show(problem, false);
  let isTyped = false;
  let byPointer = false;

  /** @param {string} text */
  function showProblem(text) {
    const isWrong = text !== "";
    writeText(problem, text);
    show(problem, isWrong);
    write(box, { "aria-invalid": isWrong ? "true" : null, "aria-describedby": isWrong ? problem.id : null });
  }

  /** @param {string} text @param {boolean} isFinal */
  function entered(text, isFinal) {
    const read = readNumber(text, limits());
    showProblem(read.problem);
    if (read.problem !== "") {
      rest.drop();
      return;
    }
    onPreview(read.value);
    const commit = () => {
      isTyped = false;
      onCommit(read.value);
    };
    if (isFinal) {
      rest.drop();
      commit();
    } else rest.later(commit);
  }

  box.addEventListener("input", () => {
    if (!isTyped) rest.flush();
    isTyped = true;
    entered(box.value, false);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isTyped) entered(box.value, true);
  });
  // Scrolling the list must not turn a number.
  box.addEventListener("wheel", () => box.blur(), { passive: true });
  box.addEventListener("blur", () => {
    if (isTyped && problem.hidden) rest.flush();
  });
  slider?.addEventListener("pointerdown", () => {
    rest.flush();
    byPointer = true;
  });
  // The last change comes right after the hand has let go; none comes where the slider is back where it began.
  slider?.addEventListener("pointerup", () =>
    setTimeout(() => {
      if (byPointer && isTyped) entered(slider.value, true);
      byPointer = false;
    }),
  );
  slider?.addEventListener("input", () => {
    isTyped = true;
    box.value = slider.value;
    write(slider, { "aria-valuetext": inPoints(Number(slider.value)) });
    showProblem("");
    if (byPointer) onPreview(Number(slider.value));
    else entered(slider.value, false);
  });
  slider?.addEventListener("change", () => {
    if (byPointer && isTyped) entered(slider.value, true);
    byPointer = false;
  });
  slider?.addEventListener("blur", () => {
    if (isTyped) rest.flush();
    byPointer = false;
  });

  return {
    box,
    slider,
    problem,
    /** Whether the hand is still at it: what comes from elsewhere must not overwrite it. */
    isBusy: () => isTyped,
    showProblem,
    /** @param {boolean} isEnabled */
    enable(isEnabled) {
      for (const input of [box, slider]) input?.toggleAttribute("disabled", !isEnabled);
    },
    /** @param {number | null} value @param {string} [inWords] */
    show(value, inWords) {
      if (!isTyped) {
        const text = value === null ? "" : String(value);
        if (box.value !== text) box.value = text;
        if (slider && slider.value !== text) slider.value = text;
      }
      if (slider && inWords !== undefined) write(slider, { "aria-valuetext": inWords });
    },
    /** @param {number} low @param {number} high  ends of the slider; they stay while it moves */
    showEnds(low, high) {
      if (!slider || isTyped) return;
      write(slider, { min: low, max: high });
    },
  };
}

/**
 * Ends of a rule's slider: round numbers with room around what the rule gives now and in the model in use.
 * The box beside it takes any number.
 * @param {number[]} values
 * @returns {{low: number, high: number}}
 */
export function sliderEnds(values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === 0 && high === 0) return { low: 0, high: LEAST_SLIDER_END };
  return { low: low < 0 ? -roundedUp(-low) : 0, high: high > 0 ? roundedUp(high) : 0 };
}

const LEAST_SLIDER_END = 20;

/** @param {number} value @returns {number}  at least double the value, of the form 1, 2 or 5 times a power of ten */
function roundedUp(value) {
  const wanted = Math.max(2 * value, LEAST_SLIDER_END);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5, 10].find((step) => step * power >= wanted) ?? 10);
}

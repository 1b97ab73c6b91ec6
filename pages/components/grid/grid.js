/** The grid of tiers: a table whose cells are buttons. Clicking one assigns it to the tier that is chosen above. */

/**
 * What Python sends; see component.py. All texts are shown as they are.
 * @typedef {{label: string, span: string}} Grade
 * @typedef {{name: string, tier: number, rate: string, likely: string, counts: string, worked: string, was: string, isSmall: boolean}} Cell
 * @typedef {{label: string, colour: string}} TierLook
 * @typedef {object} GridData
 * @property {string} title
 * @property {string} rowsTitle
 * @property {string} columnsTitle
 * @property {Grade[]} rows
 * @property {Grade[]} columns
 * @property {Cell[]} cells  row by row
 * @property {TierLook[]} tiers  lowest first
 * @property {number} chosen  the tier that a click assigns
 */

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {{data: GridData | null, parentElement: HTMLElement | ShadowRoot,
 *   setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".grid"));
  if (!data) return;
  const held = /** @type {HTMLElement | null} */ (root.querySelector("button:focus"))?.dataset.place;
  const buttons = data.cells.map((cell, place) => button(cell, place));
  root.replaceChildren(table(data, buttons));
  if (held !== undefined) buttons[Number(held)]?.focus();

  /** @param {Cell} cell @param {number} place */
  function button(cell, place) {
    const tier = data.tiers[cell.tier];
    const node = element("button", "cell", [
      element("span", "rate", [cell.rate]),
      element("span", "likely", [cell.likely]),
      element("span", "counts", [cell.counts]),
      ...(cell.worked ? [element("span", "counts", [cell.worked])] : []),
      element("span", "tier", [tier.label]),
      ...(cell.was ? [element("span", "was", [cell.was])] : []),
    ]);
    node.setAttribute("type", "button");
    node.dataset.place = String(place);
    node.style.setProperty("--tier", tier.colour);
    node.classList.toggle("small", cell.isSmall);
    const next = data.tiers[data.chosen].label;
    const then = cell.tier === data.chosen ? "" : ` Press to assign it to ${next}.`;
    const worked = cell.worked ? `, ${cell.worked} by sales` : "";
    node.setAttribute(
      "aria-label",
      `${cell.name}: ${cell.rate} converted, ${cell.likely}, ${cell.counts} leads${worked}. ${tier.label}.${then}`,
    );
    node.addEventListener("click", () => {
      if (cell.tier !== data.chosen) setTriggerValue("assigned", { place, tier: data.chosen });
    });
    node.addEventListener("keydown", (event) => {
      const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      if (!step) return;
      event.preventDefault();
      const width = data.columns.length;
      const row = Math.min(Math.max(Math.floor(place / width) + step[0], 0), data.rows.length - 1);
      const column = Math.min(Math.max((place % width) + step[1], 0), width - 1);
      buttons[row * width + column].focus();
    });
    return node;
  }
}

/** @param {GridData} data @param {HTMLElement[]} buttons */
function table(data, buttons) {
  const corner = element("td", "corner", [`${data.rowsTitle} ↓`, document.createElement("br"), `${data.columnsTitle} →`]);
  const head = element("tr", "", [corner, ...data.columns.map((grade) => heading(grade, "col"))]);
  const rows = data.rows.map((grade, row) => {
    const cells = data.columns.map((_, column) => element("td", "", [buttons[row * data.columns.length + column]]));
    return element("tr", "", [heading(grade, "row"), ...cells]);
  });
  const caption = element("caption", "", [data.title]);
  return element("table", "", [caption, element("thead", "", [head]), element("tbody", "", rows)]);
}

/** @param {Grade} grade @param {"row" | "col"} scope */
function heading(grade, scope) {
  const node = element("th", "", [element("b", "", [grade.label]), element("span", "span", [grade.span])]);
  node.setAttribute("scope", scope);
  return node;
}

/** @param {string} tag @param {string} name @param {(Node | string)[]} children @returns {HTMLElement} */
function element(tag, name, children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}

/** Making and changing nodes. A frame writes only what has changed and reads nothing, so nothing is laid out twice. */

const SVG = "http://www.w3.org/2000/svg";

/** @type {WeakMap<Element, Map<string, string>>} */
const written = new WeakMap();
let ids = 0;

/** @param {string} stem  of an id that no other node has */
export function newId(stem) {
  ids += 1;
  return `panel-${stem}-${ids}`;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {Element} [parent]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function html(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {Element} [parent]
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, className, parent) {
  const node = document.createElementNS(SVG, tag);
  if (className) node.setAttribute("class", className);
  parent?.append(node);
  return node;
}

/**
 * Set attributes that differ from what was set last; null removes one.
 * @param {Element} node
 * @param {Record<string, string | number | null>} attributes
 */
export function write(node, attributes) {
  const kept = memory(node);
  for (const name in attributes) {
    const value = attributes[name];
    const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
    if (text === (kept.get(name) ?? null)) continue;
    if (text === null) {
      kept.delete(name);
      node.removeAttribute(name);
    } else {
      kept.set(name, text);
      node.setAttribute(name, text);
    }
  }
}

/**
 * @param {Element} node
 * @param {string} text
 */
export function writeText(node, text) {
  const kept = memory(node);
  if (kept.get("#text") === text) return;
  kept.set("#text", text);
  node.textContent = text;
}

/**
 * @param {Element} node
 * @param {boolean} shown
 */
export function show(node, shown) {
  const isDrawn = node instanceof SVGElement;
  write(node, isDrawn ? { display: shown ? null : "none" } : { hidden: shown ? null : "" });
}

/**
 * Nodes that are made once and used again: asks for so many, hides the others.
 * @template {{node: Element}} N
 * @param {(place: number) => N} make
 * @returns {(count: number) => N[]}
 */
export function pool(make) {
  /** @type {N[]} */
  const made = [];
  let used = 0;
  return (count) => {
    while (made.length < count) made.push(make(made.length));
    // Only what comes or goes: who asks may hide a node, and it stays as it is until it is used again.
    for (let place = Math.min(used, count); place < Math.max(used, count); place++) show(made[place].node, place < count);
    used = count;
    return made.slice(0, count);
  };
}

/**
 * Grid lines with their texts, in a layer of their own: what is added to the plot later stands in front of all.
 * @param {SVGSVGElement} plot
 */
export function createTicks(plot) {
  const layer = svg("g", "", plot);
  return pool(() => {
    const node = svg("g", "", layer);
    return { node, line: svg("line", "panel-grid", node), text: svg("text", "", node) };
  });
}

/**
 * Text cut to about so many pixels; letters of 12 pixels are some 6.4 wide.
 * @param {string} text
 * @param {number} pixels
 * @param {number} [letter]
 */
export function fitted(text, pixels, letter = 6.4) {
  const most = Math.max(4, Math.floor(pixels / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

/** @param {Element} node */
function memory(node) {
  let kept = written.get(node);
  if (kept === undefined) {
    kept = new Map();
    written.set(node, kept);
  }
  return kept;
}

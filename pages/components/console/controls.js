/** The inputs of the console: thresholds, and the rules by category with their points, limits and switches. */

import { createNumberField, createRest, element } from "./fields.js";
import { inPoints, whole } from "./live/format.js";
import { show, writeText } from "./live/nodes.js";
import { fieldOf, reachOf } from "./tuning.js";

/** @typedef {import("./tuning.js").Change} Change */
/** @typedef {import("./tuning.js").DraftData} DraftData */
/** @typedef {import("./tuning.js").RuleData} RuleData */
/** @typedef {import("./tuning.js").TierData} TierData */
/** @typedef {import("./tuning.js").CategoryData} CategoryData */
/** @typedef {import("./tuning.js").Refusal} Refusal */
/** @typedef {ReturnType<typeof createNumberField>} NumberField */

/**
 * @typedef {object} Handlers
 * @property {(change: Change) => void} onPreview  while a value moves
 * @property {(change: Change) => void} onCommit  when it rests
 * @property {(rule: string) => void} onNear  a rule's points may be moved soon
 */

/** What a reader chose about the list; outlives a change of page. */
/** @type {{search: string, changedOnly: boolean, folded: Set<string>}} */
const chosen = { search: "", changedOnly: false, folded: new Set() };

const MOST_POINTS = 1_000_000;
/** A hand that passes over a rule asks for nothing; one that is about to press stays longer. */
const HOVER_MILLISECONDS = 40;

/**
 * @param {HTMLElement} root
 * @param {Handlers} handlers
 */
export function createControls(root, handlers) {
  const rest = createRest();
  /** @type {DraftData} */
  let draft = { minScore: 0, maxScore: 0, tiers: [], categories: [], rules: [], removed: [] };
  let builtFor = "";
  /** @typedef {((refusals: Map<string, Refusal>) => void)[]} Updates */
  /** @type {Updates} */
  let updates = [];
  /** Of the thresholds, which are shown with every step of a handle. @type {Updates} */
  let thresholdUpdates = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hover;

  const search = element("input", { type: "search", placeholder: "Search", "aria-label": "Search rules", name: "search" });
  const onlyBox = element("input", { type: "checkbox", name: "changed only" });
  const onlyText = element("span");
  const add = element("button", { type: "button", class: "add" }, ["Add a rule"]);
  const head = element("div", { class: "head" }, [
    element("h2", {}, ["Rules"]),
    add,
    search,
    element("label", { class: "only" }, [onlyBox, onlyText]),
  ]);
  const thresholds = element("div", { class: "thresholds", role: "group", "aria-label": "Thresholds" });
  const list = element("div", { class: "rules" });
  const nothing = element("p", { class: "note" });
  const removed = element("p", { class: "note" });
  const editTiers = element("button", { type: "button", class: "add", title: "Add, rename or remove a tier" }, ["Edit tiers"]);
  const tiersHead = element("div", { class: "head" }, [element("h2", {}, ["Thresholds"]), editTiers]);
  root.append(tiersHead, thresholds, head, nothing, list, removed);

  search.value = chosen.search;
  search.addEventListener("input", () => {
    chosen.search = search.value;
    filter();
  });
  onlyBox.checked = chosen.changedOnly;
  onlyBox.addEventListener("change", () => {
    chosen.changedOnly = onlyBox.checked;
    filter();
  });
  add.addEventListener("click", () => openEditor(null));
  editTiers.addEventListener("click", () => {
    rest.flush();
    handlers.onCommit({ kind: "tiers" });
  });

  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  /** @type {Map<string, HTMLDetailsElement>} */
  const groups = new Map();

  function filter() {
    const wanted = chosen.search.trim().toLowerCase();
    const count = draft.rules.filter((rule) => rule.isChanged).length + draft.removed.length;
    writeText(onlyText, `Changed only (${count})`);
    onlyBox.disabled = count === 0;
    const only = chosen.changedOnly && count > 0;
    let visible = 0;
    const inGroup = new Map([...groups.keys()].map((name) => [name, 0]));
    for (const rule of draft.rules) {
      const names = `${rule.label} ${rule.id} ${rule.category}`.toLowerCase();
      const isShown = names.includes(wanted) && (!only || rule.isChanged);
      rows.get(rule.id)?.toggleAttribute("hidden", !isShown);
      if (isShown) {
        visible += 1;
        inGroup.set(rule.category, (inGroup.get(rule.category) ?? 0) + 1);
      }
    }
    for (const [name, group] of groups) {
      group.hidden = (wanted !== "" || only) && inGroup.get(name) === 0;
      // What was searched for must be seen, folded or not.
      const isOpen = wanted !== "" || only || !chosen.folded.has(name);
      if (group.open !== isOpen) group.open = isOpen;
    }
    writeText(nothing, wanted !== "" ? "No rule like that." : "No rules yet: add the first one.");
    show(nothing, visible === 0 && !(only && draft.removed.length > 0));
    writeText(removed, `Deleted: ${draft.removed.join(", ")}`);
    show(removed, draft.removed.length > 0 && wanted === "");
  }

  function build() {
    updates = [];
    thresholdUpdates = [];
    rows.clear();
    groups.clear();
    const higher = draft.tiers.slice(1).map((tier, place) => thresholdRow(tier.name, place + 1));
    const none = element("p", { class: "note" }, ["All leads are in one tier."]);
    thresholds.replaceChildren(...(higher.length > 0 ? higher : [none]));
    list.replaceChildren(...draft.categories.map((category) => categoryGroup(category)));
  }

  /** @param {string} name @param {number} place */
  function thresholdRow(name, place) {
    const now = () => draft.tiers[place];
    const field = numberField({
      label: `${now().label} from`,
      change: (value) => ({ kind: "threshold", tier: name, value: /** @type {number} */ (value) }),
      limits: () => thresholdLimits(draft, place),
    });
    const was = element("span", { class: "was" });
    thresholdUpdates.push((refusals) => {
      const { before, threshold } = now();
      field.refresh(threshold, refusals);
      writeText(was, before === threshold ? "" : before === null ? "new" : `was ${whole(before)}`);
    });
    const text = element("span", { class: "label" }, [`${now().label} from`]);
    return element("div", { class: "threshold" }, [text, field.box, was, field.problem]);
  }

  /** @param {CategoryData} category */
  function categoryGroup({ name }) {
    const now = () => draft.categories.find((one) => one.name === name) ?? { name, minPoints: null, maxPoints: null };
    const own = draft.rules.filter((rule) => rule.category === name);
    const limits = element("span", { class: "together" });
    const size = element("span", { class: "count" });
    const title = name.slice(0, 1).toUpperCase() + name.slice(1);
    const summary = element("summary", {}, [
      element("span", { class: "title" }, [title]),
      limits,
      size,
    ]);
    const low = limitField(name, "min_points", () => now());
    const high = limitField(name, "max_points", () => now());
    updates.push(() => {
      const { minPoints, maxPoints } = now();
      const parts = [minPoints === null ? "" : `min ${whole(minPoints)}`, maxPoints === null ? "" : `max ${whole(maxPoints)}`];
      writeText(limits, parts.filter(Boolean).join(", "));
      const changedCount = draft.rules.filter((rule) => rule.category === name && rule.isChanged).length;
      // What is folded away must not hide that something was changed in there.
      writeText(size, `${own.length} ${own.length === 1 ? "rule" : "rules"}${changedCount ? `, ${changedCount} changed` : ""}`);
    });
    const together = element("div", { class: "limits", role: "group", "aria-label": `All rules of ${name} together` }, [
      element("span", {}, ["Together at least"]), low.box, element("span", {}, ["at most"]), high.box, low.problem, high.problem,
    ]);
    const columns = element("div", { class: "columns", "aria-hidden": "true" }, [
      element("span", {}, ["points"]), element("span", {}, ["at most"]),
    ]);
    const group = element("details", { class: "category" }, [summary, together, columns, ...own.map((rule) => ruleRow(rule.id))]);
    group.open = !chosen.folded.has(name);
    summary.addEventListener("click", () => {
      // Before the fold changes: an opening made by a search is not the reader's.
      if (group.open) chosen.folded.add(name);
      else chosen.folded.delete(name);
    });
    groups.set(name, group);
    return group;
  }

  /** @param {string} category @param {"min_points" | "max_points"} which @param {() => CategoryData} now */
  function limitField(category, which, now) {
    const isLow = which === "min_points";
    const field = numberField({
      label: `${isLow ? "At least" : "At most"} for all of ${category}`,
      placeholder: "no limit",
      change: (value) => ({ kind: "limit", category, which, value }),
      limits: () => {
        const { minPoints, maxPoints } = now();
        const low = isLow ? -MOST_POINTS : (minPoints ?? -MOST_POINTS);
        const high = isLow ? (maxPoints ?? MOST_POINTS) : MOST_POINTS;
        return { low, high, mayBeEmpty: true, rule: `Must be a whole number ${range(low, high)}, or empty for no limit.` };
      },
    });
    updates.push((refusals) => field.refresh(isLow ? now().minPoints : now().maxPoints, refusals));
    return field;
  }

  /** @param {string} id */
  function ruleRow(id) {
    const now = () => /** @type {RuleData} */ (draft.rules.find((rule) => rule.id === id));
    const { label } = now();
    const toggle = element("input", { type: "checkbox", name: `switch ${id}` });
    toggle.addEventListener("change", () => {
      rest.flush();
      handlers.onCommit({ kind: "switch", rule: id, value: toggle.checked });
    });
    const points = numberField({
      label: `Points for ${label}`,
      withSlider: true,
      change: (value) => ({ kind: "points", rule: id, value: /** @type {number} */ (value) }),
      limits: () => ({ low: -MOST_POINTS, high: MOST_POINTS, rule: `Must be a whole number ${range(-MOST_POINTS, MOST_POINTS)}.` }),
    });
    const cap = numberField({
      label: `At most for ${label}`,
      placeholder: "none",
      change: (value) => ({ kind: "cap", rule: id, value }),
      limits: () => ({ low: 1, high: MOST_POINTS, mayBeEmpty: true, rule: "Must be a whole number from 1 up, or empty for no limit." }),
    });
    const edit = element("button", { type: "button", class: "icon", "aria-label": `Edit ${label}`, title: "Edit, copy or delete" }, ["✎"]);
    edit.addEventListener("click", () => openEditor(id));
    const was = element("span");
    const reset = element("button", { type: "button", class: "reset", "aria-label": `Reset ${label} to the model in use` }, ["reset"]);
    reset.addEventListener("click", () => {
      rest.flush();
      handlers.onCommit({ kind: "reset", rule: id });
    });
    const old = element("span", { class: "was" }, [was, " ", reset]);
    const row = element("div", { class: "rule", role: "group", "aria-label": label }, [
      element("div", { class: "name" }, [element("label", {}, [toggle, element("span", {}, [label])]), old]),
      /** @type {HTMLInputElement} */ (points.slider),
      points.box,
      cap.box,
      edit,
      points.problem,
      cap.problem,
    ]);
    row.addEventListener("pointerenter", () => {
      clearTimeout(hover);
      hover = setTimeout(() => handlers.onNear(id), HOVER_MILLISECONDS);
    });
    row.addEventListener("pointerleave", () => clearTimeout(hover));
    row.addEventListener("pointerdown", () => handlers.onNear(id));
    row.addEventListener("focusin", () => handlers.onNear(id));
    updates.push((refusals) => {
      const rule = now();
      toggle.checked = rule.enabled;
      row.classList.toggle("off", !rule.enabled);
      row.classList.toggle("changed", rule.isChanged);
      points.enable(rule.enabled);
      cap.enable(rule.enabled);
      const before = rule.before;
      const ends = reachOf(rule);
      points.showEnds(ends.low, ends.high);
      const inUse = before && before.points !== rule.points ? `, was ${whole(before.points)}` : "";
      points.refresh(rule.points, refusals, `${inPoints(rule.points)}${inUse}`);
      cap.refresh(rule.cap, refusals);
      if (points.slider && before) {
        const place = (before.points - ends.low) / (ends.high - ends.low);
        points.slider.style.setProperty("--in-use", String(place));
      }
      writeText(was, rule.old);
      show(old, rule.old !== "");
      show(reset, !rule.isNew);
    });
    rows.set(id, row);
    return row;
  }

  /** @param {string | null} rule  null: a new one */
  function openEditor(rule) {
    rest.flush();
    handlers.onCommit({ kind: "edit", rule });
  }

  /**
   * @param {{label: string, placeholder?: string, withSlider?: boolean, change: (value: number | null) => Change,
   *   limits: () => import("./fields.js").Limits}} options
   */
  function numberField({ change, ...options }) {
    const name = fieldOf(change(0));
    const field = createNumberField({
      ...options,
      name,
      rest,
      onPreview: (value) => handlers.onPreview(change(value)),
      onCommit: (value) => handlers.onCommit(change(value)),
    });
    let refused = "";
    return {
      ...field,
      /** @param {number | null} value @param {Map<string, Refusal>} refusals @param {string} [inWords] */
      refresh(value, refusals, inWords) {
        const refusal = refusals.get(name);
        if (refusal && "value" in refusal.change && !field.isBusy()) {
          // What was refused stays to be corrected.
          field.show(/** @type {number | null} */ (refusal.change.value), inWords);
          field.showProblem(refusal.message);
        } else {
          if (refused !== "") field.showProblem("");
          field.show(value, inWords);
        }
        refused = refusal?.message ?? "";
      },
    };
  }

  return {
    /**
     * @param {DraftData} next
     * @param {Map<string, Refusal>} refusals
     */
    update(next, refusals) {
      draft = next;
      const shape = JSON.stringify([
        next.tiers.map((tier) => [tier.name, tier.label]),
        next.categories.map((category) => category.name),
        next.rules.map((rule) => [rule.id, rule.label, rule.category]),
      ]);
      if (shape !== builtFor) build();
      builtFor = shape;
      for (const update of [...thresholdUpdates, ...updates]) update(refusals);
      filter();
    },
    /** @param {DraftData} next  while a value moves: the value itself and what it bounds, nothing else */
    follow(next) {
      draft = next;
    },
    /** While a handle moves: its number in the list. @param {Map<string, Refusal>} refusals */
    showThresholds(refusals) {
      for (const update of thresholdUpdates) update(refusals);
    },
    flush: rest.flush,
    destroy() {
      rest.flush();
      clearTimeout(hover);
      root.replaceChildren();
    },
  };
}

/**
 * @param {DraftData} draft
 * @param {number} place
 */
function thresholdLimits(draft, place) {
  const low = draft.tiers[place - 1].threshold + 1;
  const above = draft.tiers[place + 1];
  const high = above ? above.threshold - 1 : draft.maxScore;
  const reason = above ? `below ${above.label}` : "not above the highest score";
  const rule = `Must be a whole number from ${whole(low)} to ${whole(high)}: above ${draft.tiers[place - 1].label}, ${reason}.`;
  return { low, high, rule };
}

/** @param {number} low @param {number} high */
function range(low, high) {
  return `from ${low.toLocaleString("en")} to ${high.toLocaleString("en")}`.replaceAll("-", "\u2212");
}

"""The left side of the Tune page: thresholds, and the rules by category with their points."""

from __future__ import annotations

import streamlit as st

from pages.components.format import as_markdown
from pages.components.tiers.editor import open_tiers
from pages.components.tiers.inputs import enter_start
from pages.components.tiers.tier_sets import LEAD_TIERS
from pages.components.tune import changes, rule_editor, widgets
from pages.components.tune.labels import as_label
from pages.components.tune.rule_row import enter_on, enter_points
from scoring.model import Model, Rule

ROW = [6.3, 3.9, 2.3, 1]
"""Widths: on and name, points, limit, edit."""


def show_thresholds(model: Model, in_use: Model) -> None:
    """From which score on a lead belongs to a tier."""
    before = {tier.name: tier.threshold for tier in in_use.tiers}
    show_tiers_head("Thresholds")
    higher = model.tiers[1:]
    if not higher:
        st.caption("All leads are in one tier.")
        return
    for column, tier in zip(st.columns(len(higher), wrap=len(higher) > 3), higher, strict=True):
        with column:
            enter_start(LEAD_TIERS, model, tier, "threshold")
            if before.get(tier.name) != tier.threshold:
                st.caption(_was(before.get(tier.name)))


def show_tiers_head(title: str) -> None:
    """A title, and the way to names and number of the tiers."""
    head, edit = st.columns([3, 2], vertical_alignment="center", wrap=False)
    head.markdown(f"## {title}")
    edit.button(
        "Edit tiers",
        key="tiers_edit",
        icon=":material/edit:",
        on_click=open_tiers,
        width="stretch",
        help="Add, rename or remove a tier, and say who does what with its leads",
    )


def show_rules(model: Model, in_use: Model) -> None:
    """Every rule with its points; those that were changed say what they were."""
    changed = changes.changed_rules(model, in_use)
    removed = changes.removed_rules(model, in_use)
    head, add = st.columns([3, 2], vertical_alignment="center", wrap=False)
    head.markdown("## Rules")
    add.button(
        "Add a rule",
        key="rule_add",
        icon=":material/add:",
        on_click=rule_editor.start_new_rule,
        width="stretch",
    )
    find, only = st.columns([3, 2], vertical_alignment="center", wrap=False)
    wanted = find.text_input(
        "Search rules",
        key="rule_search",
        placeholder="Search",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    count = len(changed) + len(removed)
    only_changed = only.checkbox(f"Changed only ({count})", key="rules_changed_only", disabled=not count)
    shown = [
        rule
        for rule in model.rules
        if (not wanted or wanted.lower() in f"{rule.shown_label} {rule.id} {rule.category}".lower())
        and (not (only_changed and count) or rule.id in changed)
    ]
    if not shown and not (only_changed and removed):
        st.caption("No rule like that." if wanted else "No rules yet: add the first one.")
    for category in model.category_names:
        rules = [rule for rule in shown if rule.category == category]
        if rules:
            _show_category(model, category, rules, changed)
    if removed and not wanted:
        st.caption("Deleted: " + ", ".join(as_markdown(rule.shown_label) for rule in removed))


def _show_category(model: Model, category: str, rules: list[Rule], changed: changes.ChangedRules) -> None:
    limits = model.category(category)
    name, points, limit, edit = st.columns(ROW, vertical_alignment="bottom", wrap=False)
    together = f" :gray[max {limits.max_points}]" if limits.max_points is not None else ""
    name.markdown(f"**{as_markdown(category[:1].upper() + category[1:])}**{together}")
    points.caption("points")
    limit.caption("at most")
    with (
        edit,
        st.popover(
            f"Limits of {as_label(category)}",
            key=f"limits_{category}",
            icon=":material/more_horiz:",
            type="tertiary",
        ),
    ):
        _show_limits(category, limits.min_points, limits.max_points)
    for rule in rules:
        _show_rule(rule, changed)


def _show_limits(category: str, low: int | None, high: int | None) -> None:
    st.markdown("All rules of this category together give")
    _show_limit("at least", category, "min_points", low)
    _show_limit("at most", category, "max_points", high)


def _show_limit(label: str, category: str, key: str, value: int | None) -> None:
    widgets.number(
        label,
        f"limit_{key}_{category}",
        value,
        lambda draft, value: changes.change_category(draft, category, **{key: value}),
        f"limits of {category}",
        placeholder="no limit",
    )


def _show_rule(rule: Rule, changed: changes.ChangedRules) -> None:
    label = as_label(rule.shown_label)
    name, points, limit, edit = st.columns(ROW, vertical_alignment="center", wrap=False)
    with name:
        enter_on(rule, "rule", changes.change_rule, wrap=True)
        if rule.id in changed:
            st.caption(changes.describe_old(rule, changed[rule.id]))
    with points:
        enter_points(rule, "rule", changes.change_rule)
    with limit:
        widgets.number(
            f"At most for {label}",
            f"rule_cap_{rule.id}",
            rule.max_points,
            lambda draft, value: changes.change_rule(draft, rule.id, max_points=value),
            f"limit of {rule.shown_label}",
            low=1,
            label_visibility="collapsed",
            placeholder="none",
            disabled=not rule.enabled,
        )
    edit.button(
        f"Edit {label}",
        key=f"rule_edit_{rule.id}",
        icon=":material/edit:",
        help="Edit, copy or delete",
        type="tertiary",
        on_click=rule_editor.start_editing,
        args=(rule.id,),
    )


def _was(threshold: int | None) -> str:
    return "new" if threshold is None else f"was {threshold}"

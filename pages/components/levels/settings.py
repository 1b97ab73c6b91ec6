"""Levels with their perks, and quests with their times and points, to be changed on the Levels page."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.components.format import as_markdown
from pages.components.tiers.inputs import enter_label, enter_start, remove_style, show_add, show_remove
from pages.components.tiers.tier_sets import LEAD_TIERS
from pages.components.tiers.words import removal_lines
from pages.components.tune import changes, widgets
from pages.components.tune.labels import as_label
from pages.components.tune.rule_row import enter_on
from pages.components.tune.steps import show_steps
from scoring.model import Model, Rule
from scoring.quests import can_be_quest, is_quest

OPEN = "levels_settings_open"
"""Where Streamlit keeps whether the section is open."""

TIMES = {"once": "only once", "each": "every time"}


def show_level_settings(draft: Model) -> None:
    """A section that opens to what the game is made of; every change is one of the draft."""
    widgets.show_problem()
    section = st.expander(
        "Change levels, perks and quests", key=OPEN, icon=":material/tune:", on_change="rerun"
    )
    if not section.open:
        return
    with section:
        with st.container(horizontal=True):
            show_steps("levels")
        left, right = st.columns(2, gap="large")
        with left, st.container(key="level_tiers"):
            _show_levels(draft)
        with right, st.container(key="level_quests"):
            _show_quests(draft)


def _show_levels(draft: Model) -> None:
    st.markdown("**Levels**, lowest first")
    st.html(remove_style("level"))
    for tier in draft.tiers:
        label = as_label(tier.shown_label)
        row, perk = st.columns([13, 9], vertical_alignment="bottom")
        # On a phone, too, the button stands beside what it removes.
        name, start, remove = row.columns([6, 5, 2], vertical_alignment="bottom", wrap=False)
        with name:
            enter_label(LEAD_TIERS, tier, "level", f"Name of level {as_label(tier.name)}")
        with start:
            if draft.grid is None:
                enter_start(LEAD_TIERS, draft, tier, "level_from")
        with perk:
            widgets.text(
                f"Perk of {label}",
                f"level_perk_{tier.name}",
                tier.perk or "",
                partial(_with_perk, tier.name),
                f"perk of {tier.shown_label}",
                max_chars=500,
                placeholder="no perk",
            )
        with remove:
            show_remove(LEAD_TIERS, draft, tier, "level", partial(removal_lines, draft, tier.name))
    show_add(LEAD_TIERS, draft, "level", "level")
    if draft.grid is not None:
        st.caption("A grid decides about the level; it is changed on the page *Tune*.")


def _show_quests(draft: Model) -> None:
    st.markdown("**Quests** are in the categories")
    with st.container(horizontal=True):
        for name in draft.category_names:
            widgets.switch(
                as_label(name),
                f"level_quests_{name}",
                draft.category(name).quests,
                partial(_with_quests, name),
                f"quests of {name}",
            )
    for rule in draft.rules:
        if draft.category(rule.category).quests and can_be_quest(rule):
            _show_quest(draft, rule)
    st.caption("What activities a quest asks for, and new quests: edit or add a rule on the page *Tune*.")


def _show_quest(draft: Model, rule: Rule) -> None:
    with st.container(border=True, key=f"level_quest_{rule.id}"):
        enter_on(rule, "level", changes.change_rule)
        points, times, most = st.columns([3, 4, 4], vertical_alignment="bottom")
        with points:
            widgets.number(
                "Points",
                f"level_points_{rule.id}",
                rule.points,
                partial(_with_rule, rule.id, "points"),
                f"points for {rule.shown_label}",
            )
        with times:
            widgets.choose_one(
                "Points are given",
                f"level_count_{rule.id}",
                rule.counting,
                list(TIMES),
                partial(_with_count, rule.id),
                f"how often {rule.shown_label} counts",
                format_func=TIMES.__getitem__,
            )
        if rule.counting == "each":
            with most:
                widgets.number(
                    "at most so many times",
                    f"level_most_{rule.id}",
                    rule.max_count,
                    partial(_with_rule, rule.id, "max_count"),
                    f"how often {rule.shown_label} counts",
                    low=1,
                    placeholder="no end",
                )
        if not is_quest(draft, rule):
            st.caption(f"No quest as it is: {as_markdown(_why_no_quest(rule))}")


def _why_no_quest(rule: Rule) -> str:
    if rule.points <= 0:
        return "it must give points."
    return "it never comes to an end; say how many times at most, or only once."


def _with_perk(name: str, draft: Model, value: str) -> Model:
    return changes.change_tier(draft, name, perk=value.strip() or None)


def _with_quests(name: str, draft: Model, value: bool) -> Model:
    return changes.change_category(draft, name, quests=value)


def _with_rule(rule_id: str, key: str, draft: Model, value: Any) -> Model:
    return changes.change_rule(draft, rule_id, **{key: value})


def _with_count(rule_id: str, draft: Model, value: str) -> Model:
    """Only once knows no number of times; every time keeps what the rule had."""
    if value == "once":
        return changes.change_rule(draft, rule_id, count="once", max_count=None)
    return changes.change_rule(draft, rule_id, count=None)

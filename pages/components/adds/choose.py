"""Which rules are asked about: the social ones, those of a category, or some by name."""

from __future__ import annotations

import streamlit as st

from pages.components.tune.labels import as_label
from scoring.errors import ScoringError
from scoring.model import Model
from scoring.nested import choose_rules, social_rules

SOCIAL, BY_NAME = "social", "by name"
GROUP, RULES = "adds_group", "adds_rules"


def choose_group(model: Model) -> tuple[str, ...]:
    """Draw the choice, and give the ids of the rules; none while nothing can be asked."""
    groups = _groups(model)
    words = {SOCIAL: "The social rules", BY_NAME: "Rules I choose"}
    left, right = st.columns([2, 3])
    with left:
        group = st.selectbox(
            "Which rules?",
            list(groups),
            format_func=lambda one: words.get(one, as_label(f"Category {one.removeprefix('category ')}")),
            key=GROUP,
        )
    with right:
        if group != BY_NAME:
            labels = [model.rule(rule).shown_label for rule in groups.get(group, ())]
            st.caption(as_label(", ".join(labels)))
            return groups.get(group, ())
        ids = [rule.id for rule in model.enabled_rules]
        chosen = st.multiselect(
            "Rules",
            ids,
            format_func=lambda rule: as_label(model.rule(rule).shown_label) if rule in ids else rule,
            key=RULES,
        )
    return tuple(rule for rule in ids if rule in chosen)


def problem(model: Model, rules: tuple[str, ...]) -> str | None:
    """Why these rules cannot be asked about; None when they can."""
    try:
        choose_rules(model, rules=rules)
    except ScoringError as error:
        return str(error)
    return None


def _groups(model: Model) -> dict[str, tuple[str, ...]]:
    """What is offered, with its rules: the social ones first, where there are any."""
    social = social_rules(model)
    rules = model.enabled_rules
    categories = dict.fromkeys(rule.category for rule in rules)
    by_category = {
        f"category {name}": tuple(rule.id for rule in rules if rule.category == name) for name in categories
    }
    offered = ({SOCIAL: social} if social else {}) | by_category
    return {name: ids for name, ids in offered.items() if len(ids) < len(rules)} | {BY_NAME: ()}

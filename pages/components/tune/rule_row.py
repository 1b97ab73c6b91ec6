"""Whether a rule counts, and its points: the inputs of a rule's row, for rules on leads and on companies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages.components.tune import widgets
from pages.components.tune.labels import as_label
from scoring.account_scoring import AccountRule
from scoring.model import Model, Rule

ChangeRule = Callable[..., Model]
"""Takes a model, the id of one of its rules, and what changes of it by key."""


def enter_on(rule: Rule | AccountRule, key: str, change: ChangeRule, whose: str = "", **options: Any) -> None:
    """Whether the rule counts; `key` begins the input's, `whose` ends what Undo says."""
    widgets.switch(
        as_label(rule.shown_label),
        f"{key}_on_{rule.id}",
        rule.enabled,
        lambda draft, value: change(draft, rule.id, enabled=value),
        f"{rule.shown_label} {'off' if rule.enabled else 'on'}{whose}",
        **options,
    )


def enter_points(rule: Rule | AccountRule, key: str, change: ChangeRule, note: str = "points") -> None:
    """The rule's points, as long as it counts; the row says whose they are."""
    widgets.number(
        f"Points for {as_label(rule.shown_label)}",
        f"{key}_points_{rule.id}",
        rule.points,
        lambda draft, value: change(draft, rule.id, points=value),
        f"{note} for {rule.shown_label}",
        label_visibility="collapsed",
        disabled=not rule.enabled,
    )

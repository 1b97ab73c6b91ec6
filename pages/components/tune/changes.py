"""Changes to a model, each giving a new valid one, and words for what they did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scoring.model import Model, Rule
from scoring.model_file import model_from_dict, model_to_dict

SOURCE = "your draft"

ChangedRules = Mapping[str, Rule | None]
"""By a rule's id, what it is in the other model; None where that does not have it."""


def change_model(model: Model, **changes: Any) -> Model:
    """The model with other values for some keys.

    Raises
    ------
    ModelError
        When they do not fit together.
    """
    return model_from_dict(model_to_dict(model.model_copy(update=changes)), SOURCE)


def change_rule(model: Model, rule_id: str, **changes: Any) -> Model:
    """The model with other values for some keys of one rule."""
    return replace_rule(model, rule_id, model.rule(rule_id).model_copy(update=changes))


def replace_rule(model: Model, rule_id: str, rule: Rule) -> Model:
    """The model with another rule in the place of this one."""
    return change_model(model, rules=tuple(rule if old.id == rule_id else old for old in model.rules))


def add_rule(model: Model, rule: Rule, after: str | None = None) -> Model:
    """The model with one more rule: behind another one, or at the end."""
    rules = list(model.rules)
    ids = [old.id for old in rules]
    rules.insert(ids.index(after) + 1 if after in ids else len(rules), rule)
    return change_model(model, rules=tuple(rules))


def remove_rule(model: Model, rule_id: str) -> Model:
    """The model without a rule."""
    return change_model(model, rules=tuple(rule for rule in model.rules if rule.id != rule_id))


def change_tier(model: Model, name: str, **changes: Any) -> Model:
    """The model with other values for some keys of one tier."""
    tiers = tuple(tier.model_copy(update=changes) if tier.name == name else tier for tier in model.tiers)
    return change_model(model, tiers=tiers)


def change_category(model: Model, name: str, **limits: int | None) -> Model:
    """The model with other limits for a category, which is listed if it was not."""
    changed = model.category(name).model_copy(update=limits)
    categories = [changed if old.name == name else old for old in model.categories]
    if changed not in categories:
        categories.append(changed)
    return change_model(model, categories=tuple(categories))


def change_conversion(model: Model, **changes: Any) -> Model:
    """The model with another idea of success."""
    return change_model(model, conversion=model.conversion.model_copy(update=changes))


def change_range(model: Model, low: int, high: int) -> Model:
    """The model with another score range; the first tier begins where the range does."""
    first = model.tiers[0].model_copy(update={"threshold": low})
    return change_model(model, min_score=low, max_score=high, tiers=(first, *model.tiers[1:]))


def new_rule_id(model: Model, label: str) -> str:
    """An id from a label that no rule has yet.

    Examples
    --------
    >>> from scoring.model import Conversion
    >>> conversion = Conversion(stages=("won",), horizon_days=90)
    >>> model = Model(schema_version=1, name="m", conversion=conversion, tiers=(Tier(name="t", threshold=0),))
    >>> new_rule_id(model, "Visited the site (EU)")
    'visited_the_site_eu'
    """
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:60] or "rule"
    taken = {rule.id for rule in model.rules}
    candidates = [stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def changed_rules(model: Model, other: Model) -> ChangedRules:
    """The rules of `model` that `other` has differently, by id, with what they are there (None: new)."""
    before = {rule.id: rule for rule in other.rules}
    return {rule.id: before.get(rule.id) for rule in model.rules if rule != before.get(rule.id)}


def removed_rules(model: Model, other: Model) -> tuple[Rule, ...]:
    """The rules of `other` that `model` no longer has."""
    kept = {rule.id for rule in model.rules}
    return tuple(rule for rule in other.rules if rule.id not in kept)


def describe_old(rule: Rule, before: Rule | None) -> str:
    """What a changed rule was in the model in use: ``was 5, at most 20``."""
    if before is None:
        return "new"
    words = []
    if rule.points != before.points:
        words.append(f"{before.points:+d} points")
    if rule.max_points != before.max_points:
        words.append(f"at most {before.max_points}" if before.max_points else "no limit")
    if rule.enabled != before.enabled:
        words.append("on" if before.enabled else "off")
    return "was " + ", ".join(words) if words else "changed"

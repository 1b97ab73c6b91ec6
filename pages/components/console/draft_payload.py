"""The draft as the browser's inputs show it, and which response tables belong to it."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from pages.components.console.payload import Payload
from pages.components.tune import changes
from scoring.model import Category, Model, Rule

DIGEST_BYTES = 12


def draft_payload(draft: Model, in_use: Model) -> Payload:
    """Everything that can be changed in the console, each with what it is in the model in use.

    Returns
    -------
    dict
        ``minScore``, ``maxScore``; ``tiers`` (lowest first), ``categories`` and ``rules`` in the model's
        order; ``removed``: labels of rules that only the model in use has.
    """
    changed = changes.changed_rules(draft, in_use)
    thresholds = {tier.name: tier.threshold for tier in in_use.tiers}
    return {
        "minScore": draft.min_score,
        "maxScore": draft.max_score,
        "tiers": [
            {
                "name": tier.name,
                "label": tier.shown_label,
                "threshold": tier.threshold,
                "before": thresholds.get(tier.name),
            }
            for tier in draft.tiers
        ],
        "categories": [_category(draft.category(name)) for name in draft.category_names],
        "rules": [_rule(rule, rule.id in changed, changed.get(rule.id)) for rule in draft.rules],
        "removed": [rule.shown_label for rule in changes.removed_rules(draft, in_use)],
    }


def table_identities(model: Model, looked_at: str) -> dict[str, str]:
    """For each enabled rule, what its response table depends on: everything but its own points and cap.

    Parameters
    ----------
    model : Model
    looked_at : str
        The data version and the part of the leads.

    Returns
    -------
    dict
        By rule id; two equal values mean equal tables. Thresholds, names and labels play no part.
    """
    enabled = model.enabled_rules
    shared = _digest(
        looked_at,
        model.model_copy(
            update={"name": "", "description": None, "tiers": (), "rules": ()}
        ).model_dump_json(),
    )
    whole = [_digest(rule.model_dump_json(exclude={"label"})) for rule in enabled]
    open_points = [
        _digest(rule.model_dump_json(exclude={"label", "points", "max_points"})) for rule in enabled
    ]
    return {
        rule.id: _digest(shared, *whole[:place], open_points[place], *whole[place + 1 :])
        for place, rule in enumerate(enabled)
    }


def _category(category: Category) -> Payload:
    return {"name": category.name, "minPoints": category.min_points, "maxPoints": category.max_points}


def _rule(rule: Rule, is_changed: bool, before: Rule | None) -> Payload:
    """`before` is what a changed rule is in the model in use, None for a new one."""
    own: dict[str, Any] = {
        "id": rule.id,
        "label": rule.shown_label,
        "category": rule.category,
        "points": rule.points,
        "cap": rule.max_points,
        "enabled": rule.enabled,
        "isChanged": is_changed,
        "isNew": is_changed and before is None,
    }
    reference = before if is_changed else rule
    own["before"] = (
        {"points": reference.points, "cap": reference.max_points, "enabled": reference.enabled}
        if reference is not None
        else None
    )
    own["old"] = changes.describe_old(rule, before) if is_changed else ""
    return own


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=DIGEST_BYTES).hexdigest()

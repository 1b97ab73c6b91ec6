"""Changes to how a draft scores accounts, each giving a new valid model."""

from __future__ import annotations

from typing import Any

from pages.components.tune.changes import change_model
from scoring.account_scoring import AccountRule, AccountScore, account_score_of
from scoring.errors import ModelError
from scoring.model import Model

ENGAGED_KEYS = ("engaged_tier", "engaged_score", "engaged_within_days")


def start_block(model: Model) -> Model:
    """The model with an account score of its own: what holds without one, written down to be changed."""
    return change_model(model, account_score=account_score_of(model))


def remove_block(model: Model) -> Model:
    """The model in which accounts score what their best lead does."""
    return change_model(model, account_score=None)


def change_block(model: Model, **changes: Any) -> Model:
    """The model with other values for some keys of its account score.

    Raises
    ------
    ModelError
        When they do not fit together.
    """
    return change_model(model, account_score=account_score_of(model).model_copy(update=changes))


def with_lead_part(model: Model, part: str, usual_top: int = 3) -> Model:
    """The model whose accounts start from another part of their leads' scores."""
    before = account_score_of(model)
    return change_block(model, lead_part=part, top=(before.top or usual_top) if part == "top" else None)


def with_engaged(model: Model, key: str, value: str | int | None) -> Model:
    """The model with another answer to who is engaged; a tier and a score exclude each other."""
    before = account_score_of(model)
    values = {name: getattr(before, name) for name in ENGAGED_KEYS} | {key: value}
    other = {"engaged_tier": "engaged_score", "engaged_score": "engaged_tier"}.get(key)
    if other is not None and value is not None:
        values[other] = None
    gives_points = before.points_per_person or before.points_per_department
    if gives_points and all(one is None for one in values.values()):
        raise ModelError(
            "a tier, a score or days must say who is engaged as long as engaged people give points; set "
            "those points to 0 first"
        )
    return change_block(model, **values)


def with_points_each(model: Model, whom: str, points: int) -> Model:
    """The model with other points for each engaged ``person`` or their ``department``; 0 has no limit."""
    before = account_score_of(model)
    if points and not before.says_who_is_engaged:
        raise ModelError("say first who is engaged: from which tier or score on, or within how many days")
    limit = getattr(before, f"max_{whom}_points") if points else None
    return change_block(model, **{f"points_per_{whom}": points, f"max_{whom}_points": limit})


def with_department(model: Model, field: str | None) -> Model:
    """The model that finds departments in another column; without one, departments give no points."""
    if field is not None:
        return change_block(model, department_field=field)
    return change_block(model, department_field=None, points_per_department=0, max_department_points=None)


def with_range(model: Model, low: int, high: int) -> Model:
    """The model with another range of account scores; the first tier begins where the range does."""
    first, *others = account_score_of(model).tiers
    tiers = (first.model_copy(update={"threshold": low}), *others)
    return change_block(model, min_score=low, max_score=high, tiers=tiers)


def account_rule(block: AccountScore, rule_id: str) -> AccountRule | None:
    """The rule with this id; None when there is none."""
    return next((rule for rule in block.rules if rule.id == rule_id), None)


def put_account_rule(model: Model, rule: AccountRule, in_place_of: str | None = None) -> Model:
    """The model with a rule on accounts: in the place of another one, or at the end."""
    rules = account_score_of(model).rules
    if in_place_of is None:
        return change_block(model, rules=(*rules, rule))
    return change_block(model, rules=tuple(rule if old.id == in_place_of else old for old in rules))


def change_account_rule(model: Model, rule_id: str, **changes: Any) -> Model:
    """The model with other values for some keys of a rule on accounts."""
    rules = account_score_of(model).rules
    return change_block(
        model,
        rules=tuple(rule.model_copy(update=changes) if rule.id == rule_id else rule for rule in rules),
    )


def remove_account_rule(model: Model, rule_id: str) -> Model:
    """The model without a rule on accounts."""
    rules = account_score_of(model).rules
    return change_block(model, rules=tuple(rule for rule in rules if rule.id != rule_id))

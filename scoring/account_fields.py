"""Which columns the score of accounts is made from, and what is left of it where the data lack some."""

from __future__ import annotations

from collections.abc import Collection

from scoring.account_scoring import AccountScore
from scoring.model import Model


def account_fields(model: Model) -> tuple[str, ...]:
    """The columns that its account score names, each once: ``leads.department``, ``accounts.industry``."""
    block = model.account_score
    if block is None:
        return ()
    departments = [] if block.department_field is None else [f"leads.{block.department_field}"]
    attributes = [f"accounts.{condition.field}" for rule in block.rules for condition in rule.where]
    return tuple(dict.fromkeys([*departments, *attributes]))


def without_account_fields(block: AccountScore | None, missing: Collection[str]) -> AccountScore | None:
    """The account score without its rules on missing columns, and without points for missing departments."""
    if block is None:
        return None
    kept = [
        rule
        for rule in block.rules
        if all(f"accounts.{condition.field}" not in missing for condition in rule.where)
    ]
    rest: dict[str, object] = {"rules": tuple(kept)}
    if f"leads.{block.department_field}" in missing:
        rest |= {"points_per_department": 0, "max_department_points": None, "department_field": None}
    return block.model_copy(update=rest)

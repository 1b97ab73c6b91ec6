"""Scored leads as members of their accounts: whether engaged, of which department, and what rules give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.account_index import AccountIndex
from queries.conditions import TIME_COLUMNS, ParameterBag, rule_test
from queries.engine import Engine
from queries.errors import QueryError
from queries.flow import Flow
from queries.lead_order import attribute_ranks
from queries.observed import Observed
from queries.statements import Item, load_statement
from scoring.account_scoring import (
    AccountRule,
    AccountScore,
    Flags,
    Integers,
    account_score_of,
    is_engaged,
)
from scoring.model import Model, Rule

USUAL_DEPARTMENT = "department"
"""The column that is shown as the department where a model names none."""


def engaged_leads(flow: Flow, model: Model, observed: Observed, scores: Integers, tiers: Integers) -> Flags:
    """Which of the scored leads are engaged; see `scoring.account_scoring`."""
    days = account_score_of(model).engaged_within_days
    active = None if days is None else flow.counts(observed, [anything_within(days)])[0].to_numpy() > 0
    return is_engaged(model, scores, tiers, active)


def anything_within(days: int) -> Rule:
    """A rule that counts where a lead did anything within so many days."""
    return Rule(id="engaged", category="account", source="activity", points=1, count="once", window_days=days)


def department_column(engine: Engine, block: AccountScore) -> str | None:
    """The column of leads that holds the department: the block's, else the usual one where there is one.

    Raises
    ------
    QueryError
        The block names a column that the leads do not have.
    """
    columns = engine.columns("leads")
    named = block.department_field
    if named is None:
        return USUAL_DEPARTMENT if USUAL_DEPARTMENT in columns else None
    if named not in columns or named in TIME_COLUMNS:
        raise QueryError(
            f"account_score: department_field must be a column of leads, got {named!r}; "
            f"there are {', '.join(columns)}"
        )
    return named


def lead_departments(flow: Flow, block: AccountScore, lead_numbers: NDArray[np.integer[Any]]) -> Integers:
    """Equal numbers for leads of equal departments, without regard to case; -1 for none."""
    column = department_column(flow.engine, block)
    if column is None:
        return np.full(len(lead_numbers), -1, dtype=np.int64)
    departments: Integers = np.maximum(attribute_ranks(flow, f"leads.{column}")[lead_numbers], -1)
    return departments


def account_rules(block: AccountScore) -> tuple[Rule, ...]:
    """The block's rules as rules of a model, on the account's attributes."""
    return tuple(map(_as_rule, block.rules))


def _as_rule(rule: AccountRule) -> Rule:
    return Rule(
        id=rule.id,
        label=rule.label,
        category="account",
        source="account",
        points=rule.points,
        enabled=rule.enabled,
        match=rule.match,
        where=rule.where,
    )


def rule_matches(flow: Flow, block: AccountScore, index: AccountIndex) -> dict[str, Flags]:
    """For each enabled rule by its id: which accounts satisfy it, in the order of the index."""
    rules = [rule for rule in account_rules(block) if rule.enabled]
    if not rules:
        return {}
    bag = ParameterBag()
    columns = flow.engine.columns("accounts")
    items = [Item(f"match_{i}", {"TEST": rule_test(rule, columns, bag)}) for i, rule in enumerate(rules)]
    table = flow.engine.fetch(load_statement("account_rule_matches", {"rules": items}), bag.values)
    places = pc.index_in(index.ids, table.column("account_id").combine_chunks())
    known = places.is_valid().to_numpy(zero_copy_only=False)
    rows = places.fill_null(0).to_numpy(zero_copy_only=False)
    found = {}
    for i, rule in enumerate(rules):
        holds = table.column(f"match_{i}").to_numpy()
        # An account that only leads name satisfies no rule.
        found[rule.id] = known & holds[rows] if len(holds) else np.zeros(len(index), dtype=np.bool_)
    return found


def rule_points(block: AccountScore, matches: Mapping[str, Flags], account_count: int) -> Integers:
    """What the rules give each account together."""
    points = np.zeros(account_count, dtype=np.int64)
    for rule in block.enabled_rules:
        points += rule.points * matches[rule.id]
    return points

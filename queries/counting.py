"""Rule counts: how often each rule counts at each lead-moment, one aligned column a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.conditions import TABLE_OF_SOURCE, ParameterBag, rule_test
from queries.engine import Engine
from queries.moments import ALWAYS, DAY
from queries.statements import Item, Statement, load_statement, load_tree
from scoring.decay import decay_factors
from scoring.model import Decay, Rule

_ACTIVITY_GROUPS = ("tests", "hits", "matches", "each_sums", "once_sums", "counted", "absent")


def counting_key(rule: Rule) -> dict[str, Any]:
    """What the counts of a rule depend on: everything but its points, cap and names."""
    return {
        "source": rule.source,
        "counting": rule.counting,
        "at_least": rule.required_count,
        "window_days": rule.window_days,
        "decay": rule.decay.model_dump() if rule.decay else None,
        "match": rule.match,
        "where": [condition.model_dump() for condition in rule.where],
    }


@dataclass(frozen=True)
class LeadMoments:
    """The lead-moments that are counted, with what the statements need to know about them.

    Parameters
    ----------
    table : Arrow table
        Columns of ``lead_moments.sql``, one row per lead-moment.
    streak_ends : Arrow table
        Columns of ``streak_ends.sql``.
    reset_days : int or None
        The model's ``inactivity_reset_days``.
    """

    table: pa.Table
    streak_ends: pa.Table
    reset_days: int | None

    def __len__(self) -> int:
        return int(self.table.num_rows)


def count_rules(engine: Engine, moments: LeadMoments, rules: Sequence[Rule]) -> list[pa.ChunkedArray]:
    """The counts of every rule, in twentieths.

    Returns
    -------
    list of Arrow columns, one for each rule, each of length ``len(moments)``
        Aligned with the rows of ``moments.table``.
    """
    columns: dict[int, pa.ChunkedArray] = {}
    numbered = list(enumerate(rules))
    activity = {i: rule for i, rule in numbered if rule.source == "activity"}
    attribute = {i: rule for i, rule in numbered if rule.source in ("lead", "account")}
    if activity:
        columns |= _count_activities(engine, moments, activity)
    if attribute:
        columns |= _count_attributes(engine, moments, attribute)
    for i, rule in numbered:
        if rule.source == "account_activity":
            columns[i] = _count_colleagues(engine, moments, rule)
    return [columns[i] for i, _ in numbered]


def _count_activities(
    engine: Engine, moments: LeadMoments, rules: Mapping[int, Rule]
) -> dict[int, pa.ChunkedArray]:
    bag = ParameterBag()
    ages, factors = _ages(engine, moments, [rule.decay for rule in rules.values()])
    groups: dict[str, list[Item]] = {name: [] for name in _ACTIVITY_GROUPS}
    for (i, rule), factor in zip(rules.items(), factors, strict=True):
        seen = {
            "TEST": rule_test(rule, engine.columns("activities"), bag),
            "HIT": exp.column(f"hit_{i}"),
            "WINDOW": bag.add(_microseconds(rule.window_days)),
            "FACTOR": factor,
            "AT_LEAST": bag.add(rule.required_count),
            "MATCHES": exp.column(f"matches_{i}"),
            "THOUSANDTHS": _thousandths(i, rule),
        }
        groups["tests"].append(Item(f"hit_{i}", seen))
        groups["hits"].append(Item(f"hit_{i}", seen))
        groups["matches"].append(Item(f"matches_{i}", seen))
        if rule.counting == "absent":
            groups["absent"].append(Item(f"count_{i}", seen))
            continue
        groups["counted"].append(Item(f"count_{i}", seen))
        if rule.decay is not None:
            groups[f"{rule.counting}_sums"].append(Item(f"thousandths_{i}", seen))
    tree = load_tree("activity_counts", groups)
    tables = {"lead_moments": moments.table, "ages": ages}
    if not any(rule.decay for rule in rules.values()):
        _drop_join(tree, "ages")
    result = engine.fetch(Statement.of(tree), bag.values, tables)
    return {i: result.column(f"count_{i}") for i in rules}


def _count_attributes(
    engine: Engine, moments: LeadMoments, rules: Mapping[int, Rule]
) -> dict[int, pa.ChunkedArray]:
    bag = ParameterBag()
    items = []
    for i, rule in rules.items():
        test = rule_test(rule, engine.columns(TABLE_OF_SOURCE[rule.source]), bag)
        if rule.source == "account":
            # A lead whose account is unknown satisfies no account rule, not even a missing value.
            known = exp.column("account_id", "accounts").is_(exp.null()).not_()
            test = exp.paren(exp.and_(known, test))
        items.append(Item(f"count_{i}", {"TEST": test, "RESULT": exp.column(f"count_{i}", "tested")}))
    statement = load_statement("attribute_counts", {"rules": items, "columns": items})
    result = engine.fetch(statement, bag.values, {"lead_moments": moments.table})
    return {i: result.column(f"count_{i}") for i in rules}


def _count_colleagues(engine: Engine, moments: LeadMoments, rule: Rule) -> pa.ChunkedArray:
    bag = ParameterBag()
    ages, factors = _ages(engine, moments, [rule.decay])
    bindings = {
        "TEST": rule_test(rule, engine.columns("activities"), bag),
        "WINDOW": bag.add(_microseconds(rule.window_days)),
        "FACTOR": factors[0],
        "AT_LEAST": bag.add(rule.required_count),
    }
    tree = load_tree("colleague_counts", bindings=bindings)
    if rule.decay is None:
        _drop_join(tree, "ages")
    parameters = bag.values | {"count": rule.counting, "reset": _interval(moments.reset_days)}
    tables = {"lead_moments": moments.table, "streak_ends": moments.streak_ends, "ages": ages}
    return engine.fetch(Statement.of(tree), parameters, tables).column("count")


def _interval(days: int | None) -> timedelta:
    return ALWAYS if days is None else days * DAY


def _microseconds(days: int | None) -> int:
    return _interval(days) // timedelta(microseconds=1)


def _thousandths(i: int, rule: Rule) -> exp.Expr:
    """The sum, or the largest, of the factors; without a decay it follows from the number of matches."""
    if rule.decay is not None:
        return exp.column(f"thousandths_{i}")
    if rule.counting == "once":
        return exp.Literal.number(1000)
    return exp.paren(exp.Mul(this=exp.column(f"matches_{i}"), expression=exp.Literal.number(1000)))


def _ages(
    engine: Engine, moments: LeadMoments, decays: Sequence[Decay | None]
) -> tuple[pa.Table, list[exp.Expr]]:
    """The table age_days -> thousandths, a column for each distinct decay, and each rule's factor."""
    distinct = list(dict.fromkeys(decay for decay in decays if decay is not None))
    max_age_days = _max_age_days(engine, moments) if distinct else 0
    columns: dict[str, Any] = {"age_days": np.arange(max_age_days + 1, dtype=np.int64)}
    for number, decay in enumerate(distinct):
        columns[f"decay_{number}"] = decay_factors(decay, max_age_days)
    factors: list[exp.Expr] = [
        exp.Literal.number(1000) if decay is None else exp.column(f"decay_{distinct.index(decay)}", "ages")
        for decay in decays
    ]
    return pa.table(columns), factors


def _max_age_days(engine: Engine, moments: LeadMoments) -> int:
    first = engine.first_activity_at
    if first is None or not len(moments):
        return 0
    last: datetime = max(moments.table.column("moment").to_numpy()).astype("datetime64[us]").item()
    return max((last - first).days, 0)


def _drop_join(tree: exp.Expr, table: str) -> None:
    """Without a decay no age is looked up, and the largest intermediate result is joined to nothing."""
    for join in list(tree.find_all(exp.Join)):
        if join.this.name == table:
            join.pop()

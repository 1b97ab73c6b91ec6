"""Counts that tell whether columns and activities know how a lead ended: statements only, no judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.conditions import ParameterBag, rule_test
from queries.engine import Engine
from queries.flow import Flow
from queries.moments import DAY, excluded_test, periods_table, stages_table
from queries.statements import Item, load_statement
from scoring.cells import IntArray
from scoring.leakage import DAYS_BEFORE, MIN_LEADS, Fills, FollowingType
from scoring.model import ACTIVITY_SOURCES, Model, Rule
from scoring.periods import periods_between

KEYS = {"leads": ("lead_id", "created_at"), "accounts": ("account_id",)}
ENDINGS = 3


@dataclass(frozen=True)
class Attribute:
    """A column of leads or accounts that rules can name."""

    table: str
    name: str

    @property
    def source(self) -> str:
        """The source of a rule on it."""
        return "lead" if self.table == "leads" else "account"

    @property
    def value(self) -> exp.Expr:
        """Its text in a statement."""
        return exp.column(exp.to_identifier(self.name, quoted=True), self.table)

    @property
    def number(self) -> exp.Expr:
        """Its number in a statement, null where it is none."""
        return exp.TryCast(this=self.value, to=exp.DataType.build("double"))


@dataclass(frozen=True, eq=False)
class Filled:
    """How often an attribute has a value, and how many of the values are numbers."""

    attribute: Attribute
    fills: Fills
    number_share: float


@dataclass(frozen=True, eq=False)
class ValueCounts:
    """Leads by value, cohort and half; one row each.

    Parameters
    ----------
    names : tuple of str or None
        The values; None stands for all rare ones together, and for a missing one.
    value, cohort, fold : int array, shape (n,)
        `value` is an index into `names`.
    endings : int array, shape (n, 3)
        Leads: open, lost, converted.
    """

    names: tuple[str | None, ...]
    value: IntArray
    cohort: IntArray
    fold: IntArray
    endings: IntArray


def attributes(engine: Engine) -> list[Attribute]:
    """Every column of leads and accounts that is no key and no time."""
    return [
        Attribute(table, name)
        for table, keys in KEYS.items()
        for name in engine.columns(table)
        if name not in keys
    ]


def find_lead_ends(flow: Flow, model: Model, until: datetime) -> pa.Table:
    """How every lead ended; columns of ``lead_ends.sql``."""
    engine, bag = flow.engine, ParameterBag()
    statement = load_statement("lead_ends", bindings={"EXCLUDED": excluded_test(engine, model, bag)})
    first = engine.first_created_at
    periods = periods_between(first, until, model.observation) if first else ()
    tables = {"periods": periods_table(periods), "stages": stages_table(model)}
    return engine.fetch(statement, bag.values | {"observed_until": until}, tables)


def count_fills(engine: Engine, lead_ends: pa.Table, columns: Sequence[Attribute]) -> list[Filled]:
    """How often each attribute has a value, all of them in one scan."""
    if not columns:
        return []
    bindings = [{"VALUE": column.value, "NUMBER": column.number} for column in columns]
    groups = {
        name: [Item(f"{name}_{i}", binding) for i, binding in enumerate(bindings)]
        for name in ("filled", "numbers")
    }
    rows = engine.fetch(load_statement("attribute_fills", groups), None, {"lead_ends": lead_ends})
    cohort, ending = (rows.column(name).to_numpy().astype(np.int64) for name in ("cohort", "ending"))
    cohorts = int(cohort.max()) + 1 if len(cohort) else 0

    def by_ending(name: str) -> IntArray:
        counts = np.zeros((cohorts, ENDINGS), dtype=np.int64)
        counts[cohort, ending] = rows.column(name).to_numpy()
        return counts

    leads, found = by_ending("leads"), []
    for i, column in enumerate(columns):
        filled, numbers = by_ending(f"filled_{i}"), by_ending(f"numbers_{i}").sum()
        share = float(numbers / filled.sum()) if filled.sum() else 0.0
        found.append(Filled(column, Fills(leads, filled), share))
    return found


def count_values(engine: Engine, lead_ends: pa.Table, column: Attribute) -> ValueCounts:
    """Leads by an attribute's value; values of few leads count as one."""
    statement = load_statement("attribute_values", bindings={"VALUE": column.value})
    rows = engine.fetch(statement, {"least": MIN_LEADS}, {"lead_ends": lead_ends})
    pairs = list(zip(rows.column("value").to_pylist(), rows.column("missing").to_pylist(), strict=True))
    places = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
    return ValueCounts(
        names=tuple(value for value, _ in places),
        value=np.array([places[pair] for pair in pairs], dtype=np.int64),
        cohort=_whole(rows, "cohort"),
        fold=_whole(rows, "fold"),
        endings=_endings(rows),
    )


def count_numbers(
    engine: Engine, lead_ends: pa.Table, column: Attribute
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], IntArray, IntArray]:
    """Leads by an attribute's number: numbers, cohorts and leads by ending, shape (n, 3)."""
    statement = load_statement("attribute_numbers", bindings={"NUMBER": column.number})
    rows = engine.fetch(statement, None, {"lead_ends": lead_ends})
    numbers = rows.column("number").to_numpy().astype(np.float64)
    known = np.isfinite(numbers)
    return numbers[known], _whole(rows, "cohort")[known], _endings(rows)[known]


def find_example(
    engine: Engine, lead_ends: pa.Table, column: Attribute, ending: int, value: str | None = None
) -> dict[str, Any] | None:
    """A lead of an ending that has a value of the attribute: its lead_id and the value."""
    statement = load_statement("attribute_example", bindings={"VALUE": column.value})
    parameters = {"ending": ending, "any_value": value is None, "value": value or ""}
    rows = engine.fetch(statement, parameters, {"lead_ends": lead_ends}).to_pylist()
    return rows[0] if rows else None


def count_follows(
    engine: Engine, lead_ends: pa.Table, until: datetime
) -> tuple[list[FollowingType], dict[str, str]]:
    """Every type of activity with what follows the conversion, and by type a lead as an example."""
    parameters = {"day": DAYS_BEFORE * DAY, "observed_until": until}
    rows = engine.fetch(load_statement("activity_follows"), parameters, {"lead_ends": lead_ends}).to_pylist()
    types = [
        FollowingType(
            row["activity_type"],
            row["activities"],
            row["after_count"],
            row["just_before_count"],
            row["leads"],
        )
        for row in rows
    ]
    return types, {row["activity_type"]: row["example_lead_id"] for row in rows}


def find_follow_example(
    engine: Engine, lead_ends: pa.Table, activity_type: str, lead_id: str
) -> dict[str, Any]:
    """The first activity of a type that follows a lead's conversion, with both times."""
    parameters = {"lead_id": lead_id, "activity_type": activity_type, "day": DAYS_BEFORE * DAY}
    statement = load_statement("activity_follow_example")
    return dict(engine.fetch(statement, parameters, {"lead_ends": lead_ends}).to_pylist()[0])


def rules_that_see(engine: Engine, model: Model, activity_types: Sequence[str]) -> dict[str, list[str]]:
    """By type of activity (in lower case) the enabled rules whose conditions match activities of it."""
    rules = [rule for rule in model.enabled_rules if rule.source in ACTIVITY_SOURCES]
    if not rules or not activity_types:
        return {kind: [] for kind in activity_types}
    bag = ParameterBag()
    columns = engine.columns("activities")
    items = [Item(f"matches_{i}", {"TEST": rule_test(rule, columns, bag)}) for i, rule in enumerate(rules)]
    tables = {"named_types": pa.table({"activity_type": pa.array(activity_types, pa.string())})}
    statement = load_statement("activity_types_of_rules", {"rules": items})
    rows = {row["activity_type"]: row for row in engine.fetch(statement, bag.values, tables).to_pylist()}
    return {
        kind: [rule.id for i, rule in enumerate(rules) if kind in rows and rows[kind][f"matches_{i}"]]
        for kind in activity_types
    }


def rules_on(model: Model, column: Attribute) -> list[Rule]:
    """The enabled rules with a condition on an attribute."""
    return [
        rule
        for rule in model.enabled_rules
        if rule.source == column.source and any(condition.field == column.name for condition in rule.where)
    ]


def find_early_conversions(flow: Flow, model: Model, until: datetime) -> dict[str, Any]:
    """Conversions dated before their lead was created; columns of ``conversions_before_creation.sql``."""
    bag = ParameterBag()
    bindings = {"EXCLUDED": excluded_test(flow.engine, model, bag)}
    statement = load_statement("conversions_before_creation", bindings=bindings)
    tables = {"stages": stages_table(model)}
    rows = flow.engine.fetch(statement, bag.values | {"observed_until": until}, tables).to_pylist()
    return dict(rows[0])


def _whole(rows: pa.Table, name: str) -> IntArray:
    return np.asarray(rows.column(name).to_numpy(), dtype=np.int64)


def _endings(rows: pa.Table) -> IntArray:
    return np.stack([_whole(rows, name) for name in ("still_open", "lost", "converted")], axis=1)

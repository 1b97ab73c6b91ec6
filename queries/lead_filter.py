"""Which leads a filter on attributes or activities leaves: one statement each, which returns lead numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from queries.conditions import TIME_COLUMNS, ParameterBag, condition_test
from queries.errors import QueryError
from queries.flow import Flow
from queries.statements import Statement, load_statement
from scoring.model import Condition


@dataclass(frozen=True)
class LeadFilter:
    """Which leads are listed; what is left empty filters nothing.

    Attributes
    ----------
    search : str
        Part of the id or of any attribute of the lead or its account.
    tiers : tuple of str
        Names.
    categories : tuple of (str, int, int)
        A category and the points it must have given, both ends included.
    attributes : tuple of (str, tuple of str)
        ``leads.x`` or ``accounts.x`` and the values that it may have.
    activity : (str, tuple of str) or None
        A property of activities and the values of which the lead has done one, before the instant.
    """

    search: str = ""
    tiers: tuple[str, ...] = ()
    categories: tuple[tuple[str, int, int], ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    activity: tuple[str, tuple[str, ...]] | None = None


def attribute_names(flow: Flow) -> list[str]:
    """Every attribute that leads can be listed and filtered by: ``leads.x``, then ``accounts.x``."""
    return [
        f"{table}.{name}"
        for table in ("leads", "accounts")
        for name in flow.engine.columns(table)
        if name not in TIME_COLUMNS and name != "lead_id" and (table, name) != ("accounts", "account_id")
    ]


def attribute_column(flow: Flow, name: str) -> exp.Expr:
    """The tree of ``leads.x`` or ``accounts.x``; QueryError when the data have no such column."""
    if name not in attribute_names(flow):
        known = ", ".join(attribute_names(flow))
        raise QueryError(f"an attribute must be one of {known}, got {name!r}")
    table, _, column = name.partition(".")
    return exp.column(exp.to_identifier(column, quoted=True), table)


def chosen_by_attributes(flow: Flow, wanted: LeadFilter) -> NDArray[np.bool_] | None:
    """By lead number, whether a lead has the attributes that are asked for; None when nothing is."""
    if not wanted.attributes:
        return None
    bag = ParameterBag()
    tests = [_value_test(attribute_column(flow, name), values, bag) for name, values in wanted.attributes]
    statement = load_statement("matching_leads", bindings={"WANTED": exp.and_(*tests)})
    return _chosen(flow, statement, bag.values)


def chosen_by_search(flow: Flow, wanted: LeadFilter) -> NDArray[np.bool_] | None:
    """By lead number, whether the id or an attribute contains the text; None when there is no text."""
    text = wanted.search.strip()
    if not text:
        return None
    bag = ParameterBag()
    part = bag.add(text.lower())
    names = attribute_names(flow)
    of_leads = [attribute_column(flow, name) for name in names if name.startswith("leads.")]
    of_accounts = [attribute_column(flow, name) for name in names if name.startswith("accounts.")]
    bindings = {
        "LEAD_FOUND": any_contains([exp.column("lead_id", "leads"), *of_leads], part),
        # Searched once, not once for each of their leads.
        "ACCOUNT_FOUND": any_contains(of_accounts, part),
    }
    return _chosen(flow, load_statement("searched_leads", bindings=bindings), bag.values)


def chosen_by_activity(flow: Flow, wanted: LeadFilter, moment: datetime) -> NDArray[np.bool_] | None:
    """By lead number, whether a lead did what is asked for before the moment; None when nothing is."""
    if wanted.activity is None:
        return None
    name, values = wanted.activity
    bag = ParameterBag()
    condition = Condition(field=name, operator="in", value=values)
    did = condition_test(condition, "activities", flow.engine.columns("activities"), bag, "filter")
    statement = load_statement("leads_that_did", bindings={"DID": did})
    return _chosen(flow, statement, bag.values | {"moment": moment})


def _chosen(flow: Flow, statement: Statement, parameters: dict[str, Any]) -> NDArray[np.bool_]:
    numbers = flow.engine.fetch(statement, parameters).column("lead_number").to_numpy()
    chosen = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.bool_)
    chosen[numbers] = True
    return chosen


def _value_test(column: exp.Expr, values: tuple[str, ...], bag: ParameterBag) -> exp.Expr:
    return exp.In(this=column, expressions=[bag.add(value) for value in values])


def any_contains(columns: Sequence[exp.Expr], part: exp.Expr) -> exp.Expr:
    """Whether one of the columns contains the text, without regard to case."""
    tests: list[exp.Expr] = [
        exp.Coalesce(
            this=exp.Contains(this=exp.Lower(this=column), expression=part.copy()),
            expressions=[exp.false()],
        )
        for column in columns
    ]
    return exp.paren(reduce(lambda a, b: exp.Or(this=a, expression=b), tests)) if tests else exp.false()

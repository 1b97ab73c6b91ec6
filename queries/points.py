"""From rule counts to points and scores: the model's numbers as parameters of ``scored.sql``."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from queries.conditions import ParameterBag
from queries.statements import Item, load_statement
from scoring.model import Model

NO_LIMIT = 10**15
"""Stands for a cap or limit that is not set; larger than any points can get."""


def scored_statement(model: Model, statement: exp.Expr) -> tuple[exp.Expr, dict[str, Any]]:
    """A statement that reads ``scored``, with that table in front of it, and its parameters.

    Parameters
    ----------
    model : Model
        Its enabled rules are the columns ``count_0``, ``count_1``, ... of the table ``counted``, in order.
    statement : sqlglot tree
        Reads ``scored``: the columns of ``counted``, ``points_<i>`` for each rule, and ``score``.
    """
    bag = ParameterBag()
    rules: list[Item] = []
    sums: dict[str, list[exp.Expr]] = {name: [] for name in model.category_names}
    for i, rule in enumerate(model.enabled_rules):
        cap = NO_LIMIT if rule.max_points is None else rule.max_points * 20
        bindings = {
            "FREQUENCY": exp.column(f"count_{i}"),
            "POINTS": _whole(bag, abs(rule.points)),
            "CAP": _whole(bag, cap),
            "DIRECTION": exp.Literal.number(1) if rule.points >= 0 else exp.paren(exp.Literal.number(-1)),
        }
        rules.append(Item(f"points_{i}", bindings))
        sums[rule.category].append(exp.column(f"points_{i}"))
    categories, limited = [], []
    for number, (name, parts) in enumerate(sums.items()):
        if not parts:
            continue  # a category without an enabled rule gives 0, whatever its limits
        limits = model.category(name)
        lowest = -NO_LIMIT if limits.min_points is None else limits.min_points
        highest = NO_LIMIT if limits.max_points is None else limits.max_points
        bindings = {
            "CATEGORY_POINTS": exp.paren(_added(parts)),
            "MIN_POINTS": _whole(bag, lowest),
            "MAX_POINTS": _whole(bag, highest),
        }
        categories.append(Item(f"category_{number}", bindings))
        limited.append(Item(f"category_{number}", {"LIMITED": exp.column(f"category_{number}")}))
    groups = {"rules": rules, "categories": categories, "limited": limited}
    scored = load_statement("scored", groups)
    assert isinstance(statement, exp.Select)
    parameters = bag.values | {
        "base_points": model.base_points,
        "min_score": model.min_score,
        "max_score": model.max_score,
    }
    return statement.with_("scored", as_=scored), parameters


def _added(parts: list[exp.Expr]) -> exp.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return total


def _whole(bag: ParameterBag, value: int) -> exp.Expr:
    return exp.cast(bag.add(value), "bigint")

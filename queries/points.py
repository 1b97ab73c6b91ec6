"""From rule counts to points and scores: the model's numbers as parameters of ``scored.sql``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from typing import Any

from sqlglot import exp

from queries.statements import Item, Statement, load_tree
from scoring.model import Model

NO_LIMIT = 10**15
"""Stands for a cap or limit that is not set; larger than any points can get."""


def scored_statement(
    name: str, model: Model, results: Sequence[str] = ()
) -> tuple[Statement, dict[str, Any]]:
    """A statement that reads ``scored``, with that table in front of it, and its parameters.

    Points, caps and limits are parameters, so that models which differ in nothing else share one statement.

    Parameters
    ----------
    name : str
        The file of the statement. It reads ``scored``: the columns of ``counted``, ``points_<i>`` for each
        enabled rule, and ``score``.
    model : Model
        Its enabled rules are the columns ``count_0``, ``count_1``, ... of the table ``counted``, in order.
    results : sequence of str, optional
        Names under which the statement's group ``rules`` returns each rule's points.
    """
    rules = model.enabled_rules
    # A category without an enabled rule gives 0, whatever its limits.
    names = [listed for listed in model.category_names if any(rule.category == listed for rule in rules)]
    members = tuple(tuple(i for i, rule in enumerate(rules) if rule.category == listed) for listed in names)
    parameters: dict[str, Any] = {
        "base_points": model.base_points,
        "min_score": model.min_score,
        "max_score": model.max_score,
    }
    for i, rule in enumerate(rules):
        parameters[f"points_{i}"] = abs(rule.points)
        parameters[f"direction_{i}"] = 1 if rule.points >= 0 else -1
        parameters[f"cap_{i}"] = NO_LIMIT if rule.max_points is None else rule.max_points * 20
    for number, limits in enumerate(map(model.category, names)):
        parameters[f"lowest_{number}"] = -NO_LIMIT if limits.min_points is None else limits.min_points
        parameters[f"highest_{number}"] = NO_LIMIT if limits.max_points is None else limits.max_points
    return _statement(name, len(rules), members, tuple(results)), parameters


@lru_cache(maxsize=200)
def _statement(
    name: str,
    rule_count: int,
    members: tuple[tuple[int, ...], ...],
    results: tuple[str, ...],
) -> Statement:
    rules = [
        Item(
            f"points_{i}",
            {
                "FREQUENCY": exp.column(f"count_{i}"),
                "POINTS": _whole(f"points_{i}"),
                "CAP": _whole(f"cap_{i}"),
                "DIRECTION": _whole(f"direction_{i}"),
            },
        )
        for i in range(rule_count)
    ]
    categories = [
        Item(
            f"category_{number}",
            {
                "CATEGORY_POINTS": exp.paren(_added([exp.column(f"points_{i}") for i in indices])),
                "MIN_POINTS": _whole(f"lowest_{number}"),
                "MAX_POINTS": _whole(f"highest_{number}"),
                "LIMITED": exp.column(f"category_{number}"),
            },
        )
        for number, indices in enumerate(members)
    ]
    columns = [
        Item(result, {"RESULT": exp.column(f"points_{i}", "scored")}) for i, result in enumerate(results)
    ]
    scored = load_tree("scored", {"rules": rules, "categories": categories})
    tree = load_tree(name, {"rules": columns})
    assert isinstance(tree, exp.Select)
    tree = tree.with_("scored", as_=scored)
    common = tree.args["with_"]
    first, last = common.expressions[:-1], common.expressions[-1:]
    common.set("expressions", last + first)  # the statement's own may read it
    return Statement.of(tree)


def _added(parts: Sequence[exp.Expr]) -> exp.Expr:
    return reduce(lambda a, b: exp.Add(this=a, expression=b), parts)


def _whole(name: str) -> exp.Expr:
    return exp.cast(exp.Placeholder(this=name), "bigint")

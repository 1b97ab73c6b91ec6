"""From rule counts to points and scores: the model's numbers as parameters of ``scored.sql``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from typing import Any, NamedTuple

from sqlglot import exp

from queries.statements import Item, Statement, load_tree
from scoring.grid import GridAxis
from scoring.model import Model

PLACE = "grid_place"
"""The column of ``scored`` with the place in the model's grid; only a model with a grid has it."""

AXES = ("row", "column")
"""What the parameters of the grid's cuts begin with."""

NO_LIMIT = 10**15
"""Stands for a cap or limit that is not set; larger than any points can get."""


def scored_statement(
    name: str, model: Model, results: Sequence[str] = (), places: Sequence[str] = (), earlier: str = "score_a"
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
    places : sequence of str, optional
        Columns of ``scored`` that the statement's group ``places`` returns: `PLACE`, or such a column of
        ``counted`` for another model.
    earlier : str, optional
        The column of ``counted`` that stands for ``STANDING_A()``, by which another model's tiers are told.
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
    axes = () if model.grid is None else (model.grid.rows, model.grid.columns)
    for word, axis in zip(AXES, axes, strict=False):
        parameters |= {f"{word}_cut_{i}": cut for i, cut in enumerate(axis.cuts)}
    shape = _Shape(
        len(rules), members, tuple(_grid_axis(axis, names) for axis in axes), tuple(results), tuple(places)
    )
    return _statement(name, shape, earlier), parameters


class _Shape(NamedTuple):
    """What a statement depends on beside its parameters.

    `axes` are the grid's rows and columns: the number of the category, None for one without an enabled rule,
    and how many cuts there are.
    """

    rule_count: int
    members: tuple[tuple[int, ...], ...]
    axes: tuple[tuple[int | None, int], ...]
    results: tuple[str, ...]
    places: tuple[str, ...]


def _grid_axis(axis: GridAxis, names: Sequence[str]) -> tuple[int | None, int]:
    return names.index(axis.category) if axis.category in names else None, len(axis.cuts)


@lru_cache(maxsize=200)
def _statement(name: str, shape: _Shape, earlier: str) -> Statement:
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
        for i in range(shape.rule_count)
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
        for number, indices in enumerate(shape.members)
    ]
    columns = [
        Item(result, {"RESULT": exp.column(f"points_{i}", "scored")})
        for i, result in enumerate(shape.results)
    ]
    places = [Item(PLACE, {"PLACE": _place(shape.axes)})] if shape.axes else []
    carried = [Item(column, {"PLACE": exp.column(column, "scored")}) for column in shape.places]
    scored = load_tree("scored", {"rules": rules, "categories": categories, "grid": places})
    standing = {
        "STANDING": exp.column(PLACE if shape.axes else "score", "scored"),
        "STANDING_A": exp.column(earlier, "scored"),
    }
    tree = load_tree(name, {"rules": columns, "places": carried}, standing)
    assert isinstance(tree, exp.Select)
    tree = tree.with_("scored", as_=scored)
    common = tree.args["with_"]
    first, last = common.expressions[:-1], common.expressions[-1:]
    common.set("expressions", last + first)  # the statement's own may read it
    return Statement.of(tree)


def _place(axes: Sequence[tuple[int | None, int]]) -> exp.Expr:
    """The place in the grid: the row's grade by the number of columns, and the column's grade."""
    rows, columns = (_grade(word, *axis) for word, axis in zip(AXES, axes, strict=True))
    width = exp.Literal.number(axes[1][1] + 1)
    place = exp.Add(this=exp.Mul(this=exp.paren(rows), expression=width), expression=exp.paren(columns))
    return exp.cast(place, "integer")


def _grade(word: str, category: int | None, cut_count: int) -> exp.Expr:
    """How many cuts a category's points do not reach, 0 in the best grade."""
    points = exp.Literal.number(0) if category is None else exp.column(f"category_{category}")
    return _added(
        [
            exp.Case()
            .when(exp.LT(this=points.copy(), expression=_whole(f"{word}_cut_{i}")), exp.Literal.number(1))
            .else_(exp.Literal.number(0))
            for i in range(cut_count)
        ]
    )


def _added(parts: Sequence[exp.Expr]) -> exp.Expr:
    return reduce(lambda a, b: exp.Add(this=a, expression=b), parts)


def _whole(name: str) -> exp.Expr:
    return exp.cast(exp.Placeholder(this=name), "bigint")

"""SQL files, and how the parts that depend on a model get into them.

A statement is a file in ``queries/sql``. Where it depends on the rules of a model it says so with three
placeholders that parse as ordinary functions:

``EACH(group, expression)``
    the expression once for every item of the group, as a list of columns named after the items;
``SUM_OF(group, expression)``
    the sum over the group, 0 when it is empty;
``ANY_OF(group, expression)``
    true when it holds for one item of the group, false when it is empty.

Inside the expression, and anywhere else in the file, a function without arguments such as ``TEST()`` is a
binding: a tree that stands for it, given for each item or for the whole statement. Text from outside is never
part of a tree; it is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.resources import files

import sqlglot
from sqlglot import exp


@dataclass(frozen=True)
class Item:
    """One rule or category: the name of its column and what the placeholders stand for."""

    name: str
    bindings: Mapping[str, exp.Expr] = field(default_factory=dict)


Groups = Mapping[str, Sequence[Item]]


@dataclass(frozen=True)
class Statement:
    """A statement that is ready to run: its text and the values that it waits for."""

    sql: str
    parameters: frozenset[str]

    @classmethod
    def of(cls, tree: exp.Expr) -> Statement:
        """Render a tree once; running it again costs nothing here."""
        return cls(tree.sql("duckdb"), frozenset(node.name for node in tree.find_all(exp.Placeholder)))


@cache
def _parsed(name: str) -> exp.Expr:
    text = files("queries").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return sqlglot.parse_one(text, read="duckdb")


def load_statement(
    name: str, groups: Groups | None = None, bindings: Mapping[str, exp.Expr] | None = None
) -> Statement:
    """The statement ``queries/sql/<name>.sql`` with its placeholders filled in; see `load_tree`."""
    return Statement.of(load_tree(name, groups, bindings))


def load_tree(
    name: str, groups: Groups | None = None, bindings: Mapping[str, exp.Expr] | None = None
) -> exp.Expr:
    """The tree of ``queries/sql/<name>.sql`` with its placeholders filled in.

    Parameters
    ----------
    name : str
        The file's name without ``.sql``.
    groups : mapping of str to items
        What EACH, SUM_OF and ANY_OF go over.
    bindings : mapping of str to trees
        What placeholders outside of those stand for.
    """
    tree = _parsed(name).copy()
    for placeholder in list(tree.find_all(exp.Anonymous)):
        if placeholder.name in _EXPANSIONS:
            group, template = placeholder.expressions
            _EXPANSIONS[placeholder.name](placeholder, template, (groups or {})[group.name])
    return fill(tree, bindings) if bindings else tree


def fill(template: exp.Expr, bindings: Mapping[str, exp.Expr]) -> exp.Expr:
    """A copy of the tree in which every ``NAME()`` that is bound stands for its binding."""

    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and not node.expressions and node.name in bindings:
            return bindings[node.name].copy()
        return node

    return template.transform(replaced)


def _expand_each(node: exp.Expr, template: exp.Expr, items: Sequence[Item]) -> None:
    parent = node.parent
    assert parent is not None
    filled = [fill(template, item.bindings) for item in items]
    if isinstance(parent, exp.Select):
        filled = [exp.alias_(tree, item.name) for tree, item in zip(filled, items, strict=True)]
    siblings = list(parent.expressions)
    place = next(index for index, sibling in enumerate(siblings) if sibling is node)
    parent.set("expressions", siblings[:place] + filled + siblings[place + 1 :])


def _expand_total(node: exp.Expr, template: exp.Expr, items: Sequence[Item]) -> None:
    _replace(node, template, items, exp.Literal.number(0), lambda a, b: exp.Add(this=a, expression=b))


def _expand_any(node: exp.Expr, template: exp.Expr, items: Sequence[Item]) -> None:
    _replace(node, template, items, exp.false(), lambda a, b: exp.Or(this=a, expression=b))


def _replace(
    node: exp.Expr,
    template: exp.Expr,
    items: Sequence[Item],
    nothing: exp.Expr,
    join: Callable[[exp.Expr, exp.Expr], exp.Expr],
) -> None:
    filled: list[exp.Expr] = [exp.paren(fill(template, item.bindings)) for item in items]
    node.replace(exp.paren(reduce(join, filled)) if filled else nothing)


_EXPANSIONS: dict[str, Callable[[exp.Expr, exp.Expr, Sequence[Item]], None]] = {
    "EACH": _expand_each,
    "SUM_OF": _expand_total,
    "ANY_OF": _expand_any,
}

"""SQL files, and how the parts that depend on a model get into them.

A statement is a file in ``queries/sql``. Where it depends on the rules of a model it says so with a
placeholder that parses as an ordinary function: ``EACH(group, expression)`` stands for the expression once
for every item of the group, as a list of columns named after the items.

Inside the expression, and anywhere else in the file, a function without arguments such as ``TEST()`` is a
binding: a tree that stands for it, given for each item or for the whole statement. Text from outside is never
part of a tree; it is a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import sqlglot
from sqlglot import exp

EACH = "EACH"


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
        """Render a tree once; running it again costs nothing here. The tree is used up."""
        parameters = frozenset(node.name for node in tree.find_all(exp.Placeholder))
        return cls(tree.sql("duckdb", copy=False), parameters)


@cache
def _parsed(name: str) -> exp.Expr:
    text = files("queries").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return sqlglot.parse_one(text, read="duckdb")


def load_statement(
    name: str, groups: Groups | None = None, bindings: Mapping[str, exp.Expr] | None = None
) -> Statement:
    """The statement ``queries/sql/<name>.sql`` with its placeholders filled in; see `load_tree`."""
    if groups or bindings:
        return Statement.of(load_tree(name, groups, bindings))
    return _same_for_all_models(name)


@cache
def _same_for_all_models(name: str) -> Statement:
    return Statement.of(load_tree(name))


def load_tree(
    name: str, groups: Groups | None = None, bindings: Mapping[str, exp.Expr] | None = None
) -> exp.Expr:
    """The tree of ``queries/sql/<name>.sql`` with its placeholders filled in.

    Parameters
    ----------
    name : str
        The file's name without ``.sql``.
    groups : mapping of str to items
        What EACH goes over.
    bindings : mapping of str to trees
        What placeholders outside of those stand for.
    """
    tree = _parsed(name).copy()
    for placeholder in list(tree.find_all(exp.Anonymous)):
        if placeholder.name == EACH:
            group, template = placeholder.expressions
            _expand(placeholder, template, (groups or {})[group.name])
    return _filled(tree, bindings) if bindings else tree


def fill(template: exp.Expr, bindings: Mapping[str, exp.Expr]) -> exp.Expr:
    """A copy of the tree in which every ``NAME()`` that is bound stands for its binding."""
    return _filled(template.copy(), bindings)


def _filled(tree: exp.Expr, bindings: Mapping[str, exp.Expr]) -> exp.Expr:
    """The tree itself, changed in place: to copy one takes longer than anything else that is done to it."""

    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and not node.expressions and node.name in bindings:
            return bindings[node.name].copy()
        return node

    return tree.transform(replaced, copy=False)


def _expand(node: exp.Expr, template: exp.Expr, items: Sequence[Item]) -> None:
    parent = node.parent
    assert parent is not None
    filled = [fill(template, item.bindings) for item in items]
    if isinstance(parent, exp.Select):
        filled = [exp.alias_(tree, item.name) for tree, item in zip(filled, items, strict=True)]
    siblings = list(parent.expressions)
    place = next(index for index, sibling in enumerate(siblings) if sibling is node)
    parent.set("expressions", siblings[:place] + filled + siblings[place + 1 :])

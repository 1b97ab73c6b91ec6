"""Patterns: distinct rows of rule counts, kept so that scoring all of them is a few look-ups.

The counts of a few rules together take few combinations, however many leads there are. Rules of one category
are therefore put into groups, and a pattern keeps one small number for each group: which combination it has.
Points are worked out once for each combination; a pattern's score is then the sum of what its combinations
give, with the limits of categories and score applied.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.grid import Grid
from scoring.model import Model
from scoring.pattern_points import CategoryPoints, category_points, limit, narrowest_type
from scoring.places import BLOCK, Coordinate, Places, Term
from scoring.response import without_rule
from scoring.rule_groups import RuleGroup, group_rules
from scoring.tally import Weights, tally

Columns = dict[str, NDArray[Any]]
Ints = NDArray[np.integer[Any]]
KEYS = ("segment", "period", "mature", "converted")


@dataclass(frozen=True, eq=False)
class Patterns:
    """Leads grouped by segment, period, maturity, outcome and the counts of all rules.

    Parameters
    ----------
    keys : dict of arrays, each of shape (k,)
        ``segment``, ``period``, ``mature`` and ``converted``: their combinations that occur.
    key : int array, shape (n,)
        Which of them each pattern has.
    weights : Weights
        Leads and amounts of the n patterns.
    groups : tuple of RuleGroup
        Each rule is in one of them; those of a group are of one category.
    starts : tuple of int
        Where the patterns of each key begin once they are clustered; before that 0 alone.
    """

    keys: Columns
    key: Ints
    weights: Weights
    groups: tuple[RuleGroup, ...]
    starts: tuple[int, ...] = (0,)

    @classmethod
    def of(
        cls, keys: Columns, counts: Sequence[Ints], categories: Sequence[Hashable], leads: Ints, amount: Ints
    ) -> Patterns:
        """Patterns from whole columns, one value for each pattern.

        Parameters
        ----------
        keys : dict of arrays
            The columns named in `KEYS`; segment and period are indices.
        counts : sequence of int arrays
            Of each rule, in twentieths.
        categories : sequence
            What tells the rules' categories apart.
        leads, amount : int arrays
        """
        rows = np.stack([keys[name].astype(np.int64) for name in KEYS])
        spans = rows.max(axis=1, initial=0) + 1
        found, key = np.unique(np.ravel_multi_index(tuple(rows), tuple(spans)), return_inverse=True)
        table = dict(zip(KEYS, np.unravel_index(found, tuple(spans)), strict=True))
        types = {"segment": np.int32, "period": np.int32, "mature": np.bool_, "converted": np.bool_}
        table = {name: column.astype(types[name]) for name, column in table.items()}
        narrow = np.min_scalar_type(len(found))
        return cls(table, key.astype(narrow), Weights.of(leads, amount), group_rules(counts, categories))

    def clustered(self) -> Patterns:
        """The same patterns in an order in which equal ones lie side by side: by key, then by combinations.

        What is counted by key and points then stays within a part of them, and in the processor's cache.
        """
        order = np.lexsort([*(group.combination for group in reversed(self.groups)), self.key])
        key = self.key[order]
        starts = np.searchsorted(key, np.arange(len(self.keys["period"])))
        return replace(
            self,
            key=key,
            weights=self.weights.take(order),
            groups=tuple(replace(g, combination=g.combination[order]) for g in self.groups),
            starts=tuple(starts.tolist()) or (0,),
        )

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        own = self.key.nbytes + sum(column.nbytes for column in self.keys.values())
        return own + self.weights.nbytes + sum(group.nbytes for group in self.groups)

    def scores(self, model: Model, columns: Sequence[int] | None = None) -> Ints:
        """The score of every pattern, shape (n,).

        Parameters
        ----------
        model : Model
        columns : sequence of int, optional
            The column of counts of each enabled rule of the model; 0, 1, ... when not given.
        """
        columns = range(len(model.enabled_rules)) if columns is None else columns
        scores = self._add_up(category_points(self.groups, model, columns), model.base_points)
        return limit(scores, model.min_score, model.max_score).astype(np.int32, copy=False)

    def grid_places(
        self, model: Model, grid: Grid, columns: Sequence[int] | None = None, besides: str | None = None
    ) -> Ints:
        """The place of every pattern in a model's grid, shape (n,).

        Parameters
        ----------
        model : Model
        grid : Grid
            The model's.
        columns : sequence of int, optional
            As for `scores`.
        besides : str, optional
            A category that is taken to be in its best grade.
        """
        columns = range(len(model.enabled_rules)) if columns is None else columns
        parts = category_points(self.groups, model, columns)
        grades = [np.zeros(len(self.key), dtype=np.int64)] * 2
        for number, axis in enumerate((grid.rows, grid.columns)):
            if axis.category != besides:
                grades[number] = axis.grades(self._points_of(parts, axis.category))
        return grid.places_of_grades(*grades)

    def points_in(self, model: Model, category: str) -> Ints:
        """What a category of the model gives every pattern, limits applied, shape (n,).

        0 for a category without an enabled rule; the model's enabled rules are the columns of counts, in
        order.
        """
        return self._points_of(category_points(self.groups, model, range(len(model.enabled_rules))), category)

    def cells(self, model: Model) -> Columns:
        """Leads and amount by segment, period, maturity, outcome and score.

        Parameters
        ----------
        model : Model
            Its enabled rules are the columns of counts, in order.

        Returns
        -------
        dict of arrays, each of shape (cells,)
            ``segment``, ``period``, ``mature``, ``converted``, ``score``, ``leads``, ``amount``; ``place``
            with a grid.
        """
        columns = {"score": self.scores(model)}
        if model.grid is not None:
            columns["place"] = self.grid_places(model, model.grid)
        return self._counted(columns)

    def joint(
        self, model_a: Model, columns_a: Sequence[int], model_b: Model, columns_b: Sequence[int]
    ) -> Columns:
        """Leads by key and by their scores under two models; for the columns of counts see `scores`.

        Returns
        -------
        dict of arrays, each of shape (cells,)
            ``segment``, ``period``, ``mature``, ``converted``, ``score_a``, ``score_b``, ``leads``,
            ``amount``; ``place_a`` and ``place_b`` where that model has a grid.
        """
        columns = {"score_a": self.scores(model_a, columns_a), "score_b": self.scores(model_b, columns_b)}
        if model_a.grid is not None:
            columns["place_a"] = self.grid_places(model_a, model_a.grid, columns_a)
        if model_b.grid is not None:
            columns["place_b"] = self.grid_places(model_b, model_b.grid, columns_b)
        return self._counted(columns)

    def response(self, model: Model, rule_id: str) -> Columns:
        """Leads and amount by everything that decides a score but the points of one rule.

        Parameters
        ----------
        model : Model
            As for `cells`; the rule is one of its enabled rules.

        Returns
        -------
        dict of arrays, each of shape (rows,)
            ``segment``, ``period``, ``mature``, ``converted``, ``rest_of_category``, ``rest``, ``count``,
            ``leads``, ``amount``, with a grid ``other_place``; see `scoring.response.ResponseTable`.

        Raises
        ------
        KeyError
            When the rule is not an enabled rule of the model.
        """
        columns_of = {rule.id: column for column, rule in enumerate(model.enabled_rules)}
        own_column = columns_of.pop(rule_id)
        others, category = without_rule(model, rule_id)
        parts = category_points(self.groups, others, list(columns_of.values()))
        # Without limits it does not matter which category points come from, and the table is smaller.
        is_limited = category.min_points is not None or category.max_points is not None
        is_limited = is_limited or (model.grid is not None and category.name in model.grid.categories)
        inside = [part for part in parts if is_limited and part.name == category.name]
        outside = [part for part in parts if part not in inside]
        group = next(group for group in self.groups if own_column in group.columns)
        place_in_group = group.columns.index(own_column)
        counts, number = group.counts[place_in_group], group.numbers[place_in_group]
        of_rest, rests = self._coordinate(outside, model.base_points).numbered()
        coordinates = [
            self._coordinate(inside, 0),
            of_rest,
            Coordinate((Term(group.combination, number),)),
        ]
        if model.grid is not None:
            place = self.grid_places(others, model.grid, list(columns_of.values()), category.name)
            coordinates.append(Coordinate((Term(place),)))
        key, of_category, rest, own, *place_of, leads, amount = self._tally(coordinates)
        rest = rest if rests is None else rests.take(rest)
        found = {"rest_of_category": of_category, "rest": rest, "count": counts.take(own)}
        found |= {"other_place": place_of[0]} if place_of else {}
        return self._keys_of(key) | found | {"leads": leads, "amount": amount}

    def _counted(self, columns: Columns) -> Columns:
        """Leads and amount by key and by columns of the patterns."""
        key, *values, leads, amount = self._tally([Coordinate((Term(one),)) for one in columns.values()])
        found = dict(zip(columns, values, strict=True))
        return self._keys_of(key) | found | {"leads": leads, "amount": amount}

    def _points_of(self, parts: Sequence[CategoryPoints], category: str) -> Ints:
        return self._add_up([part for part in parts if part.name == category], 0)

    def _add_up(self, parts: Sequence[CategoryPoints], base_points: int) -> Ints:
        dtype = narrowest_type(parts, base_points)
        total = np.full(len(self.key), base_points, dtype=dtype)
        parts = [part.as_type(dtype) for part in parts]
        for first in range(0, len(total), BLOCK):
            rows = slice(first, min(first + BLOCK, len(total)))
            for part in parts:
                total[rows] += part.at(rows)
        return total

    def _coordinate(self, parts: Sequence[CategoryPoints], base_points: int) -> Coordinate:
        """What some categories give together; patterns are gone through only where limits ask for it."""
        terms: list[Term] = []
        for part in parts:
            if part.low is None and part.high is None:
                terms += [Term(lookup.group.combination, lookup.points) for lookup in part.lookups]
            elif len(part.lookups) == 1:
                (only,) = part.lookups
                terms.append(Term(only.group.combination, limit(only.points.copy(), part.low, part.high)))
            else:
                terms.append(Term(self._add_up([part], 0)))
        return Coordinate(tuple(terms), base_points)

    @cached_property
    def _of_key(self) -> Coordinate:
        numbers = np.arange(len(self.keys["period"]))
        if len(self.starts) == len(numbers):
            return Coordinate((Term(numbers, lengths=np.diff([*self.starts, len(self.key)])),))
        return Coordinate((Term(self.key, numbers),))

    def _tally(self, coordinates: Sequence[Coordinate]) -> tuple[Ints, ...]:
        """Add up by key and coordinates: the key and the values of each group, its leads and its amount."""
        places = Places.of([self._of_key, *coordinates], len(self.key))
        found, leads, amount = tally(places.place, places.size, self.weights, self.starts)
        return *places.values(found), leads, amount

    def _keys_of(self, key: Ints) -> Columns:
        key = key.astype(np.intp)
        return {name: column.take(key) for name, column in self.keys.items()}

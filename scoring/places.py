"""Where each pattern is counted: several whole numbers of a pattern as one, by as few look-ups as possible.

What a pattern has of a coordinate (points of a category, a rule's count) is mostly a sum of look-ups by the
combinations it has. A place is a sum of coordinates too, each times its stride: so the strides go into the
small tables, tables that are looked up by the same combinations are added up beforehand, and one look-up for
each group of rules gives the place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.errors import ScoringError

Ints = NDArray[np.integer[Any]]

ROWS_FOR_EACH_VALUE = 16
"""With fewer, adding up two tables for each pair of their values costs more than a look-up saves."""

BLOCK = 1 << 16
"""Patterns placed in one go, so that what lies between two steps stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Term:
    """A whole number for each of n patterns: ``table[index]``, or `index` itself without a table.

    Parameters
    ----------
    index : int array, shape (n,)
    table : int array, optional
        Not empty.
    lengths : int array, optional
        Without a table: for how many patterns side by side each number of the index stands, if not for one.
    """

    index: Ints
    table: Ints | None = None
    lengths: Ints | None = None

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """No value is outside of them."""
        values = self.index if self.table is None else self.table
        return int(values.min(initial=0)), int(values.max(initial=0))


@dataclass(frozen=True, eq=False)
class Coordinate:
    """One of the numbers that make a place: `base` and the sum of the terms."""

    terms: tuple[Term, ...]
    base: int = 0

    @property
    def low(self) -> int:
        """No pattern has less."""
        return self.base + sum(term.bounds[0] for term in self.terms)

    @property
    def span(self) -> int:
        """How many values there can be."""
        return 1 + sum(high - low for low, high in (term.bounds for term in self.terms))

    def numbered(self) -> tuple[Coordinate, IntArray | None]:
        """By which of its values it has, and these values; unchanged, and None, where that is not known soon.

        Values are often far apart. Where only those that occur have a place there are fewer places.
        """
        table = self.terms[0].table if len(self.terms) == 1 else None
        if table is None or self.span > BLOCK:
            return self, None
        above = table - self.terms[0].bounds[0]
        occurs = np.bincount(above, minlength=self.span) > 0
        numbers = (np.cumsum(occurs) - 1)[above]
        return Coordinate((Term(self.terms[0].index, numbers),)), np.flatnonzero(occurs) + self.low


@dataclass(frozen=True, eq=False)
class Places:
    """The places of n patterns, and what each place stands for.

    Attributes
    ----------
    place : int array, shape (n,)
        In [0, size).
    """

    place: Ints
    lows: tuple[int, ...]
    spans: tuple[int, ...]

    @classmethod
    def of(cls, coordinates: Sequence[Coordinate], length: int) -> Places:
        """The places of `length` patterns by their coordinates, the first of which counts most.

        Raises
        ------
        ScoringError
            When there can be more places than a whole number can tell apart.
        """
        lows = tuple(coordinate.low for coordinate in coordinates)
        spans = tuple(coordinate.span for coordinate in coordinates)
        if math.prod(spans) > np.iinfo(np.int64).max:
            raise ScoringError(
                "the model's points are too large to count leads by them, give rules fewer points or a cap"
            )
        return cls(_places(coordinates, lows, spans, length), lows, spans)

    @property
    def size(self) -> int:
        """How many places there can be."""
        return math.prod(self.spans)

    def values(self, places: Ints) -> list[Ints]:
        """The coordinates of some places, each of the shape of `places`."""
        found: list[Ints] = []
        for span in self.spans[:0:-1]:
            # Places are never negative. Dividing by one number is fast; `np.divmod` divides row by row.
            above = places // span
            found.append(places - above * span)
            places = above
        return [_raised(*both) for both in zip([places, *found[::-1]], self.lows, strict=True)]


def _raised(values: Ints, low: int) -> Ints:
    if low == 0:
        return values
    highest = int(values.max(initial=0)) + low
    fits = max(highest, -low) <= np.iinfo(values.dtype).max
    return (values if fits else values.astype(np.int64)) + low


def _joined(looked_up: list[tuple[Ints, Ints]], length: int) -> list[tuple[Ints, Ints]]:
    """The two smallest tables as one where that is small, too: a combined index costs less than a look-up."""
    if len(looked_up) < 2:
        return looked_up
    (index, table), (other_index, other), *larger = sorted(looked_up, key=lambda both: len(both[1]))
    size = len(table) * len(other)
    if size > min(BLOCK, length // ROWS_FOR_EACH_VALUE):
        return looked_up
    joined = other_index.astype(np.uint16) * np.uint16(len(table)) + index
    return [(joined, np.add.outer(other, table).ravel()), *larger]


def _places(
    coordinates: Sequence[Coordinate], lows: Sequence[int], spans: Sequence[int], length: int
) -> Ints:
    # Half as wide is twice as fast. Sums on the way may pass the type and come back: the last one counts.
    dtype = np.dtype(np.int32 if math.prod(spans) <= np.iinfo(np.int32).max else np.int64)
    strides = [math.prod(spans[i + 1 :]) for i in range(len(spans))]
    start = sum(stride * (c.base - low) for stride, c, low in zip(strides, coordinates, lows, strict=True))
    place = np.full(length, start, dtype=dtype)
    tables: dict[int, tuple[Ints, IntArray]] = {}
    arrays: list[tuple[Ints, int]] = []
    for stride, coordinate in zip(strides, coordinates, strict=True):
        for term in coordinate.terms:
            if term.lengths is not None:
                place += np.repeat(term.index.astype(dtype) * dtype.type(stride), term.lengths)
            elif term.table is None:
                arrays.append((term.index, stride))
            else:
                scaled = term.table.astype(np.int64) * stride
                index, before = tables.get(id(term.index), (term.index, 0))
                tables[id(term.index)] = (index, before + scaled)
    looked_up = _joined([(index, table.astype(dtype)) for index, table in tables.values()], length)
    for first in range(0, length, BLOCK):
        rows = slice(first, min(first + BLOCK, length))
        here = place[rows]
        for index, table in looked_up:
            here += np.take(table, index[rows])
        for values, stride in arrays:
            here += values[rows] if stride == 1 else values[rows].astype(dtype) * dtype.type(stride)
    return place

"""Rules grouped by how few combinations their counts take together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.cells import IntArray

MOST_COMBINATIONS = 1 << 15
"""Of one group: what they give fits into a processor's cache, and their numbers into 16 bits."""

PATTERNS_FOR_EACH_COMBINATION = 16
"""With fewer, working out what combinations give costs more than looking it up saves."""


@dataclass(frozen=True, eq=False)
class RuleGroup:
    """Rules of one category and the combinations in which their counts occur.

    Parameters
    ----------
    columns : tuple of int, length r
        The rules: places among the columns of counts.
    counts : tuple of int arrays
        The different counts of each rule, in twentieths.
    numbers : tuple of int arrays, each of shape (combinations,)
        Which of them each combination has.
    combination : int array, shape (n,)
        Which combination each pattern has.
    """

    columns: tuple[int, ...]
    counts: tuple[IntArray, ...]
    numbers: tuple[NDArray[np.unsignedinteger[Any]], ...]
    combination: NDArray[np.unsignedinteger[Any]]

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.combination.nbytes + sum(array.nbytes for array in (*self.counts, *self.numbers))


def group_rules(
    counts: Sequence[NDArray[np.integer[Any]]],
    categories: Sequence[Hashable],
    most_combinations: int | None = None,
) -> tuple[RuleGroup, ...]:
    """Put rules of equal category together while they take few combinations.

    Parameters
    ----------
    counts : sequence of int arrays, each of shape (n,)
        The counts of each rule.
    categories : sequence, of the same length
        What tells the categories apart.
    most_combinations : int, optional
        A group takes more only when a single rule does. As many as pay when not given.

    Returns
    -------
    tuple of RuleGroup
        Each rule is in exactly one; none without rules.
    """
    if most_combinations is None:
        patterns = len(counts[0]) if counts else 0
        most_combinations = min(MOST_COMBINATIONS, patterns // PATTERNS_FOR_EACH_COMBINATION)
    groups: list[RuleGroup] = []
    for category in dict.fromkeys(categories):
        members = [column for column, other in enumerate(categories) if other == category]
        groups += _of_one_category(counts, members, most_combinations)
    return tuple(groups)


def _of_one_category(
    counts: Sequence[NDArray[np.integer[Any]]], members: list[int], most_combinations: int
) -> list[RuleGroup]:
    coded = {column: pd.factorize(counts[column]) for column in members}
    # Rules with few different counts first: these fill the groups best.
    waiting = sorted(members, key=lambda column: len(coded[column][1]))
    groups = []
    while waiting:
        columns = [waiting.pop(0)]
        combination, values = coded[columns[0]]
        taken = len(values)
        while waiting:
            codes, values = coded[waiting[0]]
            joined, found = pd.factorize(combination * len(values) + codes)
            if len(found) > most_combinations:
                break
            columns.append(waiting.pop(0))
            combination, taken = joined, len(found)
        groups.append(_group([coded[column] for column in columns], columns, combination, taken))
    return groups


def _group(
    coded: Sequence[tuple[IntArray, NDArray[np.integer[Any]]]],
    columns: list[int],
    combination: IntArray,
    taken: int,
) -> RuleGroup:
    example = np.empty(taken, dtype=np.int64)
    example[combination] = np.arange(len(combination))
    return RuleGroup(
        tuple(columns),
        tuple(values.astype(np.int64) for _, values in coded),
        tuple(_narrow(codes[example], len(values)) for codes, values in coded),
        _narrow(combination, taken),
    )


def _narrow(numbers: IntArray, different: int) -> NDArray[np.unsignedinteger[Any]]:
    return numbers.astype(np.uint16 if different <= 1 << 16 else np.uint32)

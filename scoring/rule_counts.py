"""How often a rule counts at every moment at once: steps 1 to 4 of the semantics over whole columns.

An activity is seen at a run of its owner's rows: from the first moment after it to the last one before its
window, or a silence that wipes it out, has ended. So a count is a running sum of what comes and goes, which
costs the same however many moments lie between; only what decays is worth another amount at each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.model import Rule
from scoring.timelines import Integers, Timelines

DAY = 86_400_000_000
"""Microseconds."""

MOST_TWENTIETHS = 20_000
TWENTIETHS = 20


@dataclass(frozen=True)
class Seen:
    """Activities and the rows at which they are seen: `first` included, `end` not, at least one.

    Parameters
    ----------
    people : int array of shape (activities,)
        Who did it.
    times : int array
        When, in microseconds since 1970.
    first, end : int arrays
        Rows of the owner's moments.
    """

    people: Integers
    times: Integers
    first: Integers
    end: Integers

    def at(self, places: Integers | npt.NDArray[np.bool_]) -> Seen:
        """Some of the activities, chosen by index or mask."""
        return Seen(self.people[places], self.times[places], self.first[places], self.end[places])


def see(
    moments: Timelines,
    owners: Integers,
    people: Integers,
    times: Integers,
    window_days: int | None,
    wiped_at: Integers | None = None,
) -> Seen:
    """Where activities are seen.

    Parameters
    ----------
    moments : Timelines
        The rows.
    owners, people, times : int arrays of shape (activities,)
        Whose rows see the activity, who did it, and when (microseconds since 1970).
    window_days : int, optional
        How old it may be; however old when not given.
    wiped_at : int array of shape (activities,), optional
        From when on it does not count, whatever the window.
    """
    first = moments.first_after(owners, times)
    end = moments.ends(owners)
    alive = np.flatnonzero(first < end)
    found = Seen(people, times, first, end).at(alive)
    if window_days is None and wiped_at is None:
        return found
    last = np.full(len(alive), np.iinfo(np.int64).max) if wiped_at is None else wiped_at[alive] - 1
    if window_days is not None:
        last = np.minimum(last, found.times + window_days * DAY)
    found = Seen(found.people, found.times, found.first, moments.first_after(owners[alive], last))
    # What is too old at the first moment after it was never seen.
    return found.at(found.first < found.end)


def count_matches(seen: Seen, row_count: int) -> Integers:
    """How many activities each row sees, shape (row_count,)."""
    changes = np.bincount(seen.first, minlength=row_count + 1)
    changes -= np.bincount(seen.end, minlength=row_count + 1)
    return np.cumsum(changes)[:row_count]


def add_factors(seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]) -> Integers:
    """The sum of the decay factors of what each row sees, in thousandths; `factors` by age in days."""
    total = np.zeros(len(moments), dtype=np.int64)
    for rows, worth in _worth_by_row(seen, moments, factors):
        np.add.at(total, rows, worth)
    return total


def largest_factors(seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]) -> Integers:
    """The largest decay factor of what each row sees, in thousandths; 0 where it sees nothing."""
    largest = np.zeros(len(moments), dtype=np.int64)
    for rows, worth in _worth_by_row(seen, moments, factors):
        np.maximum.at(largest, rows, worth)
    return largest


def count_people(seen: Seen, row_count: int) -> Integers:
    """How many different people's activities each row sees, shape (row_count,)."""
    by_person = _in_order(seen)
    first = by_person.first.copy()
    # Of one person, what is seen earlier also ends earlier: an overlap is with the activity before.
    again = by_person.people[1:] == by_person.people[:-1]
    first[1:][again] = np.maximum(first[1:], by_person.end[:-1])[again]
    runs = Seen(by_person.people, by_person.times, first, by_person.end)
    return count_matches(runs.at(runs.first < runs.end), row_count)


@dataclass(frozen=True)
class LargestOfOthers:
    """The largest factor among an account's people, and what is left when one of them is taken away.

    Parameters
    ----------
    largest, runner_up : int arrays of shape (rows,)
        Thousandths; `runner_up` is the largest below `largest`.
    holders : int array
        How many people have `largest`.
    """

    largest: Integers
    runner_up: Integers
    holders: Integers

    @classmethod
    def of(cls, seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]) -> LargestOfOthers:
        """Compare the newest activity of every person, for every row."""
        newest = _newest_of_each_person(seen)
        largest = largest_factors(newest, moments, factors)
        holders, runner_up = np.zeros_like(largest), np.zeros_like(largest)
        for rows, worth in _worth_by_row(newest, moments, factors):
            at_top = worth == largest[rows]
            np.add.at(holders, rows[at_top], 1)
            np.maximum.at(runner_up, rows[~at_top], worth[~at_top])
        return cls(largest, runner_up, holders)

    def without(self, rows: Integers, own: Integers) -> Integers:
        """The largest factor of the others, for people who hold `own` themselves (0: nothing) at `rows`."""
        alone_at_top = (own == self.largest[rows]) & (self.holders[rows] < 2)
        return np.where(alone_at_top, self.runner_up[rows], self.largest[rows])


def most_twentieths(rule: Rule) -> int:
    """The largest count of a rule that counts `each` or `once`."""
    return min(MOST_TWENTIETHS, (rule.max_count or MOST_TWENTIETHS) * TWENTIETHS)


def to_twentieths(rule: Rule, matches: Integers, thousandths: Integers | None) -> npt.NDArray[np.int16]:
    """Step 4 for `each` and `once`.

    Parameters
    ----------
    rule : Rule
    matches : int array of shape (rows,)
        Activities that match.
    thousandths : int array of shape (rows,), optional
        Sum (`each`) or largest (`once`) of their factors; without a decay it follows from the matches.
    """
    if thousandths is not None:
        counts = (thousandths + 25) // 50
    elif rule.counting == "once":
        counts = np.minimum(matches, 1) * TWENTIETHS
    else:
        counts = matches * TWENTIETHS
    counts = np.minimum(counts, most_twentieths(rule))
    counts[matches < rule.required_count] = 0
    return counts.astype(np.int16)


def _in_order(seen: Seen) -> Seen:
    return seen.at(np.lexsort((seen.times, seen.people)))


def _newest_of_each_person(seen: Seen) -> Seen:
    """Each activity only at the rows where its person has done nothing newer, so that no two overlap."""
    ordered = _in_order(seen)
    end = ordered.end.copy()
    again = ordered.people[1:] == ordered.people[:-1]
    end[:-1][again] = np.minimum(end[:-1], ordered.first[1:])[again]
    newest = Seen(ordered.people, ordered.times, ordered.first, end)
    return newest.at(newest.first < newest.end)


def _worth_by_row(
    seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]
) -> Iterator[tuple[Integers, Integers]]:
    """Rows and factors, once for every activity and row that sees it while it is worth anything."""
    rows, end, times = seen.first, seen.end, seen.times
    while len(rows):
        worth = factors[(moments.instants[rows] - times) // DAY].astype(np.int64)
        yield rows, worth
        # Factors never rise with age: what has faded away stays so.
        left = (rows + 1 < end) & (worth > 0)
        rows, end, times = rows[left] + 1, end[left], times[left]

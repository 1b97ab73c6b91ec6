"""How often a rule counts at every moment at once: steps 1 to 4 of the semantics over whole columns.

An activity is seen at a run of its owner's rows: from the first moment after it to the last one before its
window, or a silence that wipes it out, has ended. So a count is a running sum of what comes and goes, which
costs the same however many moments lie between; only what decays is worth another amount at each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scoring.model import Rule
from scoring.timelines import Integers, Timelines, in_order

DAY = 86_400_000_000
"""Microseconds."""

MOST_TWENTIETHS = 20_000
TWENTIETHS = 20

NEVER = np.iinfo(np.int64).max
"""An instant that does not come."""


@dataclass(frozen=True)
class Seen:
    """Activities and the rows that see them: `first` included, `end` not; none where both are equal.

    Parameters
    ----------
    people, times : int arrays of shape (activities,)
        Who did it, and when (microseconds since 1970).
    first, end : int arrays
        Rows of the owner's moments.
    """

    people: npt.NDArray[np.integer]
    times: Integers
    first: Integers
    end: Integers

    def at(self, chosen: npt.NDArray[np.integer]) -> Seen:
        """Some of the activities, chosen by index."""
        first, end = self.first.take(chosen), self.end.take(chosen)
        return Seen(self.people.take(chosen), self.times.take(chosen), first, end)

    def seen_at_all(self) -> Seen:
        """Those that one row sees at least."""
        return self.at(np.flatnonzero(self.first < self.end))


class Activities:
    """What people did, and which rows can see it: looked up once for all rules that match it.

    Parameters
    ----------
    moments : Timelines
        The rows.
    owners, people, times : int arrays of shape (activities,)
        Whose rows see the activity, who did it, and when (microseconds since 1970).
    windows : iterable of int or None
        Those that are asked for, in days; None is without end.
    wiped_at : int array of shape (activities,), optional
        From when on it does not count, whatever the window.
    """

    def __init__(
        self,
        moments: Timelines,
        owners: npt.NDArray[np.integer],
        people: npt.NDArray[np.integer],
        times: Integers,
        windows: Iterable[int | None],
        wiped_at: Integers | None = None,
    ) -> None:
        self._people, self._times = people, times
        self._moments, self._owners, self._wiped_at = moments, owners.astype(np.int64), wiped_at
        delays = {0, *(days * DAY for days in windows if days is not None)}
        self._first_after = moments.first_after_each(self._owners, times, sorted(delays))
        self._first = self._first_after(0)

    def seen(self, window_days: int | None, can_be_wiped: bool = True) -> Seen:
        """Where they are seen.

        Parameters
        ----------
        window_days : int or None
            How old they may be.
        can_be_wiped : bool
            Whether what is wiped out matters.
        """
        is_endless = window_days is None
        days = window_days or 0
        ends = self._moments.ends(self._owners) if is_endless else self._first_after(days * DAY)
        if self._wiped_at is not None and can_be_wiped:
            last = NEVER - 1 if is_endless else self._times + days * DAY
            cut = np.flatnonzero(self._wiped_at <= last)
            ends[cut] = self._moments.first_after(self._owners[cut], self._wiped_at[cut] - 1)
        return Seen(self._people, self._times, self._first, ends)


def count_matches(seen: Seen, row_count: int) -> Integers:
    """How many activities each row sees, shape (row_count,)."""
    changes = np.bincount(seen.first, minlength=row_count + 1)
    changes -= np.bincount(seen.end, minlength=row_count + 1)
    return np.cumsum(changes)[:row_count]


def add_factors(seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]) -> Integers:
    """The sum of the decay factors of what each row sees, in thousandths; `factors` by age in days."""
    total = np.zeros(len(moments) + 1, dtype=np.int64)
    for rows, worth in _worth_by_row(seen, moments, factors):
        np.add.at(total, rows, worth)
    return total[:-1]


def largest_factors(seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]) -> Integers:
    """The largest decay factor of what each row sees, in thousandths; 0 where it sees nothing."""
    largest = np.zeros(len(moments) + 1, dtype=np.int64)
    for rows, worth in _worth_by_row(seen, moments, factors):
        np.maximum.at(largest, rows, worth)
    return largest[:-1]


def count_people(seen: Seen, row_count: int) -> Integers:
    """How many different people's activities each row sees, shape (row_count,)."""
    by_person = _in_order(seen.seen_at_all())
    people, first = by_person.people, by_person.first.copy()
    # Of one person, what is seen earlier also ends earlier: an overlap is with the activity before.
    again = np.flatnonzero(people[1:] == people[:-1])
    first[again + 1] = np.maximum(first[again + 1], by_person.end[again])
    # Where nothing is left of a run, its end takes away what its start adds.
    return count_matches(replace(by_person, first=np.minimum(first, by_person.end)), row_count)


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
            holders += np.bincount(rows[at_top], minlength=len(holders))
            np.maximum.at(runner_up, rows[~at_top], worth[~at_top])
        return cls(largest, runner_up, holders)

    def without(self, rows: Integers, own: Integers) -> Integers:
        """The largest factor of the others, for people who hold `own` themselves (0: nothing) at `rows`."""
        alone_at_top = (own == self.largest[rows]) & (self.holders[rows] < 2)
        return np.where(alone_at_top, self.runner_up[rows], self.largest[rows])


def most_twentieths(rule: Rule) -> int:
    """The largest count of a rule that counts `each` or `once`."""
    return min(MOST_TWENTIETHS, (rule.max_count or MOST_TWENTIETHS) * TWENTIETHS)


def to_twentieths(
    rule: Rule, matches: Integers | None, thousandths: Integers | None
) -> npt.NDArray[np.int16]:
    """Step 4 for `each` and `once`.

    Parameters
    ----------
    rule : Rule
    matches : int array of shape (rows,), optional
        Activities that match; needed where the rule requires more than one, or has no decay.
    thousandths : int array of shape (rows,), optional
        Sum (`each`) or largest (`once`) of their factors; without a decay it follows from the matches.
    """
    most = most_twentieths(rule)
    if thousandths is not None:
        counts = np.minimum((thousandths + 25) // 50, most)
    else:
        assert matches is not None
        most_matches = 1 if rule.counting == "once" else most // TWENTIETHS
        counts = np.minimum(matches, most_matches) * TWENTIETHS
    if rule.required_count > 1:
        assert matches is not None
        counts[matches < rule.required_count] = 0
    return counts.astype(np.int16)


def _in_order(seen: Seen) -> Seen:
    people, times = seen.people, seen.times
    same = people[1:] == people[:-1]
    if np.all((people[1:] > people[:-1]) | (same & (times[1:] >= times[:-1]))):
        return seen
    return seen.at(in_order(people.astype(np.int64), times))


def _newest_of_each_person(seen: Seen) -> Seen:
    """Each activity only at the rows where its person has done nothing newer, so that no two overlap."""
    ordered = _in_order(seen.seen_at_all())
    people, end = ordered.people, ordered.end.copy()
    again = np.flatnonzero(people[1:] == people[:-1])
    end[again] = np.minimum(end[again], ordered.first[again + 1])
    return replace(ordered, end=end).seen_at_all()


def _worth_by_row(
    seen: Seen, moments: Timelines, factors: npt.NDArray[np.int16]
) -> Iterator[tuple[Integers, Integers]]:
    """Rows and factors: what is worth anything comes once for every row that sees it.

    What no row sees comes once, at the row after, and is worth nothing there: to sift it out would cost more.
    """
    by_age = factors.astype(np.int64)

    def worth_at(rows: Integers, times: Integers) -> Integers:
        worth: Integers = by_age.take((moments.instants.take(rows, mode="clip") - times) // DAY, mode="clip")
        return worth

    rows, end, times = seen.first, seen.end, seen.times
    worth = worth_at(rows, times) * (rows < end)
    while len(rows):
        yield rows, worth
        # Factors never rise with age: what has faded away stays so.
        left = np.flatnonzero((rows + 1 < end) & (worth > 0))
        rows, end, times = rows.take(left) + 1, end.take(left), times.take(left)
        worth = worth_at(rows, times)

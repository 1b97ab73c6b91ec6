"""Which activities match which rules, and from when on a silence has wiped them out: facts for counting."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from queries.conditions import ParameterBag, rule_test
from queries.engine import Engine
from queries.statements import Item, load_statement
from scoring.model import Rule
from scoring.rule_counts import DAY, NEVER
from scoring.timelines import Integers, Timelines


@dataclass(frozen=True)
class People:
    """Leads whose activities are asked for; a person is a place in these arrays.

    Parameters
    ----------
    lead_numbers : int array of shape (people,)
        Rising.
    last_moments : int array of shape (people,)
        The last moment that could see an activity of the person, in microseconds since 1970.
    first_moment : int
        The first moment of all; what lies further back than a rule's window is never seen.
    """

    lead_numbers: Integers
    last_moments: Integers
    first_moment: int

    def __len__(self) -> int:
        return len(self.lead_numbers)

    @cached_property
    def table(self) -> pa.Table:
        """Columns person, lead_number and last_moment."""
        return pa.table(
            {
                "person": pa.array(np.arange(len(self)), pa.int32()),
                "lead_number": pa.array(self.lead_numbers, pa.int32()),
                "last_moment": pa.array(self.last_moments, pa.int64()).cast(pa.timestamp("us")),
            }
        )


@dataclass(frozen=True)
class Hits:
    """Activities of some people, in no order.

    Parameters
    ----------
    people, times : int arrays of shape (activities,)
        Who, and when (microseconds since 1970).
    matches : mapping
        By the numbers of rules that ask the same: the places of the activities that match.
    """

    people: npt.NDArray[np.int32]
    times: Integers
    matches: Mapping[tuple[int, ...], Integers]

    @classmethod
    def fetch(cls, engine: Engine, people: People, rules: Mapping[int, Rule]) -> Hits:
        """What at least one of the rules may match, and one of the moments may see."""
        bag = ParameterBag()
        columns = engine.columns("activities")
        alike = _with_equal_conditions(rules)
        recent = {i: _recent(engine, people, of_rules, bag) for i, of_rules in alike.items()}
        tests = {i: exp.and_(*recent[i], exp.paren(rule_test(rules[i], columns, bag))) for i in alike}
        wanted = next(iter(tests.values())) if len(tests) == 1 else _worth_handing_over(tests, recent)
        items = [Item(f"match_{i}", {"TEST": test}) for i, test in tests.items()]
        statement = load_statement("activity_hits", {"rules": items}, {"WANTED": wanted})
        table = engine.fetch(statement, bag.values, {"people": people.table})
        matches = {
            tuple(of_rules): pc.indices_nonzero(table.column(f"match_{i}")).to_numpy().view(np.int64)
            for i, of_rules in alike.items()
        }
        return cls(table.column("person").to_numpy(), table.column("occurred_at").to_numpy(), matches)


def _with_equal_conditions(rules: Mapping[int, Rule]) -> dict[int, dict[int, Rule]]:
    """The rules by the first of those that ask the same of an activity: one answer serves them all."""
    firsts: dict[Hashable, int] = {}
    alike: dict[int, dict[int, Rule]] = {}
    for i, rule in rules.items():
        first = firsts.setdefault((rule.match, rule.where), i)
        alike.setdefault(first, {})[i] = rule
    return alike


def _recent(engine: Engine, people: People, rules: Mapping[int, Rule], bag: ParameterBag) -> list[exp.Expr]:
    """The test that an activity lies within a rule's window at one moment at least; none where all do."""
    first = engine.first_activity_at
    windows = [rule.window_days for rule in rules.values() if rule.window_days is not None]
    if len(windows) < len(rules) or first is None:
        return []
    oldest = people.first_moment - max(windows) * DAY
    if oldest <= int(np.datetime64(first, "us").astype(np.int64)):
        return []
    instant = np.datetime64(oldest, "us").astype(datetime)
    return [exp.GTE(this=exp.column("occurred_at", "activities"), expression=bag.add(instant))]


def _worth_handing_over(tests: Mapping[int, exp.Expr], recent: Mapping[int, list[exp.Expr]]) -> exp.Expr:
    """Several rules match most of what they look back at between them: to sift that costs more than it saves.

    Where only a few look back without end, no more than what they match is handed over from before.
    """
    endless = [i for i, within in recent.items() if not within]
    if 2 * len(endless) > len(recent):
        return exp.true()
    return exp.paren(
        exp.or_(*(exp.and_(*within) if within else tests[i] for i, within in recent.items())).copy()
    )


class Silences:
    """When people fell silent for so long that what they did up to then no longer counts.

    Parameters
    ----------
    streak_ends : Arrow table
        Columns of ``streak_ends.sql``.
    reset_days : int or None
        How long a silence that is; None when nothing is ever wiped out.
    last_moment : int
        A silence that ends later changes nothing; microseconds since 1970.
    """

    def __init__(self, streak_ends: pa.Table, reset_days: int | None, last_moment: int) -> None:
        self._reset_days = reset_days
        self._lead_numbers = np.empty(0, dtype=np.int64)
        self._last_at = np.empty(0, dtype=np.int64)
        if reset_days is not None:
            last_at = microseconds(streak_ends.column("last_at"))
            over = np.flatnonzero(last_at <= last_moment - reset_days * DAY)
            lead_numbers = streak_ends.column("lead_number").to_numpy()[over]
            order = np.lexsort((last_at[over], lead_numbers))
            self._lead_numbers, self._last_at = lead_numbers[order], last_at[over][order]

    def reach(self, window_days: int | None) -> bool:
        """Whether silences wipe out what a rule can see: a shorter window ends before a silence does."""
        return len(self._last_at) > 0 and (window_days is None or window_days >= (self._reset_days or 0))

    def wiped_at(self, people: People, hits: Hits) -> Integers:
        """From when on each activity no longer counts, in microseconds; the largest integer is never."""
        wiped = np.full(len(hits.times), NEVER)
        if self._reset_days is None:
            return wiped
        places = np.searchsorted(people.lead_numbers, self._lead_numbers)
        ours = np.flatnonzero(places < len(people))
        ours = ours[people.lead_numbers[places[ours]] == self._lead_numbers[ours]]
        silences = Timelines(places[ours], self._last_at[ours], len(people))
        # Most people never fell silent for so long.
        silent = np.flatnonzero((np.diff(silences.starts) > 0)[hits.people])
        who = hits.people[silent].astype(np.int64)
        next_silence = silences.first_after(who, hits.times[silent] - 1)
        followed = next_silence < silences.ends(who)
        wiped[silent[followed]] = silences.instants[next_silence[followed]] + self._reset_days * DAY
        return wiped


def microseconds(times: pa.ChunkedArray) -> Integers:
    """Timestamps as microseconds since 1970."""
    values: Integers = times.to_numpy().astype("datetime64[us]").view(np.int64)
    return values

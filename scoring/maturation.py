"""How conversions came in over the days after the moment, by period and tier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.statistics import FloatArray

DAY = 86_400_000_000
"""Microseconds."""

Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The scored leads of every period, and when those that converted did.

    Times are microseconds since 1970.

    Parameters
    ----------
    periods, tiers : tuple of str
        Labels in time order, the model's tiers.
    horizon : int
        Microseconds after the moment in which a conversion counts.
    observed_until : int
    period, tier, moment, leads : int arrays, shape (groups,)
        How many leads of a tier were scored at a moment; periods and tiers by their places.
    won_period, won_tier, won_moment, delay : int arrays, shape (conversions,)
        One entry for each conversion known by `observed_until`; the delay after the moment is less than the
        horizon.
    amount : int array, shape (conversions,)
        Ten-thousandths of the currency unit.
    """

    periods: tuple[str, ...]
    tiers: tuple[str, ...]
    horizon: int
    observed_until: int
    period: Ints
    tier: Ints
    moment: Ints
    leads: Ints
    won_period: Ints
    won_tier: Ints
    won_moment: Ints
    delay: Ints
    amount: Ints

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        arrays = (self.period, self.tier, self.moment, self.leads)
        won = (self.won_period, self.won_tier, self.won_moment, self.delay, self.amount)
        return sum(array.nbytes for array in (*arrays, *won))

    @cached_property
    def last_moments(self) -> Ints:
        """The last moment of each period, of all tiers."""
        return self._edge(np.maximum, np.iinfo(np.int64).min)

    @cached_property
    def first_moments(self) -> Ints:
        """The first moment of each period, of all tiers."""
        return self._edge(np.minimum, np.iinfo(np.int64).max)

    def _edge(self, pick: np.ufunc, start: int) -> Ints:
        edges = np.full(len(self.periods), start, dtype=np.int64)
        pick.at(edges, self.period, self.moment)
        return edges

    def complete_by(self, at: int) -> list[int]:
        """Places of the periods all of whose leads had had the whole horizon by then."""
        return [
            place
            for place in np.unique(self.period).tolist()
            if self.last_moments[place] + self.horizon <= at
        ]

    def last_moment_by(self, place: int, at: int) -> int:
        """The last moment of a period up to an instant; its first one where all are later."""
        moments = self.moment[(self.period == place) & (self.moment <= at)]
        return int(moments.max(initial=self.first_moments[place]))

    def of(self, place: int, tier: int | None, at: int) -> Cohort:
        """The leads of a period, of one tier or of all, scored by an instant, as they were known then."""
        return self._cohort(place, tier, scored_by=at, known_by=at)

    def outcome(self, place: int, tier: int | None, scored_by: int) -> Cohort:
        """The same leads as they are known at the end of the data."""
        return self._cohort(place, tier, scored_by, known_by=self.observed_until)

    def _cohort(self, place: int, tier: int | None, scored_by: int, known_by: int) -> Cohort:
        rows = (self.period == place) & (self.moment <= scored_by)
        won = (self.won_period == place) & (self.won_moment <= scored_by)
        won &= self.won_moment + self.delay <= known_by
        if tier is not None:
            rows, won = rows & (self.tier == tier), won & (self.won_tier == tier)
        ages = np.minimum(known_by - self.moment[rows], self.horizon)
        return Cohort(ages, self.leads[rows], self.delay[won], self.amount[won])


@dataclass(frozen=True, eq=False)
class Cohort:
    """Leads of one period as they were known at an instant.

    Parameters
    ----------
    ages, leads : int arrays, shape (groups,)
        For how long leads had been watched, at most the horizon, and how many they are.
    delays, amounts : int arrays, shape (conversions,)
        Of the conversions known.
    """

    ages: Ints
    leads: Ints
    delays: Ints
    amounts: Ints

    @property
    def lead_count(self) -> int:
        return int(self.leads.sum())

    @property
    def conversions(self) -> int:
        return len(self.delays)

    def share_watched(self, delays: Ints) -> FloatArray:
        """Of these leads the share that had been watched for each of the delays, so that it is known."""
        order = np.argsort(self.ages, kind="stable")
        younger = np.concatenate([[0], np.cumsum(self.leads[order])])
        before = younger[np.searchsorted(self.ages[order], delays, side="left")]
        return 1 - before / max(self.lead_count, 1)

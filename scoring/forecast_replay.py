"""Forecasts of past periods as they would have been made then, beside what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.cells import TEN_THOUSANDTHS
from scoring.forecast import Forecast, forecast_period
from scoring.maturation import DAY, Cohorts

AGES = (1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6)
"""When forecasts are replayed, as shares of the time from a period's first moment until it is complete."""


@dataclass(frozen=True)
class Replay:
    """One forecast of the past.

    Attributes
    ----------
    forecast : Forecast
    age_days : float
        Since the first moment of the period.
    conversions : int
        What its leads, those scored by then, had converted in the end.
    amount : float
    holds : bool or None
        Whether the interval of the conversions holds that; None where the forecast was refused.
    amount_holds : bool or None
        The same of the amount; None without a forecast of it.
    """

    forecast: Forecast
    age_days: float
    conversions: int
    amount: float
    holds: bool | None
    amount_holds: bool | None


@dataclass(frozen=True)
class Coverage:
    """How many of the intervals held the truth."""

    held: int
    forecasts: int

    @property
    def share(self) -> float | None:
        """None without a forecast."""
        return self.held / self.forecasts if self.forecasts else None


def replay_forecasts(
    cohorts: Cohorts, tiers: Sequence[int | None] = (None,), ages: Sequence[float] = AGES
) -> tuple[Replay, ...]:
    """Forecast every period that is complete by now at several ages, each time from what was known by then.

    Parameters
    ----------
    tiers : sequence of int or None
        Places of tiers; None is all leads.
    ages : sequence of float
        In (0, 1), see `AGES`.
    """
    return tuple(
        _replay(cohorts, place, tier, age)
        for place in cohorts.complete_by(cohorts.observed_until)
        for age in ages
        for tier in tiers
    )


def coverage(replays: Sequence[Replay]) -> Coverage:
    """Of the conversions' intervals, refused forecasts left out."""
    held = [replay.holds for replay in replays if replay.holds is not None]
    return Coverage(sum(held), len(held))


def amount_coverage(replays: Sequence[Replay]) -> Coverage:
    """Of the amounts' intervals."""
    held = [replay.amount_holds for replay in replays if replay.amount_holds is not None]
    return Coverage(sum(held), len(held))


def _replay(cohorts: Cohorts, place: int, tier: int | None, age: float) -> Replay:
    first, last = int(cohorts.first_moments[place]), int(cohorts.last_moments[place])
    passed = int(age * (last + cohorts.horizon - first))
    at = first + passed
    forecast = forecast_period(cohorts, place, tier, at)
    final = cohorts.outcome(place, tier, at)
    amount = int(final.amounts.sum()) / TEN_THOUSANDTHS
    wins, worth = forecast.conversions, forecast.amount
    return Replay(
        forecast=forecast,
        age_days=passed / DAY,
        conversions=final.conversions,
        amount=amount,
        holds=None if wins is None else wins.low <= final.conversions <= wins.high,
        amount_holds=None if worth is None else worth.low <= amount <= worth.high,
    )

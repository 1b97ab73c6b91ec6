"""What a period that is still open will have converted when its horizon has passed.

Two things are learned from the periods that were complete by then, and only from what had been seen by then:
at which rate leads convert, and which share of their conversions had come in at the age that the leads of the
open period have now. Both differ from period to period by more than chance, and how much they do is learned,
too: that is what makes the interval honest. What the open period has shown so far then says which of the
rates is likely its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from scoring.cells import TEN_THOUSANDTHS
from scoring.forecast_draws import Past, Range, draw_amounts, draw_conversions
from scoring.maturation import Cohort, Cohorts

MIN_PAST_PERIODS = 3
"""Fewer complete periods: nothing is known of how much periods differ."""

MIN_PAST_CONVERSIONS = 20
"""Fewer conversions in them: neither rate nor timing is known well enough to be worth an interval."""

MOST_PAST_PERIODS = 12
"""Older ones say little about today: three years of quarters, one of months."""

EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Forecast:
    """What the leads scored in a period so far will have converted, or why that cannot be said.

    Attributes
    ----------
    period : str
    tier : str or None
        A tier's name; None for all leads.
    at : datetime
        What was known by then, UTC.
    complete_at : datetime
        When the horizon of the last of these leads has passed.
    leads : int
        Scored by then.
    known : int
        Of them converted by then.
    known_amount : float
    seen_share : float or None
        Share of their conversions that past periods had seen at the same age; None without any.
    past_periods : tuple of str
        Complete by then: what the forecast was learned from.
    past_conversions : int
        In them.
    conversions, rate, amount : Range or None
        Final figures, what is known included. None where refused; `amount` also where no past conversion has
        one.
    refusal : str or None
    """

    period: str
    tier: str | None
    at: datetime
    complete_at: datetime
    leads: int
    known: int
    known_amount: float
    seen_share: float | None
    past_periods: tuple[str, ...]
    past_conversions: int
    conversions: Range | None
    rate: Range | None
    amount: Range | None
    refusal: str | None


def forecast_period(cohorts: Cohorts, place: int, tier: int | None, at: int) -> Forecast:
    """Forecast one period's leads, of one tier or of all, from what was known at an instant.

    Parameters
    ----------
    cohorts : Cohorts
    place : int
        Of the period; its leads scored after the instant play no part.
    tier : int or None
        Its place; None for all leads together.
    at : int
        Microseconds since 1970.

    Notes
    -----
    The rate p of a period and the share F of its conversions that has come in by now are each drawn from a
    beta-binomial with a spread between periods (`scoring.group_shares`); F is learned at the ages that this
    period's leads have now. A draw counts by the binomial probability of what is known, k of n at p F; then
    n - k leads convert at p (1 - F) / (1 - p F). So with nothing known the past decides, and with much known
    the period itself: between Bornhuetter-Ferguson and chain ladder, Mack (2000), ASTIN Bulletin 30, 333-347.
    Periods differ, but without season or trend: where there is one, the interval is wider than it need be.
    Draws are seeded: equal data give equal figures.
    """
    now = cohorts.of(place, tier, at)
    past_places = [other for other in cohorts.complete_by(at) if other != place][-MOST_PAST_PERIODS:]
    past = Past.at_ages_of(now, [cohorts.of(other, tier, at) for other in past_places])
    conversions = rate = amount = None
    refusal = _refusal(now, past)
    if refusal is None:
        random = np.random.default_rng(0)
        more = draw_conversions(now, past, random)
        if more is None:
            refusal = _unlike(now, past)
        else:
            conversions = more.range(now.conversions)
            rate = conversions.over(now.lead_count)
            amount = draw_amounts(now, past, more, random)
    return Forecast(
        period=cohorts.periods[place],
        tier=None if tier is None else cohorts.tiers[tier],
        at=as_datetime(at),
        complete_at=as_datetime(cohorts.last_moment_by(place, at) + cohorts.horizon),
        leads=now.lead_count,
        known=now.conversions,
        known_amount=int(now.amounts.sum()) / TEN_THOUSANDTHS,
        seen_share=past.seen_share,
        past_periods=tuple(cohorts.periods[other] for other in past_places),
        past_conversions=past.conversions,
        conversions=conversions,
        rate=rate,
        amount=amount,
        refusal=refusal,
    )


def forecast_open(cohorts: Cohorts) -> dict[str, tuple[Forecast, ...]]:
    """Forecast every period that is not complete: all leads first, then each tier, lowest first."""
    at = cohorts.observed_until
    complete = cohorts.complete_by(at)
    tiers = [None, *range(len(cohorts.tiers))]
    return {
        cohorts.periods[place]: tuple(forecast_period(cohorts, place, tier, at) for tier in tiers)
        for place in np.unique(cohorts.period).tolist()
        if place not in complete
    }


def as_datetime(microseconds: int) -> datetime:
    """Microseconds since 1970 as a time, UTC without a zone."""
    return EPOCH + timedelta(microseconds=int(microseconds))


def _refusal(now: Cohort, past: Past) -> str | None:
    if now.lead_count == 0:
        return "no lead was scored"
    if len(past.wins) < MIN_PAST_PERIODS:
        return (
            f"it takes {MIN_PAST_PERIODS} complete periods to see how much they differ, and there are "
            f"{len(past.wins)}"
        )
    if past.conversions < MIN_PAST_CONVERSIONS:
        needed = f"it takes {MIN_PAST_CONVERSIONS} conversions in complete periods"
        return f"{needed}, and there are {past.conversions:,}"
    return None


def _unlike(now: Cohort, past: Past) -> str:
    usual = past.conversions / past.leads.sum() * now.lead_count * (past.seen_share or 0.0)
    return (
        f"{now.conversions:,} of {now.lead_count:,} leads have converted by now, which is unlike any past "
        f"period ({usual:,.0f} would be usual)"
    )

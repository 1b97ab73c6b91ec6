"""Whether each tier's promise of a response was kept: from reaching it to the first thing that sales did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.definition import action_words
from scoring.funnel import DAY, NEVER
from scoring.model import Model, Tier
from scoring.statistics import rate, wilson_interval

HOUR = DAY // 24
"""Microseconds."""


@dataclass(frozen=True, eq=False)
class ResponseTimes:
    """Leads that reached a tier, and what sales did about it.

    Parameters
    ----------
    tier : int array, shape (n,)
        Places in the model's tiers; a lead counts once for each tier that it did not just pass.
    entered_at, touched_at : int array, shape (n,)
        Microseconds since 1970; `touched_at` is the first outcome of sales from then on, `NEVER` without one.
    in_hands : bool array, shape (n,)
        Whether sales had accepted the lead before already: then there is nothing to respond to.
    observed_until : datetime
        UTC, naive.
    """

    tier: IntArray
    entered_at: IntArray
    touched_at: IntArray
    in_hands: NDArray[np.bool_]
    observed_until: datetime


@dataclass(frozen=True)
class TierResponse:
    """A tier's promise and how it was kept.

    Attributes
    ----------
    tier, promise : str
        `promise` is the model's action, owner and response time in words; '' for none.
    respond_within_hours : float or None
    entered : int
        Leads that reached it and were not in the hands of sales.
    in_hands : int
        Leads that reached it and were.
    due, kept : int
        Those whose response time has passed or that were answered in time; of them, answered in time. 0 where
        the model promises nothing.
    kept_rate, low, high : float or None
        ``kept / due`` with its Wilson interval.
    complete, worked : int
        Those that had all the days allowed to convert; of them, those about which sales did anything.
    hours_low, hours_median, hours_high : float or None
        Hours to the first response of those that were `worked`: quartiles.
    """

    tier: str
    promise: str
    respond_within_hours: float | None
    entered: int
    in_hands: int
    due: int
    kept: int
    kept_rate: float | None
    low: float | None
    high: float | None
    complete: int
    worked: int
    hours_low: float | None
    hours_median: float | None
    hours_high: float | None


def tier_responses(times: ResponseTimes, model: Model) -> tuple[TierResponse, ...]:
    """How sales responded to each tier of the model, in its order."""
    return tuple(_tier(times, model, tier, place) for place, tier in enumerate(model.tiers))


def _tier(times: ResponseTimes, model: Model, tier: Tier, place: int) -> TierResponse:
    here = times.tier == place
    asked = here & ~times.in_hands
    until = int(np.datetime64(times.observed_until, "us").astype(np.int64))
    entered, touched = times.entered_at[asked], times.touched_at[asked]
    waited = np.where(touched == NEVER, NEVER, touched - entered)
    due = kept = 0
    if tier.respond_within_hours is not None:
        allowed = int(tier.respond_within_hours * HOUR)
        in_time = waited <= allowed
        kept = int(in_time.sum())
        # Until the time has passed a lead without an answer says nothing.
        due = kept + int((~in_time & (entered + allowed <= until)).sum())
    horizon = model.conversion.horizon_days * DAY
    complete = entered + horizon <= until
    worked = waited[complete & (waited < horizon)]
    low, high = wilson_interval(kept, due)
    quartiles = np.quantile(worked, [0.25, 0.5, 0.75]) / HOUR if len(worked) else (None, None, None)
    return TierResponse(
        tier=tier.name,
        promise=action_words(tier),
        respond_within_hours=tier.respond_within_hours,
        entered=int(asked.sum()),
        in_hands=int((here & times.in_hands).sum()),
        due=due,
        kept=kept,
        kept_rate=rate(kept, due),
        low=low,
        high=high,
        complete=int(complete.sum()),
        worked=len(worked),
        hours_low=_number(quartiles[0]),
        hours_median=_number(quartiles[1]),
        hours_high=_number(quartiles[2]),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]  # a NumPy number

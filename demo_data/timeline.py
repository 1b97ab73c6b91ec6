"""When things happen in the demo: ten quarters in steps of three days, with seasons and office hours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

START: Final = datetime(2024, 1, 1)
# The "export" is taken before the last quarter is over: with 90 days allowed, 2026-Q2 is still open.
END: Final = datetime(2026, 6, 22)
STEP_DAYS: Final = 3
STEP_COUNT: Final = (END - START).days // STEP_DAYS
HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
STEP: Final = STEP_DAYS * DAY
# Times are whole microseconds since 1970, as Arrow and DuckDB keep them.
START_TIME: Final = int(np.datetime64(START, "us").astype(np.int64))
END_TIME: Final = START_TIME + STEP_COUNT * STEP

FIRST_YEAR: Final = 2024
QUARTERS: Final = tuple(f"{FIRST_YEAR + i // 4}-Q{i % 4 + 1}" for i in range(10))

# January to December. Budgets are spent before the year ends; in summer nobody signs.
BUYING_SEASON: Final = np.array([0.9, 0.95, 1.1, 0.95, 1.0, 1.05, 0.7, 0.6, 0.8, 1.5, 1.5, 1.5])
ACTIVITY_SEASON: Final = np.array([1.0, 1.0, 1.1, 1.0, 1.0, 1.0, 0.9, 0.8, 1.1, 1.05, 1.05, 0.8])
WEEKEND_WEIGHT: Final = 0.15

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def step_of(times: Integers) -> Integers:
    """Step, from 0, that each time (microseconds since 1970) falls in."""
    return (times - START_TIME) // STEP


def step_starts() -> Integers:
    """First microsecond of each step, shape (STEP_COUNT,)."""
    return START_TIME + np.arange(STEP_COUNT, dtype=np.int64) * STEP


def _months(times: Integers) -> Integers:
    months: Integers = times.view("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return months


def season(weights: Floats) -> Floats:
    """Weight of each step, shape (STEP_COUNT,), by the month it starts in; `weights` has 12, from January."""
    by_step: Floats = weights[_months(step_starts()) % 12]
    return by_step


def quarter_of(times: Integers) -> Integers:
    """Index into `QUARTERS` of each time."""
    return (_months(times) - (FIRST_YEAR - 1970) * 12) // 3


def office_times(rng: np.random.Generator, steps: Integers) -> Integers:
    """A time within each step: a weekday more often than not, between 7 and 20 o'clock.

    Parameters
    ----------
    rng : numpy.random.Generator
    steps : int64 array
        Steps, each in [0, STEP_COUNT).

    Returns
    -------
    int64 array
        Microseconds since 1970, same shape; empty for no steps.
    """
    # 1970-01-01 was a Thursday: (days + 3) % 7 counts from Monday.
    first_days = step_starts() // DAY
    days = first_days[:, None] + np.arange(STEP_DAYS)
    weights = np.where((days + 3) % 7 < 5, 1.0, WEEKEND_WEIGHT)
    cumulative = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    draws = rng.random(len(steps))
    day = (draws[:, None] > cumulative[steps, :-1]).sum(axis=1)
    within = 7 * HOUR + (rng.beta(2.0, 2.2, len(steps)) * 13 * HOUR).astype(np.int64)
    times: Integers = (first_days[steps] + day) * DAY + whole_seconds(within)
    return times


def whole_seconds(durations: Integers) -> Integers:
    """Durations in microseconds, cut to whole seconds as CRM exports write them."""
    whole: Integers = durations // 1_000_000 * 1_000_000
    return whole

"""Periods: where they start and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from scoring.model import Observation


@dataclass(frozen=True)
class Period:
    """One quarter or month: ``starts_at <= moment < ends_at``."""

    label: str
    starts_at: datetime
    ends_at: datetime


@lru_cache(maxsize=64)
def periods_between(first: datetime, last: datetime, observation: Observation) -> tuple[Period, ...]:
    """Every period that has an instant in ``[first, last]``, in time order; none when ``last < first``.

    A quarter of a fiscal year that starts in month m > 1 carries the year in which that fiscal year ends;
    month labels stay calendar.
    """
    return tuple(_periods(first, last, observation)) if first <= last else ()


def _periods(first: datetime, last: datetime, observation: Observation) -> Iterator[Period]:
    length = 1 if observation.period == "month" else 3
    offset = 0 if observation.period == "month" else observation.fiscal_year_start_month - 1
    months = first.year * 12 + first.month - 1
    months -= (months - offset) % length
    while months <= last.year * 12 + last.month - 1:
        yield Period(_label(months, observation), _month_start(months), _month_start(months + length))
        months += length


def _label(months: int, observation: Observation) -> str:
    if observation.period == "month":
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    start_month = observation.fiscal_year_start_month
    fiscal_months = months - (start_month - 1)
    year = fiscal_months // 12 + (1 if start_month > 1 else 0)
    return f"{year:04d}-Q{fiscal_months % 12 // 3 + 1}"


def _month_start(months: int) -> datetime:
    """The first instant of a month counted from year 0, kept inside what a datetime can hold."""
    if months < 12:
        return datetime.min
    if months >= 120_000:
        return datetime.max
    return datetime(months // 12, months % 12 + 1, 1)

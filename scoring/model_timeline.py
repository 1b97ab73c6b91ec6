"""Which version of the model was in use when, and what its top tier converted in the periods of that time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoring.backtest import Backtest, PeriodFigures, TierFigures
from scoring.model import Observation
from scoring.periods import Period, periods_between
from scoring.worked import WorkedShare


@dataclass(frozen=True)
class Span:
    """A version in use: ``starts_at <= time < ends_at``, None for always before and until further notice."""

    version: int
    starts_at: datetime | None
    ends_at: datetime | None

    def holds(self, time: datetime) -> bool:
        """Whether the version was in use then."""
        started = self.starts_at is None or self.starts_at <= time
        return started and (self.ends_at is None or time < self.ends_at)


@dataclass(frozen=True)
class TimelinePoint:
    """The top tier in a period, under the version that was in use when the period began.

    `worked` is the share of its leads that sales worked, None where the data do not tell it.
    """

    version: int
    period: Period
    figures: PeriodFigures
    top: TierFigures
    worked: WorkedShare | None = None


def spans_in_use(changes: Iterable[tuple[int, datetime]]) -> tuple[Span, ...]:
    """From when to when each version was in use.

    Parameters
    ----------
    changes : iterable of (version, time)
        Versions as they came into use, oldest first. The first counts for all the time before, too: it is
        what was in use when the history began.

    Examples
    --------
    >>> [span.ends_at for span in spans_in_use([(1, datetime(2025, 1, 1)), (2, datetime(2025, 6, 1))])]
    [datetime.datetime(2025, 6, 1, 0, 0), None]
    """
    known = list(changes)
    starts: list[datetime | None] = [None, *(time for _, time in known[1:])]
    ends: list[datetime | None] = [*(time for _, time in known[1:]), None]
    return tuple(
        Span(version, start, end) for (version, _), start, end in zip(known, starts, ends, strict=False)
    )


def starts_of_periods(backtest: Backtest, observation: Observation) -> dict[str, Period]:
    """The periods of a back-test by their labels."""
    labels = {figures.period for figures in backtest.periods}
    years = [int(label.partition("-")[0]) for label in labels]
    if not years:
        return {}
    # The year of a fiscal quarter is at most one ahead of the calendar's.
    first, last = datetime(max(min(years) - 1, 1), 1, 1), backtest.observed_until + timedelta(days=1)
    return {
        period.label: period for period in periods_between(first, last, observation) if period.label in labels
    }


def timeline_points(
    backtest: Backtest,
    observation: Observation,
    spans: Sequence[Span],
    worked: Iterable[WorkedShare] = (),
) -> list[TimelinePoint]:
    """The periods of a version's back-test that began while it was in use, oldest first.

    Parameters
    ----------
    backtest : Backtest
        Of one version.
    observation : Observation
        Of its model: what a period is.
    spans : sequence of Span
        When it was in use; a version can come back.
    worked : iterable of WorkedShare
        Of the same version by period and tier; empty where the data do not tell it.
    """
    known = {(one.period, one.tier): one for one in worked}
    periods = starts_of_periods(backtest, observation)
    points = []
    for figures in backtest.periods:
        period = periods.get(figures.period)
        span = next((one for one in spans if period is not None and one.holds(period.starts_at)), None)
        if period is not None and span is not None and figures.tiers:
            top = figures.tiers[-1]
            points.append(
                TimelinePoint(span.version, period, figures, top, known.get((period.label, top.tier)))
            )
    return points

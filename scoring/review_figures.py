"""The figures of a review: one period beside the one before and the same one a year ago, from cells alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from scoring.backtest import Backtest, PeriodFigures, TierFigures, compute_backtest
from scoring.cells import Cells
from scoring.errors import ScoringError
from scoring.model import Model, Observation
from scoring.periods import Period, periods_between
from scoring.rate_change import rate_change
from scoring.review import PartReview, PartRow, State, TierReview
from scoring.review_parts import part_words
from scoring.statistics import rate, wilson_interval
from scoring.worked import WorkedShare, of_period


@dataclass(frozen=True)
class ThreePeriods:
    """The period that is looked at, the one before and the same one a year ago, with rows or without."""

    this: Period
    before: Period
    year_before: Period

    @property
    def labels(self) -> tuple[str, str, str]:
        """In this order."""
        return self.this.label, self.before.label, self.year_before.label


def choose_period(backtest: Backtest, asked: str | None) -> str:
    """The label of the period to review: the one asked for, else the newest complete one, else the newest.

    Raises
    ------
    ScoringError
        There is no such period, or none at all.
    """
    labels = [figures.period for figures in backtest.periods]
    if not labels:
        raise ScoringError(
            "a review must have leads that were scored, got none; load older data or see which leads the "
            "model leaves out"
        )
    if asked is not None:
        if asked not in labels:
            raise ScoringError(f"period must be one of {', '.join(labels)}, got {asked!r}")
        return asked
    complete = [figures.period for figures in backtest.periods if state_of(figures) == State.COMPLETE]
    return complete[-1] if complete else labels[-1]


def state_of(figures: PeriodFigures) -> State:
    """How far the horizon of a period's leads has passed."""
    if not figures.immature_leads:
        return State.COMPLETE
    return State.PARTLY if figures.leads else State.OPEN


def three_periods(label: str, observed_until: datetime, observation: Observation) -> ThreePeriods:
    """A period by its label, with those that it is compared with.

    Raises
    ------
    ScoringError
        The label is of no period up to `observed_until`.
    """
    # The year of a fiscal quarter is at most one ahead of the calendar's, and a year ago is another one.
    year = label.partition("-")[0]
    first = datetime(max(int(year) - 3, 1), 1, 1) if year.isdecimal() else observed_until
    known = periods_between(first, observed_until, observation)
    place = next((i for i, period in enumerate(known) if period.label == label), None)
    a_year = 12 if observation.period == "month" else 4
    if place is None or place < a_year:
        raise ScoringError(f"period must lie before the end of the data, got {label!r}")
    return ThreePeriods(known[place], known[place - 1], known[place - a_year])


def with_open_leads(cells: Cells) -> Cells:
    """The cells as if every horizon had passed: for counts of all leads that were scored, never for rates."""
    return replace(cells, mature=np.ones(len(cells.mature), dtype=np.bool_))


def find_period(backtest: Backtest, label: str) -> PeriodFigures | None:
    """The figures of a period; None where it has no row."""
    return next((figures for figures in backtest.periods if figures.period == label), None)


def review_tiers(
    model: Model,
    backtest: Backtest,
    scored: Backtest,
    periods: ThreePeriods,
    worked: Sequence[WorkedShare],
) -> tuple[TierReview, ...]:
    """Every tier in the three periods.

    Parameters
    ----------
    backtest : Backtest
    scored : Backtest
        Of `with_open_leads`.
    worked : sequence of WorkedShare
        Of every period and tier; empty where it is not known.
    """
    figures = [find_period(backtest, label) for label in periods.labels]
    counts = [find_period(scored, label) for label in periods.labels]
    result = []
    for place, tier in enumerate(model.tiers):
        this, before, year_before = (None if one is None else one.tiers[place] for one in figures)
        assert this is not None  # the period was chosen among those with rows
        leads = [None if one is None else one.tiers[place].leads for one in counts]
        shares = [None if one is None else rate(one.tiers[place].leads, one.leads) for one in counts]
        result.append(
            TierReview(
                tier=tier.name,
                label=tier.shown_label,
                threshold=tier.threshold,
                action=tier.action,
                owner=tier.owner,
                respond_within_hours=tier.respond_within_hours,
                this=this,
                before=before,
                year_before=year_before,
                scored=leads[0] or 0,
                scored_before=leads[1],
                scored_year_before=leads[2],
                share=shares[0],
                share_before=shares[1],
                share_year_before=shares[2],
                change=rate_change(this, before),
                year_change=rate_change(this, year_before),
                worked={one.period: one for one in worked if one.tier == tier.name},
            )
        )
    return tuple(result)


def review_parts(
    name: str,
    column: str,
    cells: Cells,
    model: Model,
    whole: Backtest,
    periods: ThreePeriods,
    worked: Mapping[str, Sequence[WorkedShare]],
) -> PartReview:
    """The leads of the three periods by the segment that the cells are split by.

    Parameters
    ----------
    cells : Cells
        Split by `column`, scored with this model.
    whole : Backtest
        Of all leads.
    worked : mapping of str to sequence of WorkedShare
        By segment, then period and tier; empty where the data do not tell what sales worked.
    """
    top = model.tiers[-1].name
    rows = []
    for value in cells.segments:
        part = cells.select(value)
        if not set(part.periods) & set(periods.labels):
            continue
        figures = compute_backtest(part, model)
        scored = compute_backtest(with_open_leads(part), model)
        mature = [
            _all_leads(find_period(figures, label), find_period(whole, label)) for label in periods.labels
        ]
        counts = [find_period(scored, label) for label in periods.labels]
        this = find_period(figures, periods.this.label)
        rows.append(
            PartRow(
                value=value,
                all=mature[0],
                all_before=mature[1],
                all_year_before=mature[2],
                top=this.tiers[-1] if this else _nothing(top),
                scored=counts[0].leads if counts[0] else 0,
                scored_before=counts[1].leads if counts[1] else 0,
                scored_year_before=counts[2].leads if counts[2] else 0,
                scored_top=counts[0].tiers[-1].leads if counts[0] else 0,
                worked=of_period(worked.get(value, ()), periods.this.label).get(top),
            )
        )
    return PartReview(name, column, part_words(name, column), tuple(_most_leads_first(rows)))


def _most_leads_first(rows: Sequence[PartRow]) -> list[PartRow]:
    return sorted(rows, key=lambda row: (-row.scored, -row.scored_before, -row.scored_year_before, row.value))


def _all_leads(part: PeriodFigures | None, whole: PeriodFigures | None) -> TierFigures:
    """A part's leads of all tiers, beside those of the whole period."""
    if part is None or whole is None:
        return _nothing("")
    low, high = wilson_interval(part.conversions, part.leads)
    return TierFigures(
        tier="",
        leads=part.leads,
        conversions=part.conversions,
        rate=part.rate,
        low=low,
        high=high,
        lift=None if part.rate is None or not whole.rate else part.rate / whole.rate,
        capture=rate(part.conversions, whole.conversions),
        amount=part.amount,
    )


def _nothing(tier: str) -> TierFigures:
    return TierFigures(tier, 0, 0, None, None, None, None, None, 0.0)

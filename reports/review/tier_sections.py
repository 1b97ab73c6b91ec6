"""Tiers in a document: their rates, their rates over time, and how many leads were in which."""

from __future__ import annotations

from reports.review.content import Cell, Chart, Figure, Section, Series, Table, columns_or_bars
from reports.review.figures import path_of, share, tier_columns, tier_row, whole
from scoring.backtest import PeriodFigures, TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.figure_words import count, likely_range, percent
from scoring.review import QuarterReview, TierReview
from scoring.review_words import change_words
from scoring.worked import POOLED

RANGE_NOTE = "Lines show the likely range."


def tiers_section(review: QuarterReview) -> Section:
    """What each tier converted, beside the period before and a year ago."""
    labels = tuple(tier.label for tier in review.tiers)
    compared: tuple[tuple[str, list[TierFigures | None]], ...] = (
        (review.year_before_label, [tier.year_before for tier in review.tiers]),
        (review.before_label, [tier.before for tier in review.tiers]),
        (review.period, [tier.this for tier in review.tiers]),
    )
    series = tuple(
        _rates(period, period, figures)
        for period, figures in compared
        if any(f is not None and f.rate is not None for f in figures)
    )
    drawn = [one.name for one in series]
    when = review.period if review.period in drawn else " and ".join(drawn)
    title = f"Conversion rate by tier in {when}"
    charts = (Chart("tiers", columns_or_bars(labels), "rate", title, labels, series, RANGE_NOTE),)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (tier.label, *tier_row(review, tier, review.period, tier.this)) for tier in reversed(review.tiers)
    )
    table = Table(f"Every tier in {review.period}", ("Tier", *tier_columns(review)), rows)
    columns = ("Tier", f"Against {review.before_label}", f"Against {review.year_before_label}")
    moves: tuple[tuple[Cell, ...], ...] = tuple(
        (tier.label, *_moved(tier)) for tier in reversed(review.tiers)
    )
    moved = Table(f"How the rates of {review.period} moved", columns, moves)
    comparable = any(tier.change or tier.year_change for tier in review.tiers)
    return Section(
        _tiers_title(review.period, review.top),
        charts=charts if series else (),
        tables=(table, moved) if comparable else (table,),
    )


def _tiers_title(period: str, top: TierReview) -> str:
    figures = top.this
    if figures.rate is None:
        return f"No {top.label} lead of {period} has had all its days to convert"
    if figures.leads < MIN_LEADS_FOR_RATE:
        counts = f"{count(figures.conversions)} of {count(figures.leads)}"
        return f"{counts} {top.label} leads converted: too few to judge"
    title = f"{top.label} leads converted at {percent(figures.rate)}"
    return title if figures.lift is None else f"{title}, {figures.lift:.1f} times the average"


def _moved(tier: TierReview) -> tuple[Figure, Figure]:
    """The changes of a tier's rate, in words."""
    none = "nothing to compare"
    return Figure(change_words(tier.change) or none), Figure(change_words(tier.year_change) or none)


def _rates(name: str, period: str, figures: list[TierFigures | None]) -> Series:
    return Series(
        name,
        tuple(None if one is None else one.rate for one in figures),
        tuple(None if one is None else one.low for one in figures),
        tuple(None if one is None else one.high for one in figures),
        tuple("" if one is None else path_of(period, one.tier, "rate") for one in figures),
    )


def _complete(review: QuarterReview) -> tuple[PeriodFigures, ...]:
    return tuple(figures for figures in review.backtest.periods if figures.leads)


def periods_section(review: QuarterReview) -> Section:
    """The top tier's rate over time."""
    periods, top = _complete(review), review.top
    if not periods:
        return Section(f"No {review.word} is complete yet, so there is no rate to follow")
    tiers = [next(one for one in figures.tiers if one.tier == top.tier) for figures in periods]
    paths = tuple(path_of(figures.period, top.tier, "rate") for figures in periods)
    series = (
        Series(
            "All leads",
            tuple(figures.rate for figures in periods),
            paths=tuple(path_of(figures.period, "", "rate") for figures in periods),
        ),
        Series(
            top.label,
            tuple(one.rate for one in tiers),
            tuple(one.low for one in tiers),
            tuple(one.high for one in tiers),
            paths,
        ),
    )
    pooled = next(one for one in review.backtest.pooled.tiers if one.tier == top.tier)
    found = top.worked.get(POOLED)
    worked = "" if found is None or found.share is None else f", sales worked {percent(found.share)}"
    title = (
        f"Over all complete {review.word}s {top.label} leads converted at {percent(pooled.rate)} "
        f"({likely_range(pooled.low, pooled.high)}, {count(pooled.leads)} lead-{review.word}s{worked})"
    )
    labels = tuple(figures.period for figures in periods)
    chart = Chart(
        "periods", "lines", "rate", f"{top.label} by {review.word}", labels, series, _open_note(review)
    )
    return Section(title, charts=(chart,))


def _open_note(review: QuarterReview) -> str:
    partly = [f.period for f in review.backtest.periods if f.leads and f.immature_leads]
    small = [f.period for f in review.backtest.periods if 0 < _top_leads(review, f) < MIN_LEADS_FOR_RATE]
    return (
        RANGE_NOTE
        + (f" Partly complete: {', '.join(partly)}." if partly else "")
        + (f" Fewer than {MIN_LEADS_FOR_RATE} {review.top.label} leads: {', '.join(small)}." if small else "")
    )


def _top_leads(review: QuarterReview, figures: PeriodFigures) -> int:
    return next(one.leads for one in figures.tiers if one.tier == review.top.tier)


def mix_section(review: QuarterReview) -> Section:
    """How many leads were in which tier."""
    periods = _complete(review)
    top = review.top
    series = tuple(
        Series(
            tier.label,
            tuple(next(one.leads for one in f.tiers if one.tier == tier.tier) for f in periods),
            paths=tuple(path_of(f.period, tier.tier, "leads") for f in periods),
        )
        for tier in review.tiers
    )
    title = (
        f"{count(top.scored)} leads of {review.period} were {top.label}, {percent(top.share)} of all scored"
    )
    labels = (review.period, review.before_label, review.year_before_label)
    scored = (review.scored, review.scored_before, review.scored_year_before)
    there = [place for place, leads in enumerate(scored) if leads is not None]
    columns = ["Tier"]
    for place in there:
        columns += [f"{labels[place]}: leads scored", f"{labels[place]}: share"]
    rows = tuple(
        (tier.label, *(cell for place in there for cell in _scored_cells(tier)[place]))
        for tier in reversed(review.tiers)
    )
    table = Table("Leads scored by tier, those still open included", tuple(columns), rows)
    if not periods:
        return Section(title, tables=(table,))
    chart = Chart(
        "mix",
        "stack",
        "count",
        f"Complete leads by tier and {review.word}",
        tuple(figures.period for figures in periods),
        series,
    )
    return Section(title, charts=(chart,), tables=(table,))


def _scored_cells(tier: TierReview) -> tuple[tuple[Cell, Cell], ...]:
    """Leads scored and share of all, in this period, the one before and a year ago."""
    return (
        (whole(tier.scored), share(tier.share)),
        (whole(tier.scored_before), share(tier.share_before)),
        (whole(tier.scored_year_before), share(tier.share_year_before)),
    )

"""A quarter's review as a document: made of exactly what `QuarterReview` holds, and the model in words."""

from __future__ import annotations

from reports.review.content import Cell, Chart, Document, Figure, Section, Series, Table
from reports.review.figures import (
    PERIOD_COLUMNS,
    TIER_COLUMNS,
    path_of,
    period_cells,
    share,
    tier_cells,
    whole,
)
from reports.review.future import forecast_sections
from reports.review.parts import part_section
from scoring.backtest import POOLED, PeriodFigures, TierFigures
from scoring.definition import Definition
from scoring.figure_words import NO_DATA, count, likely_range, likely_times, percent
from scoring.model import Model
from scoring.review import QuarterReview, TierReview, VersionChange
from scoring.review_words import change_words

EXPLAINED = (
    "A complete lead has had all its days to convert; only complete leads have a rate.",
    "The likely range holds the true rate 95 times in 100.",
    "Share of wins caught: the part of all conversions that came from a tier's leads.",
    "Times the average: a tier's rate by the rate of all leads together.",
    "Picks the buyer: how often, of a lead that bought and one that did not, the score is higher for the "
    "buyer.",
    "A lead that is scored in several periods counts once in each.",
)


def review_document(review: QuarterReview, model: Model, words: Definition, company: str = "") -> Document:
    """Lay out a review.

    Parameters
    ----------
    review : QuarterReview
    model : Model
        The one that was reviewed.
    words : Definition
        Its definition, for those who were not there.
    company : str
        Whose document it is; '' leaves it unsaid.
    """
    version = f", version {review.version}" if review.version is not None else ", not a saved version"
    return Document(
        title=f"Review of {review.period}",
        company=company,
        facts=(
            f"{review.period}, {review.state.value}",
            f"Model: {review.model}{version}",
            f"Data up to {review.observed_until:%d %B %Y}",
        ),
        headline=review.headline,
        key_figures=_key_figures(review),
        sections=(
            Section("What else happened", points=review.sentences),
            _tiers(review),
            _periods(review),
            _mix(review),
            part_section(review, review.sources),
            part_section(review, review.campaigns),
            *forecast_sections(review),
            *([_changes(review)] if review.changes else []),
            _next(review),
            _definitions(review, model, words),
            Section("What these figures cannot say", points=review.caveats),
            _all_figures(review),
        ),
    )


def _key_figures(review: QuarterReview) -> tuple[tuple[str, Figure, str], ...]:
    this, top = review.this, review.top
    converted = f"of {count(this.leads)} complete leads"
    return (
        ("Leads scored", whole(review.scored), f"{count(this.immature_leads)} still open"),
        ("Converted", whole(this.conversions, path_of(this.period, "", "conversions")), converted),
        (
            f"{top.label} that converted",
            share(top.this.rate, path_of(this.period, top.tier, "rate")),
            f"{count(top.this.conversions)} of {count(top.this.leads)}, "
            f"{likely_range(top.this.low, top.this.high)}",
        ),
        (
            f"Wins caught by {top.label}",
            share(top.this.capture, path_of(this.period, top.tier, "capture")),
            f"{count(top.this.conversions)} of {count(this.conversions)} conversions",
        ),
        (
            "Picks the buyer",
            Figure(_in_100(this.auc), this.auc, path_of(this.period, "", "auc")),
            f"times, {likely_times(this.auc_low, this.auc_high)}",
        ),
    )


def _in_100(auc: float | None) -> str:
    return NO_DATA if auc is None else f"{100 * auc:.0f} in 100"


def _tiers(review: QuarterReview) -> Section:
    labels = tuple(tier.label for tier in review.tiers)
    compared: tuple[tuple[str, list[TierFigures | None]], ...] = (
        (review.year_before_label, [tier.year_before for tier in review.tiers]),
        (review.before_label, [tier.before for tier in review.tiers]),
        (review.period, [tier.this for tier in review.tiers]),
    )
    series = tuple(
        _rates(period, period, figures) for period, figures in compared if any(f is not None for f in figures)
    )
    top = review.top
    title = f"{top.label} leads converted at {percent(top.this.rate)}"
    if top.this.lift is not None:
        title += f", {top.this.lift:.1f} times the average"
    chart = Chart(
        "tiers", "columns", "rate", f"Conversion rate by tier in {review.period}", labels, series, RANGE_NOTE
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (tier.label, *tier_cells(review.period, tier.this)) for tier in reversed(review.tiers)
    )
    table = Table(f"Every tier in {review.period}", ("Tier", *TIER_COLUMNS), rows)
    columns = ("Tier", f"Against {review.before_label}", f"Against {review.year_before_label}")
    moves: tuple[tuple[Cell, ...], ...] = tuple(
        (tier.label, *_moved(tier)) for tier in reversed(review.tiers)
    )
    moved = Table(f"How the rates of {review.period} moved", columns, moves)
    return Section(title, charts=(chart,), tables=(table, moved))


RANGE_NOTE = "Lines show the likely range."


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


def _periods(review: QuarterReview) -> Section:
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
    title = (
        f"Over all complete {review.word}s {top.label} leads converted at {percent(pooled.rate)} "
        f"({likely_range(pooled.low, pooled.high)}, {count(pooled.leads)} lead-{review.word}s)"
    )
    labels = tuple(figures.period for figures in periods)
    chart = Chart(
        "periods", "lines", "rate", f"{top.label} by {review.word}", labels, series, _open_note(review)
    )
    return Section(title, charts=(chart,))


def _open_note(review: QuarterReview) -> str:
    partly = [f.period for f in review.backtest.periods if f.leads and f.immature_leads]
    return RANGE_NOTE + (f" Partly complete: {', '.join(partly)}." if partly else "")


def _mix(review: QuarterReview) -> Section:
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
    rows = tuple(
        (
            tier.label,
            whole(tier.scored),
            share(tier.share),
            whole(tier.scored_before),
            share(tier.share_before),
            whole(tier.scored_year_before),
            share(tier.share_year_before),
        )
        for tier in reversed(review.tiers)
    )
    columns = ["Tier"]
    for label in (review.period, review.before_label, review.year_before_label):
        columns += [f"{label}: leads scored", f"{label}: share"]
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


def _changes(review: QuarterReview) -> Section:
    number = len(review.changes)
    times = "once" if number == 1 else f"{number} times"
    title = f"The model changed {times} since {review.year_before_label} began"
    return Section(title, points=tuple(_change(one, review) for one in review.changes))


def _change(change: VersionChange, review: QuarterReview) -> str:
    note = f" “{change.note}”" if change.note else ""
    words = "; ".join(change.changes) or "the first version"
    text = f"Version {change.version}, in use since {change.at:%d %B %Y}, by {change.author}:{note} {words}."
    if change.before is None or change.after is None:
        return f"{text} {change.problem or ''}".rstrip()
    before, after = change.before.top, change.after.top
    return (
        f"{text} On {review.period}: {before.tier} {percent(before.rate)} of {count(before.leads)} leads "
        "with version "
        f"{change.before.version}, {after.tier} {percent(after.rate)} of {count(after.leads)} with version "
        f"{change.after.version}."
    )


def _next(review: QuarterReview) -> Section:
    advice = tuple(f"{one.text} {one.reason}" for one in review.recommendations)
    found = tuple(f"Found in data or model ({one.severity}): {one.message}" for one in review.findings)
    title = "What to change next" if advice else "Nothing speaks for a change of the model"
    said = [] if review.suggested else ["Better points were not searched for in this review."]
    if not review.changes:
        said.append(f"No change of the model is recorded since {review.year_before_label} began.")
    return Section(title, paragraphs=tuple(said), points=advice + found)


def _definitions(review: QuarterReview, model: Model, words: Definition) -> Section:
    return Section(
        "What the words mean",
        paragraphs=(words.success, words.score),
        points=(*(tier.sentence for tier in words.tiers), *EXPLAINED),
    )


def _all_figures(review: QuarterReview) -> Section:
    backtest = review.backtest
    everything = (*backtest.periods, backtest.pooled)
    names = {POOLED: "All together"}
    tables = [
        Table(
            f"All leads by {review.word}",
            (review.word.capitalize(), *PERIOD_COLUMNS),
            tuple((names.get(f.period, f.period), *period_cells(f)) for f in everything),
        )
    ]
    for place, tier in reversed(list(enumerate(review.tiers))):
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (names.get(f.period, f.period), *tier_cells(f.period, f.tiers[place])) for f in everything
        )
        tables.append(
            Table(f"{tier.label} by {review.word}", (review.word.capitalize(), *TIER_COLUMNS), rows)
        )
    return Section("All figures", tables=tuple(tables))

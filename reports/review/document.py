"""A quarter's review as a document: made of exactly what `QuarterReview` holds, and the model in words."""

from __future__ import annotations

from reports.review.content import Cell, Document, Figure, Section, Table
from reports.review.figures import (
    path_of,
    period_cells,
    period_columns,
    share,
    tier_columns,
    tier_row,
    whole,
)
from reports.review.future import forecast_sections
from reports.review.parts import part_section
from reports.review.tier_sections import mix_section, periods_section, tiers_section
from scoring.backtest import POOLED
from scoring.definition import Definition
from scoring.figure_words import NO_DATA, count, day, likely_range, likely_times, percent
from scoring.review import QuarterReview, State, VersionChange, VersionEffect

EXPLAINED = (
    "A complete lead has had all its days to convert; only complete leads have a rate.",
    "The likely range holds the true rate 95 times in 100.",
    "Share of wins caught: the part of all conversions that came from a tier's leads.",
    "Times the average: a tier's rate by the rate of all leads together.",
    "Picks the buyer: how often, of a lead that bought and one that did not, the score is higher for the "
    "buyer.",
    "A lead that is scored in several periods counts once in each.",
)
WORKED_EXPLAINED = (
    "Sales worked: the part of the complete leads about which sales recorded something, other than the "
    "hand-over, within the days allowed to convert."
)


def review_document(review: QuarterReview, words: Definition, company: str = "") -> Document:
    """Lay out a review.

    Parameters
    ----------
    review : QuarterReview
    words : Definition
        Of the model that was reviewed, for those who were not there.
    company : str
        Whose document it is; '' leaves it unsaid.
    """
    complete = review.state is State.COMPLETE
    parts = (review.sources, review.campaigns)
    unknown = tuple(part.words for part in parts if part.column is None)
    version = f", version {review.version}" if review.version is not None else ", not a saved version"
    return Document(
        title=f"Review of {review.period}",
        company=company,
        facts=(
            f"{review.period}, {review.state.value}",
            f"Model: {review.model}{version}",
            f"Data up to {day(review.observed_until)}",
        ),
        headline=review.headline,
        key_figures=_key_figures(review),
        sections=(
            Section("What else happened", points=review.sentences),
            *(() if complete else forecast_sections(review)),
            tiers_section(review),
            periods_section(review),
            mix_section(review),
            *(part_section(review, part) for part in parts if part.column is not None),
            *(forecast_sections(review) if complete else ()),
            *([_changes(review)] if review.changes else []),
            _next(review),
            _definitions(words, review.tells_worked),
            Section("What these figures cannot say", points=(*review.caveats, *unknown)),
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
            f"{count(top.this.conversions)} of {count(top.this.leads)} complete leads"
            + ("" if top.this.low is None else f", {likely_range(top.this.low, top.this.high)}"),
        ),
        (
            f"Wins caught by {top.label}",
            share(top.this.capture, path_of(this.period, top.tier, "capture")),
            f"{count(top.this.conversions)} of {count(this.conversions)} conversions",
        ),
        (
            "Picks the buyer",
            Figure(_in_100(this.auc), this.auc, path_of(this.period, "", "auc")),
            "" if this.auc_low is None else f"times, {likely_times(this.auc_low, this.auc_high)}",
        ),
    )


def _in_100(auc: float | None) -> str:
    return NO_DATA if auc is None else f"{100 * auc:.0f} in 100"


def _changes(review: QuarterReview) -> Section:
    number = len(review.changes)
    times = "once" if number == 1 else f"{number} times"
    title = f"The model changed {times} since {review.year_before_label} began"
    return Section(title, points=tuple(_change(one, review) for one in review.changes))


def _change(change: VersionChange, review: QuarterReview) -> str:
    note = f" “{change.note}”" if change.note else ""
    words = "; ".join(change.changes) or "the first version"
    text = f"Version {change.version}, in use since {day(change.at)}, by {change.author}:{note} {words}."
    if change.before is None or change.after is None:
        return f"{text} {change.problem or ''}".rstrip()
    before, after = change.before.top, change.after.top
    return (
        f"{text} On {review.period}: {before.tier} {percent(before.rate)} of {count(before.leads)} leads"
        f"{_worked(change.before)} with version "
        f"{change.before.version}, {after.tier} {percent(after.rate)} of {count(after.leads)}"
        f"{_worked(change.after)} with version {change.after.version}."
    )


def _worked(effect: VersionEffect) -> str:
    share = None if effect.worked is None else effect.worked.share
    return "" if share is None else f" (sales worked {percent(share, 0)})"


def _next(review: QuarterReview) -> Section:
    advice = tuple(f"{one.text} {one.reason}" for one in review.recommendations)
    found = tuple(f"Found in data or model ({one.severity}): {one.message}" for one in review.findings)
    title = "What to change next" if advice else "Nothing in these figures asks for a change of the model"
    said = [] if review.suggested else ["Better points were not searched for in this review."]
    if not review.changes:
        said.append(f"No change of the model is recorded since {review.year_before_label} began.")
    return Section(title, paragraphs=tuple(said), points=advice + found)


def _definitions(words: Definition, tells_worked: bool) -> Section:
    worked = (WORKED_EXPLAINED,) if tells_worked else ()
    return Section(
        "What the words mean",
        paragraphs=(words.success, words.score),
        points=(*(tier.sentence for tier in words.tiers), *EXPLAINED, *worked),
    )


def _all_figures(review: QuarterReview) -> Section:
    backtest = review.backtest
    everything = (*backtest.periods, backtest.pooled)
    names = {POOLED: "All together"}
    tables = [
        Table(
            f"All leads by {review.word}",
            (review.word.capitalize(), *period_columns(review)),
            tuple((names.get(f.period, f.period), *period_cells(review, f)) for f in everything),
        )
    ]
    for place, tier in reversed(list(enumerate(review.tiers))):
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (names.get(f.period, f.period), *tier_row(review, tier, f.period, f.tiers[place]))
            for f in everything
        )
        tables.append(
            Table(f"{tier.label} by {review.word}", (review.word.capitalize(), *tier_columns(review)), rows)
        )
    return Section("All figures", tables=tuple(tables))

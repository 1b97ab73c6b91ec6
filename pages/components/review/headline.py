"""The first row of the Review page: four figures beside those of the period before and of a year ago."""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components.explain import explanation
from pages.components.format import as_markdown
from scoring.forecast_draws import Range
from scoring.review import QuarterReview, State


def show_headline(review: QuarterReview) -> None:
    """The top tier's rate, conversions, their amount, and leads scored."""
    top, this, before, year = review.top, review.this, review.before, review.year_before
    rate, wins, amount, leads = st.columns(4)
    with rate:
        _show(
            f"{top.label} leads convert",
            shown.percent(top.this.rate),
            f"{shown.likely_range(top.this.low, top.this.high)}; {shown.count(top.this.conversions)} of "
            f"{shown.count(top.this.leads)}{_worked(review)}"
            if top.this.leads
            else "none has had all its days yet",
            _beside(
                review,
                shown.percent(top.before.rate) if top.before else None,
                shown.percent(top.year_before.rate) if top.year_before else None,
            ),
            "rate",
        )
    known, worth, wins_caption, worth_caption = _so_far(review)
    with wins:
        _show(
            "Leads that converted",
            known,
            wins_caption,
            _beside(
                review,
                shown.count(before.conversions) if before else None,
                shown.count(year.conversions) if year else None,
            ),
            "still_open",
        )
    with amount:
        _show(
            "Amount",
            worth,
            worth_caption,
            _beside(
                review,
                shown.money(before.amount) if before else None,
                shown.money(year.amount) if year else None,
            ),
            "amount",
        )
    with leads:
        _show(
            "Leads scored",
            shown.count(review.scored),
            f"{shown.count(this.immature_leads)} of them still open"
            if this.immature_leads
            else "all of them complete",
            _beside(
                review,
                shown.count(review.scored_before) if before else None,
                shown.count(review.scored_year_before) if year else None,
            ),
            "lead_quarters",
        )


def _worked(review: QuarterReview) -> str:
    """What sales worked of the top tier's leads, where the data tell it."""
    found = review.top.worked.get(review.period)
    if found is None or found.share is None:
        return ""
    return f"; sales worked {shown.percent(found.share, 0)}"


def _so_far(review: QuarterReview) -> tuple[str, str, str, str]:
    """Conversions and amount with a caption each; of an open period what came in and what is expected."""
    this = review.this
    if review.state != State.OPEN or review.period not in review.forecasts:
        rate = f"{shown.percent(this.rate)} of {shown.count(this.leads)} complete leads"
        return shown.count(this.conversions), shown.money(this.amount), rate, "of the leads that converted"
    whole = review.forecasts[review.period][0]
    return (
        f"{shown.count(whole.known)} so far",
        f"{shown.money(whole.known_amount)} so far",
        _expected(whole.conversions),
        _expected(whole.amount),
    )


def _expected(figure: Range | None) -> str:
    if figure is None:
        return "no forecast, see below"
    low, high = shown.count(figure.low), shown.count(figure.high)
    return f"{shown.count(figure.expected)} expected, {low} to {high}"


def _beside(review: QuarterReview, before: str | None, year: str | None) -> str:
    """The same figure in the periods that it is compared with; a dash where the data do not reach."""
    return (
        f"{review.before_label}: {before or shown.NO_DATA} · "
        f"{review.year_before_label}: {year or shown.NO_DATA}"
    )


def _show(label: str, value: str, caption: str, beside: str, topic: str) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(as_markdown(label), value, help=explanation(topic))
        st.caption(caption)
        st.caption(beside)

"""The sections of the Review page."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.components.backtest.chart import alternative_text
from pages.components.explain import explain
from pages.components.figures import CHART_CONFIG
from pages.components.figures.review import (
    forecast_figure,
    mix_review_figure,
    parts_review_figure,
    tiers_review_figure,
)
from pages.components.format import as_markdown, count, percent
from pages.components.review import tables
from pages.components.review.behind import followed_table
from pages.components.table import table_with_download
from pages.components.theme import Theme
from queries.review_leads import LeadsAsked
from scoring.figure_words import day
from scoring.forecast_draws import LEVEL
from scoring.review import PartReview, QuarterReview, State


def show_state(review: QuarterReview) -> None:
    """Say where the period is not complete, or nothing stands before it."""
    if review.state != State.COMPLETE:
        st.info(
            f"{review.period} is {review.state.value}: its last leads have all their "
            f"{review.horizon_days} days by {day(review.complete_at)}. "
            + (
                "Its rates count the complete leads alone."
                if review.state == State.PARTLY
                else "Until then it has no rates; below stands what is expected."
            ),
            icon=":material/hourglass_empty:",
        )
    missing = [
        f"{label} ({words})"
        for label, words, figures in (
            (review.before_label, f"the {review.word} before", review.before),
            (review.year_before_label, "a year ago", review.year_before),
        )
        if figures is None
    ]
    if missing:
        st.info(
            f"Nothing is known of {' and '.join(missing)}: no lead was scored then, so there is nothing to "
            "compare with.",
            icon=":material/info:",
        )


def show_tiers(review: QuarterReview, theme: Theme) -> None:
    """Rates and mix of the tiers in the three periods."""
    st.subheader("What each tier converted")
    left, right = st.columns(2)
    with left:
        _chart(tiers_review_figure(review, theme), "review_tiers_chart")
    with right:
        _chart(mix_review_figure(review, theme), "review_mix_chart")
    explain("How to read these tiers", "rate", "likely_range", "as_of", key="review_tiers_explained")
    frame = tables.tiers_table(review)
    names = {tier.label: tier.tier for tier in review.tiers}
    rows = [
        LeadsAsked(period, names[tier])
        for tier, period in zip(frame[tables.TIER], frame[tables.PERIOD], strict=True)
    ]
    followed_table(frame, f"Tiers of {review.period}", "review_tiers", tables.review_config(review), rows)


def show_parts(review: QuarterReview, theme: Theme) -> None:
    """Where the leads came from."""
    st.subheader("Where the leads came from")
    for part in (review.sources, review.campaigns):
        if part.column is None:
            st.info(
                f"{part.words} Load one, or map a column of yours to `{part.name}`.",
                icon=":material/info:",
            )
    known = [part for part in (review.sources, review.campaigns) if part.column is not None]
    if not known:
        return
    columns = st.columns(len(known))
    for place, part in zip(columns, known, strict=True):
        with place:
            _chart(parts_review_figure(review, part, theme), f"review_{part.name}_chart")
            st.caption(as_markdown(part.words))
    for part in known:
        _show_part_table(review, part)


def _show_part_table(review: QuarterReview, part: PartReview) -> None:
    assert part.column is not None
    name = part.name.capitalize()
    with st.expander(f"{name}s of {review.period}: the table behind this chart"):
        followed_table(
            tables.parts_table(review, part, name),
            f"{name}s of {review.period}",
            f"review_{part.name}",
            tables.review_config(review),
            [LeadsAsked(review.period, None, None, part.column, row.value) for row in part.rows],
        )


def show_forecast(review: QuarterReview, theme: Theme) -> None:
    """What open periods will come to."""
    if not review.forecasts:
        return
    st.subheader("What is still to come")
    for period, found in review.forecasts.items():
        whole = found[0]
        if whole.conversions is None:
            st.info(as_markdown(f"{period} cannot be forecast: {whole.refusal}."), icon=":material/info:")
    if any(found[0].conversions is not None for found in review.forecasts.values()):
        _chart(forecast_figure(review, theme), "review_forecast_chart")
        whole = next(found[0] for found in review.forecasts.values() if found[0].conversions is not None)
        st.caption(
            f"Learned from {len(whole.past_periods)} complete {review.word}s with "
            f"{count(whole.past_conversions)} conversions. The intervals hold the truth "
            f"{percent(LEVEL, 0)} of the time; tiers are forecast each by itself and need not add up. Only "
            "leads scored so far are meant. `tierline review --replay` shows what such forecasts were "
            "worth in the past."
        )
    explain("How is this forecast made?", "forecast", key="review_forecast_explained")
    table_with_download(
        tables.forecast_table(review), "Forecast", "review_forecast", tables.review_config(review)
    )


def show_drift(review: QuarterReview) -> None:
    """Whether the leads changed or the model got worse."""
    st.subheader("Did the leads change, or the model?")
    if review.drift is None:
        st.markdown(
            f"There is no complete {review.word} before {review.period}, or {review.period} has no complete "
            "leads, so nothing can be said yet."
        )
        return
    st.markdown(as_markdown(review.drift.sentence))


def show_changes(review: QuarterReview) -> None:
    """What changed in the model, and what that did."""
    st.subheader("What changed in the model")
    if not review.changes:
        st.markdown(
            f"No change of the model in use is recorded since {review.year_before_label} began. Versions "
            "that are saved on the page *Models* and come into use stand here with what they did."
        )
        return
    for change in review.changes:
        before, after = tables.effect_words(change.before), tables.effect_words(change.after)
        st.markdown(
            f"**Version {change.version}**, in use since {day(change.at)}, by "
            f"{as_markdown(change.author)}: {as_markdown('; '.join(change.changes) or 'nothing')}"
        )
        if before and after:
            st.caption(
                as_markdown(
                    f"The leads of {review.period}, scored by both: the top tier converts {before} under "
                    f"version {change.replaced}, {after} under version {change.version}."
                )
            )
        elif change.problem:
            st.caption(as_markdown(f"What it did is not known: {change.problem}."))
    table_with_download(
        tables.changes_table(review), "Changes of the model", "review_changes", tables.review_config(review)
    )


def show_caveats(review: QuarterReview) -> None:
    """What the figures cannot say."""
    st.subheader("What these figures cannot say")
    st.markdown("\n".join(f"- {as_markdown(caveat)}" for caveat in review.caveats))


def _chart(figure: go.Figure, key: str) -> None:
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key=key, alt=alternative_text(figure))

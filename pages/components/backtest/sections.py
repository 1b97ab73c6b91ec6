"""The sections of the Back-test page, each titled by the question that it answers."""

from __future__ import annotations

import streamlit as st

from pages.components import figures, state
from pages.components.backtest import tables
from pages.components.backtest.chart import show_chart
from pages.components.backtest.difference import period_difference, pooled_difference
from pages.components.backtest.view import BacktestView
from pages.components.explain import explain
from pages.components.format import as_markdown
from pages.components.table import table_with_download
from pages.components.theme import Theme
from pages.components.tune.catalogue import segment_columns
from pages.components.tune.figures import compute_figures
from pages.components.worked import (
    add_worked,
    add_worked_by,
    load_worked,
    load_worked_parts,
    load_worked_periods,
    worked_sentence,
)
from queries.flow import Flow
from scoring.backtest import POOLED, backtest_by_segment
from scoring.worked import of_tier

NO_SPLIT = "Choose a column"


def show_tiers(view: BacktestView, flow: Flow, theme: Theme) -> None:
    """Do higher tiers convert more?"""
    st.header("Do higher tiers convert more?", anchor="tiers")
    old = view.old.pooled if view.old else None
    figure = figures.tier_rates_figure(view.backtest.pooled, theme, old, view.labels)
    table = tables.tier_table(view.model, view.backtest.pooled, view.unique)
    shares = load_worked(flow, view.model, part=view.part)
    table = add_worked(table, shares, view.model)
    show_chart(figure, table, "Conversion by tier", "tiers", ("rate", "likely_range", "lift", "capture"))
    st.caption(worked_sentence(shares, view.model))


def choose_tier(view: BacktestView) -> str:
    """The tier that is followed over time: the highest one until another is chosen."""
    names = [tier.name for tier in view.model.tiers][::-1]
    chosen = st.segmented_control(
        "Tier to follow",
        names,
        default=names[0],
        required=True,
        format_func=lambda name: view.labels.get(name, name),
        key="backtest_tier",
    )
    return chosen if chosen in names else names[0]


def show_tier_over_time(view: BacktestView, flow: Flow, theme: Theme) -> None:
    """Did it hold in every quarter?"""
    st.header(f"Did it hold in every {view.word}?", anchor="periods")
    tier = choose_tier(view)
    figure = figures.tier_by_period_figure(view.backtest, tier, theme, view.old, view.labels)
    table = tables.tier_by_period_table(view.backtest, tier, view.word)
    by_period = of_tier(load_worked_periods(flow, view.model, view.part), tier)
    whole = tables.period_name(view.backtest.pooled, view.backtest, view.word)
    named = {whole if label == POOLED else label: one for label, one in by_period.items()}
    table = add_worked_by(table, view.word.capitalize(), named)
    name = f"{view.labels[tier]} by {view.word}"
    show_chart(figure, table, name, "tier_by_period", ("rate", "likely_range", "still_open", "small"))


def show_ranking(view: BacktestView, theme: Theme) -> None:
    """Does the score tell buyers from non-buyers?"""
    st.header("Does the score tell buyers from non-buyers?", anchor="ranking")
    figure = figures.auc_by_period_figure(view.backtest, theme, view.old)
    table = tables.ranking_table(view.backtest, view.word)
    show_chart(figure, table, f"Picking the buyer by {view.word}", "ranking", ("auc", "likely_range"))


def show_leads_and_wins(view: BacktestView, theme: Theme) -> None:
    """How many leads is that, and which wins were missed?"""
    st.header("How many leads is that, and which wins were missed?", anchor="leads")
    left, right = st.columns(2)
    with left:
        figure = figures.leads_by_period_figure(view.backtest, theme, view.labels)
        table = tables.leads_table(view.backtest, view.labels, view.word)
        show_chart(figure, table, f"Leads by {view.word}", "leads", ("lead_quarters", "still_open"))
    with right:
        figure = figures.wins_by_period_figure(view.backtest, theme, view.labels)
        table = tables.wins_table(view.backtest, view.labels, view.word)
        show_chart(figure, table, f"Wins by {view.word}", "wins", ("capture", "never_scored"))


def show_difference(view: BacktestView, flow: Flow) -> None:
    """What would your draft have changed? Nothing is drawn when it is the model in use."""
    if view.old is None or view.reference is None:
        return
    st.header("What would your draft have changed?", anchor="draft")
    st.markdown(
        "Your draft beside the model in use, on the same data. Where the likely ranges of two rates overlap, "
        "their difference may be chance."
    )
    worked, worked_in_use = (
        load_worked(flow, model, part=view.part) for model in (view.model, view.reference.model)
    )
    whole = pooled_difference(view.backtest, view.old, view.labels, worked, worked_in_use)
    table_with_download(whole, f"Your draft and the model in use, all complete {view.word}s", "difference")
    explain("What is compared here?", "draft", "capture", "auc", key="difference_explained")
    top = view.model.tiers[-1]
    with st.expander(f"{view.word.capitalize()} by {view.word}: {as_markdown(top.shown_label)}"):
        by_period = period_difference(view.backtest, view.old, top.name, view.word)
        name = f"{top.shown_label} by {view.word}, your draft and the model in use"
        table_with_download(by_period, name, "difference_by_period")


def show_segments(view: BacktestView, flow: Flow) -> None:
    """Does it work for every part of the leads?"""
    st.header("Does it work for every part of your leads?", anchor="parts")
    top = view.model.tiers[-1]
    offered = segment_columns(flow)
    if not offered:
        st.info("The data have no column that splits the leads into a handful of parts, such as a region.")
        return
    column = st.selectbox(
        "Split the leads by",
        offered,
        index=None,
        placeholder=NO_SPLIT,
        format_func=column_label,
        key="backtest_split",
    )
    if column is None:
        st.caption(f"Choose a column to see what {as_markdown(top.shown_label)} leads convert in each part.")
        return
    split = compute_figures(flow, view.model, state.Part(column), st.empty())
    parts = backtest_by_segment(split.cells, view.model)
    label = column_label(column)
    worked = load_worked_parts(flow, view.model, column)
    table = tables.segment_table(parts, top.name, label)
    table = add_worked_by(table, label, {value: shares[top.name] for value, shares in worked.items()})
    name = f"{top.shown_label} by {label.lower()}"
    table_with_download(table, name, "segments", tables.column_config())
    explain("How to read these parts?", "rate", "likely_range", "small", key="segments_explained")


def show_details(view: BacktestView) -> None:
    """The technical figures of every period, folded away."""
    with st.expander(f"Details: how the scores moved, {view.word} by {view.word}"):
        table = tables.detail_table(view.backtest, view.word)
        table_with_download(table, f"Change of the leads by {view.word}", "details", tables.column_config())
        explain("What do PSI and KS mean?", "drift", "ks", key="details_explained")


def column_label(column: str) -> str:
    """``leads.job_title`` as ``Job title``; columns of accounts say so."""
    table, _, name = column.partition(".")
    words = name.replace("_", " ").strip().capitalize()
    return f"{words} (account)" if table == "accounts" else words

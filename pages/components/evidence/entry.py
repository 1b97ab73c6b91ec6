"""Who got into a tier, and what became of them? Leads are followed from the day they got there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.components import format as shown
from pages.components import state
from pages.components.evidence import load, tables
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.evidence.entry_figure import entry_figure
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.worked import load_worked_entries, worked_sentence
from queries.entry import entry_leads
from queries.flow import Flow
from scoring.entry import EntryFigures, EntryView
from scoring.model import Model
from scoring.worked_words import THE_ENTERED

_ASKED = "entry_asked_for"
ALL_PERIODS = "all"


def show_entries(flow: Flow, model: Model) -> None:
    """The section of the entry view; worked out when it is asked for, since it takes a while."""
    top = model.tiers[-1]
    label = as_markdown(tier_labels(model)[top.name])
    st.header(f"Who became {label}, and what became of them?", anchor="entries")
    if model.observation.moment == "period_start":
        first_day = f"Scored only on the first day of a {model.observation.period}"
        unseen = f"{first_day}, leads that come and buy in between"
    else:
        unseen = "Scored only once, leads that do something later"
    st.markdown(
        f"{unseen} are never seen. Here each lead is followed from the moment at which its score got there."
    )
    key = (state.data_version(), load.document(model))
    if st.session_state.get(_ASKED) != key:
        st.button(
            "Follow every lead",
            key="entry_start",
            icon=":material/footprint:",
            on_click=st.session_state.update,
            args=({_ASKED: key},),
            help="Scores every lead after each of its activities: some seconds for ten thousand leads.",
        )
        return
    view = load.entry_view(flow, model)
    if not view.periods:
        st.markdown("No lead has entered any tier yet.")
        return
    _show_view(flow, model, view)


def _show_view(flow: Flow, model: Model, view: EntryView) -> None:
    labels = tier_labels(model)
    names = [tier.name for tier in model.tiers]
    chosen = st.segmented_control(
        "Tier they got into",
        names[::-1],
        default=names[-1],
        required=True,
        format_func=lambda name: labels.get(name, name),
        key="entry_tier",
    )
    tier = chosen if chosen in names else names[-1]
    place, word = names.index(tier), model.observation.period
    _show_headline(view.pooled.tiers[place], view.horizon_days)
    show_evidence_chart(
        entry_figure(view, place, labels[tier], current_theme()),
        tables.entry_table(view, place, word),
        f"{labels[tier]} by {word} of entry",
        "entries",
        ("entry", "entry_days"),
        tables.CONFIG,
    )
    st.caption(worked_sentence(load_worked_entries(flow, model), model, THE_ENTERED))
    _show_leads(flow, model, view, tier)


def _show_headline(figures: EntryFigures, horizon_days: int) -> None:
    entered, converted, days = st.columns(3)
    with entered, st.container(border=True, height="stretch"):
        a_week = figures.entries_per_week
        st.metric("Leads that got there", shown.count(figures.entries))
        st.caption(f"{a_week:.1f} a week" if a_week is not None else shown.NO_DATA)
    with converted, st.container(border=True, height="stretch"):
        st.metric(f"Converted within {horizon_days} days", shown.percent(figures.rate))
        still_open = f"; {shown.count(figures.open_entries)} still open" if figures.open_entries else ""
        st.caption(f"{shown.likely_range(figures.low, figures.high)}{still_open}")
    with days, st.container(border=True, height="stretch"):
        median = figures.days_median
        st.metric("Days to convert", shown.NO_DATA if median is None else f"{median}")
        if median is not None:
            st.caption(f"half within these; three quarters within {figures.days_high}")


def _show_leads(flow: Flow, model: Model, view: EntryView, tier: str) -> None:
    word = model.observation.period
    with st.expander("The leads themselves"):
        labels = [ALL_PERIODS, *(period.period for period in view.periods[::-1])]
        period = st.selectbox(
            f"{word.capitalize()} of entry",
            labels,
            index=None,
            placeholder=f"Choose a {word} to list its leads",
            format_func=lambda label: f"All {word}s" if label == ALL_PERIODS else label,
            key="entry_period",
        )
        if period is None:
            return
        with st.spinner("Listing the leads …"):
            found = entry_leads(flow, model, tier, None if period == ALL_PERIODS else period)
        table_with_download(_lead_table(found), f"{tier} {period}: leads that entered", "entry_leads")
        explain_evidence("How to read this list?", "entry", key="entry_leads_explained")


def _lead_table(found: Any) -> pd.DataFrame:
    frame: pd.DataFrame = found.to_pandas()
    still_open = ~frame["mature"] & frame["converted_at"].isna()
    frame["mature"] = still_open.map({True: "still open", False: ""})
    frame.columns = ["Lead", "Entered", "Converted", "Note"]
    return frame

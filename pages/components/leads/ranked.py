"""All open leads, best first: filters, order and columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from pages.components.evidence.chart import WHOLE
from pages.components.figures.style import tier_labels
from pages.components.format import count
from pages.components.leads.load import load_list, load_values
from pages.components.leads.table import LongList, show_list
from queries.conditions import TIME_COLUMNS
from queries.flow import Flow
from queries.lead_filter import LeadFilter, attribute_names
from queries.lead_list import find_leads, list_leads
from queries.lead_order import Order, points_of
from queries.scored_leads import LAST_ACTIVITY, OWNER, ScoredLeads
from scoring.model import Model

USUAL = ("leads.source", "leads.region", "leads.job_title", "leads.product", "accounts.industry")
"""Columns that are shown at first where the data have them."""

USUAL_COUNT = 3
DATE = st.column_config.DatetimeColumn(format="D MMM YYYY")


def show_ranked(flow: Flow, model: Model, at: datetime) -> None:
    """Draw filters and list."""
    leads = load_list(flow, model, at)
    if not len(leads.scores):
        st.info("No lead is open on this day.", icon=":material/person_off:")
        return
    names = attribute_names(flow)
    asked, ordered = st.columns([3, 2])
    with ordered:
        shown = _ask_columns(names)
        order = _ask_order(leads, shown)
    with asked:
        wanted = _ask_filter(flow, model, leads, names)
    places = find_leads(flow, model, leads, wanted, order)
    if not len(places):
        st.info(
            f"None of {count(len(leads.scores))} open leads satisfies all filters.",
            icon=":material/filter_alt_off:",
        )
        return
    st.markdown(f"**{count(len(places))}** of {count(len(leads.scores))} open leads")
    labels = _labels(leads, shown)
    config: dict[str, Any] = {labels[LAST_ACTIVITY]: DATE}
    config |= {labels[points_of(name)]: WHOLE for name in leads.categories}
    show_list(
        LongList(
            "Open leads",
            "ranked",
            len(places),
            lambda start, end: list_leads(flow, model, leads, places[start:end], shown),
            labels,
            config,
            tier_labels(model),
        )
    )


def _ask_columns(names: list[str]) -> list[str]:
    usual = [name for name in USUAL if name in names][:USUAL_COUNT]
    chosen: list[str] = st.multiselect(
        "Columns", names, default=usual, format_func=shown_name, key="ranked_columns"
    )
    return chosen


def _ask_filter(flow: Flow, model: Model, leads: ScoredLeads, names: list[str]) -> LeadFilter:
    search = st.text_input(
        "Search", placeholder="Part of an id, a name, a title, a company …", key="ranked_search"
    )
    labels = tier_labels(model)
    left, right = st.columns(2)
    tiers = left.multiselect(
        "Tiers", [tier.name for tier in model.tiers], format_func=lambda n: labels[n], key="ranked_tiers"
    )
    fields = right.multiselect("Filter by", names, format_func=shown_name, key="ranked_fields")
    attributes = []
    for name in fields:
        table, _, column = name.partition(".")
        values = st.multiselect(
            shown_name(name), load_values(flow, table, column), key=f"ranked_values_{name}"
        )
        if values:
            attributes.append((name, tuple(values)))
    with st.popover("More filters", icon=":material/filter_alt:", key="ranked_more"):
        categories = _ask_categories(leads)
        activity = _ask_activity(flow)
    return LeadFilter(search, tuple(tiers), categories, tuple(attributes), activity)


def _ask_categories(leads: ScoredLeads) -> tuple[tuple[str, int, int], ...]:
    found = []
    for name, points in leads.categories.items():
        low, high = int(points.min()), int(points.max())
        if low < high:
            chosen = st.slider(f"Points of {name}", low, high, (low, high), key=f"ranked_category_{name}")
            if chosen != (low, high):
                found.append((name, *chosen))
    return tuple(found)


def _ask_activity(flow: Flow) -> tuple[str, tuple[str, ...]] | None:
    names = [name for name in flow.engine.columns("activities") if name not in {*TIME_COLUMNS, "lead_id"}]
    name = st.selectbox("Showed interest by", names, index=None, format_func=_plain, key="ranked_interest")
    if name is None:
        return None
    values = st.multiselect(_plain(name), load_values(flow, "activities", name), key=f"ranked_did_{name}")
    return (name, tuple(values)) if values else None


def _ask_order(leads: ScoredLeads, shown: list[str]) -> Order:
    labels = _labels(leads, shown)
    left, right = st.columns(2)
    by = left.selectbox(
        "Sorted by", [*labels], index=1, format_func=lambda name: labels[name], key="ranked_order"
    )
    direction = right.selectbox("Order", ("Highest first", "Lowest first"), key="ranked_direction")
    return Order(by or "score", direction == "Highest first")


def _labels(leads: ScoredLeads, shown: list[str]) -> dict[str, str]:
    labels = {"lead_id": "Lead", "score": "Score", "tier": "Tier", OWNER: "Owner"}
    labels[LAST_ACTIVITY] = "Last activity"
    labels |= {name: shown_name(name) for name in shown}
    return labels | {points_of(name): f"Points: {name}" for name in leads.categories}


def shown_name(name: str) -> str:
    """An attribute as a column is called: ``leads.job_title`` is Job title."""
    table, _, column = name.partition(".")
    return _plain(column) if table == "leads" else f"Company: {_plain(column).lower()}"


def _plain(column: str) -> str:
    return column.replace("_", " ").capitalize()

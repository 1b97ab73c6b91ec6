"""Which list, for whom, with or without personal columns: the choices behind a popover."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.figures.style import tier_labels
from pages.components.handover.prepared import offer_list
from pages.components.table import file_stem
from queries.flow import Flow
from queries.handover import ListForm, swap_list_now, tier_list
from queries.handover_columns import CRMS, Crm
from scoring.model import Model

CRM_LABELS: dict[Crm, str] = {"plain": "People", "hubspot": "HubSpot", "salesforce": "Salesforce"}


def show_tier_list(flow: Flow, model: Model, at: datetime) -> None:
    """The open leads of one tier."""
    with st.popover("Hand over a tier", icon=":material/outbox:", key="handover_tier_open"):
        labels = tier_labels(model)
        names = [tier.name for tier in reversed(model.tiers)]
        tier = st.selectbox("The open leads of", names, format_func=lambda n: labels[n], key="handover_tier")
        form = _ask_form("tier")
        key = ("tier", state.data_version(), document(model), at, tier, form)
        name = f"{file_stem(tier)}-{at:%Y-%m-%d}-{form.crm}.csv"
        offer_list("handover_tier", key, name, lambda: tier_list(flow, model, tier, at, form))


def show_swap_list(flow: Flow, in_use: Model, draft: Model) -> None:
    """The leads that are open at the end of the data and change tier with the draft."""
    with st.popover(
        "Hand over the leads that change tier", icon=":material/outbox:", key="handover_swap_open"
    ):
        st.markdown("The leads open at the end of the data whose tier your draft changes, with both tiers.")
        form = _ask_form("swap")
        key = ("swap", state.data_version(), document(in_use), document(draft), form)
        name = f"change-tier-{form.crm}.csv"
        offer_list("handover_swap", key, name, lambda: swap_list_now(flow, in_use, draft, None, form))


def _ask_form(name: str) -> ListForm:
    crm = st.radio(
        "For", CRMS, format_func=lambda one: CRM_LABELS[one], key=f"handover_{name}_for", horizontal=True
    )
    personal = st.checkbox(
        "With e-mail addresses, names and phone numbers",
        key=f"handover_{name}_personal",
        help="Columns are recognised as personal by their name and by what they hold.",
    )
    return ListForm(crm, personal)

"""Leads: where the score was wrong, who is worth a call today, and why a lead scores what it does."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.handover.lists import show_tier_list
from pages.components.leads.lead import show_lead
from pages.components.leads.load import load_lead
from pages.components.leads.named import show_high, show_movers, show_won
from pages.components.leads.opened import open_lead, opened_lead
from pages.components.leads.ranked import show_ranked
from pages.components.scored_on import ask_date, flow_with_leads, whose_rules
from queries.flow import Flow
from scoring.model import Model

HIGH, WON, OPEN, MOVED = (
    "Scored high, went nowhere",
    "Won, but scored low",
    "All open leads",
    "Who moved",
)


def main() -> None:
    """Draw the page."""
    st.title("Leads")
    flow = flow_with_leads()
    if flow is None or flow.observed_until is None:
        return
    model = state.draft()
    st.markdown(f"Scored by {whose_rules()}, **{as_markdown(model.name)}**.")
    chosen = st.radio("Which leads?", (HIGH, WON, OPEN, MOVED), horizontal=True, key="leads_view")
    at = flow.observed_until
    if chosen in (OPEN, MOVED):
        at = ask_date(flow.observed_until, "leads_date")
    with shown_on_page():
        show_chosen(flow, model, chosen, at)
    find_by_id()
    if opened := opened_lead():
        lead_id, moment = opened
        with shown_on_page():
            show_lead(load_lead(flow, model, lead_id, moment or at), model)


def show_chosen(flow: Flow, model: Model, chosen: str, at: datetime) -> None:
    """Draw the list that was chosen."""
    if chosen == HIGH:
        show_high(flow, model)
    elif chosen == WON:
        show_won(flow, model)
    elif chosen == OPEN:
        show_ranked(flow, model, at)
        show_tier_list(flow, model, at)
    else:
        show_movers(flow, model, at)


def find_by_id() -> None:
    """A field that opens a lead by its id."""
    st.text_input(
        "Open a lead by its id", key="lead_asked", on_change=_open_asked, placeholder="The id, exactly"
    )


def _open_asked() -> None:
    if asked := st.session_state["lead_asked"].strip():
        open_lead(asked)


main()

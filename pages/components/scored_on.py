"""What pages about scored leads begin with: the data they are about, whose rules hold, and the date."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from pages.components import state
from queries.flow import Flow


def flow_with_leads(what: str = "leads") -> Flow | None:
    """The data, when something was observed of them; where there is nothing yet, what to do is shown instead.

    Parameters
    ----------
    what : str
        What the page is about, in the plural.
    """
    flow = state.current_flow()
    if flow is None:
        st.info(
            f"There are no {what} yet. Load your leads, or try the demo data, on the page *Data*.",
            icon=":material/database:",
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return None
    if flow.observed_until is None:
        st.info("Nothing is known of these leads yet: neither activities nor outcomes.")
        return None
    return flow


def whose_rules() -> str:
    """Whose model scores: the draft's where something was changed."""
    return "your draft" if state.is_changed() else "the model in use"


def ask_date(until: datetime, key: str) -> datetime:
    """The instant to score at: the end of the chosen day, or of the data.

    Parameters
    ----------
    until : datetime
        The end of the data.
    key : str
        Of the field.
    """
    day = st.date_input("Scored on", until.date(), max_value=until.date(), key=key)
    if not hasattr(day, "year"):
        return until
    return min(until, datetime(day.year, day.month, day.day) + timedelta(days=1))

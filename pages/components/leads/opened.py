"""Which lead is open: in the page's address, so that a link opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

LEAD, ON = "lead", "on"


def opened_lead() -> tuple[str, datetime | None] | None:
    """The id of the lead that is open and the instant that it is looked at; None when none is open."""
    lead_id = st.query_params.get(LEAD)
    if not lead_id:
        return None
    try:
        at = datetime.fromisoformat(st.query_params.get(ON, "")).replace(tzinfo=None)
    except ValueError:
        at = None
    return lead_id, at


def open_lead(lead_id: str, at: datetime | None = None) -> None:
    """Put a lead into the address; without an instant it is looked at as of the page's date."""
    st.query_params[LEAD] = lead_id
    if at is None:
        st.query_params.pop(ON, None)
    else:
        st.query_params[ON] = at.isoformat()


def close_lead() -> None:
    """No lead is open any more."""
    st.query_params.pop(LEAD, None)
    st.query_params.pop(ON, None)


def open_selected(table_key: str, lead_ids: Sequence[str], moments: Sequence[datetime | None]) -> None:
    """Open the lead whose row was chosen in a table; close it when the choice was taken back."""
    rows = st.session_state[table_key].selection.rows
    if rows:
        open_lead(lead_ids[rows[0]], moments[rows[0]])
    else:
        close_lead()

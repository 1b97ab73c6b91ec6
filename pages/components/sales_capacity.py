"""How many leads sales can work in a week: one field, wherever it is asked."""

from __future__ import annotations

import streamlit as st

WORK_LEADS = "work_leads"


def ask_capacity(
    key: str = WORK_LEADS, placeholder: str | None = None, meaning: str | None = None
) -> float | None:
    """The field; None while it is empty.

    Parameters
    ----------
    key : str
        Fields of one key share what was entered.
    placeholder : str, optional
        What holds while it is empty.
    meaning : str, optional
        What the number is used for, as help.
    """
    return st.number_input(
        "Leads that sales can work in a week",
        min_value=0.1,
        max_value=1e6,
        value=None,
        step=1.0,
        format="%g",
        key=key,
        placeholder=placeholder,
        persist_state="session",
        help=meaning,
    )

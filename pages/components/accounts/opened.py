"""Which account is open: in the page's address, so that a link opens it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

ACCOUNT = "account"


def opened_account() -> str | None:
    """The id of the account that is open; None when none is."""
    return st.query_params.get(ACCOUNT) or None


def open_account(account_id: str) -> None:
    """Put an account into the address."""
    st.query_params[ACCOUNT] = account_id


def close_account() -> None:
    """No account is open any more."""
    st.query_params.pop(ACCOUNT, None)


def open_selected(table_key: str, account_ids: Sequence[str]) -> None:
    """Open the account whose row was chosen in a table; close it when the choice was taken back."""
    rows = st.session_state[table_key].selection.rows
    if rows:
        open_account(account_ids[rows[0]])
    else:
        close_account()

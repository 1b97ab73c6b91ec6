"""Accounts, best first: search, tiers, columns, order; pages are cut on the server."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.accounts.opened import open_selected
from pages.components.figures.style import tier_labels
from pages.components.format import NO_DATA, count
from pages.components.leads.load import load_list
from pages.components.leads.ranked import DATE, shown_name
from queries.account_list import (
    LAST_ACTIVITY,
    AccountFilter,
    Places,
    account_attributes,
    find_accounts,
    list_accounts,
)
from queries.flow import Flow
from queries.safe_csv import csv_bytes
from queries.scored_accounts import ScoredAccounts, scored_accounts
from scoring.account_scoring import account_model
from scoring.model import Model

PAGE_ROWS = 50
USUAL = ("accounts.name", "accounts.industry", "accounts.region")
"""Columns that are shown at first where the data have them."""

LABELS = {
    "account_id": "Account",
    "score": "Score",
    "tier": "Tier",
    "people": "People scored",
    "engaged": "People engaged",
    "departments": "Departments engaged",
    LAST_ACTIVITY: "Last activity",
    "lead_points": "Points: leads",
    "person_points": "Points: engaged people",
    "department_points": "Points: departments",
    "rule_points": "Points: company",
}
ORDERS = ("score", "engaged", "departments", "people", LAST_ACTIVITY)


def show_ranked(flow: Flow, model: Model, at: datetime) -> None:
    """Draw filters and list."""
    load_list(flow, model, at)  # takes long the first time, and says how far it is
    found = scored_accounts(flow, model, at)
    if not len(found):
        st.info(
            "No account is scored on this day: none has an open lead, or all of them were won before. Choose "
            "another day.",
            icon=":material/domain_disabled:",
        )
        return
    labels = tier_labels(account_model(model))
    asked, ordered = st.columns([3, 2])
    with asked:
        search = st.text_input(
            "Search", placeholder="Part of an id, a name, an industry …", key="accounts_search"
        )
        tiers = st.multiselect("Tiers", [*labels], format_func=labels.__getitem__, key="accounts_tiers")
    with ordered:
        names = account_attributes(flow)
        usual = [name for name in USUAL if name in names]
        shown = st.multiselect(
            "Columns", names, default=usual, format_func=shown_name, key="accounts_columns"
        )
        order = st.selectbox("Highest first by", ORDERS, format_func=LABELS.__getitem__, key="accounts_order")
    places = find_accounts(flow, model, found, AccountFilter(search, tuple(tiers)), order or "score")
    if not len(places):
        st.info(
            f"None of {count(len(found))} accounts satisfies all filters.", icon=":material/filter_alt_off:"
        )
        return
    st.markdown(f"**{count(len(places))}** of {count(len(found))} accounts")
    _show_page(_List(flow, model, found, places, tuple(shown)))


class _List:
    """The list as it is called on the page, some rows at a time."""

    def __init__(
        self, flow: Flow, model: Model, found: ScoredAccounts, places: Places, attributes: tuple[str, ...]
    ) -> None:
        self.flow, self.model, self.found, self.places = flow, model, found, places
        self.attributes = attributes
        self.tiers = tier_labels(account_model(model))

    def rows(self, start: int, end: int) -> pa.Table:
        """Some rows with columns and tiers as they are called on the page."""
        table = list_accounts(self.flow, self.model, self.found, self.places[start:end], self.attributes)
        place = table.column_names.index("tier")
        tiers = [self.tiers[name] for name in table.column("tier").to_pylist()]
        table = table.set_column(place, "tier", pa.array(tiers, pa.string()))
        return table.rename_columns([LABELS.get(name) or shown_name(name) for name in table.column_names])


def _show_page(accounts: _List) -> None:
    total = len(accounts.places)
    pages = -(-total // PAGE_ROWS)
    number = min(int(st.session_state.get("accounts_page", 1)), pages)
    start = (number - 1) * PAGE_ROWS
    end = min(start + PAGE_ROWS, total)
    table = accounts.rows(start, end)
    table_key = f"accounts_table_{number}"
    frame: pd.DataFrame = table.to_pandas()
    st.dataframe(
        frame,
        hide_index=True,
        key=table_key,
        height=420 if len(frame) > 11 else "content",
        column_config={LABELS[LAST_ACTIVITY]: DATE},
        on_select=partial(open_selected, table_key, table.column(LABELS["account_id"]).to_pylist()),
        selection_mode="single-row",
        placeholder=NO_DATA,
        alt="Accounts. Choose a row to see its people and why it scores what it does.",
    )
    st.caption(f"Rows {start + 1:,} to {end:,} of {count(total)}. Choose a row to open the account.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key="accounts_page", max_visible_pages=5)
        st.download_button(
            f"Download all {count(total)} (CSV)",
            data=lambda: csv_bytes(accounts.rows(0, total)),
            file_name="accounts.csv",
            mime="text/csv",
            key="accounts_download",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )

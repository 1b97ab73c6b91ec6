"""A page of a long list: rows can be opened, pages are cut on the server, the whole list downloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.format import NO_DATA, count
from pages.components.leads.opened import open_selected
from pages.components.table import file_stem
from queries.safe_csv import csv_bytes

PAGE_ROWS = 50
LEAD_ID, MOMENT = "lead_id", "moment"


@dataclass(frozen=True)
class LongList:
    """A list of any length.

    Attributes
    ----------
    name : str
        What it shows: its description for screen readers and the name of the file.
    key : str
        Unique on the page.
    rows : int
    page : callable
        From the first row and the row after the last to an Arrow table with ``lead_id`` and perhaps
        ``moment``.
    labels : mapping
        How each column is called on the page.
    config : mapping
        As for ``st.dataframe``, by label.
    tiers : mapping
        The shown label of each tier by its name.
    blanks : mapping, optional
        By column of text, what stands where there is nothing.
    """

    name: str
    key: str
    rows: int
    page: Callable[[int, int], pa.Table]
    labels: Mapping[str, str]
    config: Mapping[str, Any]
    tiers: Mapping[str, str]
    blanks: Mapping[str, str] = field(default_factory=dict)

    def shown(self, start: int, end: int) -> pa.Table:
        """Some rows with columns and tiers as they are called on the page."""
        table = self.page(start, end)
        place = table.column_names.index("tier")
        tiers = [self.tiers.get(name, name) for name in table.column("tier").to_pylist()]
        table = table.set_column(place, "tier", pa.array(tiers, pa.string()))
        for name, text in self.blanks.items():
            place = table.column_names.index(name)
            table = table.set_column(place, name, table.column(name).fill_null(text))
        return table.rename_columns([self.labels.get(name, name) for name in table.column_names])


def show_list(long: LongList) -> None:
    """Draw the page of the list that was chosen, and below it the pages and the download."""
    pages = max(1, -(-long.rows // PAGE_ROWS))
    number_key = f"{long.key}_page"
    number = min(int(st.session_state.get(number_key, 1)), pages)
    start = (number - 1) * PAGE_ROWS
    end = min(start + PAGE_ROWS, long.rows)
    table = long.page(start, end)
    table_key = f"{long.key}_table_{number}"
    lead_ids = table.column(LEAD_ID).to_pylist()
    moments = table.column(MOMENT).to_pylist() if MOMENT in table.column_names else [None] * len(lead_ids)
    frame: pd.DataFrame = long.shown(start, end).to_pandas()
    st.dataframe(
        frame,
        hide_index=True,
        key=table_key,
        height=420 if len(frame) > 11 else "content",
        column_config=dict(long.config),
        on_select=partial(open_selected, table_key, lead_ids, moments),
        selection_mode="single-row",
        placeholder=NO_DATA,
        alt=f"{long.name}. Choose a row to see why the lead scores what it does.",
    )
    st.caption(
        f"Rows {start + 1:,} to {start + len(frame):,} of {count(long.rows)}. Choose a row to open the lead."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=number_key, max_visible_pages=5)
        st.download_button(
            f"Download all {count(long.rows)} (CSV)",
            data=lambda: csv_bytes(long.shown(0, long.rows)),
            file_name=f"{file_stem(long.name)}.csv",
            mime="text/csv",
            key=f"{long.key}_download",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )

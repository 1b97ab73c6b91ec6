"""What is loaded: the four tables as cards, the rows that were left out, and what was assumed on the way."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.data.words import (
    TABLE_MEANINGS,
    TABLE_TITLES,
    count,
    show_day,
    show_moment,
    show_size,
    shown,
)
from pages.components.table import table_with_download
from queries.engine import Engine
from queries.rejected_rows import rejected_rows
from queries.workspace import Manifest, TableSummary

MAX_REJECTED_SHOWN = 10_000
FILES_NAMED = 3


def show_loaded(manifest: Manifest) -> None:
    """A card for each table: rows, from when to when, from which files."""
    lines = [f"Imported {show_moment(manifest.imported_at)}."]
    if manifest.observed_until is not None:
        lines.append(
            f"The latest thing that happened to a lead in these data: {show_day(manifest.observed_until)}."
        )
    st.caption(" ".join(lines))
    columns = st.columns(len(TABLE_TITLES))
    for column, name in zip(columns, TABLE_TITLES, strict=True):
        with column, st.container(border=True, height="stretch", gap=None):
            _show_table(name, manifest.tables[name])


def _show_table(name: str, table: TableSummary) -> None:
    st.metric(TABLE_TITLES[name], f"{table.accepted:,}", help=TABLE_MEANINGS[name].capitalize() + ".")
    facts = []
    if table.first is not None and table.last is not None:
        facts.append(f"{show_day(table.first)} to {show_day(table.last)}")
    facts += [
        f"from {shown(source.name, 80)} ({show_size(source.bytes)})" for source in table.sources[:FILES_NAMED]
    ]
    if len(table.sources) > FILES_NAMED:
        facts.append(f"and {count(len(table.sources) - FILES_NAMED, 'more file')}")
    if not table.sources and not table.accepted:
        facts.append("not loaded")
    if table.rejected:
        facts.append(f"**{count(table.rejected, 'row')} left out**")
    for fact in facts:
        st.caption(fact)


def show_left_out(manifest: Manifest, engine: Engine) -> None:
    """The rows that were left out, with line, reason and text, to look at and to download."""
    total = sum(table.rejected for table in manifest.tables.values())
    if total == 0:
        st.caption("No row was left out.")
        return
    with st.expander(f"{count(total, 'row was', 'rows were')} left out: see why", icon=":material/rule:"):
        st.markdown(
            "These rows could not be used. Correct them in the file and load it again, or live without them."
        )
        rows = rejected_rows(engine, MAX_REJECTED_SHOWN).to_pandas()
        if total > len(rows):
            st.caption(f"The first {len(rows):,} are shown.")
        table_with_download(_readable(rows), name="rows_left_out", key="rows_left_out")


def _readable(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Table": rows["table_name"].map(TABLE_TITLES),
            "File": rows["source"],
            "Line": rows["line"],
            "Why": rows["reason"],
            "The row's text": rows["raw"],
        }
    )


def show_notes(manifest: Manifest) -> None:
    """What the import assumed or converted."""
    if not manifest.notes:
        return
    with st.expander(
        f"{count(len(manifest.notes), 'thing')} assumed or converted during the import",
        icon=":material/info:",
    ):
        st.markdown("\n".join(f"- {shown(note)}" for note in manifest.notes))

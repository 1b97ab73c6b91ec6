"""What the files would become: the first rows of each table, and what would be left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st

from pages.components.data.files import DataFile
from pages.components.data.words import TABLE_TITLES, TABLE_WORDS, count, listed, shown
from queries.errors import QueryError
from queries.mapping import Mapping
from queries.mapping_file import format_mapping
from queries.mapping_preview import SAMPLE_ROWS, TablePreview, preview
from queries.workspace import Workspace

ROWS_SHOWN = 20
REASONS_SHOWN = 100


def show_preview(
    workspace: Workspace, mapping: Mapping, files: Sequence[DataFile], timezone: str, max_rejected: float
) -> bool:
    """Draw a tab for each table.

    Parameters
    ----------
    workspace : Workspace
    mapping : Mapping
    files : sequence of DataFile
    timezone : str
        Of times that name none.
    max_rejected : float
        The share of rows above which the import will be refused; that is said.

    Returns
    -------
    bool
        Whether the files can be read in this way.
    """
    manifest = workspace.manifest
    try:
        tables = _preview(
            tuple(str(file.upload.path) for file in files),
            format_mapping(mapping),
            timezone,
            manifest.version if manifest is not None else "",
            mapping,
            workspace,
        )
    except QueryError as refusal:
        st.error(shown(refusal, 1_000), icon=":material/error:")
        return False
    st.markdown("**This is what will be loaded**")
    names = [name for name in TABLE_TITLES if name in tables]
    for name, tab in zip(names, st.tabs([_tab_title(name, tables[name]) for name in names]), strict=True):
        with tab:
            _show_table(name, tables[name])
    too_many = [name for name in names if tables[name].rejected > max_rejected * tables[name].read]
    if too_many:
        tables_words = listed(TABLE_WORDS[name] for name in too_many)
        st.warning(
            f"Of the {tables_words} more than {100 * max_rejected:g} % would be left out. As it stands, "
            "nothing would be loaded: correct the file, change how it is read (under *More*, rows without a "
            "date can be left out on purpose), or allow more rows to be left out.",
            icon=":material/warning:",
        )
    return True


@st.cache_data(show_spinner="Reading the first rows …", max_entries=20)
def _preview(
    paths: tuple[str, ...],
    mapping_text: str,
    timezone: str,
    version: str,
    _mapping: Mapping,
    _workspace: Workspace,
) -> dict[str, TablePreview]:
    """The preview (`mapping_text` and `version` are part of the cache's key)."""
    return preview(
        [Path(path) for path in paths], _mapping, ROWS_SHOWN, workspace=_workspace, timezone=timezone
    )


def _tab_title(name: str, table: TablePreview) -> str:
    left_out = f" ({count(table.rejected, 'row')} left out)" if table.rejected else ""
    return f"{TABLE_TITLES[name]}{left_out}"


def _show_table(name: str, table: TablePreview) -> None:
    looked_at = (
        f"Of the first {SAMPLE_ROWS:,} rows"
        if table.read >= SAMPLE_ROWS
        else f"Of {count(table.read, 'row')}"
    )
    st.caption(f"{looked_at}, {table.read - table.rejected:,} can be used. The first of them:")
    frame = table.rows.to_pandas()
    title = f"The first rows of the {TABLE_WORDS[name]}"
    st.dataframe(frame, hide_index=True, height=_height(frame), alt=title)
    if table.rejected:
        st.markdown(f":material/rule: **{count(table.rejected, 'row')} would be left out**")
        reasons = pd.DataFrame(
            [(row.line, row.reason) for row in table.rejected_rows[:REASONS_SHOWN]], columns=["Line", "Why"]
        )
        st.dataframe(
            reasons,
            hide_index=True,
            height=_height(reasons),
            column_config={"Line": st.column_config.NumberColumn(width=80)},
            alt="Rows that would be left out",
        )
    if table.notes:
        st.markdown("\n".join(f"- {shown(note)}" for note in table.notes))


def _height(frame: pd.DataFrame) -> int | Literal["content"]:
    return "content" if len(frame) < 6 else 250

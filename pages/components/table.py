"""A table on the page with its download, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.format import NO_DATA

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00")
"""What a spreadsheet takes for the start of a formula, or skips before one."""


PERCENT_STEP = 0.001
"""One decimal of a percent, as `format.percent` writes it: the one rule for every table with rates."""


def percent_column(help: str | None = None) -> Any:  # as Streamlit calls it
    """How a column of fractions is shown: as percent, every row with one decimal."""
    # Without a step Streamlit shows as many decimals as it takes, two at most: 17.7% beside 23.44%.
    return st.column_config.NumberColumn(format="percent", step=PERCENT_STEP, help=help)


def rounded_percents(frame: pd.DataFrame, column_config: Mapping[str, Any]) -> pd.DataFrame:
    """The table as it is shown: Streamlit cuts what is beyond a column's step, 17.79 % would read 17.7 %."""
    shown = {
        name: frame[name].round(3)
        for name, column in column_config.items()
        if name in frame.columns
        and isinstance(column, dict)
        and column.get("type_config", {}).get("step") == PERCENT_STEP
        and pd.api.types.is_float_dtype(frame[name])
    }
    return frame.assign(**shown)


def table_with_download(
    frame: pd.DataFrame,
    name: str,
    key: str,
    column_config: Mapping[str, Any] | None = None,
) -> None:
    """Show a table, and below it a button that downloads it as CSV.

    Parameters
    ----------
    frame : DataFrame
        Numbers as numbers: units and rounding belong into `column_config`, so that the file
        keeps every digit.
    name : str
        What the table shows: its description for screen readers and the name of the file.
    key : str
        Unique on the page.
    column_config : mapping, optional
        As for ``st.dataframe``.
    """
    # The height fits the rows, so that a reader of a small table need not scroll in it.
    height = "content" if len(frame) <= 15 else 420
    st.dataframe(
        rounded_percents(frame, column_config or {}),
        hide_index=True,
        column_config=dict(column_config or {}),
        key=f"{key}_table",
        height=height,  # type: ignore[arg-type]  # the literal is widened
        placeholder=NO_DATA,
        alt=name,
    )
    offer_csv(name, key, csv_bytes(frame))


def offer_csv(name: str, key: str, data: bytes | Callable[[], bytes]) -> None:
    """A button below a table that downloads it; `data` is made only when asked for where it is a function."""
    st.download_button(
        f"Download “{name}” (CSV)",
        data=data,
        file_name=f"{file_stem(name)}.csv",
        mime="text/csv",
        key=f"{key}_download",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8 that no spreadsheet takes for formulas.

    Text cells and headers that begin like a formula get a leading apostrophe; numbers, times and missing
    values stay as they are. A byte order mark lets Excel recognise UTF-8.
    """
    safe = frame.rename(columns=_harmless)
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            safe.isetitem(place, [_harmless(value) for value in column])
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def file_stem(name: str) -> str:
    """A file name of plain letters, digits and hyphens; ``table`` when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "table"


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value

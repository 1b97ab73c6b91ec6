"""A table on the page with its download, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.components.format import NO_DATA, percent

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00")
"""What a spreadsheet takes for the start of a formula, or skips before one."""


PERCENT = "percent"
"""Streamlit's own format for fractions, which shows as many decimals as it takes: 17.7% beside 23.44%."""

MOST_CELLS = 50_000
"""So many are written out by hand; a longer table keeps Streamlit's own percents."""


def percent_column(help: str | None = None) -> Any:  # as Streamlit calls it
    """How a column of fractions is shown: as `format.percent` writes them; see `with_percents`."""
    return st.column_config.NumberColumn(format=PERCENT, help=help)


def with_percents(
    frame: pd.DataFrame, column_config: Mapping[str, Any]
) -> tuple[pd.DataFrame | Styler, dict[str, Any]]:
    """A table and its columns for ``st.dataframe``, with one decimal in every percent.

    The values stay what they are: rows sort by them, and only what is read is written out.
    """
    config = dict(column_config)
    percents = [name for name in frame.columns if _format_of(config.get(name)) == PERCENT]
    if not percents or frame.size > MOST_CELLS:
        return frame, config
    for name in percents:
        # With a format of its own a column would not show what is written out here.
        kind = config[name]["type_config"] | {"format": None}
        config[name] = config[name] | {"type_config": kind}
    written: dict[Any, Any] = {
        name: _short for name in frame.columns if pd.api.types.is_float_dtype(frame[name])
    }
    written |= dict.fromkeys(percents, percent)
    return frame.style.format(written, na_rep=NO_DATA), config


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
    shown, config = with_percents(frame, column_config or {})
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
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


def _format_of(column: Any) -> str | None:
    """The format of a column's configuration, None for one without."""
    return (
        column["type_config"].get("format") if isinstance(column, dict) and "type_config" in column else None
    )


def _short(value: float) -> str:
    """A number with no more decimals than it needs, four at most."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value

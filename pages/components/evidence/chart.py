"""A chart of the evidence on a page: its explanation, and the table behind it with its download."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components.backtest.chart import alternative_text
from pages.components.evidence.words import WORDS
from pages.components.figures import CHART_CONFIG
from pages.components.table import percent_column, table_with_download

SHARE = percent_column()
WHOLE = st.column_config.NumberColumn(format="localized")
TWO_DECIMALS = st.column_config.NumberColumn(format="%.2f")
THREE_DECIMALS = st.column_config.NumberColumn(format="%.3f")
FOUR_DECIMALS = st.column_config.NumberColumn(format="%.4f")


def show_evidence_chart(
    figure: go.Figure,
    table: pd.DataFrame,
    name: str,
    key: str,
    topics: tuple[str, ...],
    config: Mapping[str, Any],
) -> None:
    """Draw a figure, and below it what it means and its figures.

    Parameters
    ----------
    figure : plotly Figure
    table : DataFrame
    name : str
        What the table shows.
    key : str
        Unique on the page.
    topics : tuple of str
        Keys of `evidence_words.WORDS`.
    config : mapping
        How the table's columns are shown.
    """
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key=key, alt=alternative_text(figure))
    explain_evidence(f"How to read “{name}”", *topics, key=f"{key}_explained")
    with st.expander(f"{name}: the table behind this chart"):
        table_with_download(table, name, key, config)


def explain_evidence(label: str, *topics: str, key: str) -> None:
    """A quiet button that opens what a figure means; `key` is unique on the page."""
    with st.popover(label, type="tertiary", icon=":material/help:", key=key):
        for topic in topics:
            st.markdown(WORDS[topic])


def numbers(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The table with these columns as numbers, a missing figure as a missing number."""
    for name in columns:
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame

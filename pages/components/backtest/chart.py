"""A chart on a page: described for screen readers, with its explanation and the table behind it."""

from __future__ import annotations

import re

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.components.backtest.tables import column_config
from pages.components.explain import explain
from pages.components.figures import CHART_CONFIG
from pages.components.table import table_with_download


def show_chart(figure: go.Figure, table: pd.DataFrame, name: str, key: str, topics: tuple[str, ...]) -> None:
    """Draw a figure and, below it, what it means and its figures.

    Parameters
    ----------
    figure : plotly Figure
    table : DataFrame
        The figures behind the chart.
    name : str
        What the table shows.
    key : str
        Unique on the page.
    topics : tuple of str
        What is explained on demand.
    """
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key=key, alt=alternative_text(figure))
    explain(f"How to read “{name}”", *topics, key=f"{key}_explained")
    with st.expander(f"{name}: the table behind this chart"):
        table_with_download(table, name, key, column_config())


def alternative_text(figure: go.Figure) -> str:
    """What the chart shows, as its title says it, and where its figures can be read."""
    title = re.sub(r"<[^>]+>", " ", figure.layout.title.text or "")
    return f"Chart. {title}. All figures stand in the table behind this chart."

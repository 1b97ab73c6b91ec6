"""How the Review page prints: figures and text, without what only works on a screen."""

from __future__ import annotations

import streamlit as st

PRINT_STYLE = """
<style>
@media print {
    header, [data-testid="stToolbar"], [data-testid="stDownloadButton"], [data-testid="stButton"],
    [data-testid="stPopover"], [data-testid="stPagination"], [data-testid="stDecoration"] { display: none; }
    .stMainBlockContainer { padding: 0; }
    [data-testid="stPlotlyChart"], [data-testid="stMetric"] { break-inside: avoid; }
    [data-testid="stDataFrame"] { break-inside: avoid; }
    h2, h3 { break-after: avoid; }
}
</style>
"""


def show_print_style() -> None:
    """Put the style sheet for print into the page."""
    st.html(PRINT_STYLE)

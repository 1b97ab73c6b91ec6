"""The little style sheet of the Tune page: what Streamlit's own parameters cannot say."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
/* Wide screens: the figures stay in view while the rules scroll. */
@media (min-width: 1000px) {
  .st-key-tune_inputs { max-height: calc(100vh - 7rem); overflow-y: auto; padding: 2px 10px 2px 2px; }
  .st-key-tune_results { max-height: calc(100vh - 7rem); overflow-y: auto; padding: 2px 4px 2px 2px; }
}
/* Phones: the row of figures stays at the top while the rules are edited below it. */
@media (max-width: 640px) {
  .st-key-figure_row [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  .st-key-figure_row [data-testid="stColumn"] { min-width: 45%; flex: 1 1 45%; }
}
.st-key-tune_inputs [data-testid="stVerticalBlock"] { gap: 0.35rem; }
.st-key-figure_row [data-testid="stMetricValue"] { font-size: 1.55rem; font-variant-numeric: tabular-nums; }
.st-key-figure_row [data-testid="stMetric"] { min-height: 6.2rem; }
.stMainBlockContainer { padding-top: 4.2rem; padding-left: 2rem; padding-right: 2rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; } }
</style>
"""


def show_layout_style() -> None:
    """Put the style sheet into the page."""
    st.html(STYLE)

"""The little style sheet of the Tune page: what Streamlit's own parameters cannot say."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
/* Wide screens: rules and figures scroll apart, so that the figures stay in view. */
@media (min-width: 1000px) {
  .st-key-tune_inputs, .st-key-tune_results {
    max-height: calc(100vh - 9.5rem); overflow-y: auto; padding: 2px 12px 2px 2px; scrollbar-width: thin;
  }
}
/* Phones: the rules scroll in a window of their own above the figures, two figures a line. */
@media (max-width: 640px) {
  .st-key-tune_head [data-testid="stColumn"] [data-testid="stHorizontalBlock"] {
    justify-content: flex-start; gap: 0.5rem;
  }
  .st-key-tune_head button { padding-inline: 0.6rem; }
  .st-key-tune_inputs { max-height: 52vh; overflow-y: auto; padding: 2px 6px 2px 2px; }
  .st-key-figure_row [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  .st-key-figure_row [data-testid="stColumn"] { min-width: 45%; flex: 1 1 45%; }
}

/* The rule editor's place beside the figures, gone while there is no editor. */
.st-key-tune_console_row [data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"]:empty) {
  display: none;
}
@media (min-width: 1000px) {
  .st-key-tune_editor { max-height: calc(100vh - 9.5rem); overflow-y: auto; padding: 2px 12px 2px 2px; }
}
/* What brings response tables has no face. */
.st-key-tune_tables { position: absolute; width: 1px; height: 1px; overflow: hidden; }

.st-key-tune_inputs { gap: 0.4rem; }
.st-key-tune_inputs h2 { font-size: 1.05rem; padding: 0.3rem 0 0.5rem; }
.st-key-tune_inputs [data-testid="stColumn"] { min-width: 0; }
.st-key-tune_inputs [data-testid="stColumn"] [data-testid="stVerticalBlock"] { gap: 0; }
.st-key-tune_inputs [data-testid="stHorizontalBlock"] { gap: 0.6rem; }
.st-key-figure_row [data-testid="stVerticalBlock"] { gap: 0.1rem; }
.st-key-figure_row [data-testid="stMetricValue"] { font-size: 1.4rem; font-variant-numeric: tabular-nums; }

/* A limit is typed, not stepped; the room goes to the rule's name. */
[class*="st-key-rule_cap_"] button { display: none; }
[class*="st-key-rule_cap_"] input { font-variant-numeric: tabular-nums; }

[class*="st-key-limits_"] button [aria-hidden="true"]:not([data-testid]) { display: none; }

/* The names of these buttons are for screen readers; eyes have the icon and the row. */
[class*="st-key-rule_edit_"] [data-testid="stMarkdownContainer"],
[class*="st-key-condition_remove_"] [data-testid="stMarkdownContainer"],
[class*="st-key-limits_"] button [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
</style>
"""


def show_layout_style() -> None:
    """Put the style sheet into the page."""
    st.html(STYLE)

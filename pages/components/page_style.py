"""The style sheet of every page: what the theme's settings cannot say."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
.stMainBlockContainer { padding: 3.6rem 2rem 1rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; } }

/* Captions come at 60 % of the text's strength, which is too faint to be read by many. */
[data-testid="stCaptionContainer"] { opacity: 0.8; }

/* The chosen one of several buttons has its text in the accent colour, too faint on its tinted ground. */
.stApp button[data-variant="segmented_control"][data-selected][aria-checked="true"] { color: inherit; }

/* A slider's value comes in the accent colour, too faint on a dark page. */
.stApp [data-testid="stSliderThumbValue"] { color: inherit; }
</style>
"""


def show_page_style() -> None:
    """Put the style sheet into the page."""
    st.html(STYLE)

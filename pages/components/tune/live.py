"""The Tune page with the console: inputs and figures that follow the hand, words once it rests."""

from __future__ import annotations

import streamlit as st

from pages.components.console.view import show_console, show_tables
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.grid.start import show_grid_start
from pages.components.tune.input_choice import show_input_choice
from pages.components.tune.open_editor import is_editor_open, show_open_editor
from pages.components.tune.part import describe_part, show_part_choice
from pages.components.tune.results import figures_of_both, show_words
from pages.components.tune.success import show_scale, show_success
from queries.flow import Flow
from scoring.model import Model


def show_live(flow: Flow, draft: Model, in_use: Model) -> None:
    """Console, and below it what counts as success and what a change does in words."""
    with st.container(key="tune_choices"), shown_on_page():
        choice, switch = st.columns([9, 2], vertical_alignment="center")
        with switch, st.container(horizontal=True, horizontal_alignment="right"):
            show_input_choice()
        with choice:
            part = show_part_choice(flow)
        if part_text := describe_part(part):
            st.caption(as_markdown(part_text))
    is_editing = is_editor_open()
    now = before = None
    # The left column is there all the time and hidden while it is empty, so that the console stays the same
    # one when the editor opens.
    with st.container(key="tune_console_row"):
        editor, console = st.columns([5, 8], gap="medium")
    if is_editing:
        with editor, st.container(key="tune_editor"), shown_on_page():
            show_open_editor(flow, draft)
    with console:
        with shown_on_page():
            now, before = figures_of_both(flow, draft, in_use, part)
        with shown_on_page():
            show_console(draft, in_use, now, before, with_inputs=not is_editing)
    show_tables(flow)
    settings, words = st.columns([5, 8], gap="medium")
    with words, st.container(key="tune_words"), shown_on_page():
        if now is not None:
            show_words(flow, in_use, now, before, part)
    with settings, st.container(key="tune_settings"), shown_on_page():
        show_success(flow, draft)
        show_scale(draft)
        show_grid_start(flow, draft)

"""Undo and redo, for every page that changes the draft."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown


def show_steps(page: str) -> None:
    """The two buttons; `page` begins their keys."""
    history = state.draft_history()
    _step_button(page, "Undo", history.undo_note, state.undo)
    _step_button(page, "Redo", history.redo_note, state.redo)


def _step_button(page: str, label: str, note: str | None, action: Callable[[], None]) -> None:
    word = label.lower()
    st.button(
        label,
        key=f"{page}_{word}",
        disabled=note is None,
        on_click=action,
        icon=f":material/{word}:",
        help=f"{label}: {as_markdown(note)}" if note else f"Nothing to {word}",
    )

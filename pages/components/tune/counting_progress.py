"""The progress of figures that take longer, and a button that stops them by taking the change back."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import state
from pages.components.format import as_markdown
from scoring.model import Model

STOP = "Stop and undo"


class CountingProgress:
    """A bar in a place that is empty before and after.

    Parameters
    ----------
    place : DeltaGenerator or None
        An empty place; nothing is shown without one.
    model : Model
        What is worked out. Only what the last change of the draft asked for can be stopped by taking it back.
    key : str
        Different for different requests.
    """

    def __init__(self, place: DeltaGenerator | None, model: Model, key: str) -> None:
        self._place = place
        self._model = model
        self._key = key
        self._bar: DeltaGenerator | None = None

    def tell(self, share: float, text: str) -> None:
        """Show how far it is; whatever was asked for meanwhile ends the work here."""
        # What comes first and last is quick; a bar that only flashes would disturb.
        if self._place is None or not 0.1 < share < 0.9:
            return
        if self._bar is None:
            self._bar = self._begin(self._place)
        self._bar.progress(share, text=text)

    def end(self) -> None:
        """Leave the place empty."""
        if self._place is not None:
            self._place.empty()

    def _begin(self, place: DeltaGenerator) -> DeltaGenerator:
        with place.container(horizontal=True, vertical_alignment="center"):
            bar = st.empty()
            note = state.draft_history().undo_note
            if note is not None and self._model == state.draft():
                st.button(
                    STOP,
                    key=f"stop_{self._key}",
                    icon=":material/cancel:",
                    on_click=state.undo,
                    help=f"Undo: {as_markdown(note)}",
                )
        return bar

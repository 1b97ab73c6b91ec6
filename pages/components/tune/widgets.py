"""Inputs that show the draft and write into it.

The draft is what holds; a widget's state only mirrors it: undo, reset and opening a file reach every input.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from scoring.errors import ModelError
from scoring.model import Model

Change = Callable[[Model, Any], Model]

SECONDS_TO_HEAR = 3.0
"""What a browser takes at most to draw what a run sent."""

_PROBLEM = "tune_problem"
_UNHEARD = "tune_unheard"
_ABSENT = object()


def apply(change: Callable[[Model], Model], note: str) -> None:
    """Change the draft, or say why that cannot be; the draft is then as before."""
    st.session_state.pop(_PROBLEM, None)
    try:
        state.set_draft(change(state.draft()), note)
    except ModelError as error:
        st.session_state[_PROBLEM] = str(error)


def show_problem() -> None:
    """Say why the last change was not made."""
    if problem := st.session_state.get(_PROBLEM):
        st.warning(f"Not changed: {as_markdown(problem)}", icon=":material/error:")


def number(
    label: str,
    key: str,
    value: int | None,
    change: Change,
    note: str,
    *,
    low: int = -1_000_000,
    high: int = 1_000_000,
    **options: Any,
) -> None:
    """A whole number of the draft.

    With a `placeholder` it may be empty, which is None.
    """
    if value is not None:
        # A file may hold a value that the page would not offer; it is shown as it is.
        low, high = min(low, value), max(high, value)
    mirror(key, value)
    st.number_input(
        label,
        min_value=low,
        max_value=high,
        # A default other than None could never be emptied again.
        value=None if "placeholder" in options else value,
        step=1,
        key=key,
        on_change=_commit,
        args=(key, change, note),
        **options,
    )


def switch(label: str, key: str, value: bool, change: Change, note: str, **options: Any) -> None:
    """A yes or no of the draft."""
    mirror(key, value)
    st.checkbox(label, value, key=key, on_change=_commit, args=(key, change, note), **options)


def text(label: str, key: str, value: str, change: Change, note: str, **options: Any) -> None:
    """A text of the draft."""
    mirror(key, value)
    st.text_input(label, value, key=key, on_change=_commit, args=(key, change, note), **options)


def several(
    label: str,
    key: str,
    value: Sequence[str],
    options: Sequence[str],
    change: Change,
    note: str,
    **more: Any,
) -> None:
    """Several texts of the draft; those that are no option are offered too."""
    mirror(key, list(value))
    offered = list(dict.fromkeys([*options, *value]))
    st.multiselect(label, offered, list(value), key=key, on_change=_commit, args=(key, change, note), **more)


def choose_one(
    label: str,
    key: str,
    value: str | None,
    options: Sequence[str],
    change: Change,
    note: str,
    **more: Any,
) -> None:
    """One of several texts of the draft; one that is no option is offered too.

    With a `placeholder` it may be empty, which is None.
    """
    offered = list(dict.fromkeys([*options, *([] if value is None else [value])]))
    # With an index it could not be emptied.
    index = None if "placeholder" in more else offered.index(value or offered[0])
    mirror(key, value)
    st.selectbox(label, offered, index=index, key=key, on_change=_commit, args=(key, change, note), **more)


def mirror(key: str, value: Any) -> str:
    """Let the widget with this key show a value; returns the key.

    An assignment is lost when another run overtakes the one that made it before the browser heard of it:
    the browser then shows the widget's default, and sends it back as if it were typed, which empties inputs
    that may be empty. So it is made again until a while after a run came to its end (`end_of_run`), and
    wherever possible the default is the value itself.
    """
    unheard = _unheard()
    # Assigned only where it differs: an assignment overwrites what is being typed in the browser.
    if st.session_state.get(key, _ABSENT) != value:
        unheard[key] = None
    if key in unheard:
        st.session_state[key] = value
    return key


def end_of_run() -> None:
    """The page was drawn to its end, so the browser hears of every value that was assigned, soon."""
    now = time.monotonic()
    unheard = _unheard()
    unheard.update({key: now for key, ended in unheard.items() if ended is None})


def _unheard() -> dict[str, float | None]:
    """By key when a run that assigned it came to its end, None for not yet; those that were heard are gone.

    A slow browser draws two runs as one and sees only what the second one sent.
    """
    now = time.monotonic()
    kept: dict[str, float | None] = {
        key: ended
        for key, ended in st.session_state.get(_UNHEARD, {}).items()
        if ended is None or now - ended < SECONDS_TO_HEAR
    }
    st.session_state[_UNHEARD] = kept
    return kept


def _commit(key: str, change: Change, note: str) -> None:
    value = st.session_state[key]
    apply(lambda model: change(model, value), note)

"""One of several, as an input that shows the draft and writes into it; see `widgets` beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components.tune import widgets


def choose_one(
    label: str,
    key: str,
    value: str | None,
    options: Sequence[str],
    change: widgets.Change,
    note: str,
    **more: Any,
) -> None:
    """One of several texts of the draft; one that is no option is offered too.

    With a `placeholder` it may be empty, which is None.
    """
    offered = list(dict.fromkeys([*options, *([] if value is None else [value])]))
    # With an index it could not be emptied.
    index = None if "placeholder" in more else offered.index(value or offered[0])
    widgets.mirror(key, value)
    st.selectbox(label, offered, index=index, key=key, on_change=_commit, args=(key, change, note), **more)


def _commit(key: str, change: widgets.Change, note: str) -> None:
    value = st.session_state[key]
    widgets.apply(lambda model: change(model, value), note)

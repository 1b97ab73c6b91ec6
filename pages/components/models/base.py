"""Which version the session's draft was made from: what a save is compared with."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from queries.model_history import open_history
from queries.registry import Registry
from queries.versions import Version

_BASE = "models_draft_base"
_AUTHOR = "models_author_name"
BEFORE_THE_HISTORY = 0


def current_registry() -> Registry:
    """The history of the workspace that the dashboard was started for."""
    return open_history(state.current_workspace())


def draft_base(registry: Registry) -> int | None:
    """The version that the draft was made from; None while there is none.

    Call it wherever a draft can begin: the first call of a session remembers what was in use then, so that a
    later save notices what others saved since.
    """
    if _BASE not in st.session_state:
        champion = registry.champion()
        st.session_state[_BASE] = BEFORE_THE_HISTORY if champion is None else champion.number
    base: int = st.session_state[_BASE]
    if base != BEFORE_THE_HISTORY:
        return base
    # The first version is what was in use before the history began.
    return 1 if registry.champion() is not None else None


def set_draft_base(version: Version) -> None:
    """The draft is made from this version from now on."""
    st.session_state[_BASE] = version.number


def open_as_draft(version: Version) -> None:
    """Make a version the session's draft; can be undone on the Tune page."""
    state.set_draft(version.model, f"opening version {version.number}")
    set_draft_base(version)


def author_name() -> str:
    """The name that this session recorded last; '' at first."""
    name: str = st.session_state.get(_AUTHOR, "")
    return name


def remember_author(name: str) -> None:
    """Offer this name from now on."""
    st.session_state[_AUTHOR] = name.strip()

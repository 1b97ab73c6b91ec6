"""Live inputs or plain ones: which of the two the Tune page shows."""

from __future__ import annotations

import streamlit as st

PARAMETER, PLAIN = "inputs", "plain"
_CHOSEN, _TOGGLE = "plain_inputs", "plain_inputs_toggle"


def has_plain_inputs() -> bool:
    """Whether ordinary inputs and charts stand in the place of the live ones."""
    if _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = st.query_params.get(PARAMETER) == PLAIN
    return bool(st.session_state[_CHOSEN])


def show_input_choice() -> None:
    """The switch between the two, which the address remembers."""
    st.session_state[_TOGGLE] = has_plain_inputs()
    st.toggle(
        "Plain inputs",
        key=_TOGGLE,
        on_change=_choose,
        help="Ordinary inputs, which need no script of ours: figures follow once a value is entered.",
    )


def _choose() -> None:
    st.session_state[_CHOSEN] = st.session_state[_TOGGLE]
    if st.session_state[_CHOSEN]:
        st.query_params[PARAMETER] = PLAIN
    else:
        st.query_params.pop(PARAMETER, None)

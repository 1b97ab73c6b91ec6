"""Tune: change points and thresholds and see what that would have done."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.share_link import write_address
from pages.components.tune.input_choice import has_plain_inputs
from pages.components.tune.layout import show_layout_style
from pages.components.tune.live import show_live
from pages.components.tune.plain import show_plain
from pages.components.tune.quiet import quiet
from pages.components.tune.toolbar import show_toolbar
from pages.components.tune.widgets import end_of_run, show_problem
from queries.flow import Flow


# One fragment for all of it: a change redraws this page's body and nothing around it.
@st.fragment
def show_page(flow: Flow) -> None:
    quiet().disturb()
    with shown_on_page():
        draft, in_use = state.draft(), state.model_in_use()
        # Filled last: the figures are what a change is waited for.
        head = st.container(key="tune_head")
        show_problem()
        if draft.grid is not None or has_plain_inputs():
            show_plain(flow, draft, in_use)
        else:
            show_live(flow, draft, in_use)
        with head:
            show_toolbar(flow)
        write_address()
    end_of_run()


def show_empty() -> None:
    """What to do when nothing was loaded yet."""
    st.title("Tune", anchor=False)
    st.markdown(
        "Here you change the points of a rule or the threshold of a tier, and see what that would have done "
        "with the leads you really had. For that, your leads have to be here first."
    )
    st.page_link("pages/data_page.py", label="Load your data, or try the demo", icon=":material/database:")


show_layout_style()
current = state.current_flow()
if current is None:
    show_empty()
else:
    show_page(current)

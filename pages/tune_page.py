"""Tune: change points and thresholds and see what that would have done."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.share_link import write_address
from pages.components.tune import rule_editor
from pages.components.tune.layout import show_layout_style
from pages.components.tune.results import show_results
from pages.components.tune.rules import show_rules, show_thresholds
from pages.components.tune.success import show_scale, show_success
from pages.components.tune.toolbar import show_toolbar
from pages.components.tune.widgets import show_problem
from queries.flow import Flow


# One fragment for all of it: a change redraws this page's body and nothing around it.
@st.fragment
def show_page(flow: Flow) -> None:
    with shown_on_page():
        draft, in_use = state.draft(), state.model_in_use()
        show_toolbar()
        show_problem()
        inputs, results = st.columns([5, 8], gap="medium")
        with inputs, st.container(key="tune_inputs"), shown_on_page():
            form = rule_editor.current_form()
            if form is not None:
                rule_editor.show_editor(flow, form)
            else:
                show_thresholds(draft, in_use)
                show_rules(draft, in_use)
                show_success(flow, draft)
                show_scale(draft)
        with results, st.container(key="tune_results"), shown_on_page():
            show_results(flow, draft, in_use)
        write_address()


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

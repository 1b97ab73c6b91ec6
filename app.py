"""The dashboard: page config, navigation, and the line that every page shares."""

from __future__ import annotations

import atexit
import gc

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown, day
from pages.components.leads.load import begin_ahead
from pages.components.page_icon import page_icon
from pages.components.page_style import show_page_style
from pages.components.share_link import open_from_address, show_notice, write_address

# A page's address must differ from its file's name: otherwise Streamlit finds the file by itself and runs it
# without this script.
PAGES = [
    st.Page("pages/tune_page.py", title="Tune", url_path="start", icon=":material/tune:", default=True),
    # The first page's own address is "/"; whoever types the name of the page finds it too.
    st.Page("pages/tune_page.py", title="Tune", url_path="tune", visibility="hidden"),
    st.Page("pages/backtest_page.py", title="Back-test", url_path="back-test", icon=":material/history:"),
    st.Page("pages/compare_page.py", title="Compare", url_path="compare", icon=":material/balance:"),
    st.Page("pages/leads_page.py", title="Leads", url_path="leads", icon=":material/group:"),
    st.Page("pages/timeline_page.py", title="Over time", url_path="over-time", icon=":material/timeline:"),
    st.Page("pages/accounts_page.py", title="Accounts", url_path="accounts", icon=":material/domain:"),
    st.Page("pages/alignment_page.py", title="Alignment", url_path="alignment", icon=":material/handshake:"),
    st.Page("pages/review_page.py", title="Review", url_path="review", icon=":material/event_note:"),
    st.Page("pages/predict_page.py", title="Predict", url_path="predict", icon=":material/model_training:"),
    st.Page("pages/levels_page.py", title="Levels", url_path="levels", icon=":material/military_tech:"),
    st.Page("pages/models_page.py", title="Models", url_path="models", icon=":material/commit:"),
    st.Page("pages/data_page.py", title="Data", url_path="data", icon=":material/database:"),
]


@st.cache_resource(show_spinner=False)
def freeze_long_lived_objects() -> None:
    """Take everything loaded so far out of the garbage collector, which Streamlit runs after every change."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def main() -> None:
    """Draw the dashboard."""
    st.set_page_config(page_title="Tierline", page_icon=page_icon(), layout="wide")
    page = st.navigation(PAGES, position="top")
    show_page_style()
    show_context()
    show_newer_data()
    open_from_address()
    show_notice()
    with shown_on_page():
        page.run()
        write_address()
        work_ahead()
    freeze_long_lived_objects()


def show_context() -> None:
    """One line: which data, up to when, and the model in use."""
    manifest = state.current_manifest()
    model = state.model_in_use()
    if manifest is None:
        st.caption(f"No data yet · model in use: {as_markdown(model.name)}")
        return
    until = f", up to {day(manifest.observed_until)}" if manifest.observed_until else ""
    leads = manifest.tables["leads"].accepted
    st.caption(f"{leads:,} leads{until} · model in use: {as_markdown(model.name)}")


def work_ahead() -> None:
    """After the page, so that nothing on it waits: score the newest date for the Leads page."""
    flow = state.current_flow()
    if flow is not None:
        begin_ahead(flow, state.model_in_use())


@st.fragment(run_every="30s")
def show_newer_data() -> None:
    """Say that the workspace holds other data by now, even while nobody touches anything."""
    if state.current_manifest() is None or state.newer_manifest() is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            "New data were loaded since you opened this page. You still see the old; your draft is kept.",
            icon=":material/update:",
            width="stretch",
        )
        if st.button("Use the new data", key="use_newer_data"):
            state.use_newer_data()
            st.rerun()


main()

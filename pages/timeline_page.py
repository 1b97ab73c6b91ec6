"""Over time: how many leads are in each tier week by week, who came in, who left, and why."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.timeline.view import show_timeline


def main() -> None:
    """Draw the page."""
    st.title("Over time")
    flow = state.current_flow()
    if flow is None:
        st.info(
            "There are no leads yet. Load your leads, or try the demo data, on the page *Data*.",
            icon=":material/database:",
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    if flow.observed_until is None:
        st.info("Nothing is known of these leads yet: neither activities nor outcomes.")
        return
    model = state.draft()
    who = "your draft" if state.is_changed() else "the model in use"
    st.markdown(
        f"Every lead as {who}, **{as_markdown(model.name)}**, scored it at the end of each week: scores rise "
        "by what leads do, and fade, end and start anew by themselves."
    )
    with shown_on_page():
        show_timeline(flow, model)


main()

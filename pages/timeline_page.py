"""Over time: how many leads are in each tier week by week, who came in, who left, and why."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.scored_on import flow_with_leads, whose_rules
from pages.components.timeline.view import show_timeline


def main() -> None:
    """Draw the page."""
    st.title("Over time")
    flow = flow_with_leads()
    if flow is None or flow.observed_until is None:
        return
    model = state.draft()
    st.markdown(
        f"Every lead as {whose_rules()}, **{as_markdown(model.name)}**, scored it at the end of "
        "each week: scores rise by what leads do, and fade, end and start anew by themselves. How the points "
        "of a rule fade is drawn on *Tune*, behind the pencil of the rule."
    )
    with shown_on_page():
        show_timeline(flow, model)


main()

"""Back-test: what the draft would have done in every past quarter."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.backtest import sections
from pages.components.backtest.headline import show_headline
from pages.components.backtest.states import show_no_data, show_nothing_complete, show_part
from pages.components.backtest.view import load_view, scored_when
from pages.components.evidence.backtest import show_evidence
from pages.components.explain import explain
from pages.components.format import as_markdown
from pages.components.theme import current_theme


def main() -> None:
    """Draw the page."""
    st.title("Back-test")
    flow = state.current_flow()
    if flow is None:
        show_no_data()
        return
    part = state.current_part()
    show_part(part)
    view = load_view(flow, part, st.empty())
    st.markdown(as_markdown(scored_when(view.model)))
    explain("What does “as it stood” mean?", "as_of", key="as_of_explained")
    if not view.complete:
        show_nothing_complete(view)
        return
    theme = current_theme()
    show_headline(view)
    sections.show_difference(view, flow)
    left, right = st.columns(2)
    with left:
        sections.show_tiers(view, flow, theme)
    with right:
        sections.show_ranking(view, theme)
    sections.show_tier_over_time(view, flow, theme)
    sections.show_leads_and_wins(view, theme)
    sections.show_segments(view, flow)
    show_evidence(flow, view.model)
    sections.show_details(view)


main()

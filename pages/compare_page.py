"""Compare: the draft beside the model in use, on the same leads on the same days."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.compare import load
from pages.components.compare.choose import show_choice
from pages.components.compare.curves import show_curves
from pages.components.compare.live import show_live_score
from pages.components.compare.swap import show_swap
from pages.components.compare.thresholds import show_thresholds
from pages.components.compare.verdict import show_final_check, show_verdict
from pages.components.format import as_markdown


def main() -> None:
    """Draw the page."""
    st.title("Compare")
    flow = state.current_flow()
    if flow is None:
        st.info(
            "There is nothing to compare yet. Load your leads and their outcomes, or try the demo data, on "
            "the page *Data*.",
            icon=":material/database:",
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    pair = load.current_pair(flow)
    word = pair.in_use.observation.period
    if not state.is_changed():
        show_choice(pair.in_use)
        show_thresholds(flow, pair, word)
        show_live_score(flow, pair.in_use)
        return
    st.markdown(
        f"Your draft, **{as_markdown(pair.draft.name)}**, beside the model in use, "
        f"**{as_markdown(pair.in_use.name)}**: all leads, scored by both on the same days."
    )
    evidence = load.compare(flow, pair)
    if not evidence.comparison.periods:
        st.info(
            f"No {word} is complete yet: no lead has had all of its "
            f"{pair.in_use.conversion.horizon_days} days to convert.",
            icon=":material/hourglass_empty:",
        )
        return
    show_verdict(flow, evidence, pair, word)
    show_final_check(flow, evidence, pair, word)
    show_swap(flow, pair, evidence, word)
    draft, in_use = load.both_evidence(flow, pair)
    show_curves(flow, pair, draft, in_use)
    show_thresholds(flow, pair, word)
    show_live_score(flow, pair.in_use)


main()

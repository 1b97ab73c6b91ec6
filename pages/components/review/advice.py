"""What to change next: what the figures recommend, suggested points on demand, and what was found."""

from __future__ import annotations

import streamlit as st

from pages.components.format import as_markdown
from pages.components.review.tables import advice_table
from pages.components.table import table_with_download
from scoring.review import QuarterReview

SUGGEST_KEY = "review_suggest"
FINDING_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}


def show_advice(review: QuarterReview) -> None:
    """Recommendations and findings; a button asks for suggested points, which take their time."""
    st.subheader("What to change next")
    if not review.recommendations:
        st.markdown("Nothing in these figures asks for a change.")
    lines = [f"- **{as_markdown(one.text)}** {as_markdown(one.reason)}" for one in review.recommendations]
    st.markdown("\n".join(lines))
    if not review.suggested:
        st.button(
            "Search for better points, too",
            key="review_suggest_start",
            icon=":material/lightbulb:",
            on_click=_ask_for_suggestions,
            help="Tries other points for every rule and judges them on quarters that came later.",
        )
    else:
        st.page_link(
            "pages/predict_page.py",
            label="Take suggested points on the page Predict",
            icon=":material/arrow_forward:",
        )
    if review.findings:
        st.markdown("**Found in data and model**")
    for finding in review.findings:
        st.markdown(f"{FINDING_ICONS[finding.severity]} {as_markdown(finding.message)}")
    if review.recommendations or review.findings:
        with st.expander("Recommendations and findings as a table"):
            table_with_download(advice_table(review), "Recommendations and findings", "review_advice")


def _ask_for_suggestions() -> None:
    st.session_state[SUGGEST_KEY] = True

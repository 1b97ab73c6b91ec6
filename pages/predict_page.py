"""Predict: what past wins teach about each rule, and the chance of every open lead."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.figures import CHART_CONFIG
from pages.components.format import as_markdown
from pages.components.predict.chances import show_chances, show_held
from pages.components.predict.figure import foretold_figure
from pages.components.predict.load import load_prediction
from pages.components.predict.suggestions import show_suggestions
from pages.components.predict.tables import (
    PERIODS_CONFIG,
    RULES_CONFIG,
    periods_table,
    rules_table,
    skipped_table,
)
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from scoring.model import Model
from scoring.prediction import Prediction
from scoring.prediction_words import sentence


def main() -> None:
    """Draw the page."""
    st.title("Predict")
    flow = state.current_flow()
    if flow is None:
        st.info(
            "There are no wins to learn from yet. Load your leads and their outcomes, or try the demo data."
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    draft = state.draft()
    st.markdown(
        "Points are given by hand. This page asks what the wins themselves would have given: a regression "
        f"learns from the rules of your draft, **{as_markdown(draft.name)}**, and is judged only on periods "
        "that came after what it learned from."
    )
    prediction = load_prediction(flow, draft)
    st.markdown(f"**{as_markdown(sentence(prediction))}**")
    show_periods(prediction)
    show_held(prediction)
    show_rules(prediction, draft)
    show_suggestions(flow, draft)
    show_chances(flow, draft, prediction)


def show_periods(prediction: Prediction) -> None:
    """How well each period was foretold."""
    if prediction.periods:
        figure = foretold_figure(prediction, current_theme())
        alternative = "How often the learned model and the points pick the buyer, by period"
        st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="foretold", alt=alternative)
        with st.expander("Foretold periods: the table behind this chart"):
            table_with_download(periods_table(prediction), "Foretold periods", "foretold", PERIODS_CONFIG)
    if prediction.skipped:
        number = len(prediction.skipped)
        with st.expander(f"{number} {'period' if number == 1 else 'periods'} could not be foretold"):
            table_with_download(skipped_table(prediction), "Periods that were not foretold", "skipped")


def show_rules(prediction: Prediction, model: Model) -> None:
    """What each rule tells when the others are known."""
    if prediction.fit is None:
        return
    st.subheader("What each rule tells beside the others")
    st.caption(
        "For a lead for which the rule counts once more, all else equal, the odds of winning are multiplied "
        "by this. Below 1 the rule speaks against a win. Rules that go together share what they tell."
    )
    table_with_download(rules_table(prediction, model), "What each rule tells", "learned_rules", RULES_CONFIG)


main()

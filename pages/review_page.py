"""Review: a quarter beside the one before and a year ago, what is to come, and what to change next."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.backtest.states import show_no_data
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.leads.lead import show_lead
from pages.components.leads.load import load_lead
from pages.components.leads.opened import opened_lead
from pages.components.review import sections
from pages.components.review.advice import SUGGEST_KEY, show_advice
from pages.components.review.behind import show_leads_behind
from pages.components.review.document import show_document
from pages.components.review.headline import show_headline
from pages.components.review.load import load_review
from pages.components.review.print_style import show_print_style
from pages.components.theme import current_theme
from pages.components.tune.figures import compute_figures
from queries.flow import Flow
from scoring.figure_words import day
from scoring.model import Model
from scoring.review import QuarterReview, State
from scoring.review_figures import choose_period, state_of

IN_USE, DRAFT = "Model in use", "Your draft"
PERIOD_KEY = "review_period"


def main() -> None:
    """Draw the page."""
    st.title("Review")
    flow = state.current_flow()
    if flow is None:
        show_no_data()
        return
    if flow.observed_until is None:
        st.info("Nothing is known of these leads yet: neither activities nor outcomes.")
        return
    show_print_style()
    model = ask_model()
    period = ask_period(flow, model)
    with shown_on_page():
        show_review(flow, model, load_review(flow, model, period, inspected=False, suggested=False))


def show_review(flow: Flow, model: Model, review: QuarterReview) -> None:
    """Draw everything about the chosen period."""
    theme = current_theme()
    version = f", version {review.version}" if review.version else ""
    st.caption(
        f"Scored by **{as_markdown(review.model)}**{version}, data up to {day(review.observed_until)}."
    )
    st.header(as_markdown(review.headline), anchor=False)
    st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in review.sentences))
    document = st.container()
    sections.show_state(review)
    show_headline(review)
    if review.state != State.COMPLETE:
        sections.show_forecast(review, theme)
    sections.show_tiers(review, theme)
    sections.show_parts(review, theme)
    sections.show_drift(review)
    sections.show_changes(review)
    if review.state == State.COMPLETE:
        sections.show_forecast(review, theme)
    advice = st.container()
    sections.show_caveats(review)
    show_leads_behind(flow, model, review)
    if opened := opened_lead():
        lead_id, moment = opened
        show_lead(load_lead(flow, model, lead_id, moment or review.observed_until), model)
    # What takes longest comes last, so that everything else can be read meanwhile.
    with advice:
        suggested = bool(st.session_state.get(SUGGEST_KEY))
        whole = load_review(flow, model, review.period, inspected=True, suggested=suggested)
        show_advice(whole)
    with document:
        show_document(whole, model)


def ask_model() -> Model:
    """The model in use, or the draft where it is another."""
    if not state.is_changed():
        return state.model_in_use()
    chosen = st.radio("Scored by", (IN_USE, DRAFT), horizontal=True, key="review_model")
    return state.draft() if chosen == DRAFT else state.model_in_use()


def ask_period(flow: Flow, model: Model) -> str:
    """Which period; the newest complete one at first."""
    backtest = compute_figures(flow, model, state.Part(), st.empty()).backtest
    usual = choose_period(backtest, None)
    periods = [figures.period for figures in backtest.periods][::-1]
    if st.session_state.get(PERIOD_KEY) not in periods:
        st.session_state[PERIOD_KEY] = usual
    states = {figures.period: state_of(figures) for figures in backtest.periods}
    left, _ = st.columns([1, 3])
    chosen: str = left.selectbox(
        model.observation.period.capitalize(),
        periods,
        format_func=lambda label: (
            label if states[label] == State.COMPLETE else f"{label} ({states[label].value})"
        ),
        key=PERIOD_KEY,
    )
    return chosen


main()

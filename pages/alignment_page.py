"""Alignment: where sales and marketing look at the same figures, and sign what holds from now on."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.alignment import sections
from pages.components.alignment.load import Agreed, load_agreed, load_view, models_beside
from pages.components.alignment.points import show_points
from pages.components.alignment.signing import show_said, show_signing
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.models.base import current_registry, draft_base
from queries.flow import Flow
from scoring.definition import definition


def main() -> None:
    """Draw the page."""
    st.title("Alignment", anchor=False)
    registry = current_registry()
    if (problem := registry.follow_file()) is not None:
        st.warning(as_markdown(problem), icon=":material/warning:")
    draft_base(registry)
    agreed = load_agreed(registry)
    show_in_use(agreed)
    show_said()
    show_signing(agreed)
    show_points(agreed)
    flow = state.current_flow()
    if flow is None or flow.observed_until is None:
        st.info(
            "To see the funnel and what sales did, load your leads, their activities and the outcomes of "
            "sales on the page *Data*.",
            icon=":material/database:",
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    with shown_on_page():
        show_figures(flow, agreed)


def show_in_use(agreed: Agreed) -> None:
    """Which model is in use, and whether both sides signed it."""
    name = as_markdown(state.model_in_use().name)
    champion = agreed.champion
    if champion is None:
        st.markdown(f"**{name}** is in use; nothing was saved yet, so nobody has signed it.")
        return
    step = [one for one in agreed.registry.history(champion.number) if one.state == "champion"][-1]
    how = "signed by both sides" if step.is_signed else "without sign-off by sales and marketing"
    st.markdown(f"Version {champion.number}, **{name}**, is in use, {how}.")


def show_figures(flow: Flow, agreed: Agreed) -> None:
    """What the model in use means for sales, beside what is proposed or being tuned."""
    model = state.model_in_use()
    sections.show_definition(definition(model))
    view = load_view(flow, model)
    beside = models_beside(agreed)
    other = None
    if beside:
        chosen = st.selectbox("Beside the model in use", list(beside), key="alignment_beside")
        other = (chosen, load_view(flow, beside[chosen]))
    sections.show_funnel(view, other)
    sections.show_answers(view)
    sections.show_promises(view)
    sections.show_disagreement(view)
    sections.show_capacity(view, other)
    sections.show_selection(flow, view)


main()

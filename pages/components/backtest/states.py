"""What the Back-test page says before there is anything to show, and which part of the leads it shows."""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components import state
from pages.components.backtest.view import BacktestView


def show_no_data() -> None:
    """Nothing was loaded yet: where to go."""
    st.info(
        "There is nothing to show yet. Load your leads and their outcomes, or try the demo data, on the "
        "page *Data*.",
        icon=":material/database:",
    )
    st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")


def show_nothing_complete(view: BacktestView) -> None:
    """No lead had all of its days yet: why, and what to do."""
    pooled, days = view.backtest.pooled, view.model.conversion.horizon_days
    if not pooled.immature_leads:
        st.info(
            "No lead was open at any moment that this model scores at. Look at which leads it leaves out and "
            "which stages close a lead.",
            icon=":material/hourglass_empty:",
        )
        return
    st.info(
        f"No {view.word} is complete yet: {shown.count(pooled.immature_leads)} leads were scored, and none "
        f"has had all of its {days} days to convert. Allow fewer days on the page *Tune*, or load older "
        "data.",
        icon=":material/hourglass_empty:",
    )


def show_part(part: state.Part) -> None:
    """Say so when only a part of the leads is looked at, with the way back to all of them."""
    if part.column is None or not part.values:
        return
    column = part.column.partition(".")[2].replace("_", " ")
    with st.container(horizontal=True, vertical_alignment="center"):
        values = ", ".join(shown.as_markdown(value) for value in part.values)
        st.info(f"Only leads with {shown.as_markdown(column)}: {values}.", icon=":material/filter_alt:")
        st.button(
            "Look at all leads", on_click=state.set_part, args=(state.Part(),), key="backtest_all_leads"
        )

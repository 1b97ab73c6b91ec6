"""Chances: whether those of past periods held, and that of every lead that is open now."""

from __future__ import annotations

import streamlit as st

from pages.components.figures import CHART_CONFIG
from pages.components.format import as_markdown, count
from pages.components.predict.held_figure import held_figure
from pages.components.predict.load import load_chances
from pages.components.predict.tables import BANDS_CONFIG, CHANCES_CONFIG, bands_table, chances_table
from pages.components.table import csv_bytes, offer_csv, table_with_download, with_percents
from pages.components.theme import current_theme
from queries.flow import Flow
from scoring.model import Model
from scoring.prediction import Prediction
from scoring.prediction_words import level_sentence, promise_sentence

# Rows of a table that a reader scrolls through; more only make the page slow.
MOST_SHOWN = 1000


def show_held(prediction: Prediction) -> None:
    """Whether the chances given before each period held in it."""
    text = promise_sentence(prediction)
    if not text:
        return
    st.subheader("Do the chances hold?")
    st.markdown(f"**{as_markdown(text)}**")
    figure = held_figure(prediction, current_theme())
    alternative = "What was promised and what came, by band of chances; the figures are in the table below"
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="held", alt=alternative)
    with st.expander("Promised and came: the table behind this chart"):
        table_with_download(bands_table(prediction), "Promised and came", "bands", BANDS_CONFIG)


def show_chances(flow: Flow, model: Model, prediction: Prediction) -> None:
    """The chance of every open lead, on demand."""
    if prediction.fit is None:
        return
    days = model.conversion.horizon_days
    st.subheader("The chance of every open lead")
    st.caption(
        f"How likely each lead that is open now is to convert within {days} days. "
        + as_markdown(level_sentence(prediction))
    )
    if not st.toggle("Work out the chances", key="show_chances"):
        return
    chances = chances_table(load_chances(flow, model), model)
    if chances.empty:
        st.info("No lead is open now, so there is no chance to work out.")
        return
    shown = chances.head(MOST_SHOWN)
    which = (
        f"The {count(len(shown))} most likely of {count(len(chances))} open leads"
        if len(shown) < len(chances)
        else f"{count(len(chances))} open leads, the most likely first"
    )
    promised = count(round(float(chances["Chance"].sum())))
    st.caption(as_markdown(f"{which}. All together promise {promised} wins within {days} days."))
    rows, config = with_percents(shown, CHANCES_CONFIG)
    name = "Chances of open leads"
    st.dataframe(rows, hide_index=True, column_config=config, key="chances_table", height=420, alt=name)
    # All of them, whatever is shown.
    offer_csv(name, "chances", lambda: csv_bytes(chances))

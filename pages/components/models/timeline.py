"""The section that puts changes of the model above their effect."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.backtest.chart import show_chart
from pages.components.backtest.tables import CONVERSIONS, HIGH, LEADS, LOW, RATE
from pages.components.figures.model_timeline import model_timeline_figure
from pages.components.format import as_markdown
from pages.components.models.load import ModelsView
from pages.components.theme import Theme
from pages.components.worked import WORKED
from queries.model_timeline import Timeline

TABLE = "What the top tier converted under each version in use"
PERIOD, VERSION, TIER = "Period", "Version in use", "Tier"
COLUMNS = (PERIOD, VERSION, TIER, LEADS, CONVERSIONS, RATE, LOW, HIGH)


def show_timeline(view: ModelsView, timeline: Timeline, theme: Theme) -> None:
    """Draw the history above the conversion rate, and the figures behind it."""
    top = view.champion.model.tiers[-1].shown_label
    saves = [(version.number, version.saved_at) for version in reversed(view.versions)]
    figure = model_timeline_figure(timeline.points, view.spans, saves, top, theme)
    show_chart(figure, timeline_table(timeline), TABLE, "models_timeline", ("rate", "likely_range", "as_of"))
    st.caption(
        "Each quarter or month stands where it begins, under the version that was in use then; those before "
        "the history began, as the first version would have scored them. Other things than the model may "
        "have changed from one to the next."
    )
    for problem in timeline.problems:
        st.warning(as_markdown(problem), icon=":material/warning:")


def timeline_table(timeline: Timeline) -> pd.DataFrame:
    """One row per period: version, leads, conversions, rate and its likely range, and the share worked."""
    rows = [
        (
            point.period.label,
            point.version,
            point.top.tier,
            point.top.leads,
            point.top.conversions,
            point.top.rate,
            point.top.low,
            point.top.high,
        )
        for point in timeline.points
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if any(point.worked for point in timeline.points):
        shares = [point.worked.share if point.worked else None for point in timeline.points]
        frame[WORKED] = pd.Series(shares, index=frame.index, dtype="float64")
    return frame

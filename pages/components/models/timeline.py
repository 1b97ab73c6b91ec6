"""The section that puts changes of the model above their effect."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.backtest.tables import column_config
from pages.components.figures import CHART_CONFIG
from pages.components.figures.model_timeline import model_timeline_figure
from pages.components.format import as_markdown
from pages.components.models.load import ModelsView, Timeline
from pages.components.table import table_with_download
from pages.components.theme import Theme

TABLE = "What the top tier converted under each version in use"


def show_timeline(view: ModelsView, timeline: Timeline, theme: Theme) -> None:
    """Draw the history above the conversion rate, and the figures behind it."""
    top = view.champion.model.tiers[-1].shown_label
    saves = [(version.number, version.saved_at) for version in reversed(view.versions)]
    figure = model_timeline_figure(timeline.points, view.spans, saves, top, theme)
    st.plotly_chart(
        figure,
        theme=None,
        config=CHART_CONFIG,
        key="models_timeline",
        alt=f"Chart. {figure.layout.title.text}. All figures stand in the table behind this chart.",
    )
    st.caption(
        "Each quarter or month stands where it begins, under the version that was in use then; those before "
        "the history began, as the first version would have scored them. Other things than the model may "
        "have changed from one to the next."
    )
    for problem in timeline.problems:
        st.warning(as_markdown(problem), icon=":material/warning:")
    with st.expander(f"{TABLE}: the table behind this chart"):
        table_with_download(timeline_table(timeline), TABLE, "models_timeline_table", column_config())


def timeline_table(timeline: Timeline) -> pd.DataFrame:
    """One row per period: version, leads, conversions, rate and its likely range."""
    return pd.DataFrame(
        [
            {
                "Period": point.period.label,
                "Version in use": point.version,
                "Tier": point.top.tier,
                "Leads": point.top.leads,
                "Conversions": point.top.conversions,
                "Conversion rate": point.top.rate,
                "Likely from": point.top.low,
                "Likely to": point.top.high,
            }
            for point in timeline.points
        ],
        columns=[
            "Period",
            "Version in use",
            "Tier",
            "Leads",
            "Conversions",
            "Conversion rate",
            "Likely from",
            "Likely to",
        ],
    )

"""The page Over time: levels of the tiers, entries and exits of one of them, and what drove them."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.figures import CHART_CONFIG
from pages.components.figures.style import tier_labels
from pages.components.figures.timeline import levels_figure, moves_figure
from pages.components.format import as_markdown, count
from pages.components.leads.job import jobs
from pages.components.table import percent_column, table_with_download
from pages.components.theme import current_theme
from pages.components.timeline.tables import causes_table, weeks_table
from queries.flow import Flow
from queries.tier_timeline import USUAL_WEEKS, tier_timeline
from scoring.model import Model
from scoring.tier_timeline import TierTimeline
from scoring.timeline_words import timeline_sentence

SPANS = (13, USUAL_WEEKS, 52, 104)
WHEN = st.column_config.DatetimeColumn(format="D MMM YYYY")
SHARE = percent_column()
TIMES = st.column_config.NumberColumn(width="small")
# No wider, so that the longest rule leaves room for how often.
BECAUSE = st.column_config.TextColumn(width=310)


def show_timeline(flow: Flow, model: Model) -> None:
    """Ask for the span and draw everything."""
    weeks = st.segmented_control(
        "How far back",
        SPANS,
        default=USUAL_WEEKS,
        required=True,
        format_func=lambda number: f"{number} weeks",
        key="timeline_weeks",
    )
    timeline = load_timeline(flow, model, weeks or USUAL_WEEKS)
    if not timeline.leads.any():
        st.info("No lead was open in any of these weeks.", icon=":material/person_off:")
        return
    st.markdown(f"**{as_markdown(timeline_sentence(timeline, model))}**")
    _show_levels(timeline, model)
    _show_moves(timeline, model)


def load_timeline(flow: Flow, model: Model, weeks: int) -> TierTimeline:
    """The tiers of the last weeks; takes a while the first time, and says how far it is."""
    key = ("timeline", state.data_version(), document(model), weeks)
    return jobs().result(key, lambda progress: tier_timeline(flow, model, weeks, progress=progress))


def _show_levels(timeline: TierTimeline, model: Model) -> None:
    labels = tier_labels(model)
    with_lowest = True
    if len(timeline.tiers) > 1:
        lowest = as_markdown(labels[timeline.tiers[0]])
        with_lowest = st.toggle(f"With {lowest}, the lowest tier", value=False, key="timeline_with_lowest")
    figure = levels_figure(timeline, labels, current_theme(), with_lowest)
    alternative = "Leads in each tier week by week. All numbers stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="timeline_levels", alt=alternative)
    with st.expander("Leads in each tier: the table behind this chart"):
        table_with_download(
            weeks_table(timeline, labels), "Tiers week by week", "timeline_weeks_table", {"As of": WHEN}
        )


def _show_moves(timeline: TierTimeline, model: Model) -> None:
    st.subheader("Who came in, who left", anchor=False)
    labels = tier_labels(model)
    tier: str = st.selectbox(
        "Tier",
        timeline.tiers[::-1],
        format_func=lambda name: labels[name],
        key="timeline_tier",
    )
    figure = moves_figure(timeline, tier, labels, current_theme())
    alternative = (
        f"Leads that came into {labels[tier]} and left it, week by week. "
        "What drove them stands in the tables below."
    )
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="timeline_moves", alt=alternative)
    st.caption(
        "A step from tier to tier is put down to the rule whose points changed most in its direction that "
        "week. A lead that came and left within one week is not seen."
    )
    left, right = st.columns(2)
    for column, title, moves, key in (
        (left, "What brought them in", timeline.entering(tier), "came"),
        (right, "What took them out", timeline.leaving(tier), "left"),
    ):
        with column:
            frame = causes_table(moves, model, labels, entering=key == "came")
            st.markdown(f"**{title}**: {count(int(frame['Times'].sum()))} times")
            if frame.empty:
                st.caption("Nobody.")
                continue
            config = {"Because": BECAUSE, "Times": TIMES, "Share": SHARE}
            table_with_download(frame, f"{title}, {labels[tier]}", f"timeline_{key}", config)

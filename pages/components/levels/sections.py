"""Sections of the Levels page: on the way to the next level, quests, and whether the level tells who buys."""

from __future__ import annotations

import streamlit as st

from pages.components.backtest.chart import alternative_text, show_chart
from pages.components.backtest.tables import tier_table
from pages.components.figures import CHART_CONFIG, tier_rates_figure
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown, count, period_word
from pages.components.levels import tables
from pages.components.levels.figures import (
    completion_figure,
    distances_figure,
    levels_figure,
    quest_rates_figure,
)
from pages.components.levels.load import (
    load_distances,
    load_level_evidence,
    load_levels,
    load_quest_evidence,
)
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.worked import add_worked, load_worked, worked_sentence
from queries.flow import Flow
from queries.levels import Players
from scoring.levels import describe_quests, quest_sentence
from scoring.model import Model


def show_progress(model: Model, players: Players) -> None:
    """How many leads stand where, and how far the next level is."""
    st.header("On the way to the next level", anchor="progress")
    theme = current_theme()
    levels = load_levels(model, players)
    left, right = st.columns(2)
    with left:
        _draw(levels_figure(levels, theme), "levels_leads")
    with right:
        if model.grid is not None:
            st.info("A grid decides about the level here, so no number of points leads to the next one.")
        else:
            distances = load_distances(model, players)
            _draw(distances_figure(model, distances, theme), "levels_distances")
    table_with_download(tables.levels_table(levels), "Levels and perks", "levels", tables.LEVELS_CONFIG)
    if model.grid is None:
        with st.expander("Points missing: the table behind this chart"):
            table = tables.distances_table(model, distances)
            table_with_download(
                table, "Points missing to the next level", "distances", tables.DISTANCES_CONFIG
            )


def show_quests(flow: Flow, model: Model, players: Players, left_out: tuple[str, ...]) -> None:
    """Who completes which quest, and what that says about buying."""
    st.header("Quests", anchor="quests")
    theme = current_theme()
    firings = load_quest_evidence(flow, model, left_out)
    quests = describe_quests(model, players.progress, firings)
    left, right = st.columns(2)
    with left:
        _draw(completion_figure(quests, theme), "quests_completion")
    with right:
        _draw(quest_rates_figure(quests, theme), "quests_rates")
    st.markdown("\n".join(f"- {as_markdown(quest_sentence(quest))}" for quest in quests))
    st.caption(
        "Completed: of the leads that are open on this day, since they came. Converted: of all complete "
        f"lead-{model.observation.period}s of the back-test, those that had completed the quest when they "
        "were scored beside those that had not. Who completes a quest may have been about to buy anyway."
    )
    table_with_download(tables.quests_table(quests), "Quests", "quests", tables.QUESTS_CONFIG)


def show_prediction(flow: Flow, model: Model, left_out: tuple[str, ...]) -> None:
    """Whether a higher level buys more often."""
    st.header("Does the level tell who buys?", anchor="prediction")
    evidence = load_level_evidence(flow, model, left_out)
    pooled, order = evidence.pooled, evidence.order
    if not pooled.leads:
        st.info(
            "No lead has had all its days to convert yet: nothing can be said.", icon=":material/hourglass:"
        )
        return
    sentence = as_markdown(order.sentence)
    if order.holds:
        st.success(f"**Yes.** {sentence}", icon=":material/check:")
    elif order.holds is False:
        st.warning(f"**Not in this order.** {sentence}", icon=":material/swap_vert:")
    else:
        st.info(f"**Too early to say.** {sentence}", icon=":material/hourglass:")
    word = period_word(flow.cells(model).periods)
    for label in evidence.left_out:
        st.caption(f"{label} is kept back for the final check of your draft on the page *Compare*.")
    st.caption(
        f"{count(pooled.leads)} complete lead-{word}s, {count(pooled.conversions)} of which converted within "
        f"{model.conversion.horizon_days} days. Each lead stands in the level that it had when it was scored."
    )
    shares = load_worked(flow, model, evidence.left_out)
    show_chart(
        tier_rates_figure(pooled, current_theme(), labels=tier_labels(model)),
        add_worked(tier_table(model, pooled, None), shares, model).rename(columns={"Tier": "Level"}),
        "Conversion by level",
        "levels_rates",
        ("rate", "likely_range", "lift", "small"),
    )
    st.caption(worked_sentence(shares, model))


def _draw(figure: object, key: str) -> None:
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key=key, alt=alternative_text(figure))

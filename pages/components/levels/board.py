"""The leaderboard: who has most points, now or in all, with level and badges."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.evidence.chart import WHOLE
from pages.components.figures.style import tier_labels
from pages.components.format import count
from pages.components.leads.table import LongList, show_list
from queries.flow import Flow
from queries.lead_filter import LeadFilter
from queries.levels import (
    BADGE_NAMES,
    BADGES,
    LIFETIME,
    MISSING,
    PLACE,
    Board,
    Players,
    list_players,
    rank_players,
)
from scoring.model import Model

BOARDS: dict[Board, str] = {"current": "Points now", "lifetime": "Lifetime points"}
LABELS = {
    PLACE: "Place",
    "lead_id": "Lead",
    "score": "Points now",
    LIFETIME: "Lifetime points",
    "tier": "Level",
    MISSING: "Points to the next level",
    BADGES: "Badges",
    BADGE_NAMES: "Quests completed",
    "owner": "Owner",
}
CONFIG: dict[str, Any] = {LABELS[name]: WHOLE for name in (PLACE, "score", LIFETIME, MISSING, BADGES)}


def show_board(flow: Flow, model: Model, players: Players) -> None:
    """Draw search, order and list."""
    st.header("Leaderboard", anchor="leaderboard")
    labels = tier_labels(model)
    asked, chosen, ordered = st.columns([3, 3, 2])
    search = asked.text_input(
        "Search", placeholder="Part of an id, a title, a company …", key="levels_search"
    )
    tiers = chosen.multiselect(
        "Levels", list(labels), format_func=lambda name: labels[name], key="levels_tiers", placeholder="All"
    )
    with ordered:
        board: Board = st.radio(
            "Ranked by", list(BOARDS), format_func=BOARDS.__getitem__, horizontal=True, key="levels_board"
        )
    places = rank_players(flow, model, players, LeadFilter(search, tuple(tiers)), board)
    leads = len(players.lifetime)
    if not len(places):
        st.info(
            f"None of {count(leads)} open leads satisfies search and levels.", icon=":material/search_off:"
        )
    else:
        st.markdown(f"**{count(len(places))}** of {count(leads)} open leads")
        show_list(
            LongList(
                f"Leaderboard by {BOARDS[board].lower()}",
                f"levels_{board}",
                len(places),
                lambda start, end: list_players(flow, model, players, places[start:end], board),
                LABELS,
                CONFIG,
                labels,
            )
        )
    with st.popover("What are lifetime points and badges?", type="tertiary", icon=":material/help:"):
        st.markdown(
            "**Points now** is the score: points fade, grow too old or start anew where the model says so, "
            "and limits apply. **Lifetime points** are the starting points and all that the lead's own "
            "activities ever earned, each rule with its own limit; they never fall. A **badge** is a quest "
            "that was completed, however long ago. Equal points share a place."
        )

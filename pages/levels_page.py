"""Levels: scoring as a game. Who leads it, who is close to the next level, does the level tell who buys?"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.leads.lead import show_lead
from pages.components.leads.load import load_lead
from pages.components.leads.opened import opened_lead
from pages.components.levels.board import show_board
from pages.components.levels.load import load_kept_back, load_players
from pages.components.levels.sections import show_prediction, show_progress, show_quests
from pages.components.levels.settings import show_level_settings
from pages.components.scored_on import ask_date, flow_with_leads, whose_rules
from pages.components.tune.changes import change_category
from pages.components.tune.labels import as_label
from pages.components.tune.widgets import end_of_run
from queries.dataset import ready_models
from queries.flow import Flow
from queries.model_needs import missing_needs, without_missing_fields
from scoring.model import Model
from scoring.quests import categories_with_quests, quests_of

READY_MADE = "gamified"


def main() -> None:
    """Draw the page."""
    st.title("Levels")
    flow = flow_with_leads()
    if flow is None or flow.observed_until is None:
        return
    model = state.draft()
    st.markdown(f"Played by the rules of {whose_rules()}, **{as_markdown(model.name)}**.")
    with shown_on_page():
        show_level_settings(model)
    if not quests_of(model):
        show_no_quests(flow, model)
        return
    with shown_on_page():
        show_game(flow, model, ask_date(flow.observed_until, "levels_date"))


def show_no_quests(flow: Flow, model: Model) -> None:
    """What a quest is, and how to get some."""
    game = ready_models()[READY_MADE]
    needs = missing_needs(flow.engine, game)
    st.info(
        f"**{as_markdown(model.name)}** has no quests. A quest is a rule on what a lead does itself that "
        "gives points and comes to an end: only once, or at most so many times. Start from the ready-made "
        f"model **{as_markdown(game.name)}**, or say which category of yours holds quests.",
        icon=":material/flag:",
    )
    if needs:
        lines = "\n".join(f"- {as_markdown(need.words)}" for need in needs)
        st.warning(
            f"Your data lack what {as_markdown(game.name)} asks for:\n\n{lines}\n\nRules that need a column "
            "which is missing are left out; others give nothing until they look for what you have.",
            icon=":material/warning:",
        )
        game = without_missing_fields(game, needs)
    with st.container(horizontal=True):
        st.button(
            f"Start from {game.name}",
            key="levels_start",
            type="primary",
            disabled=not quests_of(game),
            on_click=state.set_draft,
            args=(game, f"opening {game.name}"),
            help="It becomes your draft; Undo on the page Tune brings yours back",
        )
        for name in categories_with_quests(model):
            st.button(
                as_label(f"Category {name} holds quests"),
                key=f"levels_mark_{name}",
                on_click=state.set_draft,
                args=(change_category(model, name, quests=True), f"quests of {name}"),
                help="Its rules that give points and come to an end become quests of your draft",
            )
    st.page_link("pages/tune_page.py", label="Change rules on Tune", icon=":material/arrow_forward:")


def show_game(flow: Flow, model: Model, at: datetime) -> None:
    """Draw every section; those that need the past come last."""
    players = load_players(flow, model, at)
    if not len(players.lifetime):
        st.info("No lead is open on this day.", icon=":material/person_off:")
        return
    show_board(flow, model, players)
    if opened := opened_lead():
        lead_id, moment = opened
        with shown_on_page():
            show_lead(load_lead(flow, model, lead_id, moment or at), model)
    show_progress(model, players)
    left_out = load_kept_back(flow, model)
    show_quests(flow, model, players, left_out)
    show_prediction(flow, model, left_out)


main()
end_of_run()

"""What the Levels page asks of the data, worked out once for a data version, a model and an instant."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.leads.job import jobs
from queries.flow import Flow, Progress
from queries.levels import Players, find_players
from queries.quests import LevelEvidence, level_evidence, quest_evidence
from scoring.evidence import kept_back
from scoring.levels import Distances, Level, describe_levels, measure_distances
from scoring.model import Model
from scoring.rule_evidence import Firing


def load_players(flow: Flow, model: Model, at: datetime) -> Players:
    """Every open lead with what it has earned; kept by the flow itself."""
    key = ("players", state.data_version(), document(model), at)
    return jobs().result(key, lambda progress: find_players(flow, model, at, progress))


def load_levels(model: Model, players: Players) -> tuple[Level, ...]:
    """How many leads stand in each level."""
    return _levels(players.key, document(model), players, model)


def load_distances(model: Model, players: Players) -> Distances:
    """How many points leads miss to their next level; only for a model without a grid."""
    return _distances(players.key, document(model), players, model)


def load_kept_back(flow: Flow, model: Model) -> tuple[str, ...]:
    """The periods that a draft's figures leave out; says how far it is while all periods are scored."""
    if model == state.model_in_use():
        return ()
    asked = ("kept back", state.data_version(), document(model))
    return jobs().result(asked, lambda progress: _kept_back(asked, flow, model, progress))


def load_quest_evidence(flow: Flow, model: Model, left_out: tuple[str, ...]) -> list[Firing]:
    """Who had completed each quest on the day of scoring, and converted."""
    asked = ("quest evidence", state.data_version(), document(model), left_out)
    return jobs().result(asked, lambda progress: _quest_evidence(asked, flow, model, left_out, progress))


def load_level_evidence(flow: Flow, model: Model, left_out: tuple[str, ...]) -> LevelEvidence:
    """What each level converted."""
    asked = ("level evidence", state.data_version(), document(model), left_out)
    return jobs().result(asked, lambda progress: _level_evidence(asked, flow, model, left_out, progress))


@st.cache_resource(max_entries=20, show_spinner=False)
def _levels(key: str, text: str, _players: Players, _model: Model) -> tuple[Level, ...]:
    return describe_levels(_model, _players.leads.scores, _players.leads.tiers)


@st.cache_resource(max_entries=20, show_spinner=False)
def _distances(key: str, text: str, _players: Players, _model: Model) -> Distances:
    return measure_distances(_model, _players.leads.scores, _players.leads.tiers)


@st.cache_resource(max_entries=20, show_spinner=False)
def _kept_back(asked: Hashable, _flow: Flow, _model: Model, _progress: Progress) -> tuple[str, ...]:
    return kept_back(_flow.cells(_model, progress=_progress), _model)


@st.cache_resource(max_entries=20, show_spinner=False)
def _quest_evidence(
    asked: Hashable, _flow: Flow, _model: Model, _left_out: tuple[str, ...], _progress: Progress
) -> list[Firing]:
    return quest_evidence(_flow, _model, _left_out, _progress)


@st.cache_resource(max_entries=20, show_spinner=False)
def _level_evidence(
    asked: Hashable, _flow: Flow, _model: Model, _left_out: tuple[str, ...], _progress: Progress
) -> LevelEvidence:
    return level_evidence(_flow, _model, _left_out, _progress)

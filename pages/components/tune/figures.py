"""The figures of the draft and of the model in use, for the part of the leads that is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import state
from pages.components.last_used import LastUsed
from pages.components.tune.counting_progress import CountingProgress
from queries.flow import Flow
from scoring.backtest import Backtest, compute_backtest
from scoring.cells import Cells
from scoring.distribution import ScoreDistribution, score_distribution
from scoring.model import Model
from scoring.model_file import model_to_dict

MAX_KEPT = 64


@dataclass(frozen=True, eq=False)
class ModelFigures:
    """A model's cells and what follows from them, worked out once it is asked for."""

    model: Model
    cells: Cells

    @cached_property
    def backtest(self) -> Backtest:
        """Every figure by period and tier."""
        return compute_backtest(self.cells, self.model)

    @cached_property
    def distribution(self) -> ScoreDistribution:
        """Leads by score and outcome."""
        return score_distribution(self.cells, self.model.min_score, self.model.max_score)


def compute_figures(
    flow: Flow, model: Model, part: state.Part, place: DeltaGenerator | None = None
) -> ModelFigures:
    """The figures of a model over a part of the leads; cells are kept, thresholds cost nothing.

    Parameters
    ----------
    flow : Flow
    model : Model
    part : Part
        Which leads.
    place : DeltaGenerator, optional
        An empty place for the progress of what takes longer.

    Raises
    ------
    QueryError
        The data lack a column that the model or the part names.
    """
    cells = _cells(flow, model, part.column, place)
    chosen = [value for value in part.values if value in cells.segments]
    if part.values:
        cells = cells.filter(chosen)
    return ModelFigures(model, cells)


def _cells_key(model: Model) -> str:
    document = model_to_dict(model)
    kept = {key: value for key, value in document.items() if key not in ("name", "tiers")}
    if model.grid is not None:
        # Which tier a cell is assigned to changes no place, as a threshold changes no score.
        kept["grid"] = {key: value for key, value in document["grid"].items() if key != "tiers"}
    return json.dumps(kept, sort_keys=True)


def _cells(flow: Flow, model: Model, column: str | None, place: DeltaGenerator | None) -> Cells:
    key = (state.data_version(), _cells_key(model), column)

    def count() -> Cells:
        progress = CountingProgress(place, model, blake2b(repr(key).encode(), digest_size=8).hexdigest())
        try:
            return flow.cells(model, segment=column, progress=progress.tell)
        finally:
            progress.end()

    return _kept_cells().get(key, count)


@st.cache_resource(show_spinner=False)
def _kept_cells() -> LastUsed[Cells]:
    """Cells by data version, model and column."""
    return LastUsed(MAX_KEPT)

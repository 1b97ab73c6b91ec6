"""Everything that the Back-test page shows, computed before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import state
from pages.components.figures.style import tier_labels
from pages.components.tune.figures import ModelFigures, compute_figures
from queries.flow import Flow
from queries.unique_leads import unique_leads
from scoring.backtest import Backtest, PeriodFigures
from scoring.model import Model

UniqueLeads = Mapping[str | None, tuple[int, int]]
"""Different leads, and different converted leads, by the name of the tier; None is all of them."""


@dataclass(frozen=True)
class BacktestView:
    """The draft's back-test, beside that of the model in use.

    Attributes
    ----------
    figures : ModelFigures
        Of the draft.
    reference : ModelFigures or None
        Of the model in use; None when the draft is the same.
    part : Part
        Which leads are looked at.
    unique : mapping or None
        Different leads behind the lead-quarters; None when only a part of the leads is looked at.
    """

    figures: ModelFigures
    reference: ModelFigures | None
    part: state.Part
    unique: UniqueLeads | None

    @property
    def model(self) -> Model:
        return self.figures.model

    @property
    def backtest(self) -> Backtest:
        return self.figures.backtest

    @property
    def old(self) -> Backtest | None:
        """The back-test of the model in use, where it differs."""
        return self.reference.backtest if self.reference else None

    @property
    def labels(self) -> dict[str, str]:
        """The shown label of each tier by its name."""
        return tier_labels(self.model)

    @property
    def word(self) -> str:
        """What a period is called: quarter or month."""
        return self.model.observation.period

    @property
    def complete(self) -> tuple[PeriodFigures, ...]:
        """The periods with complete leads."""
        return tuple(figures for figures in self.backtest.periods if figures.leads)


def load_view(flow: Flow, part: state.Part, place: DeltaGenerator) -> BacktestView:
    """Compute the page's figures; `place` shows the progress of what takes longer.

    Raises
    ------
    QueryError
        The data lack a column that a model or the part names.
    """
    model, in_use = state.draft(), state.model_in_use()
    figures = compute_figures(flow, model, part, place)
    reference = compute_figures(flow, in_use, part, place) if model != in_use else None
    unique = None
    if part.column is None and figures.backtest.pooled.leads:
        unique = _unique_leads(flow, state.data_version(), model.model_dump_json(), model)
    return BacktestView(figures, reference, part, unique)


def scored_when(model: Model) -> str:
    """The sentence that says what was scored when, and what counts as converted."""
    observation, conversion = model.observation, model.conversion
    stages = " or ".join(f"“{stage}”" for stage in conversion.stages)
    if observation.moment == "period_start":
        when = f"on the first day of each {observation.period}"
    elif observation.days_after_creation == 0:
        when = "at the moment it came in"
    else:
        days = observation.days_after_creation
        when = f"{days} {'day' if days == 1 else 'days'} after it came in"
    return (
        f"Every lead is scored as it stood {when}, from what was known by then. It counts as converted when "
        f"it reaches {stages} within {conversion.horizon_days} days."
    )


def lead_periods(view: BacktestView) -> str:
    """``lead-quarters`` or ``lead-months``."""
    return f"lead-{view.word}s"


@st.cache_resource(max_entries=50, show_spinner="Counting different leads")
def _unique_leads(_flow: Flow, version: str | None, document: str, _model: Model) -> UniqueLeads:
    return unique_leads(_flow, _model)

"""What the Leads page shows of one lead, worked out once for a data version, a model and an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from queries.catalogue import frequent_values
from queries.flow import Flow
from queries.lead_advice import leads_like, next_tier
from queries.movers import Movers, find_movers
from queries.one_lead import LeadExplanation, explain_lead
from queries.scored_leads import ScoredLeads, scored_leads
from scoring.model import Model
from scoring.next_tier import NextTier
from scoring.score_band import ScoreBand


@dataclass(frozen=True)
class LeadView:
    """One lead with what could be done about it."""

    lead: LeadExplanation
    advice: NextTier
    band: ScoreBand


def load_lead(flow: Flow, model: Model, lead_id: str, at: datetime | None) -> LeadView:
    """One lead explained; QueryError when there is no such lead."""
    return _lead(flow, state.data_version(), document(model), lead_id, at, model)


def load_list(flow: Flow, model: Model, at: datetime) -> ScoredLeads:
    """Every open lead with its score; kept by the flow itself."""
    with st.spinner("Scoring every open lead …", show_time=True):
        return scored_leads(flow, model, at)


def load_movers(flow: Flow, model: Model, days: int, at: datetime, limit: int) -> Movers:
    """Who rose or fell most."""
    return _movers(flow, state.data_version(), document(model), days, at, limit, model)


def load_values(flow: Flow, table: str, column: str) -> list[str]:
    """The most frequent values of a column."""
    return _values(flow, state.data_version(), table, column)


@st.cache_resource(max_entries=50, show_spinner="Explaining the lead …")
def _lead(
    _flow: Flow, version: str | None, text: str, lead_id: str, at: datetime | None, _model: Model
) -> LeadView:
    lead = explain_lead(_flow, _model, lead_id, at)
    return LeadView(lead, next_tier(_flow, _model, lead), leads_like(_flow, _model, lead.score))


@st.cache_resource(max_entries=10, show_spinner="Scoring every open lead on both days …")
def _movers(
    _flow: Flow, version: str | None, text: str, days: int, at: datetime, limit: int, _model: Model
) -> Movers:
    return find_movers(_flow, _model, days, at, limit)


@st.cache_resource(max_entries=50, show_spinner=False)
def _values(_flow: Flow, version: str | None, table: str, column: str) -> list[str]:
    return [value for value, _ in frequent_values(_flow.engine, table, column)]

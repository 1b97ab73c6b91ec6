"""What the Leads page shows of one lead, worked out once for a data version, a model and an instant."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.leads.job import Work, jobs
from queries.catalogue import frequent_values
from queries.flow import Flow
from queries.lead_advice import leads_like, next_tier
from queries.movers import Movers, find_movers
from queries.named_lists import high_and_open, won_and_low
from queries.one_lead import LeadExplanation, explain_lead
from queries.scored_leads import ScoredLeads, scored_leads
from scoring.model import Model
from scoring.next_tier import NextTier
from scoring.score_band import ScoreBand

_AHEAD = "leads_ahead_of"


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
    return jobs().result(_key("scored", model, at), _scored(flow, model, at))


def load_high(flow: Flow, model: Model) -> pa.Table:
    """Scored high, went nowhere."""
    return jobs().result(_key("high", model), _high(flow, model))


def load_won(flow: Flow, model: Model) -> pa.Table:
    """Won, but scored low."""
    return jobs().result(_key("won", model), _won(flow, model))


def load_movers(flow: Flow, model: Model, days: int, at: datetime, limit: int) -> Movers:
    """Who rose or fell most."""
    for moment in (at, at - timedelta(days=days)):
        load_list(flow, model, moment)  # takes long the first time, and says how far it is
    return _movers(flow, state.data_version(), document(model), days, at, limit, model)


def begin_ahead(flow: Flow, model: Model) -> None:
    """Work out, beside the page, what the Leads page shows first: the newest date and the named lists."""
    at = flow.observed_until
    asked = (state.data_version(), model)
    if at is None or st.session_state.get(_AHEAD) == asked:
        return
    st.session_state[_AHEAD] = asked
    jobs().begin_ahead(_key("scored", model, at), _scored(flow, model, at))
    jobs().begin_ahead(_key("high", model), _high(flow, model))
    jobs().begin_ahead(_key("won", model), _won(flow, model))


def load_values(flow: Flow, table: str, column: str) -> list[str]:
    """The most frequent values of a column."""
    return _values(flow, state.data_version(), table, column)


@st.cache_resource(max_entries=50, show_spinner="Explaining the lead …")
def _lead(
    _flow: Flow, version: str | None, text: str, lead_id: str, at: datetime | None, _model: Model
) -> LeadView:
    lead = explain_lead(_flow, _model, lead_id, at)
    return LeadView(lead, next_tier(_flow, _model, lead), leads_like(_flow, _model, lead.score))


def _key(kind: str, model: Model, *details: Hashable) -> tuple[Hashable, ...]:
    return kind, state.data_version(), document(model), *details


def _scored(flow: Flow, model: Model, at: datetime) -> Work[ScoredLeads]:
    return lambda progress: scored_leads(flow, model, at, progress)


def _high(flow: Flow, model: Model) -> Work[pa.Table]:
    return lambda progress: high_and_open(flow, model, progress=progress)


def _won(flow: Flow, model: Model) -> Work[pa.Table]:
    return lambda progress: won_and_low(flow, model, progress=progress)


@st.cache_resource(max_entries=10, show_spinner="Comparing both days …")
def _movers(
    _flow: Flow, version: str | None, text: str, days: int, at: datetime, limit: int, _model: Model
) -> Movers:
    return find_movers(_flow, _model, days, at, limit)


@st.cache_resource(max_entries=50, show_spinner=False)
def _values(_flow: Flow, version: str | None, table: str, column: str) -> list[str]:
    return [value for value, _ in frequent_values(_flow.engine, table, column)]

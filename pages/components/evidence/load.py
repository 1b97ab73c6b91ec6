"""Evidence as the pages ask for it: worked out once for a data version and the models it is about."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from pages.components import state
from queries import evidence as queries_evidence
from queries.entry import entry_cells
from queries.findings import Finding
from queries.flow import Flow
from queries.kept_checks import kept_leaks
from scoring.any_points import without_points
from scoring.entry import EntryView, compute_entries
from scoring.evidence import ModelEvidence
from scoring.evidence import kept_back as newest_kept_back
from scoring.model import Model
from scoring.model_file import model_to_dict
from scoring.rule_report import RuleReport
from scoring.work_thresholds import Work

NO_WORK = Work()


def model_evidence(
    flow: Flow, model: Model, left_out: tuple[str, ...] = (), work: Work = NO_WORK
) -> ModelEvidence:
    """What can be said about one model; raises QueryError when the data lack a column that it names."""
    numbers = (work.leads_per_week, work.conversion_value, work.lead_cost)
    return _model_evidence(flow, state.data_version(), document(model), left_out, numbers, model)


def rules_evidence(flow: Flow, model: Model, left_out: tuple[str, ...] = ()) -> RuleReport:
    """What each rule of a model is worth."""
    return _rules_evidence(flow, state.data_version(), document(model), left_out, model)


def kept_back(flow: Flow, model: Model) -> tuple[str, ...]:
    """The newest complete period, which a draft's verdicts and suggestions have not seen."""
    return _kept_back(flow, state.data_version(), document(model), model)


def entry_view(flow: Flow, model: Model) -> EntryView:
    """What became of the leads that entered each tier; takes a while the first time."""
    return _entry_view(flow, state.data_version(), document(model), model)


def leak_findings(flow: Flow, model: Model) -> list[Finding]:
    """What knows how a lead ended, and which rules see it; points and thresholds play no part in it."""
    return leak_findings_in(flow, state.data_version(), model)


def leak_findings_in(
    flow: Flow, version: str | None, model: Model, wait: Callable[[], None] | None = None
) -> list[Finding]:
    """The same for a data version, which a thread without a session must name; `wait` as for `kept_leaks`."""
    asked = without_points(model)
    return _leak_findings(flow, version, document(asked), asked, wait)


def document(model: Model) -> str:
    """A model as text that is equal for equal models."""
    return json.dumps(model_to_dict(model), sort_keys=True)


@st.cache_resource(max_entries=30, show_spinner="Judging the model …")
def _model_evidence(
    _flow: Flow,
    version: str | None,
    text: str,
    left_out: tuple[str, ...],
    work: tuple[float | None, float | None, float | None],
    _model: Model,
) -> ModelEvidence:
    return queries_evidence.model_evidence(_flow, _model, left_out=left_out, work=Work(*work))


@st.cache_resource(max_entries=30, show_spinner="Judging each rule …")
def _rules_evidence(
    _flow: Flow, version: str | None, text: str, left_out: tuple[str, ...], _model: Model
) -> RuleReport:
    return queries_evidence.rules_evidence(_flow, _model, left_out=left_out)


@st.cache_resource(max_entries=100, show_spinner=False)
def _kept_back(_flow: Flow, version: str | None, text: str, _model: Model) -> tuple[str, ...]:
    return newest_kept_back(_flow.cells(_model), _model)


@st.cache_resource(max_entries=10, show_spinner="Following every lead from activity to activity …")
def _entry_view(_flow: Flow, version: str | None, text: str, _model: Model) -> EntryView:
    return compute_entries(entry_cells(_flow, _model), _model)


@st.cache_resource(max_entries=30, show_spinner=False)
def _leak_findings(
    _flow: Flow, version: str | None, text: str, _model: Model, _wait: Callable[[], None] | None
) -> list[Finding]:
    return kept_leaks(_flow, _model, _wait)

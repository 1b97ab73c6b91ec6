"""The review that the page shows: worked out once for a data version, a model, its history and a period."""

from __future__ import annotations

from collections.abc import Hashable

import pyarrow as pa
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.last_used import LastUsed
from pages.components.leads.job import jobs
from queries.flow import Flow, Progress
from queries.model_history import open_history
from queries.review import quarter_review
from queries.review_leads import LeadsAsked, leads_behind
from scoring.model import Model
from scoring.review import QuarterReview

MAX_KEPT = 40


def load_review(flow: Flow, model: Model, period: str, *, inspected: bool, suggested: bool) -> QuarterReview:
    """The review of a period, behind a bar as long as it takes; without findings unless `inspected`.

    Raises
    ------
    QueryError, ScoringError
        As `quarter_review`.
    """
    workspace = state.current_workspace()
    history = tuple((step.version, step.state, step.at) for step in open_history(workspace).history())
    key: Hashable = ("review", state.data_version(), document(model), history, period, inspected, suggested)

    def gather(progress: Progress) -> QuarterReview:
        return quarter_review(
            workspace, flow, model, period, inspected=inspected, suggested=suggested, progress=progress
        )

    return _kept_reviews().get(key, lambda: jobs().result(key, gather))


def load_leads(flow: Flow, model: Model, asked: LeadsAsked) -> pa.Table:
    """The leads behind a figure; the flow keeps them."""
    return jobs().result(
        ("review leads", state.data_version(), document(model), asked),
        lambda _progress: leads_behind(flow, model, asked),
    )


@st.cache_resource(show_spinner=False)
def _kept_reviews() -> LastUsed[QuarterReview]:
    """Reviews by what they depend on."""
    return LastUsed(MAX_KEPT)

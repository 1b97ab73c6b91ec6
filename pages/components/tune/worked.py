"""Below the charts: which share of each tier's leads sales worked, for no rate tells of the others."""

from __future__ import annotations

import streamlit as st

from pages.components.state import Part
from pages.components.tune.worked_job import WorkedJob, current_job
from pages.components.worked import sentence_to_come, worked_sentence
from queries.flow import Flow
from scoring.model import Model

POLL_SECONDS = 1.0
PATIENCE_SECONDS = 0.05
"""Few leads are looked up before anybody sees that they are not there yet."""


def show_tune_worked(flow: Flow, model: Model, part: Part) -> None:
    """One sentence about the draft, in its place from the start; its figures come when they are there."""
    job = current_job(flow, model, part)
    if job.is_done_within(PATIENCE_SECONDS if job.is_at_once else 0):
        st.caption(worked_sentence(job.result(), model))
        return
    _wait(job, model)


@st.fragment(run_every=POLL_SECONDS)
def _wait(job: WorkedJob, model: Model) -> None:
    # As long as the sentence itself, so that nothing jumps.
    st.caption(sentence_to_come(model))
    if job.is_done_within(0):
        st.rerun()

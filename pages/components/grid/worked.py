"""What sales worked of each cell's leads, once it is looked up: no change of the draft waits for it."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.tune.worked import PATIENCE_SECONDS, POLL_SECONDS
from pages.components.tune.worked_job import WorkedJob, current_job
from pages.components.worked import Shares, load_worked_cells_in
from scoring.model import Model


def cells_worked(draft: Model) -> Shares | None:
    """The shares by cell, none of a part of the leads or where the data do not tell it; None as yet.

    The page is drawn anew when they are there.
    """
    flow = state.current_flow()
    if flow is None or state.current_part().values:
        return ()
    job = current_job(flow, draft, state.current_part())
    if job.is_done_within(PATIENCE_SECONDS if job.is_at_once else 0):
        return load_worked_cells_in(flow, state.data_version(), draft)
    _wait(job)
    return None


@st.fragment(run_every=POLL_SECONDS)
def _wait(job: WorkedJob) -> None:
    if job.is_done_within(0):
        st.rerun()

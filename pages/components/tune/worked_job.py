"""What sales worked of a draft's tiers, looked up beside the page: no change waits for it, any ends it."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.tune.quiet import work_turn
from pages.components.worked import load_worked_cells_in, load_worked_in, load_worked_parts_in
from queries.flow import Flow
from scoring.model import Model
from scoring.worked import WorkedShare

_JOB = "worked_job"


class SupersededError(Exception):
    """The draft was changed meanwhile."""


@dataclass(frozen=True)
class Found:
    """What sales worked of the leads that are looked at, and of every part beside them."""

    shares: dict[str, WorkedShare]
    parts: dict[str, dict[str, WorkedShare]]


class WorkedJob:
    """The look-up for one draft; what it finds is kept for the draft and for other pages.

    Parameters
    ----------
    flow : Flow
    version : str or None
        Of the data.
    model : Model
    part : Part
        Which leads.
    """

    def __init__(self, flow: Flow, version: str | None, model: Model, part: state.Part) -> None:
        self.key = _key(version, model, part)
        self._flow, self._version, self._model, self._part = flow, version, model, part
        self._turn = work_turn()
        self._superseded = threading.Event()
        self._future: Future[Found] = _executor().submit(self._run)

    @property
    def is_at_once(self) -> bool:
        """Whether it waits for nobody's hand to rest."""
        return self._turn is None

    def is_done_within(self, seconds: float) -> bool:
        """Whether there is a result or an error, now or soon."""
        return bool(wait([self._future], seconds).done)

    def result(self) -> dict[str, WorkedShare]:
        """By tier, none where the data do not tell it; raises what went wrong."""
        return self._future.result().shares

    def parts(self) -> dict[str, dict[str, WorkedShare]]:
        """By the value of the column that the leads are split by, then by tier; none before it is done."""
        return self._future.result().parts if self._future.done() else {}

    def supersede(self) -> None:
        """Nobody waits for it any more: it does not begin."""
        self._superseded.set()

    def _run(self) -> Found:
        self._end_if_superseded()
        if self._turn is not None:
            self._turn()
        self._end_if_superseded()
        # The cells of a grid are asked for by then: looked up once, they are there.
        load_worked_cells_in(self._flow, self._version, self._model)
        shares = load_worked_in(self._flow, self._version, self._model, self._part)
        column = self._part.column
        if column is None:
            return Found(shares, {})
        return Found(shares, load_worked_parts_in(self._flow, self._version, self._model, column))

    def _end_if_superseded(self) -> None:
        if self._superseded.is_set():
            raise SupersededError


def current_job(flow: Flow, model: Model, part: state.Part) -> WorkedJob:
    """The session's look-up for this draft and part; begun now when it is about others than before."""
    version = state.data_version()
    job: WorkedJob | None = st.session_state.get(_JOB)
    if job is None or job.key != _key(version, model, part):
        if job is not None:
            job.supersede()
        job = WorkedJob(flow, version, model, part)
        st.session_state[_JOB] = job
    return job


def _key(version: str | None, model: Model, part: state.Part) -> tuple[str | None, str, state.Part]:
    return version, document(model), part


@st.cache_resource(show_spinner=False)
def _executor() -> ThreadPoolExecutor:
    """One thread for all sessions, so that a core is left for those who tune."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="worked")

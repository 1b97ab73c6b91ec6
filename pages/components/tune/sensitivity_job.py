"""Which rule matters, worked out beside the page: nothing waits for it, and a newer draft ends it."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import streamlit as st

from pages.components import state
from pages.components.evidence import load
from pages.components.state import Part
from queries.flow import Flow
from queries.sensitivity import rule_sensitivity
from scoring.model import Model
from scoring.sensitivity import Question, Sensitivity

_JOB = "sensitivity_job"


class SupersededError(Exception):
    """Somebody asked something else meanwhile."""


@dataclass(frozen=True)
class Request:
    """What is asked: of this draft, about this part of the leads."""

    flow: Flow
    version: str | None
    model: Model
    part: Part
    question: Question

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal requests."""
        return self.version, load.document(self.model), self.part, self.question


class SensitivityJob:
    """One request on the way; it stops by itself once it is superseded."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.share = 0.0
        self._superseded = threading.Event()
        self._future: Future[Sensitivity] = _executor().submit(self._run)

    @property
    def is_done(self) -> bool:
        """Whether there is a result or an error."""
        return self._future.done()

    def result(self) -> Sensitivity:
        """What came of it; raises what went wrong."""
        return self._future.result()

    def supersede(self) -> None:
        """Nobody waits for it any more: it ends at its next step, or before it begins."""
        self._superseded.set()

    def _run(self) -> Sensitivity:
        asked = self.request
        return rule_sensitivity(
            asked.flow,
            asked.model,
            asked.question,
            segment=asked.part.column,
            values=asked.part.values,
            progress=self._tell,
        )

    def _tell(self, share: float, _text: str) -> None:
        if self._superseded.is_set():
            raise SupersededError
        self.share = share


def current_job(flow: Flow, model: Model, part: Part, question: Question) -> SensitivityJob:
    """The session's job for this request; begun now when it is another one than before."""
    request = Request(flow, state.data_version(), model, part, question)
    job: SensitivityJob | None = st.session_state.get(_JOB)
    if job is None or job.request.key != request.key:
        if job is not None:
            job.supersede()
        job = SensitivityJob(request)
        st.session_state[_JOB] = job
    return job


@st.cache_resource(show_spinner=False)
def _executor() -> ThreadPoolExecutor:
    """One thread for all sessions, so that a core is left for those who tune."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sensitivity")

"""Long work of the Leads page, done beside the script: ahead of being asked for, or with somebody watching.

A list that somebody waits for is worked on at once; what is only likely to be asked for stands in a queue of
one thread, so that a core is left for those who tune. Results are kept by the flow, not here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar, cast

import streamlit as st

from pages.components.tune.quiet import work_turn
from queries.flow import Progress

Found = TypeVar("Found")
Work = Callable[[Progress], Found]

SHOWN_AFTER_SECONDS = 0.3
"""A bar that comes and goes at once only disturbs."""

LOOK_SECONDS = 0.15


class AbandonedError(Exception):
    """Nobody waits for the result any more."""


class Job:
    """Some work on its way, and how far it is.

    Parameters
    ----------
    work : callable
        Is given a callable to say how far it is.
    executor : ThreadPoolExecutor
    is_ahead : bool
        Nobody asked for it yet, so that it goes on when nobody watches, and waits while somebody tunes.
    """

    def __init__(self, work: Work[Any], executor: ThreadPoolExecutor, *, is_ahead: bool) -> None:
        self._turn = work_turn(lambda: self._watchers > 0) if is_ahead else None
        self.share, self.text = 0.0, ""
        self.is_ahead = is_ahead
        self._watchers = 0
        self._was_watched = False
        self._work = work
        self.future: Future[Any] = executor.submit(self._run)

    def watch(self) -> Any:
        """Wait for the result behind a bar; raises what went wrong.

        Streamlit ends the script at the next step of the bar when its user chose something else meanwhile.
        """
        self._watchers += 1
        self._was_watched = True
        try:
            if not self._is_done_within(SHOWN_AFTER_SECONDS):
                bar = st.progress(0.0, "Waiting …")
                while not self._is_done_within(LOOK_SECONDS):
                    bar.progress(min(self.share, 1.0), f"{self.text} …")
                bar.empty()
            return self.future.result()
        finally:
            self._watchers -= 1

    def _is_done_within(self, seconds: float) -> bool:
        return bool(wait([self.future], seconds).done)

    def _run(self) -> Any:
        return self._work(self._tell)

    def _tell(self, share: float, text: str) -> None:
        if self._was_watched and not self._watchers and not self.is_ahead:
            raise AbandonedError
        if self._turn is not None:
            self._turn()
        self.share, self.text = share, text


class Jobs:
    """Everything that is on its way in this process, by what it finds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, Job] = {}
        self._asked = ThreadPoolExecutor(max_workers=4, thread_name_prefix="leads-asked")
        self._ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leads-ahead")

    def result(self, key: Hashable, work: Work[Found]) -> Found:
        """What the work finds, with a bar for whoever waits; equal keys are worked on once."""
        while True:
            with self._lock:
                job = self._jobs.get(key)
                # What still stands in the queue is begun now.
                if job is None or (job.is_ahead and job.future.cancel()):
                    job = self._begin(key, work, is_ahead=False)
            try:
                return cast(Found, job.watch())
            except AbandonedError:
                # The last one who waited left just before: begin again.
                with self._lock:
                    if self._jobs.get(key) is job:
                        del self._jobs[key]

    def begin_ahead(self, key: Hashable, work: Work[Any]) -> None:
        """Work on something before anybody asks for it, after everything that was begun so before."""
        with self._lock:
            if key not in self._jobs:
                self._begin(key, work, is_ahead=True)

    def _begin(self, key: Hashable, work: Work[Any], *, is_ahead: bool) -> Job:
        job = Job(work, self._ahead if is_ahead else self._asked, is_ahead=is_ahead)
        self._jobs[key] = job

        def forget(_: Future[Any]) -> None:
            # Called at once, in this thread, when the job is done already: the lock may be held here.
            if self._jobs.get(key) is job:
                self._jobs.pop(key, None)

        job.future.add_done_callback(forget)
        return job


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()

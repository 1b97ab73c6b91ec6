"""An import in the background of one session: progress, cancel, and what came of it."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.components.data.words import TABLE_NOUNS, count, listed, shown
from queries.errors import QueryError
from queries.importing import ImportCancelled, ImportReport

JOB_KEY = "data_import_job"
RESULT_KEY = "data_import_result"
POLL_SECONDS = 0.2

Say = Callable[[float, str], None]
Cancelled = Callable[[], bool]
Work = Callable[[Say, Cancelled], ImportReport]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImportResult:
    """What came of an import; exactly one of `report` and `reason` is given."""

    title: str
    report: ImportReport | None = None
    reason: str = ""
    cancelled: bool = False


class ImportJob:
    """Work on a thread of its own, so that neither a click nor leaving the page ends it half-way.

    Parameters
    ----------
    title : str
        What is imported, for people.
    work : function of (say, cancelled)
        Does the import; `say` takes a fraction and a text, `cancelled` tells whether to stop.
    """

    def __init__(self, title: str, work: Work) -> None:
        self.title = title
        self.fraction = 0.0
        self.text = "starting"
        self.result: ImportResult | None = None
        self._started = time.monotonic()
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), name="import", daemon=True)
        self._thread.start()

    def _run(self, work: Work) -> None:
        try:
            self.result = ImportResult(self.title, work(self._say, self._cancel.is_set))
        except ImportCancelled as stopped:
            self.result = ImportResult(self.title, reason=str(stopped), cancelled=True)
        except QueryError as refusal:
            self.result = ImportResult(self.title, reason=str(refusal))
        except Exception:
            error_id = secrets.token_hex(4)
            _log.exception("import failed (%s)", error_id)
            reason = f"something unexpected happened; it is in the log under {error_id}"
            self.result = ImportResult(self.title, reason=reason)

    def _say(self, fraction: float, text: str) -> None:
        self.fraction, self.text = min(max(fraction, 0.0), 1.0), text

    @property
    def cancelling(self) -> bool:
        return self._cancel.is_set()

    def seconds(self) -> float:
        """How long it has been under way."""
        return time.monotonic() - self._started

    def cancel(self) -> None:
        """Ask the import to stop; it does so at its next step, and the data stay as they are."""
        self._cancel.set()

    def wait(self, seconds: float) -> bool:
        """Whether the work has ended within this time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


def start_import(title: str, work: Work) -> None:
    """Begin an import; the page's next run shows it."""
    st.session_state.pop(RESULT_KEY, None)
    st.session_state[JOB_KEY] = ImportJob(title, work)


def import_running() -> bool:
    """Whether this session has an import under way, or one whose end was not taken note of."""
    return JOB_KEY in st.session_state


def show_running_import() -> ImportResult:
    """Show the import that is under way until it ends.

    Returns
    -------
    ImportResult
        What came of it, also kept for `show_last_result`.
    """
    job: ImportJob = st.session_state[JOB_KEY]
    st.subheader(shown(job.title))
    bar = st.progress(job.fraction, text=_progress_words(job))
    st.caption("The data in use stay as they are until everything has been read and checked.")
    st.button("Cancel", key="data_import_cancel", on_click=job.cancel, disabled=job.cancelling)
    while not job.wait(POLL_SECONDS):
        bar.progress(job.fraction, text=_progress_words(job))
    assert job.result is not None
    st.session_state[RESULT_KEY] = job.result
    del st.session_state[JOB_KEY]
    return job.result


def _progress_words(job: ImportJob) -> str:
    words = "Stopping" if job.cancelling else shown(job.text[:1].upper() + job.text[1:])
    return f"{words} · {job.fraction:.0%} · {job.seconds():.0f} s"


def show_last_result() -> None:
    """Say what the last import did, until it is dismissed."""
    result: ImportResult | None = st.session_state.get(RESULT_KEY)
    if result is None:
        return
    if result.report is not None:
        st.success(_success(result.report), icon=":material/check_circle:")
    elif result.cancelled:
        st.info("Cancelled. Your data are as they were.", icon=":material/cancel:")
    else:
        st.error(
            f"**Not loaded.** {shown(result.reason, 2_000)}\n\nYour data are as they were.",
            icon=":material/error:",
        )
    st.button("Dismiss this message", key="data_import_dismiss", type="tertiary", on_click=_forget_result)


def _forget_result() -> None:
    st.session_state.pop(RESULT_KEY, None)


def _success(report: ImportReport) -> str:
    loaded = [
        count(table.summary.accepted, *TABLE_NOUNS[name])
        for name in TABLE_NOUNS
        if (table := report.tables.get(name)) is not None
    ]
    rejected = sum(table.summary.rejected for table in report.tables.values())
    left_out = f" {count(rejected, 'row was', 'rows were')} left out; see below why." if rejected else ""
    return f"**Loaded** {listed(loaded)}. All pages use these data now.{left_out}"

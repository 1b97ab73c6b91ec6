"""Work beside the Leads page: equal requests once, ahead in a queue, and ended when nobody waits for it."""

from __future__ import annotations

import threading
import time

import pytest

from pages.components.leads.job import AbandonedError, Job, Jobs

SOON = 20
"""Seconds; only a test that fails waits so long."""


@pytest.fixture
def quiet(monkeypatch):
    """Bars are drawn nowhere."""
    monkeypatch.setattr("pages.components.leads.job.SHOWN_AFTER_SECONDS", SOON)


def test_equal_requests_of_several_people_are_worked_on_once(quiet):
    jobs, begun, go, found = Jobs(), [], threading.Event(), []

    def work(_tell):
        begun.append(1)
        assert go.wait(SOON)
        return "list"

    people = [threading.Thread(target=lambda: found.append(jobs.result("key", work))) for _ in range(4)]
    for person in people:
        person.start()
    end = time.monotonic() + SOON
    while (job := jobs._jobs.get("key")) is None or job._watchers < len(people):
        assert time.monotonic() < end
        time.sleep(0.01)
    go.set()
    for person in people:
        person.join(SOON)
    assert found == ["list"] * 4
    assert len(begun) == 1


def test_who_asks_for_what_stands_in_the_queue_has_it_at_once(quiet):
    jobs, go = Jobs(), threading.Event()
    jobs.begin_ahead("first", lambda _tell: go.wait(SOON))
    jobs.begin_ahead("second", lambda _tell: "in the queue")
    assert jobs.result("second", lambda _tell: "at once") == "at once"
    go.set()


def test_what_goes_wrong_is_raised_where_the_result_is_waited_for_and_can_be_asked_again(quiet):
    jobs = Jobs()

    def fail(_tell):
        raise ValueError("no such column")

    with pytest.raises(ValueError, match="no such column"):
        jobs.result("key", fail)
    assert jobs.result("key", lambda _tell: "mended") == "mended"


@pytest.mark.parametrize(("is_ahead", "goes_on"), [(False, False), (True, True)])
def test_work_ends_when_its_last_watcher_has_left_unless_it_was_begun_ahead(monkeypatch, is_ahead, goes_on):
    jobs, watched, left = Jobs(), threading.Event(), threading.Event()

    def work(tell):
        tell(0.1, "counting")
        watched.set()
        assert left.wait(SOON)
        tell(0.5, "counting")
        return "list"

    executor = jobs._ahead if is_ahead else jobs._asked
    job = Job(work, executor, is_ahead=is_ahead)
    assert watched.wait(SOON)

    def leave(_seconds):
        raise KeyboardInterrupt  # as Streamlit ends a script: not an ordinary exception

    monkeypatch.setattr(job, "_is_done_within", leave)
    with pytest.raises(KeyboardInterrupt):
        job.watch()
    left.set()
    if goes_on:
        assert job.future.result(SOON) == "list"
    else:
        with pytest.raises(AbandonedError):
            job.future.result(SOON)
    assert job.text == "counting"

"""Work beside the page waits while somebody tunes, and not for ever."""

import pytest

from pages.components.tune.quiet import FREE_SECONDS, PATIENCE_SECONDS, STILL_SECONDS, Quiet


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.time = 100.0
        self.on_sleep = lambda: None

    def sleep(self, seconds):
        assert seconds > 0
        self.time += seconds
        self.on_sleep()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quiet(clock):
    return Quiet(lambda: clock.time, clock.sleep)


def late(quiet, clock):
    """A wait whose free time is over."""
    wait = quiet.patience()
    clock.time += FREE_SECONDS
    return wait


def test_nothing_waits_where_nobody_tunes(quiet, clock):
    wait = late(quiet, clock)
    before = clock.time
    wait()
    assert clock.time == before


def test_short_work_does_not_wait(quiet, clock):
    quiet.disturb()
    wait = quiet.patience()
    wait()
    assert clock.time == 100.0


def test_work_waits_until_the_hand_rests(quiet, clock):
    wait = late(quiet, clock)
    quiet.disturb()
    began = clock.time
    moves = iter([True, True, False])
    clock.on_sleep = lambda: quiet.disturb() if next(moves) else None
    wait()
    assert clock.time == pytest.approx(began + 3 * STILL_SECONDS)


def test_patience_ends_where_somebody_always_tunes_and_is_one_for_all_statements(quiet, clock):
    wait = late(quiet, clock)
    clock.on_sleep = quiet.disturb
    quiet.disturb()
    began = clock.time
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)

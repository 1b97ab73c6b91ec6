"""Work beside the page waits while somebody tunes, and not for ever."""

import pytest

from pages.components.tune.quiet import PATIENCE_SECONDS, STILL_SECONDS, Quiet


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


def test_nothing_waits_where_nobody_tunes(quiet, clock):
    wait = quiet.patience()
    before = clock.time
    wait()
    assert clock.time == before


def test_work_waits_until_the_hand_rests(quiet, clock):
    wait = quiet.patience()
    quiet.disturb()
    began = clock.time
    moves = iter([True, True, False])
    clock.on_sleep = lambda: quiet.disturb() if next(moves) else None
    wait()
    assert clock.time == pytest.approx(began + 3 * STILL_SECONDS)


def test_patience_ends_where_somebody_always_tunes_and_is_one_for_all_statements(quiet, clock):
    wait = quiet.patience()
    clock.on_sleep = quiet.disturb
    quiet.disturb()
    began = clock.time
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)

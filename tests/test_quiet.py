"""Work beside the page waits while somebody tunes, and not for ever."""

import pytest

from pages.components.tune.quiet import LOOK_SECONDS, PATIENCE_SECONDS, STILL_SECONDS, Quiet


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
    moves = iter([True, True])
    clock.on_sleep = lambda: quiet.disturb() if next(moves, False) else None
    wait()
    assert clock.time == pytest.approx(began + 2 * LOOK_SECONDS + STILL_SECONDS)


def test_what_somebody_waits_for_goes_on_at_once(quiet, clock):
    looks = []
    wait = quiet.patience(lambda: len(looks) == 2)
    clock.on_sleep = lambda: looks.append(clock.time)
    quiet.disturb()
    began = clock.time
    wait()
    assert clock.time == pytest.approx(began + 2 * LOOK_SECONDS)


def test_patience_ends_where_somebody_always_tunes_and_is_one_for_all_statements(quiet, clock):
    wait = quiet.patience()
    clock.on_sleep = quiet.disturb
    quiet.disturb()
    began = clock.time
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)
    wait()
    assert clock.time == pytest.approx(began + PATIENCE_SECONDS)

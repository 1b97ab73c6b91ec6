"""Work beside the page waits until nobody tunes: on few cores it would be felt in every frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import streamlit as st

from pages.components import state

MANY_LEADS = 100_000
"""From here on work beside the page is long enough to be felt while somebody tunes."""

STILL_SECONDS = 3.0
"""After so long without a redraw of Tune, whoever it is that tunes, the hand rests."""

PATIENCE_SECONDS = 60.0
"""Where somebody always tunes, work is done all the same after this."""

LOOK_SECONDS = 0.25
"""How often what waits looks whether it may go on."""


class Quiet:
    """When something last moved; one for all sessions, which share the cores.

    Parameters
    ----------
    now : callable
        Seconds that only grow.
    sleep : callable
        Waits so many seconds.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._moved_at = float("-inf")

    def disturb(self) -> None:
        """Something moved just now."""
        with self._lock:
            self._moved_at = self._now()

    def patience(self, is_wanted: Callable[[], bool] = lambda: False) -> Callable[[], None]:
        """What waits for quiet each time it is called, with one measure of patience for all times.

        Parameters
        ----------
        is_wanted : callable
            Whether somebody waits for the work by now: then it goes on at once.
        """
        left = PATIENCE_SECONDS

        def wait() -> None:
            nonlocal left
            while left > 0 and not is_wanted() and (seconds := self._seconds_until_still()) > 0:
                pause = min(seconds, left, LOOK_SECONDS)
                self._sleep(pause)
                left -= pause

        return wait

    def _seconds_until_still(self) -> float:
        with self._lock:
            return self._moved_at + STILL_SECONDS - self._now()


@st.cache_resource(show_spinner=False)
def quiet() -> Quiet:
    """Whether somebody tunes; all sessions share it."""
    return Quiet()


def work_turn(is_wanted: Callable[[], bool] = lambda: False) -> Callable[[], None] | None:
    """What work beside the page waits for before each step; nothing where a step is too short to be felt."""
    manifest = state.current_manifest()
    is_large = manifest is not None and manifest.tables["leads"].accepted >= MANY_LEADS
    return quiet().patience(is_wanted) if is_large else None

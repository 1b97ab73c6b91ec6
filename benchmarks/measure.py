"""One case measured: what the program does, beside its peers, by turns in one process."""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BUDGET_SECONDS = 10.0
FEWEST_RUNS, MOST_RUNS = 3, 25


class PeerDiffersError(Exception):
    """A peer did not find what the program found, so its time is no measure."""


def nothing() -> None:
    """Leave everything as it is."""


@dataclass(frozen=True)
class Work:
    """Something whose time is taken; `tidy` runs after it and is not timed."""

    name: str
    run: Callable[[], Any]
    tidy: Callable[[], None] = nothing


@dataclass(frozen=True)
class Peer:
    """What a case is set beside, and whether the two results (the program's first) agree."""

    work: Work
    agrees: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Case:
    """The program's own work and its peers; `notes` say what was left out."""

    subject: Work
    peers: tuple[Peer, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Timing:
    """Wall-clock seconds of every run."""

    name: str
    seconds: list[float] = field(default_factory=list)

    @property
    def minimum(self) -> float:
        """The run that was disturbed least."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The usual run."""
        return statistics.median(self.seconds)

    def to_json(self) -> dict[str, Any]:
        """Seconds and number of runs."""
        return {
            "name": self.name,
            "minimum_seconds": self.minimum,
            "median_seconds": self.median,
            "runs": len(self.seconds),
        }


@dataclass(frozen=True)
class Measured:
    """A case's times.

    `peak_bytes` is the most memory that the process had up to the end of the program's first run, before any
    peer ran; what the case needs to be there already is part of it.
    """

    subject: Timing
    peers: tuple[Timing, ...]
    peak_bytes: int
    notes: tuple[str, ...]

    def ratio(self, peer: Timing) -> float:
        """Minimum of the program over minimum of the peer: below 1 the program is faster."""
        return self.subject.minimum / peer.minimum

    def to_json(self) -> dict[str, Any]:
        """The case as the results file keeps it."""
        return {
            **self.subject.to_json(),
            "peak_bytes": self.peak_bytes,
            "peers": [peer.to_json() | {"ratio": self.ratio(peer)} for peer in self.peers],
            "notes": list(self.notes),
        }


def measure(case: Case, runs: int | None = None) -> Measured:
    """Check that all peers find the same, then take the times of all by turns.

    Parameters
    ----------
    case : Case
    runs : int, optional
        Timed runs of each; when not given, as many as fit into some ten seconds, 3 to 25. The run that is
        checked is not timed.

    Raises
    ------
    PeerDiffersError
        When a peer's result is another one.
    """
    works = [case.subject, *(peer.work for peer in case.peers)]
    started = time.perf_counter()
    peak_bytes = _check(case)
    round_seconds = max(time.perf_counter() - started, 1e-6)
    count = runs or min(MOST_RUNS, max(FEWEST_RUNS, int(BUDGET_SECONDS / round_seconds)))
    timings = [Timing(work.name) for work in works]
    gc.collect()
    for _ in range(count):
        for work, timing in zip(works, timings, strict=True):
            timing.seconds.append(_seconds(work))
    return Measured(timings[0], tuple(timings[1:]), peak_bytes, case.notes)


def peak_memory() -> int:
    """The most bytes of memory that this process had at once."""
    kilobytes_or_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes_or_bytes if sys.platform == "darwin" else kilobytes_or_bytes * 1024


def _check(case: Case) -> int:
    result = case.subject.run()
    peak_bytes = peak_memory()
    for peer in case.peers:
        if not peer.agrees(result, peer.work.run()):
            raise PeerDiffersError(f"{case.subject.name} and {peer.work.name} must find the same, and do not")
        peer.work.tidy()
    case.subject.tidy()
    return peak_bytes


def _seconds(work: Work) -> float:
    started = time.perf_counter()
    result = work.run()
    seconds = time.perf_counter() - started
    del result  # what it holds is let go outside of the time, as the next run's is
    work.tidy()
    return seconds

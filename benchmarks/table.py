"""The results as one table of text."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import Measured, Timing

HEADER = ("what", "min ms", "median", "beside it", "min ms", "median", "ratio", "peak MB")
LEFT = {0, 3}


def format_table(results: Sequence[Measured]) -> str:
    """One line for each peer of each case; what a case has to say stands below.

    The ratio is the case's minimum over its peer's: below 1 the program is faster.
    """
    rows = [HEADER]
    for measured in results:
        own = (measured.subject.name, *_times(measured.subject))
        peak = f"{measured.peak_bytes / 1e6:,.0f}"
        for place, peer in enumerate(measured.peers):
            first = own if place == 0 else ("", "", "")
            ratio = f"{measured.ratio(peer):.3g}"
            rows.append((*first, peer.name, *_times(peer), ratio, peak if place == 0 else ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = ["  ".join(_padded(row, widths)).rstrip() for row in rows]
    lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    notes = dict.fromkeys(note for measured in results for note in measured.notes)
    return "\n".join([*lines, *(f"note: {note}" for note in notes)])


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if column in LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _times(timing: Timing) -> tuple[str, str]:
    return _milliseconds(timing.minimum), _milliseconds(timing.median)


def _milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"

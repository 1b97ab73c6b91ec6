"""The results as one table of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.latency import Latency
from benchmarks.measure import Measured, Timing
from benchmarks.targets import SizeResults

CASE_HEADER = ("what", "min ms", "median", "beside it", "min ms", "median", "ratio", "peak MB")
LATENCY_HEADER = ("a change", "p50 ms", "p95 ms", "changes")

Row = tuple[str, ...]


def format_results(results: Mapping[str, SizeResults], judged: Sequence[Mapping[str, Any]]) -> str:
    """Everything of one run: cases and latencies of each size, the notes, and the targets."""
    blocks = []
    for name, found in results.items():
        counted = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in found.counted.items())
        blocks.append("\n".join(filter(None, [f"{name}: {counted}", *_tables(found)])))
    measured = [case for found in results.values() for case in found.cases.values()]
    notes = dict.fromkeys(note for case in measured for note in case.notes)
    blocks += ["\n".join(f"note: {note}" for note in notes)] if notes else []
    blocks += [format_targets(judged)] if judged else []
    return "\n\n".join(blocks)


def format_cases(results: Sequence[Measured]) -> str:
    """One line for each peer of each case.

    The ratio is the case's minimum over its peer's: below 1 the program is faster.
    """
    rows = []
    for measured in results:
        own = (measured.subject.name, *_times(measured.subject))
        peak = f"{measured.peak_bytes / 1e6:,.0f}"
        for place, peer in enumerate(measured.peers):
            first = own if place == 0 else ("", "", "")
            ratio = f"{measured.ratio(peer):.3g}"
            rows.append((*first, peer.name, *_times(peer), ratio, peak if place == 0 else ""))
    return _table(CASE_HEADER, rows, left={0, 3})


def format_latencies(latencies: Sequence[Latency]) -> str:
    """One line for each kind of change."""
    rows = [(one.name, f"{one.p50:,.1f}", f"{one.p95:,.1f}", str(len(one.milliseconds))) for one in latencies]
    return _table(LATENCY_HEADER, rows, left={0})


def format_targets(judged: Sequence[Mapping[str, Any]]) -> str:
    """One line for each promise that was measured: its figure at each size, and whether it is kept."""
    sizes = list(dict.fromkeys(size for target in judged for size in target["measured"]))
    rows = []
    for target in judged:
        figures = [_figure(target["measured"].get(size), target["unit"]) for size in sizes]
        verdict = "met" if target["met"] else "NOT MET"
        rows.append((target["target"], _figure(target["at_most"], target["unit"]), *figures, verdict))
    return _table(("target", "at most", *sizes, ""), rows, left={0, len(sizes) + 2})


def _tables(found: SizeResults) -> list[str]:
    return [
        format_cases(list(found.cases.values())) if found.cases else "",
        format_latencies(list(found.latencies.values())) if found.latencies else "",
    ]


def _table(header: Row, body: Sequence[Row], left: set[int]) -> str:
    rows = [header, *body]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = ["  ".join(_padded(row, widths, left)).rstrip() for row in rows]
    lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def _padded(row: Row, widths: Sequence[int], left: set[int]) -> list[str]:
    return [
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _times(timing: Timing) -> tuple[str, str]:
    return _milliseconds(timing.minimum), _milliseconds(timing.median)


def _milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.2f}{unit}" if unit == "x" else f"{value:,.1f} {unit}"

"""What was promised, beside what this run measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.dataset import LARGE, SMALL
from benchmarks.latency import Latency
from benchmarks.measure import Measured


@dataclass(frozen=True)
class SizeResults:
    """What was measured at one size."""

    counted: dict[str, int]
    cases: dict[str, Measured] = field(default_factory=dict)
    latencies: dict[str, Latency] = field(default_factory=dict)


Results = Mapping[str, SizeResults]
Values = Callable[[Results], dict[str, float]]


@dataclass(frozen=True)
class Target:
    """One promise: a figure, and the most that it may be.

    Parameters
    ----------
    words : str
    most : float
    values : callable
        The figure by the name of the size, from the results; only sizes at which it was measured.
    unit : str
    """

    words: str
    most: float
    values: Values
    unit: str = "x"

    def judge(self, results: Results) -> dict[str, Any]:
        """The figure at each size, and whether it keeps the promise at all of them; null when at none."""
        measured = self.values(results)
        is_met = all(value <= self.most for value in measured.values()) if measured else None
        return {
            "target": self.words,
            "unit": self.unit,
            "at_most": self.most,
            "measured": measured,
            "met": is_met,
        }


def ratio(case: str, peer: str) -> Values:
    """The program's time over that of the peer whose name starts so."""

    def values(results: Results) -> dict[str, float]:
        return {
            size: measured.ratio(timing)
            for size, measured in _of_case(results, case).items()
            for timing in measured.peers
            if timing.name.startswith(peer)
        }

    return values


def peak_megabytes(case: str) -> Values:
    """The most memory that a case's process had."""
    return lambda results: {
        size: measured.peak_bytes / 1e6 for size, measured in _of_case(results, case).items()
    }


def p95(latency: str) -> Values:
    """The milliseconds within which 95 of 100 changes stay."""
    return lambda results: {
        size: found.latencies[latency].p95 for size, found in results.items() if latency in found.latencies
    }


def slower_when_large(latency: str) -> Values:
    """p95 with a million leads over p95 with 20,000."""

    def values(results: Results) -> dict[str, float]:
        found = p95(latency)(results)
        if not {SMALL.name, LARGE.name} <= found.keys():
            return {}
        return {LARGE.name: found[LARGE.name] / found[SMALL.name]}

    return values


TARGETS = (
    Target("a drag step, pointer to redrawn charts, p95", 16, p95("drag_step"), "ms"),
    Target("a drag step: 1,000,000 leads over 20,000", 1.2, slower_when_large("drag_step")),
    Target("a threshold's step, p95", 16, p95("threshold_step"), "ms"),
    Target("one rule's points, release to last repaint, p95", 400, p95("one_rule"), "ms"),
    Target("the same, pressed on arrival, p95", 400, p95("one_rule_at_once"), "ms"),
    Target("several rules' points, release to last repaint, p95", 600, p95("several_rules"), "ms"),
    Target("Leads page, click to first rows, p95", 1_000, p95("leads_click"), "ms"),
    Target("Leads page in a new tab, address to first rows, p95", 1_000, p95("leads_address"), "ms"),
    Target("a filter on the Leads page, click to its rows, p95", 1_000, p95("leads_filter_page"), "ms"),
    Target("cells over pandas", 1 / 5, ratio("cells", "pandas")),
    Target("cells over polars", 1 / 2, ratio("cells", "polars")),
    Target("cells over one read of the patterns", 10, ratio("cells", "numpy: one read of the patterns")),
    Target("the usual response table over a scan for cells", 2, ratio("response_table", "cells")),
    Target("the dearest response table over a scan for cells", 2, ratio("dearest_response_table", "cells")),
    Target("counting for 10 quarters over 1 quarter", 2, ratio("count_quarters", "counting")),
    Target("counting for 28 months over the plain join", 1 / 2, ratio("count_months", "DuckDB")),
    Target("counting one rule over counting all", 1 / 3, ratio("count_one", "counting")),
    Target("counting the colleagues' rule over counting all", 1 / 3, ratio("count_colleagues", "counting")),
    Target("from Parquet to first cells over a bare copy", 10, ratio("files_to_cells", "DuckDB")),
    Target("peak memory from Parquet to first cells", 6_000, peak_megabytes("files_to_cells"), "MB"),
    Target("the same with a 2 GB setting", 2_500, peak_megabytes("files_to_cells_2gb"), "MB"),
    Target("25 sessions tuning at once, change to finished run, p95", 2_000, p95("sessions"), "ms"),
)
"""The promises, in the order of the table."""


def judge_all(results: Results) -> list[dict[str, Any]]:
    """All promises that this run measured something for."""
    return [judged for target in TARGETS if (judged := target.judge(results))["measured"]]


def _of_case(results: Results, case: str) -> dict[str, Measured]:
    return {size: found.cases[case] for size, found in results.items() if case in found.cases}

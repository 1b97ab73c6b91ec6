"""``make bench``: make data, measure every case in a process of its own, print one table, write JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import click

from benchmarks.cases import CASES, chosen_cases
from benchmarks.dataset import SEED, Dataset
from benchmarks.measure import Measured, measure
from benchmarks.table import format_table
from benchmarks.tuning_cases import patterns_of

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("duckdb", "pyarrow", "numpy", "pandas", "polars")

Result = TypeVar("Result")


@click.command()
@click.option("--leads", type=click.IntRange(1_000, 1_000_000), default=20_000, show_default=True)
@click.option("--case", "only", multiple=True, type=click.Choice(list(CASES)), help="Only this; repeatable.")
@click.option("--entry", is_flag=True, help="The entry view, too, whatever the number of leads.")
@click.option("--runs", type=click.IntRange(min=1), help="Timed runs; by default what ten seconds allow.")
def bench(leads: int, only: tuple[str, ...], entry: bool, runs: int | None) -> None:
    """Measure what the program does beside its peers."""
    with tempfile.TemporaryDirectory(prefix="tierline-bench-") as name:
        folder = Path(name) / "data"
        click.echo(f"making demo data of {leads:,} leads", err=True)
        size = apart(prepare, folder, leads)
        results = {}
        for case in chosen_cases(leads, only, entry):
            click.echo(f"measuring {case}", err=True)
            results[case] = apart(run_case, folder, case, runs)
    click.echo(", ".join(f"{count:,} {what}" for what, count in size.items()))
    click.echo(format_table(list(results.values())))
    click.echo(f"written to {write_results(RESULTS, size, results)}")


def prepare(folder: Path, leads: int) -> dict[str, int]:
    """Make the data; how large each step of the flow is."""
    data = Dataset.make(folder, leads)
    manifest = data.workspace.manifest
    assert manifest is not None
    patterns = patterns_of(data.flow())
    return {
        "leads": manifest.tables["leads"].accepted,
        "activities": manifest.tables["activities"].accepted,
        "lead_moments": int(patterns.column("leads").to_numpy().sum()),
        "patterns": len(patterns),
    }


def run_case(folder: Path, name: str, runs: int | None = None) -> Measured:
    """Measure one case on the data in a folder."""
    return measure(CASES[name](Dataset(folder)), runs)


def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Run something in a new process, so that its peak of memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_keep_silent) as process:
        return process.submit(work, *arguments).result()


def write_results(folder: Path, size: dict[str, int], results: dict[str, Measured]) -> Path:
    """Write one run as JSON; the file is named by the time."""
    now = datetime.now().astimezone()
    content = {
        "date": now.isoformat(timespec="seconds"),
        "seed": SEED,
        "size": size,
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES},
        "cases": {name: measured.to_json() for name, measured in results.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def _keep_silent() -> None:
    # In a process started so, DuckDB believes that somebody types and draws its progress into the table.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    bench()

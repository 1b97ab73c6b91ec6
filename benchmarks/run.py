"""``make bench``: make data, measure every case in a process of its own, print one table, write JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import click

from benchmarks.cases import CASES, WAITS, chosen_cases, chosen_waits
from benchmarks.dataset import SEED, SIZES, WIDE, Dataset, Size
from benchmarks.latency import Latency
from benchmarks.measure import Measured, measure
from benchmarks.table import format_cases, format_latencies, format_results
from benchmarks.targets import Results, SizeResults, judge_all
from benchmarks.tuning_cases import patterns_of

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("duckdb", "pyarrow", "numpy", "pandas", "polars", "streamlit")

Result = TypeVar("Result")


@click.command()
@click.option(
    "--leads", multiple=True, type=click.IntRange(1_000, 1_000_000), help="Only this size; repeatable."
)
@click.option("--wide", is_flag=True, help=f"Only {WIDE}, and sizes given by --leads.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Keep the data here, and use them."
)
@click.option(
    "--case", "only", multiple=True, type=click.Choice([*CASES, *WAITS]), help="Only this; repeatable."
)
@click.option("--entry", is_flag=True, help="The entry view, too, whatever the number of leads.")
@click.option("--runs", type=click.IntRange(min=1), help="Timed runs; by default what ten seconds allow.")
def bench(
    leads: tuple[int, ...],
    wide: bool,
    data: Path | None,
    only: tuple[str, ...],
    entry: bool,
    runs: int | None,
) -> None:
    """Measure what the program does beside its peers: 20,000 to 1,000,000 leads unless told otherwise."""
    chosen = [Size(count) for count in leads] + ([WIDE] if wide else [])
    results: dict[str, SizeResults] = {}
    with _folder(data) as folder:
        for size in chosen or SIZES:
            click.echo(f"{size}: the data", err=True)
            made = folder / size.name
            found = results[size.name] = SizeResults(apart(prepare, made, size))
            for case in chosen_cases(size, only, entry):
                click.echo(f"{size}: {case}", err=True)
                found.cases[case] = apart(run_case, made, case, runs)
                # At once: a whole run takes long, and may be ended before its table is printed.
                click.echo(format_cases([found.cases[case]]), err=True)
            for name in chosen_waits(size, only):
                click.echo(f"{size}: {name}", err=True)
                waits = apart(run_waits, made, name)
                click.echo(format_latencies(list(waits.values())), err=True)
                found.latencies.update(waits)
    click.echo(format_results(results, judge_all(results)))
    click.echo(f"\nwritten to {write_results(RESULTS, results)}")


def prepare(folder: Path, size: Size) -> dict[str, int]:
    """Make the data; how large each step of the flow is."""
    data = Dataset.make(folder, size)
    manifest = data.workspace.manifest
    assert manifest is not None
    patterns = patterns_of(data.flow(), data.model)
    return {
        "leads": manifest.tables["leads"].accepted,
        "activities": manifest.tables["activities"].accepted,
        "rules": len(data.model.enabled_rules),
        "lead_moments": int(patterns.column("leads").to_numpy().sum()),
        "patterns": len(patterns),
    }


def run_case(folder: Path, name: str, runs: int | None = None) -> Measured:
    """Measure one case on the data in a folder."""
    return measure(CASES[name](Dataset(folder)), runs)


def run_waits(folder: Path, name: str) -> dict[str, Latency]:
    """Measure what people wait for on the data in a folder."""
    return WAITS[name](Dataset(folder))


def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Run something in a new process, so that its peak of memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_keep_silent) as process:
        return process.submit(work, *arguments).result()


def write_results(folder: Path, results: Results) -> Path:
    """Write one run as JSON; the file is named by the time."""
    now = datetime.now().astimezone()
    content = {
        "date": now.isoformat(timespec="seconds"),
        "seed": SEED,
        "machine": {"processors": os.cpu_count(), "system": platform.platform()},
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES},
        "sizes": {
            name: {
                "size": found.counted,
                "cases": {case: measured.to_json() for case, measured in found.cases.items()},
                "latencies": {kind: latency.to_json() for kind, latency in found.latencies.items()},
            }
            for name, found in results.items()
        },
        "targets": judge_all(results),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="tierline-bench-") as name:
        yield Path(name)


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

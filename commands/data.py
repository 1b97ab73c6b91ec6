"""``tierline demo``, ``load`` and ``check``: data in, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.errors import plain_errors
from commands.inputs import (
    Asked,
    asks_about_model,
    json_option,
    memory_option,
    progress_bar,
    workspace_option,
)
from demo_data.generator import generate
from queries.findings import findings_to_json
from queries.importing import MAX_REJECTED, ImportReport, load_files, load_tables
from queries.inspection import inspect_workspace
from queries.workspace import Workspace

FILE = click.Path(path_type=Path)


@click.command()
@workspace_option
@memory_option
@click.option("--leads", type=click.IntRange(1_000, 1_000_000), default=20_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@plain_errors
def demo(folder: Path, memory: str | None, leads: int, seed: int) -> None:
    """Write demo data: an invented software company whose effects are known."""
    report = write_demo(Workspace.open(folder, memory), leads, seed)
    _say_loaded(folder, report)


def write_demo(workspace: Workspace, leads: int, seed: int) -> ImportReport:
    """Generate demo data and make them the workspace's data."""
    progress = progress_bar()
    progress(0.0, f"making {leads:,} leads")
    return load_tables(workspace, generate(leads, seed), source_name="demo", progress=progress)


@click.command()
@workspace_option
@memory_option
@click.argument("sources", nargs=-1, type=FILE)
@click.option("--leads", type=FILE, help="A file for this table, whatever its name.")
@click.option("--accounts", type=FILE)
@click.option("--activities", type=FILE)
@click.option("--outcomes", type=FILE)
@click.option("--mapping", type=FILE, help="A mapping file: which columns of which file feed which table.")
@click.option("--timezone", default="UTC", show_default=True, help="The zone of times that name none.")
@click.option(
    "--max-rejected",
    type=click.FloatRange(0, 1),
    default=MAX_REJECTED,
    show_default=True,
    help="The share of a file's rows that may be rejected before the import is refused.",
)
@click.option("--empty-others", is_flag=True, help="Empty the tables that the files do not feed.")
@json_option
@plain_errors
def load(
    folder: Path,
    memory: str | None,
    sources: tuple[Path, ...],
    leads: Path | None,
    accounts: Path | None,
    activities: Path | None,
    outcomes: Path | None,
    mapping: Path | None,
    timezone: str,
    max_rejected: float,
    empty_others: bool,
    as_json: bool,
) -> None:
    """Load CSV, Parquet or DuckDB files, or folders of these. All of it or nothing."""
    report = load_files(
        Workspace.open(folder, memory),
        sources,
        leads=leads,
        accounts=accounts,
        activities=activities,
        outcomes=outcomes,
        mapping=mapping,
        timezone=timezone,
        max_rejected=max_rejected,
        progress=progress_bar(),
        keep_others=not empty_others,
    )
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2))
    else:
        _say_loaded(folder, report)


@click.command()
@asks_about_model
@json_option
@plain_errors
def check(asked: Asked, as_json: bool) -> None:
    """Say what is wrong with the data, what knows the outcome, and which rules match nothing."""
    # What of the model in use does not fit the data is a finding, and no reason to keep quiet about the data.
    workspace, flow, model = asked.open() if asked.model_path else asked.open_in_use()
    findings = inspect_workspace(workspace, flow, model, progress_bar())
    if as_json:
        click.echo(json.dumps(findings_to_json(findings), indent=2))
        return
    for finding in findings:
        place = ".".join(part for part in (finding.table, finding.field) if part) or finding.rule or ""
        click.echo(f"{finding.severity:<8} {finding.kind:<20} {place:<30} {finding.message}")
    click.echo(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}")


def _say_loaded(folder: Path, report: ImportReport) -> None:
    for name, table in report.to_json()["tables"].items():
        click.echo(f"{name:<11}{table['accepted']:>12,} rows, {table['rejected']:,} rejected")
        for row in table["rejected_rows"][:5]:
            click.echo(f"{'':<11}line {row['line']}: {row['reason']}")
    for note in report.notes:
        click.echo(f"note: {note}")
    click.echo(f"loaded into {folder}")

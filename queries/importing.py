"""Importing: sources in, a new data version out, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from queries.contract import CONTRACTS
from queries.imports.arrow import ArrowSource
from queries.imports.build import (
    MAX_REJECTED,
    MAX_SOURCE_BYTES,
    Options,
    Progress,
    build_tables,
    read_sources,
)
from queries.imports.errors import ImportCancelled, ImportRefused
from queries.imports.files import Plan, plan_import
from queries.imports.staging import Staging
from queries.imports.tables import BuiltTable
from queries.imports.version import importing_folder, new_version, publish
from queries.imports.zones import find_zone
from queries.mapping import Mapping as ColumnMapping
from queries.mapping import TableMapping
from queries.mapping_file import parse_mapping
from queries.workspace import Manifest, Workspace

__all__ = [
    "MAX_REJECTED",
    "MAX_SOURCE_BYTES",
    "ImportCancelled",
    "ImportRefused",
    "ImportReport",
    "load_files",
    "load_tables",
]


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    version : str
        The data version that it made.
    tables : mapping of table name to BuiltTable
        Only those that were loaded.
    notes : tuple of str
        What was assumed or converted on the way.
    """

    version: str
    tables: Mapping[str, BuiltTable]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Rows read, accepted and rejected of each table, with the first 100 rejected rows."""
        tables = {
            name: {
                "read": table.summary.read,
                "accepted": table.summary.accepted,
                "rejected": table.summary.rejected,
                "rejected_rows": [{"line": row.line, "reason": row.reason} for row in table.rejected_rows],
            }
            for name, table in self.tables.items()
        }
        return {"tables": tables, "notes": list(self.notes)}


def load_tables(
    workspace: Workspace,
    tables: Mapping[str, pa.Table],
    *,
    imported_at: datetime | None = None,
    source_name: str = "demo",
    max_rejected: float = MAX_REJECTED,
    timezone: str = "UTC",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import Arrow tables by the same contract as files.

    Parameters
    ----------
    workspace : Workspace
        Tables that are not named keep their rows.
    tables : mapping of table name to pyarrow.Table
        A row's line is its number, from 1.
    imported_at : datetime, optional
        The time of the import; now when not given. Naive means UTC.
    source_name : str
        What the manifest says the tables come from.

    Raises
    ------
    ImportRefused
        When the tables break the contract; the workspace is as before.
    """
    unknown = sorted(set(tables) - set(CONTRACTS))
    if unknown or not tables:
        raise ImportRefused(
            f"{source_name}: tables must be among {', '.join(CONTRACTS)}, got {', '.join(unknown) or 'none'}"
        )
    plan = Plan()
    for name, table in tables.items():
        plan.add(ArrowSource(table, f"{source_name} {name}"), [(name, TableMapping())])
    options = Options(
        timezone=timezone,
        max_rejected=max_rejected,
        imported_at=imported_at,
        progress=progress,
        cancelled=cancelled,
    )
    return _run_import(workspace, plan, options)


def load_files(
    workspace: Workspace,
    sources: Sequence[Path],
    *,
    leads: Path | None = None,
    accounts: Path | None = None,
    activities: Path | None = None,
    outcomes: Path | None = None,
    mapping: ColumnMapping | Path | None = None,
    timezone: str = "UTC",
    max_rejected: float = MAX_REJECTED,
    max_source_bytes: int = MAX_SOURCE_BYTES,
    imported_at: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep_others: bool = True,
) -> ImportReport:
    """Import files: all of them or nothing.

    Parameters
    ----------
    workspace : Workspace
        Tables that no file feeds keep their rows, unless `keep_others` is False.
    sources : sequence of Path
        CSV (also ``.csv.gz``), Parquet and DuckDB files, and folders of these. Without a mapping a name
        says which table a file holds: ``leads.csv``, ``accounts.parquet``.
    leads, accounts, activities, outcomes : Path, optional
        The file of a table, whatever it is called.
    mapping : Mapping or Path, optional
        How files of other shapes feed the tables.
    timezone : str, default "UTC"
        IANA name, for times without an offset; a mapping's own goes before it.
    max_rejected : float, default 0.01
        The fraction of a file's rows, 0 to 1, above which the import is refused.
    max_source_bytes : int
        Size, as text, above which a file is refused.
    imported_at : datetime, optional
        The time of the import; now when not given. Naive means UTC.
    progress : callable, optional
        Called with the fraction done and what is being done.
    cancelled : callable, optional
        Asked between steps; the import stops when it returns True.
    keep_others : bool, default True
        Whether tables that no file feeds keep their rows; they are emptied otherwise.

    Raises
    ------
    ImportRefused
        Names file, line or column, what was found and what to do; the workspace is as before.
    ImportCancelled
        The workspace is as before.
    """
    if not 0 <= max_rejected <= 1:
        raise ImportRefused(
            f"the share of rejected rows must lie between 0 and 1, got {max_rejected}; correct it"
        )
    given = {"leads": leads, "accounts": accounts, "activities": activities, "outcomes": outcomes}
    named = {table: path for table, path in given.items() if path is not None}
    if isinstance(mapping, Path):
        mapping = parse_mapping(_read_mapping(mapping), mapping.name)
    plan = plan_import(sources, named, mapping, max_source_bytes)
    options = Options(timezone, max_rejected, max_source_bytes, imported_at, progress, cancelled, keep_others)
    return _run_import(workspace, plan, options)


def _read_mapping(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(
            f"{path}: a mapping must be a UTF-8 text file, got other bytes; save it as UTF-8"
        ) from None
    except OSError as error:
        raise ImportRefused(
            f"{path}: a mapping must be a readable TOML file, got: {error}; correct the path"
        ) from None


def _run_import(workspace: Workspace, plan: Plan, options: Options) -> ImportReport:
    """Read all sources, build all tables, and make the result the current data version.

    Raises
    ------
    ImportRefused, ImportCancelled
        The workspace is as before.
    """
    find_zone(options.timezone)
    moment = options.moment()
    with importing_folder(workspace) as folder:
        before = workspace.manifest if options.keep_others else None
        try:
            previous = workspace.data_path if before is not None else None
            staging = Staging(folder, previous, workspace.memory)
            try:
                read_sources(staging, plan, options)
                built, kept = build_tables(staging, plan, before, options)
                [(observed_until,)] = staging.run("import_observed_until", {"imported_at": moment})
                options.say(0.95, "writing the data")
                path = staging.finish()
            finally:
                staging.close()
        except duckdb.Error as error:
            raise ImportRefused(
                f"the data must be readable and the disk must have room, got: {error}; the data are as before"
            ) from error
        notes = list(plan.notes)
        notes += [note for source in plan.sources for note in source.notes]
        notes += [note for table in built.values() for note in table.notes]
        tables = {name: built[name].summary if name in built else kept[name] for name in CONTRACTS}
        manifest = Manifest(new_version(moment), moment, observed_until, tables, tuple(notes))
        publish(workspace, path, manifest)
    if options.progress is not None:
        options.progress(1.0, "done")
    return ImportReport(manifest.version, built, manifest.notes)

"""From files to first cells, beside DuckDB's bare ``create table as select`` of the same files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dataset import MODEL, TABLES, Dataset
from benchmarks.measure import Case, Peer, Work
from queries.flow import Flow
from queries.importing import load_files, load_tables
from queries.workspace import Workspace
from scoring.cells import Cells

CREATE = "create table {table} as select * from read_parquet(?)"
FACTS = "select count(*), count(distinct {key}), min({key}), max({key}) from {table}"
KEYS = {"leads": "lead_id", "accounts": "account_id", "activities": "lead_id", "outcomes": "lead_id"}


def import_files(data: Dataset) -> Case:
    """Parquet files through the whole contract of an import."""
    return _import_case(
        data, "import of the Parquet files", lambda workspace: load_files(workspace, [data.files])
    )


def import_tables(data: Dataset) -> Case:
    """The same by way of Arrow tables, as the demo data are loaded."""
    return _import_case(
        data,
        "import of Arrow tables, read from these files",
        lambda workspace: load_tables(workspace, _read(data)),
    )


def first_cells(data: Dataset) -> Case:
    """Cells when nothing was computed before: a new engine, an empty store."""
    opened: list[Flow] = []

    def run() -> Cells:
        opened.append(data.new_flow())
        return opened[-1].cells(MODEL)

    def agrees(_cells: Cells, file: Path) -> bool:
        return _facts(data.workspace.data_path) == _facts(file)

    subject = Work("first cells, nothing computed before", run, lambda: close_all(opened))
    return Case(subject, (Peer(_bare_copy(data), agrees),))


def close_all(flows: list[Flow]) -> None:
    """Let go of the engines of these flows, and of what they computed."""
    for flow in flows:
        flow.engine.close()
    flows.clear()


def _import_case(data: Dataset, name: str, load: Callable[[Workspace], object]) -> Case:
    folders: list[tempfile.TemporaryDirectory[str]] = []

    def run() -> Path:
        workspace = Workspace.open(_new_folder(data, folders))
        load(workspace)
        return workspace.data_path

    def agrees(ours: Path, theirs: Path) -> bool:
        return _facts(ours) == _facts(theirs)

    return Case(Work(name, run, lambda: _remove(folders)), (Peer(_bare_copy(data), agrees),))


def _bare_copy(data: Dataset) -> Work:
    folders: list[tempfile.TemporaryDirectory[str]] = []

    def run() -> Path:
        file = _new_folder(data, folders) / "bare.duckdb"
        with duckdb.connect(file) as connection:
            for table in TABLES:
                connection.execute(CREATE.format(table=table), [str(data.file(table))])
        return file

    return Work("DuckDB: create table as select", run, lambda: _remove(folders))


def _facts(file: Path) -> Mapping[str, Any]:
    """What must be the same in both: rows of each table, and its keys."""
    with duckdb.connect(file, read_only=True) as connection:
        return {
            table: connection.execute(FACTS.format(table=table, key=key)).fetchone()
            for table, key in KEYS.items()
        }


def _read(data: Dataset) -> dict[str, pa.Table]:
    return {table: pq.read_table(data.file(table)) for table in TABLES}


def _new_folder(data: Dataset, folders: list[tempfile.TemporaryDirectory[str]]) -> Path:
    folders.append(tempfile.TemporaryDirectory(dir=data.folder))
    return Path(folders[-1].name)


def _remove(folders: list[tempfile.TemporaryDirectory[str]]) -> None:
    for folder in folders:
        folder.cleanup()
    folders.clear()

"""From files to first cells, beside DuckDB's bare ``create table as select`` of the same files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dataset import MODEL, TABLES, Dataset
from benchmarks.measure import Case, Peer, Work
from queries.engine import Engine
from queries.flow import Flow
from queries.importing import load_files, load_tables
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.cells import Cells

LITTLE_MEMORY = "2GB"
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


def files_to_cells(data: Dataset) -> Case:
    """Everything between files and the first figures: import, opening, counting, cells."""
    start = _Start(data, None)
    subject = Work("from Parquet files to first cells", start.run, start.tidy)
    return Case(subject, (Peer(_bare_copy(data), _same_facts),))


def files_to_cells_2gb(data: Dataset) -> Case:
    """The same with little memory; the cells must be the same ones."""
    start, free = _Start(data, LITTLE_MEMORY), _Start(data, None)
    subject = Work(f"the same within {LITTLE_MEMORY}", start.run, start.tidy)
    usual = Work("with the memory that is the default here", free.run, free.tidy)

    def agrees(ours: _Started, theirs: _Started) -> bool:
        return _equal_cells(ours.cells, theirs.cells)

    return Case(subject, (Peer(usual, agrees), Peer(_bare_copy(data), _same_facts)))


def second_start(data: Dataset) -> Case:
    """First cells of a new start on data that were looked at before: they come from beside the workspace."""
    anew = first_cells(data).subject
    opened: list[Flow] = []

    def run() -> Cells:
        opened.append(open_again(data.workspace))
        return opened[-1].cells(MODEL)

    subject = Work("first cells of a second start", run, lambda: close_all(opened))
    return Case(subject, (Peer(anew, _equal_cells),))


@dataclass(frozen=True)
class _Started:
    """A workspace that was filled, and its first cells."""

    file: Path
    cells: Cells


class _Start:
    """Fills new workspaces from the files and computes their first cells."""

    def __init__(self, data: Dataset, memory: str | None) -> None:
        self._data = data
        self._memory = memory
        self._folders: list[tempfile.TemporaryDirectory[str]] = []
        self._opened: list[Flow] = []

    def run(self) -> _Started:
        workspace = Workspace.open(_new_folder(self._data, self._folders), self._memory)
        load_files(workspace, [self._data.files])
        self._opened.append(open_again(workspace))
        return _Started(workspace.data_path, self._opened[-1].cells(MODEL))

    def tidy(self) -> None:
        close_all(self._opened)
        _remove(self._folders)


def open_again(workspace: Workspace) -> Flow:
    """The flow that a new process would have; `open_flow` gives one process the same one again."""
    manifest = workspace.manifest
    assert manifest is not None
    memory, computed = workspace.memory, workspace.computed_path(manifest.version)
    engine = Engine(workspace.data_path, memory, computed)
    return Flow(engine, StructureStore(computed, memory.structures_bytes), manifest.observed_until)


def _same_facts(ours: _Started, theirs: Path) -> bool:
    return _facts(ours.file) == _facts(theirs)


def _equal_cells(ours: Cells, theirs: Cells) -> bool:
    return _sorted_cells(ours) == _sorted_cells(theirs)


def _sorted_cells(cells: Cells) -> tuple[Any, ...]:
    """All that cells say, as values that compare; their rows may stand in any order."""
    columns = (
        cells.segment,
        cells.period,
        cells.score,
        cells.mature,
        cells.converted,
        cells.leads,
        cells.amount,
    )
    rows = sorted(zip(*(column.tolist() for column in columns), strict=True))
    return cells.periods, cells.segments, rows, cells.unscored_conversions.tolist(), cells.observed_until


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

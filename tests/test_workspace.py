"""The workspace folder: manifest, versions, model, and one importer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from queries.errors import QueryError
from queries.importing import ImportCancelled, ImportRefused, load_tables
from queries.workspace import (
    Manifest,
    SourceFile,
    TableSummary,
    Workspace,
    format_manifest,
    parse_manifest,
)
from tests.loading import IMPORTED_AT, files_in, loaded_workspace, rows_of

LEADS = pa.table({"lead_id": ["new"], "created_at": ["2025-05-01T00:00:00Z"]})


def test_opening_creates_nothing(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "missing")
    assert workspace.manifest is None
    assert workspace.read_model_text() is None
    assert not workspace.path.exists()
    with pytest.raises(QueryError, match="must hold data"):
        _ = workspace.data_path


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(QueryError, match="must be a folder"):
        Workspace.open(tmp_path / "file")


def test_a_manifest_survives_being_written_and_read() -> None:
    table = TableSummary(
        read=3,
        accepted=2,
        rejected=1,
        first=datetime(2025, 1, 1, 0, 0, 0, 5),
        last=datetime(2025, 2, 1),
        sources=(SourceFile("leads.csv", "ab", 12),),
        columns=("lead_id", "naïve"),
        ambiguous_times=("%d/%m/%Y",),
    )
    manifest = Manifest("20250601T000000Z-ab", IMPORTED_AT, None, {"leads": table}, ("a note",))
    text = format_manifest(manifest)
    assert parse_manifest(text, Path("manifest.json")) == manifest
    assert json.loads(text)["tables"]["leads"]["last"] == "2025-02-01T00:00:00Z"


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1, "version": "../../etc"}', "[]"])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(QueryError, match=r"manifest\.json must be a manifest"):
        _ = Workspace.open(tmp_path).manifest


def test_a_manifest_of_a_later_program_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 2}')
    with pytest.raises(QueryError, match="format must be 1, got 2"):
        _ = Workspace.open(tmp_path).manifest


def test_a_new_version_is_noticed_by_who_has_the_workspace_open(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    reader = Workspace.open(workspace.path)
    before = reader.manifest
    assert before is not None
    assert reader.manifest is before
    report = load_tables(workspace, {"leads": LEADS}, imported_at=IMPORTED_AT)
    assert reader.manifest is not None
    assert reader.manifest.version == report.version != before.version


def test_tables_that_are_not_named_are_kept_and_renumbered(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    leads = pa.table({"lead_id": ["old-2", "a"], "created_at": ["2025-05-01T00:00:00Z"] * 2})
    load_tables(workspace, {"leads": leads}, imported_at=IMPORTED_AT)
    assert rows_of(workspace, "select lead_number, lead_id from leads") == [(0, "a"), (1, "old-2")]
    assert rows_of(workspace, "select lead_number, lead_id from activities") == [(1, "old-2")]
    assert rows_of(workspace, "select lead_number, lead_id, amount_ten_thousandths from outcomes") == [
        (None, "old-1", 95000)
    ]
    assert workspace.manifest is not None
    assert workspace.manifest.tables["accounts"].accepted == 1
    # The outcome's lead is unknown now, so the activity is what was seen last.
    assert workspace.manifest.observed_until == datetime(2025, 2, 1)


def test_the_version_before_is_kept_and_older_ones_are_removed(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    versions = []
    for _ in range(3):
        versions.append(load_tables(workspace, {"leads": LEADS}, imported_at=IMPORTED_AT).version)
        workspace.computed_path(versions[-1]).mkdir(parents=True)
    assert {path.stem for path in workspace.data_folder.iterdir()} == set(versions[1:])
    assert {path.name for path in (workspace.path / "computed").iterdir()} == set(versions[1:])


def test_what_a_killed_import_left_behind_is_removed_by_the_next(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    before = files_in(workspace)
    litter = workspace.data_folder / ".import-dead"
    litter.mkdir()
    (litter / "version.duckdb").write_bytes(b"half")
    with pytest.raises(ImportRefused):
        load_tables(workspace, {"leads": LEADS.drop(["created_at"])})
    assert files_in(workspace) == before


KILLED_IMPORT = """
import os, signal, sys
import pyarrow as pa
from queries.importing import load_tables
from queries.workspace import Workspace

def die(fraction, text):
    if fraction >= float(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

leads = pa.table({"lead_id": ["new"], "created_at": ["2025-05-01"]})
load_tables(Workspace.open(sys.argv[1]), {"leads": leads}, progress=die)
"""


@pytest.mark.parametrize("fraction", ["0.1", "0.7", "0.95"])
def test_an_import_that_is_killed_leaves_the_old_data_and_the_next_one_works(
    tmp_path: Path, fraction: str
) -> None:
    workspace = loaded_workspace(tmp_path)
    before = workspace.manifest
    command = [sys.executable, "-c", KILLED_IMPORT, str(workspace.path), fraction]
    ended = subprocess.run(command, check=False, cwd=Path(__file__).resolve().parent.parent)
    assert ended.returncode == -signal.SIGKILL
    assert Workspace.open(workspace.path).manifest == before
    assert rows_of(workspace, "select lead_id from leads") == [("old-1",), ("old-2",)]
    load_tables(workspace, {"leads": LEADS})
    assert rows_of(workspace, "select lead_id from leads") == [("new",)]
    assert not [name for name in files_in(workspace) if ".import-" in name]


def test_a_failed_first_import_leaves_no_folder(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "new")
    with pytest.raises(ImportRefused):
        load_tables(workspace, {"leads": LEADS.drop(["created_at"])})
    assert not workspace.path.exists()


def test_one_import_at_a_time(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    descriptor = os.open(workspace.data_folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(ImportRefused, match="one import at a time"):
            load_tables(workspace, {"leads": LEADS})
    finally:
        os.close(descriptor)
    load_tables(workspace, {"leads": LEADS})


@pytest.mark.parametrize("steps_before", [0, 1, 3, 5])
def test_a_cancelled_import_changes_nothing(tmp_path: Path, steps_before: int) -> None:
    workspace = loaded_workspace(tmp_path)
    before = files_in(workspace)
    answers = iter([False] * steps_before + [True] * 99)
    with pytest.raises(ImportCancelled):
        load_tables(workspace, {"leads": LEADS}, cancelled=lambda: next(answers))
    assert files_in(workspace) == before
    assert rows_of(workspace, "select count(*) from leads") == [(2,)]


def test_progress_rises_to_one(tmp_path: Path) -> None:
    said: list[float] = []
    load_tables(
        Workspace.open(tmp_path / "w"), {"leads": LEADS}, progress=lambda fraction, _: said.append(fraction)
    )
    assert said == sorted(said)
    assert said[-1] == 1.0


def test_the_model_text_is_replaced_as_a_whole(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "new")
    workspace.write_model_text("first")
    workspace.write_model_text('name = "größer"')
    assert workspace.read_model_text() == 'name = "größer"'
    assert files_in(workspace) == {"model.toml"}


def test_a_reader_does_not_keep_an_import_from_running(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    with duckdb.connect(workspace.data_path, read_only=True) as reader:
        load_tables(workspace, {"leads": LEADS})
        load_tables(workspace, {"leads": LEADS})
        assert reader.execute("select count(*) from leads").fetchone() == (2,)

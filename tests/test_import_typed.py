"""Typed sources are read where they lie: their types, writing in parts, and how a long step is stopped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries.importing import ImportCancelled, ImportRefused, load_files, load_tables
from queries.imports import staging as staging_module
from queries.imports import writing
from queries.imports.staging import Staging
from queries.mapping_file import parse_mapping
from queries.settings import default_memory
from queries.workspace import Workspace
from tests.loading import IMPORTED_AT, files_in, loaded_workspace, rows_of

START = datetime(2025, 1, 1)
MICROSECOND = datetime(1970, 1, 1, 0, 0, 0, 1)
TYPED = pa.table(
    {
        "lead_id": [1001.0, 1002.0],
        "created_at": pa.array([1_500, 1_999], pa.timestamp("ns")),
        "zoned": pa.array([0, None], pa.timestamp("us", "Europe/Berlin")),
        "small": pa.array([0.5, float("nan")], pa.float32()),
        "half": pa.array([1.5, None], pa.float32()).cast(pa.float16()),
        "large": [1e20, float("inf")],
        "flag": [True, None],
        "price": [Decimal("1.50"), None],
        "day": [date(2025, 1, 1), None],
        "kind": pa.array(["x", " "]).dictionary_encode(),
        "nothing": pa.nulls(2),
    }
)
AS_TEXT = [
    (
        "1001",
        MICROSECOND,
        "1970-01-01 00:00:00Z",
        "0.5",
        "1.5",
        "1e+20",
        "true",
        "1.50",
        "2025-01-01",
        "x",
        None,
    ),
    ("1002", MICROSECOND, None, None, None, "inf", None, None, None, None, None),
]


@pytest.mark.parametrize("kind", ["arrow", "parquet", "duckdb"])
def test_every_plain_type_becomes_the_same_text_whatever_it_comes_from(tmp_path: Path, kind: str) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    if kind == "arrow":
        load_tables(workspace, {"leads": TYPED})
    elif kind == "parquet":
        pq.write_table(TYPED, tmp_path / "leads.parquet")
        load_files(workspace, [tmp_path / "leads.parquet"])
    else:
        pq.write_table(TYPED, tmp_path / "given.parquet")
        with duckdb.connect(tmp_path / "crm.duckdb") as connection:
            connection.execute(
                "create table leads as from read_parquet($file)", {"file": str(tmp_path / "given.parquet")}
            )
        load_files(workspace, [tmp_path / "crm.duckdb"])
    found = rows_of(workspace, "select * exclude (lead_number, account_id) from leads order by lead_id")
    assert found == AS_TEXT


@pytest.mark.parametrize(
    ("column", "zone", "expected"),
    [
        (pa.array([datetime(2025, 7, 1, 12)], pa.timestamp("us")), "Europe/Berlin", datetime(2025, 7, 1, 10)),
        (
            pa.array([datetime(2025, 7, 1, 12)], pa.timestamp("ms", "UTC")),
            "Europe/Berlin",
            datetime(2025, 7, 1, 12),
        ),
        (pa.array([date(2025, 7, 1)]), "Europe/Berlin", datetime(2025, 6, 30, 22)),
        (pa.array([datetime(2025, 3, 30, 2, 30)], pa.timestamp("s")), "Europe/Berlin", "clocks went forward"),
        (pa.array([datetime(924, 1, 1)], pa.timestamp("us")), "UTC", 'got "0924-01-01 00:00:00"'),
        (pa.array([None], pa.timestamp("us")), "UTC", "created_at is missing"),
    ],
)
def test_typed_times_are_taken_as_written_ones_are(
    tmp_path: Path, column: pa.Array, zone: str, expected: datetime | str
) -> None:
    leads = pa.table({"lead_id": ["a"], "created_at": column})
    workspace = Workspace.open(tmp_path / "workspace")
    report = load_tables(workspace, {"leads": leads}, timezone=zone, max_rejected=1.0)
    rejected = report.to_json()["tables"]["leads"]["rejected_rows"]
    if isinstance(expected, str):
        assert expected in rejected[0]["reason"]
        assert rows_of(workspace, "select raw from rejected_rows")[0][0].startswith('["a",')
    else:
        assert rows_of(workspace, "select created_at from leads") == [(expected,)]


def test_typed_dates_of_a_wide_export_become_outcomes(tmp_path: Path) -> None:
    columns = {
        "lead_id": ["a", "b"],
        "created_at": [START, START],
        "became_mql": [START + timedelta(days=1), None],
        "won_on": [date(2025, 3, 1), date(2025, 2, 1)],
    }
    pq.write_table(pa.table(columns), tmp_path / "contacts.parquet")
    mapping = parse_mapping(
        "[[leads]]\nleave_out = ['became_mql', 'won_on']\n"
        "[[outcomes]]\nkeep_others = false\ncolumns = { lead_id = 'lead_id' }\n"
        "[outcomes.from_dates]\nmql = 'became_mql'\nwon = 'won_on'\n"
    )
    workspace = Workspace.open(tmp_path / "workspace")
    load_files(workspace, [tmp_path / "contacts.parquet"], mapping=mapping)
    assert rows_of(workspace, "select lead_id, occurred_at, stage from outcomes") == [
        ("a", datetime(2025, 1, 2), "mql"),
        ("a", datetime(2025, 3, 1), "won"),
        ("b", datetime(2025, 2, 1), "won"),
    ]


def activities(random: Random, ids: list[str], count: int) -> list[dict[str, Any]]:
    return [
        {
            "lead_id": random.choice(ids),
            "occurred_at": START + timedelta(hours=random.randrange(20)),
            "activity_type": f"kind {number}",
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_file_that_lies_by_lead_is_written_in_parts_with_the_same_result(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    known = [f"lead {number:02d}" for number in range(1, 30)] + ["o'brien"]
    orphans = ["a ghost", "lead 05x", "zz"] if seed else []
    rows = activities(random, known + orphans, 600) + (
        [{**activities(random, [""], 1)[0]}] if seed == 3 else []
    )
    by_lead = sorted(rows, key=lambda row: row["lead_id"].encode())
    leads = pa.table({"lead_id": known, "created_at": [START] * len(known)})
    written = []
    insert = writing._write
    monkeypatch.setattr(writing, "_write", lambda *a, **k: written.append(a[1]) or insert(*a, **k))
    loaded = []
    for name, part_rows in (("whole", 1_000), ("parts", 70)):
        monkeypatch.setattr(writing, "PART_ROWS", part_rows)
        folder = tmp_path / name
        folder.mkdir()
        pq.write_table(leads, folder / "leads.parquet")
        pq.write_table(pa.Table.from_pylist(by_lead), folder / "activities.parquet", row_group_size=50)
        workspace = Workspace.open(tmp_path / f"workspace {name}")
        written.clear()
        load_files(workspace, [folder], imported_at=IMPORTED_AT)
        assert (written.count("activities") > 5) == (name == "parts")
        loaded.append(rows_of(workspace, "select * from activities"))
    assert loaded[0] == loaded[1]
    assert len(loaded[0]) == 600
    assert any(row[0] is None for row in loaded[0]) == bool(orphans)


def test_a_file_in_another_order_is_sorted_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 50)
    monkeypatch.setattr(writing, "_parts", None)
    workspace = loaded_workspace(tmp_path)
    rows = activities(Random(1), ["old-1", "old-2"], 300)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "activities.parquet", row_group_size=50)
    load_files(workspace, [tmp_path / "activities.parquet"])
    found = rows_of(workspace, "select lead_number, occurred_at, activity_type from activities")
    expected = sorted(rows, key=lambda row: (row["lead_id"], row["occurred_at"]))
    assert found == [
        (int(row["lead_id"][-1]) - 1, row["occurred_at"], row["activity_type"]) for row in expected
    ]


@pytest.mark.parametrize("name", ["activities[1].parquet", "activities?.parquet", "activities*.parquet"])
def test_a_files_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    workspace = loaded_workspace(tmp_path)
    folder = tmp_path / "month=1"
    folder.mkdir()
    for path, kind in ((name, "right"), ("activities1.parquet", "wrong")):
        pq.write_table(
            pa.Table.from_pylist([{**activities(Random(1), ["old-1"], 1)[0], "activity_type": kind}]),
            folder / path,
        )
    load_files(workspace, [], activities=folder / name)
    assert rows_of(workspace, "select * exclude (occurred_at) from activities") == [(0, "old-1", "right")]


def test_a_column_may_be_called_as_the_database_calls_row_numbers(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    table = pa.table({"lead_id": ["a"], "created_at": [START], "file_row_number": ["x"]})
    pq.write_table(table, tmp_path / "leads.parquet")
    load_files(workspace, [tmp_path / "leads.parquet"])
    assert rows_of(workspace, "select lead_id, file_row_number from leads") == [("a", "x")]


def test_a_parquet_file_damaged_in_the_middle_is_refused_by_name(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / "leads.parquet"
    ids = [str(number) for number in range(20_000)]
    pq.write_table(pa.table({"lead_id": ids, "created_at": [START] * 20_000}), path, compression="gzip")
    content = bytearray(path.read_bytes())
    content[2_000:30_000] = bytes(28_000)
    path.write_bytes(content)
    before = files_in(workspace)
    with pytest.raises(ImportRefused, match=r"leads\.parquet: a Parquet file must be complete and undamaged"):
        load_files(workspace, [path])
    assert files_in(workspace) == before


class StopError(Exception):
    """Somebody does not want to wait."""


def test_a_statement_that_runs_long_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging_module, "WATCH_SECONDS", 0.01)
    staging = Staging(tmp_path, None, default_memory())
    seen: list[float] = []

    def stop(share: float) -> None:
        seen.append(share)
        if len(seen) == 3:
            raise StopError

    staging.watch = stop
    endless = "select count(*) from range(1000000000) as a (i), range(1000000) as b (j) where i + j < 0"
    with pytest.raises(StopError):
        staging._execute(endless, None)
    assert seen == sorted(seen)
    assert staging._execute("select 1", None) == [(1,)]
    staging.close()


def test_a_cancelled_import_stops_inside_a_step_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = loaded_workspace(tmp_path)
    before = files_in(workspace)
    monkeypatch.setattr(staging_module, "WATCH_SECONDS", 0.0)
    asked: list[str] = []

    def cancelled() -> bool:
        asked.append("")
        return len(asked) > 10

    leads = pa.table({"lead_id": ["new"], "created_at": ["2025-05-01T00:00:00Z"]})
    with pytest.raises(ImportCancelled):
        load_tables(workspace, {"leads": leads}, cancelled=cancelled)
    assert files_in(workspace) == before

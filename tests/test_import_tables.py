"""Tables in memory under the contract: keys, numbers, blanks, amounts, counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from queries.importing import ImportRefused, load_tables
from queries.workspace import Workspace
from tests.loading import IMPORTED_AT, rows_of

TIME = "2025-01-01T00:00:00Z"


def load(
    tmp_path: Path, max_rejected: float = 0.01, **tables: dict[str, Any]
) -> tuple[Workspace, dict[str, Any]]:
    workspace = Workspace.open(tmp_path / "workspace")
    arrow = {name: pa.table(columns) for name, columns in tables.items()}
    report = load_tables(workspace, arrow, imported_at=IMPORTED_AT, max_rejected=max_rejected)
    return workspace, report.to_json()["tables"]


def test_leads_are_numbered_in_binary_order_of_their_ids(tmp_path: Path) -> None:
    ids = ["b", "B", "10", "9", "é", "1E5", "a"]
    workspace, _ = load(tmp_path, leads={"lead_id": ids, "created_at": [TIME] * len(ids)})
    assert rows_of(workspace, "select lead_number, lead_id from leads order by lead_number") == list(
        enumerate(sorted(ids, key=lambda name: name.encode()))
    )


def test_activities_stand_by_lead_and_time_with_orphans_last(tmp_path: Path) -> None:
    workspace, tables = load(
        tmp_path,
        leads={"lead_id": ["a", "b"], "created_at": [TIME] * 2},
        activities={
            "lead_id": ["b", "ghost", "a", "a"],
            "occurred_at": ["2025-01-01", "2025-01-01", "2025-01-03", "2025-01-02"],
            "activity_type": ["x", "x", "late", "early"],
        },
    )
    assert rows_of(workspace, "select lead_number, lead_id, activity_type from activities") == [
        (0, "a", "early"),
        (0, "a", "late"),
        (1, "b", "x"),
        (None, "ghost", "x"),
    ]
    assert tables["activities"] == {"read": 4, "accepted": 4, "rejected": 0, "rejected_rows": []}


def test_blank_text_is_missing_and_other_text_is_untouched(tmp_path: Path) -> None:
    workspace, _ = load(
        tmp_path,
        leads={
            "lead_id": [" 1 ", "2", "3", "4"],
            "created_at": [TIME] * 4,
            "title": [" CEO ", " \t\r\n\f", "", "\u00a0"],
        },
    )
    assert rows_of(workspace, "select lead_id, title from leads") == [
        (" 1 ", " CEO "),
        ("2", None),
        ("3", None),
        ("4", "\u00a0"),
    ]


def test_each_row_that_breaks_the_contract_is_kept_with_its_reason(tmp_path: Path) -> None:
    workspace, tables = load(
        tmp_path,
        max_rejected=1.0,
        activities={
            "lead_id": ["a", " ", "a", "a", "a"],
            "occurred_at": [TIME, TIME, None, TIME, "31.12.2024"],
            "activity_type": ["x", "x", "x", "", "x"],
        },
    )
    assert tables["activities"]["read"] == 5
    assert tables["activities"]["accepted"] == 1
    assert [(row["line"], row["reason"]) for row in tables["activities"]["rejected_rows"]] == [
        (2, "lead_id is missing"),
        (3, "occurred_at is missing"),
        (4, "activity_type is missing"),
        (
            5,
            "occurred_at must be a possible time written as 2025-01-31 or 2025-01-31T09:30:00Z, got "
            '"31.12.2024"',
        ),
    ]
    kept = rows_of(workspace, "select table_name, line, raw from rejected_rows order by line")
    assert kept[0] == ("activities", 2, f'[" ","{TIME}","x"]')
    assert len(kept) == 4


def test_the_second_row_of_an_id_is_rejected_and_the_first_acceptable_one_stays(tmp_path: Path) -> None:
    workspace, tables = load(
        tmp_path,
        max_rejected=1.0,
        leads={
            "lead_id": ["a", "a", "a", "a", "b"],
            "created_at": ["never", TIME, TIME, TIME, TIME],
            "city": ["Rome", "Rome", "Rome", "Oslo", "Rome"],
        },
    )
    reasons = [row["reason"] for row in tables["leads"]["rejected_rows"]]
    assert reasons[0].startswith("created_at must be")
    assert reasons[1:] == [
        'lead_id must be unique, got "a" again, first in line 2 (same values)',
        'lead_id must be unique, got "a" again, first in line 2 (other values)',
    ]
    assert rows_of(workspace, "select lead_id, city from leads") == [("a", "Rome"), ("b", "Rome")]


@pytest.mark.parametrize(("rejected", "refused"), [(1, False), (2, True)])
def test_more_than_one_percent_of_rejected_rows_is_refused(
    tmp_path: Path, rejected: int, refused: bool
) -> None:
    ids = [str(number) for number in range(100 - rejected)] + [""] * rejected
    table = {"lead_id": ids, "created_at": [TIME] * 100}
    if not refused:
        assert load(tmp_path, leads=table)[1]["leads"]["rejected"] == rejected
        return
    with pytest.raises(ImportRefused, match=r"at most 1 % .* got 2 of 100: line 99: lead_id is missing"):
        load(tmp_path, leads=table)


@pytest.mark.parametrize(
    ("amount", "ten_thousandths"),
    [
        ("12", 120_000),
        (" 12.5 ", 125_000),
        ("-0.00005", -1),
        ("0.00005", 1),
        ("0.00004999", 0),
        ("1e3", 10_000_000),
        ("1.5E-2", 150),
        ("99999999999999", 999_999_999_999_990_000),
        ("1e300", None),
        ("1e99999999999", None),
        ("NaN", None),
        ("inf", None),
        ("1,5", None),
        (".5", None),
        ("1_000", None),
        ("0x10", None),
        ("abc", None),
        (None, None),
    ],
)
def test_amounts_are_kept_as_text_and_as_whole_ten_thousandths(
    tmp_path: Path, amount: str | None, ten_thousandths: int | None
) -> None:
    workspace, _ = load(
        tmp_path,
        outcomes={
            "lead_id": ["a"],
            "occurred_at": [TIME],
            "stage": ["won"],
            "amount": pa.array([amount], pa.string()),
        },
    )
    assert rows_of(workspace, "select amount, amount_ten_thousandths from outcomes") == [
        (amount, ten_thousandths)
    ]


def test_typed_columns_become_the_text_that_a_person_would_write(tmp_path: Path) -> None:
    workspace, _ = load(
        tmp_path,
        leads={
            "lead_id": [1001.0, 1002.0],
            "created_at": pa.array(
                [datetime(2025, 7, 1, 12), datetime(2025, 1, 1, 12)], pa.timestamp("ns", "Europe/Berlin")
            ),
            "score": [0.5, float("nan")],
            "whole": [3.0, 1e20],
            "flag": [True, None],
            "price": [Decimal("1.50"), None],
            "day": [date(2025, 1, 1), None],
            "kind": pa.array(["x", None]).dictionary_encode(),
            "nothing": pa.nulls(2),
        },
    )
    assert rows_of(workspace, "select * exclude (lead_number, account_id) from leads") == [
        ("1001", datetime(2025, 7, 1, 12), "0.5", "3", "true", "1.50", "2025-01-01", "x", None),
        ("1002", datetime(2025, 1, 1, 12), None, "1e+20", None, None, None, None, None),
    ]


def test_known_optional_columns_always_exist(tmp_path: Path) -> None:
    workspace, _ = load(tmp_path, leads={"LEAD_ID": ["a"], "Created_At": [TIME]})
    assert workspace.manifest is not None
    assert workspace.manifest.tables["leads"].columns == ("lead_id", "created_at", "account_id")
    assert workspace.manifest.tables["outcomes"].columns == (
        "lead_id",
        "occurred_at",
        "stage",
        "amount",
        "deal_id",
        "reason",
        "owner",
    )


def test_observed_until_is_the_latest_time_of_known_leads_up_to_the_import(tmp_path: Path) -> None:
    workspace, _ = load(
        tmp_path,
        leads={"lead_id": ["a"], "created_at": ["2025-05-30T00:00:00Z"]},
        activities={
            "lead_id": ["a", "ghost", "a"],
            "occurred_at": ["2025-04-01", "2025-05-01", "2025-06-02"],
            "activity_type": ["x"] * 3,
        },
        outcomes={"lead_id": ["a"], "occurred_at": ["2025-03-01"], "stage": ["won"]},
    )
    assert workspace.manifest is not None
    assert workspace.manifest.observed_until == datetime(2025, 4, 1)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"lead_id": ["a"]}, "must have the column created_at"),
        ({"lead_id": ["a"], "created_at": [TIME], "": ["x"]}, "column 3 must have a name"),
        ({"lead_id": ["a"], "created_at": [TIME], "\u200b ": ["x"]}, "column 3 must have a name"),
        ({"lead_id": ["a"], "created_at": [TIME], "Lead_Id": ["b"]}, "columns 1 and 3"),
        ({"lead_id": ["a"], "created_at": [TIME], "lead_number": ["1"]}, "uses itself"),
        ({"lead_id": ["a"], "created_at": [TIME], "tierline_feed": ["1"]}, "uses itself"),
        ({"lead_id": ["a"], "created_at": [TIME], "x": [[1]]}, "'x' must hold plain values"),
        ({"lead_id": ["a"], "created_at": [TIME], "x" * 300: ["1"]}, "at most 255 characters"),
        ({"lead_id": [], "created_at": []}, "at least one row"),
    ],
)
def test_columns_that_break_the_contract_are_refused_by_name(
    tmp_path: Path, columns: dict[str, list[Any]], message: str
) -> None:
    with pytest.raises(ImportRefused, match=message):
        load(tmp_path, leads=columns)


def test_hostile_names_and_texts_are_only_text(tmp_path: Path) -> None:
    name = 'x"; drop table leads; --'
    workspace, _ = load(
        tmp_path, leads={"lead_id": ["'; drop table leads; --"], "created_at": [TIME], name: ["${env:HOME}"]}
    )
    quoted = name.replace('"', '""')
    assert rows_of(workspace, f'select lead_id, "{quoted}" from leads') == [
        ("'; drop table leads; --", "${env:HOME}")
    ]


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="tables must be among"):
        load(tmp_path, contacts={"lead_id": ["a"]})

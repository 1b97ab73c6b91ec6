"""Data-quality checks: each finds what it is for, and stays silent about data that are fine."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from queries.checks import Finding, check_data, findings_to_json
from queries.errors import QueryError
from queries.importing import load_tables
from queries.workspace import Workspace
from tests.loading import IMPORTED_AT, loaded_workspace

LEADS = 400
START = datetime(2025, 1, 1)


def fine_tables() -> dict[str, dict[str, list[Any]]]:
    """400 leads, a quarter of which win after twenty days, with attributes that tell little."""
    chance = random.Random(7)
    ids = [f"l{number:03d}" for number in range(LEADS)]
    won = [number % 4 == 0 for number in range(LEADS)]
    return {
        "accounts": {"account_id": ["acme"], "industry": ["software"]},
        "leads": {
            "lead_id": ids,
            "created_at": [START] * LEADS,
            "account_id": ["acme"] * LEADS,
            "employees": [str(chance.randrange(1000)) for _ in ids],
            "phone": [f"+49 (30) {chance.randrange(10**6)}" for _ in ids],
            "note": ["a < b, me@home, -5, 3-4"] * LEADS,
        },
        "activities": {
            "lead_id": [lead for lead in ids for _ in range(2)],
            "occurred_at": [START + timedelta(days=chance.randrange(1, 60)) for _ in range(2 * LEADS)],
            "activity_type": ["visit", "click"] * LEADS,
        },
        "outcomes": {
            "lead_id": list(ids),
            "occurred_at": [START + timedelta(days=20)] * LEADS,
            "stage": ["Won" if win else "lost" for win in won],
            "amount": ["10.5" if win else None for win in won],
        },
    }


def check(folder: Path, tables: dict[str, dict[str, list[Any]]]) -> list[Finding]:
    workspace = Workspace.open(folder / "workspace")
    arrow = {name: pa.table(columns) for name, columns in tables.items()}
    load_tables(workspace, arrow, imported_at=IMPORTED_AT, max_rejected=0.5)
    return check_data(workspace)


def test_fine_data_give_no_finding(tmp_path: Path) -> None:
    assert check(tmp_path, fine_tables()) == []


def test_an_empty_workspace_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="must hold data"):
        check_data(Workspace.open(tmp_path))


def test_missing_tables_are_said_the_worst_first(tmp_path: Path) -> None:
    tables = fine_tables()
    findings = check(tmp_path, {"leads": tables["leads"], "accounts": tables["accounts"]})
    assert [(finding.kind, finding.severity, finding.table) for finding in findings] == [
        ("empty", "error", "outcomes"),
        ("empty", "note", "activities"),
    ]


@pytest.mark.parametrize(
    ("table", "column", "value", "kind", "field"),
    [
        ("leads", "account_id", "ghost", "orphans", "account_id"),
        ("leads", "note", "=HYPERLINK(1)", "formula", "note"),
        ("leads", "note", "@SUM(A1)", "formula", "note"),
        ("leads", "note", "see <img src=x>", "markup", "note"),
        ("activities", "lead_id", "ghost", "orphans", "lead_id"),
        ("activities", "occurred_at", datetime(2025, 7, 1), "future", "occurred_at"),
        ("outcomes", "lead_id", "ghost", "orphans", "lead_id"),
        ("outcomes", "occurred_at", datetime(2025, 7, 1), "future", "occurred_at"),
        ("outcomes", "occurred_at", datetime(2024, 12, 31), "outcome_before_creation", "occurred_at"),
        ("outcomes", "amount", "12,50 EUR", "amount", "amount"),
        ("outcomes", "amount", "NaN", "amount", "amount"),
    ],
)
def test_one_odd_value_gives_one_finding(
    tmp_path: Path, table: str, column: str, value: Any, kind: str, field: str
) -> None:
    tables = fine_tables()
    tables[table][column][5] = value
    [finding] = check(tmp_path, tables)
    assert (finding.kind, finding.table, finding.field) == (kind, table, field)
    assert finding.evidence["rows"] == 1
    assert "1" in finding.message


def test_a_created_date_in_the_future_is_told_apart_from_its_outcome(tmp_path: Path) -> None:
    tables = fine_tables()
    tables["leads"]["created_at"][5] = datetime(2025, 7, 1)
    kinds = [finding.kind for finding in check(tmp_path, tables)]
    assert sorted(kinds) == ["future", "outcome_before_creation"]


def test_repeated_ids_with_other_values_are_a_warning_and_with_the_same_are_not(tmp_path: Path) -> None:
    tables = fine_tables()
    for column, values in tables["leads"].items():
        tables["leads"][column] = [*values, values[3], values[4]]
    assert check(tmp_path / "same", tables) == []
    tables["leads"]["note"][-1] = "other"
    [finding] = check(tmp_path / "other", tables)
    assert (finding.kind, finding.field, finding.evidence) == (
        "repeated_ids",
        "lead_id",
        {"rows": 1, "first_line": LEADS + 2},
    )


def test_dates_that_could_be_either_way_round_are_told_from_clear_ones(tmp_path: Path) -> None:
    tables = fine_tables()
    tables["leads"]["unclear"] = [f"{i % 12 + 1:02d}/{i % 7 + 1}/2024" for i in range(LEADS)]
    tables["leads"]["clear"] = [f"{i % 28 + 1:02d}/{i % 7 + 1}/2024" for i in range(LEADS)]
    tables["leads"]["version"] = ["1.2.3"] * LEADS
    findings = [finding for finding in check(tmp_path, tables) if finding.kind == "unclear_dates"]
    assert [finding.field for finding in findings] == ["unclear"]


def test_findings_print_as_the_command_line_says(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    printed = findings_to_json(check_data(workspace))
    assert json.loads(json.dumps(printed)) == printed
    for finding in printed["findings"]:
        assert list(finding) == ["kind", "severity", "table", "field", "rule", "message", "evidence"]

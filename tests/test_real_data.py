"""The public data sets of ``examples/`` load as their notes say; skipped where the data are absent."""

from __future__ import annotations

import importlib.util
import os
from datetime import datetime
from pathlib import Path

import pytest

from queries.checks import check_data
from queries.dataset import open_flow
from queries.importing import load_files
from queries.inspection import inspect_workspace
from queries.workspace import Workspace
from scoring.model_file import parse_model
from tests.loading import rows_of

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
DATA = Path(os.environ.get("TIERLINE_SHARED_DATA", ROOT.parent / "shared" / "data"))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data in {DATA}")


def prepare_bank(target: Path, *, with_duration: bool = False) -> None:
    """Run the preparation script of the bank data."""
    spec = importlib.util.spec_from_file_location("prepare", EXAMPLES / "bank" / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.prepare(DATA / "bank" / "bank-additional-full.csv", target, with_duration=with_duration)


def load_example(name: str, folder: Path) -> Workspace:
    """A workspace with one of the data sets: ``bank``, ``cdnow`` or ``maven_crm``."""
    workspace = Workspace.open(folder / "workspace")
    if name == "bank":
        prepare_bank(folder / "prepared")
        load_files(workspace, [folder / "prepared"])
        return workspace
    files = {"cdnow": ["CDNOW_master.txt"], "maven_crm": ["sales_pipeline.csv", "accounts.csv"]}[name]
    sources = [DATA / name / file for file in files]
    load_files(workspace, sources, mapping=EXAMPLES / name / "mapping.toml")
    return workspace


def leaks(workspace: Workspace, name: str) -> list[tuple[str | None, str | None]]:
    """Where the guard finds something that knows the outcome, under the model of the example."""
    flow = open_flow(workspace)
    assert flow is not None
    model = parse_model((EXAMPLES / name / "model.toml").read_text(encoding="utf-8"))
    found = inspect_workspace(workspace, flow, model)
    return [(finding.table, finding.field) for finding in found if finding.kind == "leak"]


@pytest.mark.parametrize("name", ["bank", "cdnow", "maven_crm"])
def test_the_example_models_are_valid(name: str) -> None:
    path = EXAMPLES / name / "model.toml"
    assert parse_model(path.read_text(encoding="utf-8"), path.name).rules


@needs_data
def test_bank_loads_with_its_years_rebuilt(tmp_path: Path) -> None:
    workspace = load_example("bank", tmp_path)
    by_quarter = "select year(created_at), quarter(created_at), count(*) from leads group by all order by all"
    assert rows_of(workspace, by_quarter) == [
        (2008, 2, 12_137),
        (2008, 3, 11_860),
        (2008, 4, 3_693),
        (2009, 1, 282),
        (2009, 2, 8_967),
        (2009, 3, 1_215),
        (2009, 4, 976),
        (2010, 1, 264),
        (2010, 2, 615),
        (2010, 3, 847),
        (2010, 4, 332),
    ]
    assert rows_of(workspace, "select stage, count(*) from outcomes group by all order by all") == [
        ("lost", 36_548),
        ("won", 4_640),
    ]
    assert leaks(workspace, "bank") == []


@needs_data
def test_the_duration_of_the_call_is_found_to_know_the_answer(tmp_path: Path) -> None:
    prepare_bank(tmp_path / "prepared", with_duration=True)
    workspace = Workspace.open(tmp_path / "workspace")
    load_files(workspace, [tmp_path / "prepared"])
    assert leaks(workspace, "bank") == [("leads", "duration")]


@needs_data
def test_cdnow_loads_through_its_mapping(tmp_path: Path) -> None:
    workspace = load_example("cdnow", tmp_path)
    manifest = workspace.manifest
    assert manifest is not None
    counts = {name: (table.read, table.accepted, table.rejected) for name, table in manifest.tables.items()}
    assert counts == {
        "accounts": (0, 0, 0),
        "leads": (23_570, 23_570, 0),
        "activities": (69_659, 69_659, 0),
        "outcomes": (69_659, 69_659, 0),
    }
    assert manifest.observed_until == datetime(1998, 6, 30)
    assert rows_of(workspace, "select min(created_at), max(created_at) from leads") == [
        (datetime(1997, 1, 1), datetime(1997, 3, 25))
    ]
    assert rows_of(workspace, "select lead_id, value from activities where lead_number = 0") == [
        ("00001", "11.77")
    ]
    assert rows_of(workspace, "select count(*) from activities where lead_number is null") == [(0,)]


@needs_data
def test_maven_loads_through_its_mapping(tmp_path: Path) -> None:
    workspace = load_example("maven_crm", tmp_path)
    manifest = workspace.manifest
    assert manifest is not None
    counts = {name: (table.read, table.accepted, table.rejected) for name, table in manifest.tables.items()}
    assert counts == {
        "accounts": (85, 85, 0),
        "leads": (8_300, 8_300, 0),
        "activities": (0, 0, 0),
        "outcomes": (6_711, 6_711, 0),
    }
    assert manifest.tables["leads"].columns == (
        "lead_id",
        "created_at",
        "account_id",
        "sales_agent",
        "product",
    )
    known = "select count(*) from leads semi join accounts using (account_id)"
    given = "select count(account_id) from leads"
    assert rows_of(workspace, known) == rows_of(workspace, given)
    assert rows_of(
        workspace, "select sum(amount_ten_thousandths) // 10000 from outcomes where stage = 'won'"
    ) == [(10_005_534,)]
    assert [finding.kind for finding in check_data(workspace)] == ["empty"]

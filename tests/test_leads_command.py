"""What ``tierline lead`` and ``tierline leads`` print, and what they refuse."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.lead_list import find_leads
from queries.named_lists import high_and_open, won_and_low
from queries.safe_csv import csv_bytes
from queries.scored_leads import scored_leads


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture
def run(demo_workspace):
    def invoke(command, *arguments):
        return CliRunner().invoke(main, [command, "--workspace", str(demo_workspace.path), *arguments])

    return invoke


def test_the_best_leads_come_first_and_one_of_them_is_explained(run, flow, model):
    listed = json.loads(run("leads", "--json", "--limit", "3").output)
    scored = scored_leads(flow, model)
    assert listed["rows"] == len(scored.scores)
    assert [row["score"] for row in listed["leads"]] == sorted(scored.scores.tolist(), reverse=True)[:3]
    best = listed["leads"][0]
    explained = json.loads(run("lead", best["lead_id"], "--json").output)
    assert explained["score"] == best["score"] == sum(step["points"] for step in explained["waterfall"])
    assert explained["tier"] == best["tier"] == model.tiers[-1].name
    assert explained["next_tier"]["tier"] is None
    assert explained["history"][-1]["score"] == best["score"]
    shown = run("lead", best["lead_id"]).output
    assert shown.startswith(f"{best['lead_id']}: {best['score']} points")
    assert "This is the highest tier." in shown


def test_a_tier_is_listed_whole_into_a_file(run, flow, model, tmp_path):
    out = tmp_path / "leads.csv"
    assert run("leads", "--tier", "MQL", "--out", str(out)).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    scored = scored_leads(flow, model)
    assert len(rows) == int((scored.tiers == 1).sum())
    assert {row["tier"] for row in rows} == {"MQL"}


def test_the_named_lists_are_printed(run, flow, model):
    nowhere = json.loads(run("leads", "--list", "high-open", "--json").output)
    assert nowhere["rows"] == high_and_open(flow, model).num_rows > 0
    assert {row["tier"] for row in nowhere["leads"]} == {model.tiers[-1].name}
    won = json.loads(run("leads", "--list", "won-low", "--json").output)
    assert won["rows"] == won_and_low(flow, model).num_rows > 0
    movers = json.loads(run("leads", "--list", "movers", "--days", "30", "--limit", "5", "--json").output)
    assert movers["rows"] > 0
    assert all(row["change"] == row["score"] - row["score_before"] for row in movers["leads"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lead", "nobody"), "a lead must be one of the data's, got 'nobody'"),
        (("leads", "--tier", "hot"), "tier must be one of Nurture, MQL, SQL, got 'hot'"),
        (("leads", "--tier", "MQL", "--list", "movers"), "--tier must stand without --list"),
        (("leads", "--list", "won-low", "--at", "2025-01-01"), "--at must stand without --list won-low"),
    ],
)
def test_bad_input_ends_with_one_line_and_code_2(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_a_list_opens_in_a_spreadsheet_without_running_anything():
    table = pa.table({"=name": ["=1+1", "plain", None, "@x"], "points": [-5, 1, None, 0]})
    text = csv_bytes(table).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines())) == [
        ["'=name", "points"],
        ["'=1+1", "-5"],
        ["plain", "1"],
        ["", ""],
        ["'@x", "0"],
    ]


def test_nobody_at_all_is_a_table_without_rows(flow, model):
    scored = scored_leads(flow, model, flow.engine.first_created_at)
    assert len(find_leads(flow, model, scored)) == 0

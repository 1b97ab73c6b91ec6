"""What ``tierline lead`` and ``tierline leads`` print, and what they refuse."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pytest
from click.testing import CliRunner

from commands.lead_output import rows_json
from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.lead_filter import LeadFilter
from queries.lead_list import find_leads, list_leads
from queries.lead_order import Order
from queries.movers import find_movers
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


def test_movers_are_those_that_rose_and_those_that_fell(run, flow, model, tmp_path):
    asked = ("leads", "--list", "movers", "--days", "30")
    found = find_movers(flow, model, 30, limit=5)
    movers = json.loads(run(*asked, "--limit", "5", "--json").output)
    ids = [one.lead_id for one in (*found.risen, *found.fallen)]
    assert [row["lead_id"] for row in movers["leads"]] == ids
    assert [row["change"] > 0 for row in movers["leads"]] == [True] * 5 + [False] * 5
    assert all(row["change"] == row["score"] - row["score_before"] for row in movers["leads"])
    assert (movers["risen"], movers["fallen"]) == (found.risen_count, found.fallen_count)
    shown = run(*asked, "--limit", "5").output
    assert f"{found.risen_count:,} rose, these 5 most:" in shown
    assert all(lead_id in shown for lead_id in ids)
    out = tmp_path / "movers.csv"
    run(*asked, "--limit", "5", "--out", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == found.risen_count + found.fallen_count


def test_every_filter_of_the_page_is_an_option(run, flow, model):
    asked = [
        *("--search", "planning", "--tier", "MQL", "--tier", "SQL"),
        *("--where", "source=website", "--where", "leads.source=webinar", "--where", "region=EMEA"),
        *("--did", "channel=web", "--points", "fit=5..20"),
    ]
    wanted = LeadFilter(
        search="planning",
        tiers=("MQL", "SQL"),
        categories=(("fit", 5, 20),),
        attributes=(("leads.source", ("website", "webinar")), ("leads.region", ("EMEA",))),
        activity=("channel", ("web",)),
    )
    scored = scored_leads(flow, model)
    places = find_leads(flow, model, scored, wanted, Order("points of engagement", descending=False))
    columns = ("leads.job_title", "accounts.name")
    shown = [f"--column={name}" for name in ("job_title", "accounts.name")]
    order = ("--sort", "points of engagement", "--lowest-first")
    listed = json.loads(run("leads", *asked, *shown, *order, "--json", "--limit", "1000").output)
    assert listed["leads"] == rows_json(list_leads(flow, model, scored, places, columns))
    assert 0 < listed["rows"] == len(places) < len(scored.scores)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lead", "nobody"), "a lead must be one of the data's, got 'nobody'"),
        (("leads", "--tier", "hot"), "tier must be one of Nurture, MQL, SQL, got 'hot'"),
        (("leads", "--tier", "MQL", "--list", "movers"), "--tier must stand without --list"),
        (("leads", "--days", "7"), "--days must stand with --list movers"),
        (("leads", "--where", "region"), "--where must be a name and a value, such as region=EMEA"),
        (("leads", "--where", "mood=good"), "--where must name one of leads."),
        (("leads", "--did", "mood=good"), "--did must name one of activity_type"),
        (("leads", "--did", "channel=web", "--did", "page=/"), "--did must name one column of activities"),
        (("leads", "--points", "fit=10"), "--points must be a category with lowest and highest points"),
        (("leads", "--points", "mood=1..2"), "category must be one of engagement, fit, got 'mood'"),
        (("leads", "--column", "mood"), "--column must name one of leads."),
        (("leads", "--sort", "mood"), "--sort must name one of score, tier"),
        (("leads", "--out", "no such folder/leads.csv"), "no such folder/leads.csv: No such file"),
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

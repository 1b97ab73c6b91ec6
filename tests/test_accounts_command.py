"""What ``tierline accounts`` and ``tierline account`` print, and what they refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from commands.main import main
from queries.account_moments import account_moments
from queries.dataset import open_flow, ready_models
from queries.importing import load_files
from queries.one_account import AccountState, explain_account
from queries.scored_accounts import scored_accounts
from queries.workspace import Workspace

MODEL_FILE = Path(__file__).parents[1] / "models" / "account_based.toml"
PLAIN = """schema_version = 1
name = "plain"
[conversion]
stages = ["won"]
horizon_days = 90
[[tiers]]
name = "all"
threshold = 0
"""


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model():
    return ready_models()["account_based"]


@pytest.fixture
def run(demo_workspace):
    def invoke(command, *arguments, model_file=MODEL_FILE, folder=None):
        given = ["--workspace", str(folder or demo_workspace.path)]
        given += [] if model_file is None else ["--model", str(model_file)]
        return CliRunner().invoke(main, [command, *given, *arguments])

    return invoke


def printed(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_columns_and_order_are_chosen(run, flow, model):
    asked = ("accounts", "--json", "--limit", "40", "--column", "industry", "--column", "accounts.name")
    rows = printed(run(*asked, "--sort", "engaged"))["accounts"]
    engaged = [row["engaged"] for row in rows]
    assert engaged == sorted(engaged, reverse=True) and len(set(engaged)) > 1
    for row in rows[:5]:
        known = explain_account(flow, model, row["account_id"]).attributes
        assert (row["accounts.industry"], row["accounts.name"]) == (known["industry"], known["name"])


def test_accounts_are_ranked_and_the_parts_of_each_add_up(run, flow, model):
    listed = printed(run("accounts", "--json", "--limit", "40"))
    scored = scored_accounts(flow, model)
    assert listed["rows"] == len(scored)
    scores = [row["score"] for row in listed["accounts"]]
    assert scores == sorted(scored.points.score.tolist(), reverse=True)[:40]
    parts = ("lead_points", "person_points", "department_points", "rule_points")
    highest = model.account_score.max_score
    assert all(row["score"] == min(sum(row[part] for part in parts), highest) for row in listed["accounts"])
    assert listed["accounts"][0]["tier"] == model.account_score.tiers[-1].name


def test_one_account_adds_up_and_its_committee_is_whole(run, flow):
    best = printed(run("accounts", "--json", "--limit", "1"))["accounts"][0]
    explained = printed(run("account", best["account_id"], "--json"))
    assert explained["score"] == best["score"] == sum(step["points"] for step in explained["waterfall"])
    assert [step["total"] for step in explained["waterfall"]] == np.cumsum(
        [step["points"] for step in explained["waterfall"]]
    ).tolist()
    assert sum(person["score"] is not None for person in explained["people"]) == best["people"]
    assert sum(person["engaged"] for person in explained["people"]) == best["engaged"]
    engaged_in = {seat["department"] for seat in explained["departments"] if seat["engaged"]}
    assert len(engaged_in) == best["departments"]
    assert explained["missing_departments"] == [
        seat["department"] for seat in explained["departments"] if not seat["known"]
    ]
    assert explained["history"][-1]["score"] == best["score"]
    shown = run("account", best["account_id"]).output
    assert f"{best['score']} points, {best['tier']}" in shown


def test_some_accounts_explained_are_what_the_ranking_and_the_back_test_hold(flow, model):
    scored, moments = scored_accounts(flow, model), account_moments(flow, model)
    ids = moments.index.ids.to_pylist()
    states = set()
    for place in np.random.default_rng(1).choice(len(ids), 60, replace=False):
        explained = explain_account(flow, model, ids[place])
        states.add(explained.state)
        at = scored.place(ids[place])
        assert explained.score == (None if at is None else scored.points.score[at])
        past = explained.history.scores[: -1 if explained.score is not None else None]
        assert list(past) == moments.points.score[moments.account == place].tolist()
    assert states == {AccountState.SCORED, AccountState.WON, AccountState.NOBODY}


def test_the_back_test_has_a_back_tests_keys_with_accounts_for_leads(run):
    figures = printed(run("accounts", "--backtest", "--json"))
    pooled = figures["pooled"]
    assert "leads" not in pooled
    assert "leads" not in pooled["tiers"][0]
    assert pooled["accounts"] == sum(tier["accounts"] for tier in pooled["tiers"])
    assert pooled["conversions"] == sum(period["conversions"] for period in figures["periods"])
    rates = [tier["rate"] for tier in pooled["tiers"]]
    assert rates == sorted(rates)
    assert pooled["auc_low"] > 0.6
    assert 0 < pooled["conversions_through_others"] < pooled["conversions"]
    assert pooled["conversions_through_others"] == sum(
        period["conversions_through_others"] for period in figures["periods"]
    )
    text = run("accounts", "--backtest").output
    assert f"{pooled['conversions']:,} wins came only through people" in text


def test_a_model_without_the_block_scores_accounts_by_their_best_lead(run):
    listed = printed(run("accounts", "--json", "--limit", "5", model_file=None))["accounts"]
    for row in listed:
        explained = printed(run("account", row["account_id"], "--json", model_file=None))
        assert row["score"] == max(p["score"] for p in explained["people"] if p["score"] is not None)
        assert len(explained["waterfall"]) == 1


def test_a_tier_is_written_whole_with_attributes(run, flow, model, tmp_path):
    out = tmp_path / "accounts.csv"
    assert run("accounts", "--tier", "Engage", "--out", str(out)).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == int((scored_accounts(flow, model).tiers == 1).sum())
    assert {row["tier"] for row in rows} == {"Engage"}
    assert rows[0]["accounts.industry"] is not None


def test_a_search_finds_ids_and_attributes(run):
    best = printed(run("accounts", "--json", "--limit", "1"))["accounts"][0]["account_id"]
    found = printed(run("accounts", "--json", "--search", best.lower()))
    assert [row["account_id"] for row in found["accounts"]] == [best]
    name = printed(run("account", best, "--json"))["attributes"]["name"]
    assert best in {r["account_id"] for r in printed(run("accounts", "--json", "--search", name))["accounts"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("account", "nobody"), "an account must be one that a lead belongs to, got 'nobody'"),
        (("accounts", "--tier", "MQL"), "tier must be one of the accounts' Watch, Engage, Pursue, got 'MQL'"),
        (("accounts", "--backtest", "--at", "2025-01-01"), "--backtest must stand without --at"),
        (("accounts", "--backtest", "--column", "name"), "--backtest must stand without --at"),
        (("accounts", "--column", "mood"), "--column must name one of accounts.name"),
        (("accounts", "--observed-until", "2025-01-01"), "--observed-until must stand with --backtest"),
    ],
)
def test_bad_input_ends_with_one_line_and_code_2(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_a_field_that_the_data_do_not_have_is_named(run, tmp_path):
    text = MODEL_FILE.read_text(encoding="utf-8")
    path = tmp_path / "model.toml"
    path.write_text(text.replace('department_field = "department"', 'department_field = "team"'), "utf-8")
    result = run("accounts", model_file=path)
    assert result.exit_code == 2
    assert "account_score: department_field must be a column of leads, got 'team'" in result.output
    path.write_text(text.replace('field = "employees"', 'field = "staff"'), "utf-8")
    assert (
        "account_score: rule 'company_size': field must be a column of accounts"
        in run("accounts", model_file=path).output
    )


def test_leads_without_accounts_are_told_what_to_load(run, tmp_path):
    leads = tmp_path / "leads.csv"
    leads.write_text("lead_id,created_at\nL1,2025-01-01\n", "utf-8")
    activities = tmp_path / "activities.csv"
    activities.write_text("lead_id,occurred_at,activity_type\nL1,2025-01-02,visit\n", "utf-8")
    workspace = Workspace.open(tmp_path / "workspace")
    load_files(workspace, [leads, activities])
    plain = tmp_path / "plain.toml"
    plain.write_text(PLAIN, "utf-8")
    result = run("accounts", model_file=plain, folder=workspace.path)
    assert result.exit_code == 2
    assert "leads must say which account they belong to" in result.output


def test_an_empty_list_says_why_and_what_to_do(run, flow, model, tmp_path):
    scored = len(scored_accounts(flow, model))
    name = model.account_score.tiers[-1].name
    nobody = run("accounts", "--search", "no such company", "--tier", name).output
    assert nobody.splitlines() == [
        f"None of {scored:,} accounts satisfies --tier {name} and --search 'no such company'; leave out what "
        "narrows it."
    ]
    early = run("accounts", "--at", "2001-01-01").output
    assert early.startswith("No account is scored as of 2001-01-01T00:00:00Z, since no lead is: ")
    assert "--at" in early
    assert printed(run("accounts", "--at", "2001-01-01", "--json")) == {
        "rows": 0,
        "accounts": [],
        "notes": early.splitlines(),
    }
    written = run("accounts", "--at", "2001-01-01", "--out", str(tmp_path / "a.csv")).output
    assert written.splitlines()[1:] == early.splitlines()


def test_leads_without_an_account_are_told_from_days_without_leads(run, tmp_path):
    (tmp_path / "leads.csv").write_text("lead_id,created_at,account_id\na,2025-01-01,\nb,2025-03-01,K\n")
    (tmp_path / "outcomes.csv").write_text("lead_id,occurred_at,stage\nb,2025-04-01,won\n")
    folder = tmp_path / "workspace"
    load_files(Workspace.open(folder), [tmp_path / "leads.csv", tmp_path / "outcomes.csv"])
    model_file = tmp_path / "best.toml"
    model_file.write_text(PLAIN)
    result = run("accounts", "--at", "2025-05-01", model_file=model_file, folder=folder)
    assert result.exit_code == 0, result.output
    first, second = result.stdout.splitlines()
    assert first.startswith(
        "No account is scored as of 2025-05-01T00:00:00Z: every lead that is scored has no "
    )
    assert second.startswith("The model does not say how accounts are scored")
    assert "tierline models ready-made account_based --out" in second


def test_a_list_says_when_the_model_does_not_score_accounts_and_else_nothing(run):
    assert run("accounts", "--limit", "1").output.splitlines()[-1].startswith("1 of ")
    by_best_lead = run("accounts", "--limit", "1", model_file=None).output.splitlines()
    assert by_best_lead[-2].startswith("1 of ")
    assert by_best_lead[-1].startswith("The model does not say how accounts are scored")

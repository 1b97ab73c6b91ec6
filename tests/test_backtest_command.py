"""``tierline backtest`` tells the evidence: beside the figures in JSON, as sentences in text."""

import json
import shutil
from datetime import datetime

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow, ready_models, save_model_in_use
from queries.worked import known_worked
from queries.workspace import Workspace
from scoring.backtest import compute_backtest, to_json
from scoring.figure_words import percent
from scoring.model_file import format_model
from scoring.worked import pooled
from scoring.worked_words import NOT_TOLD

FIGURES = ("model", "horizon_days", "observed_until", "periods", "pooled")


@pytest.fixture
def workspace(demo_workspace, tmp_path):
    """A copy, since a comparison is counted in its workspace; other tests' comparisons do not count here."""
    shutil.copytree(demo_workspace.path, tmp_path / "demo", ignore=shutil.ignore_patterns("trials.json"))
    return Workspace.open(tmp_path / "demo")


@pytest.fixture
def draft(tmp_path):
    model = ready_models()["b2b_guideline"]
    rules = tuple(
        rule.model_copy(update={"points": -30}) if rule.id == "careers_page" else rule for rule in model.rules
    )
    path = tmp_path / "draft.toml"
    path.write_text(format_model(model.model_copy(update={"name": "Draft", "rules": rules})))
    return path


def run(*arguments, code=0):
    result = CliRunner().invoke(main, ["backtest", *(str(argument) for argument in arguments)])
    assert result.exit_code == code, result.output
    return result


def printed(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def without_worked(document):
    """The same without what stands beside each rate."""
    if isinstance(document, dict):
        named = ("worked", "worked_share")
        return {key: without_worked(value) for key, value in document.items() if key not in named}
    return [without_worked(one) for one in document] if isinstance(document, list) else document


def test_beside_each_rate_stands_the_share_that_sales_worked(demo_workspace):
    document = printed("--workspace", demo_workspace.path, "--segment", "region")
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    shares = {(one.period, one.tier): one for one in known_worked(flow, model)}
    for figures in (*document["periods"], document["pooled"]):
        for tier in figures["tiers"]:
            one = shares.get((figures["period"], tier["tier"]))
            expected = (one.leads, one.worked, one.share) if one else (0, 0, None)
            assert (tier["leads"], tier["worked"], tier["worked_share"]) == expected
    parts = [part["pooled"]["tiers"] for part in document["segments"].values()]
    for place, tier in enumerate(document["pooled"]["tiers"]):
        assert sum(tiers[place]["worked"] for tiers in parts) == tier["worked"] > 0
    text = run("--workspace", demo_workspace.path).stdout
    top = model.tiers[-1].shown_label
    share = percent(shares["pooled", model.tiers[-1].name].share, 0)
    assert f"- Of the complete leads sales worked: {top} {share}, " in text


def test_the_share_worked_is_of_the_data_until_then(demo_workspace):
    arguments = ("--workspace", demo_workspace.path, "--observed-until", "2025-08-01T00:00:00Z")
    document = printed(*arguments)
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    shares = pooled(known_worked(flow, model, datetime(2025, 8, 1)))
    assert [(tier["leads"], tier["worked"]) for tier in document["pooled"]["tiers"]] == [
        (shares[tier.name].leads, shares[tier.name].worked) for tier in model.tiers
    ]


def test_the_difference_of_two_models_has_the_shares_too(workspace, draft):
    document = printed("--workspace", workspace.path, "--against", draft)
    one, other, change = (document[name]["pooled"]["tiers"] for name in ("model_a", "model_b", "difference"))
    for a, b, c in zip(one, other, change, strict=True):
        assert c["worked"] == b["worked"] - a["worked"]
        assert c["worked_share"] == b["worked_share"] - a["worked_share"]


def test_with_wins_alone_no_share_is_made_up(wins_only):
    document = printed("--workspace", wins_only.path, "--segment", "region")
    for figures in (document, *document["segments"].values()):
        assert {row["worked_share"] for row in figures["pooled"]["tiers"]} == {None}
        assert {row["worked"] for row in figures["pooled"]["tiers"]} == {None}
    text = run("--workspace", wins_only.path).stdout
    assert f"- {NOT_TOLD}\n" in text
    assert "sales worked:" not in text


def test_evidence_is_one_more_key_and_the_figures_stay_as_they_are(demo_workspace):
    document = printed("--workspace", demo_workspace.path)
    assert tuple(document) == (*FIGURES, "evidence")
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    figures = json.loads(json.dumps(to_json(compute_backtest(flow.cells(model), model))))
    assert {key: without_worked(document[key]) for key in FIGURES} == figures
    evidence = document["evidence"]
    assert evidence["left_out"] == []
    assert evidence["periods"] == [period["period"] for period in figures["periods"] if period["leads"]]
    assert evidence["sentences"][0] == evidence["signal"]["sentence"]
    assert [line["rule"] for line in evidence["rules"]["rules"]] == [rule.id for rule in model.enabled_rules]
    assert evidence["curves"]["gains"]["leads_share"][-1] == 1
    assert evidence["thresholds"]["capacity"] is None


def test_thresholds_come_from_what_sales_can_work_and_what_a_conversion_is_worth(demo_workspace):
    numbers = ("--leads-per-week", 15, "--conversion-value", 1000, "--lead-cost", 20)
    thresholds = printed("--workspace", demo_workspace.path, *numbers)["evidence"]["thresholds"]
    assert 0 < thresholds["capacity"]["leads_per_week"] <= 15
    assert thresholds["profit"]["profit"] > 0
    assert len(thresholds["capacity_by_period"]) == len(thresholds["profit_by_period"]) > 3


def test_against_adds_the_comparison_and_keeps_the_newest_complete_period_back(workspace, draft):
    document = printed("--workspace", workspace.path, "--against", draft)
    assert tuple(document) == ("model_a", "model_b", "difference", "comparison", "evidence")
    assert tuple(document["model_a"]) == tuple(document["model_b"]) == FIGURES
    comparison = document["comparison"]
    assert comparison["left_out"] == ["2026-Q1"] == document["evidence"]["model_b"]["left_out"]
    assert document["evidence"]["model_a"]["left_out"] == []
    assert "2026-Q1" not in [period["period"] for period in comparison["comparison"]["periods"]]
    assert comparison["final_check"] is None
    assert comparison["comparison"]["pooled"]["verdict"]["level"] in comparison["sentences"][0].lower()
    tiers_a = document["model_a"]["periods"]
    seen = sum(period["leads"] for period in tiers_a if period["period"] != "2026-Q1")
    assert sum(map(sum, comparison["swap"]["leads"])) == seen


def test_drafts_and_final_checks_are_counted(workspace, draft):
    asked = ("--workspace", workspace.path, "--against", draft)
    checked = printed(*asked, "--final-check")["comparison"]
    assert checked["final_check"]["period"]["period"] == "2026-Q1"
    assert (checked["variants"], checked["final_checks"]) == (1, 1)
    text = run(*asked, "--final-check").stdout
    assert "- Final check on 2026-Q1: " in text
    assert "- The final check was looked at 2 times." in text
    assert (workspace.path / "trials.json").exists()


def test_text_says_the_verdicts_below_the_tables(workspace, draft):
    alone = run("--workspace", workspace.path).stdout
    assert "- The score picks the buyer over the non-buyer" in alone
    assert "kept back" not in alone
    text = run("--workspace", workspace.path, "--against", draft).stdout
    assert "Draft (your draft) beside B2B guideline (in use)" in text
    assert text.count("- 2026-Q1 is kept back for the final check") == 2


def test_where_a_model_is_in_use_another_one_is_a_draft(workspace, draft):
    assert "kept back" not in run("--workspace", workspace.path, "--model", draft).stdout
    save_model_in_use(workspace, model_in_use(workspace))
    assert "kept back" not in run("--workspace", workspace.path).stdout
    text = run("--workspace", workspace.path, "--model", draft).stdout
    assert "- 2026-Q1 is kept back for the final check of your draft." in text
    assert "kept back" not in run("--workspace", workspace.path, "--model", draft, "--final-check").stdout


def test_another_question_of_the_draft_is_set_aside_and_said(workspace, draft):
    draft.write_text(draft.read_text().replace("horizon_days = 90", "horizon_days = 30"))
    document = printed("--workspace", workspace.path, "--against", draft)
    assert document["model_b"]["horizon_days"] == 30
    (note,) = document["comparison"]["notes"]
    assert note in document["comparison"]["sentences"]
    judged = {p["period"]: p["conversions"] for p in document["comparison"]["comparison"]["periods"]}
    known = {p["period"]: p["conversions"] for p in document["model_a"]["periods"]}
    assert judged and all(known[label] == conversions for label, conversions in judged.items())


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        (("--lead-cost", 5), "conversion value and lead cost must be given together"),
        (("--leads-per-week", 0), "leads_per_week must be above 0, got 0"),
        (("--leads-per-week", "nan"), "leads_per_week must be above 0, got nan"),
        (("--conversion-value", -1, "--lead-cost", 5), "value must be above 0, got -1"),
    ],
)
def test_impossible_numbers_are_refused_in_one_line(demo_workspace, numbers, named):
    result = run("--workspace", demo_workspace.path, *numbers, code=2)
    assert named in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1

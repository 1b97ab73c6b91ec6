"""The live score beside the model's: what is equal, which rule parts them, and the command."""

import json
from datetime import datetime

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import linregress, pearsonr

from commands.live_score import compare_live
from demo_data.generator import generate
from queries.dataset import open_flow, ready_models
from queries.errors import QueryError
from queries.importing import load_tables
from queries.live_score import compare_live_score
from queries.score_table import score_table
from queries.workspace import Workspace
from scoring.live_score import EXAMPLES, compare_scores, to_json, verdict
from scoring.model_file import format_model, model_from_dict

AT = datetime(2026, 3, 1)


def two_rules(first=10, second=5):
    return model_from_dict(
        {
            "schema_version": 1,
            "name": "Two rules",
            "conversion": {"stages": ["won"], "horizon_days": 9},
            "tiers": [{"name": "low", "threshold": 0}, {"name": "high", "threshold": 40}],
            "rules": [
                {"id": "first", "label": "The first", "category": "a", "source": "activity", "points": first},
                {"id": "second", "category": "a", "source": "activity", "points": second},
            ],
        }
    )


def compared(live, points, model=None):
    ours = sum(points.values())
    ids = [f"L{place:04}" for place in range(len(ours))]
    return compare_scores(model or two_rules(), ids, live, ours, points, column="crm_score", at=AT)


def drawn(seed, leads=400):
    rng = np.random.default_rng(seed)
    return {name: rng.integers(0, 5, leads) * points for name, points in (("first", 10.0), ("second", 5.0))}


def test_equal_scores_are_the_same_model():
    points = drawn(1)
    result = compared(points["first"] + points["second"], points)
    assert (result.equal_share, result.same_tier_share, result.mean_difference) == (1.0, 1.0, 0.0)
    assert result.correlation == pytest.approx(1.0)
    assert result.examples == ()
    assert all(rule.explained is None for rule in result.rules)
    assert (
        verdict(result) == "crm_score equals this model's score for every one of 400 leads: it is this model."
    )


def test_a_rule_that_the_live_model_lacks_is_named():
    points = drawn(2)
    result = compared(points["first"], points)
    lacking = result.rules[0]
    assert (lacking.rule, lacking.slope, lacking.explained) == ("second", pytest.approx(-1), pytest.approx(1))
    assert (lacking.differs_with, lacking.differs_without) == (1.0, 0.0)
    assert lacking.fired == int((points["second"] != 0).sum())
    reason = "100\u00a0% of the differences go with the rule 'second', which the live model seems to lack"
    assert verdict(result).endswith(f": not this model; {reason}.")


def test_a_rule_with_other_points_is_named_with_how_many_times_as_many():
    points = drawn(3)
    assert "'The first', which seems to give 1.5 times" in verdict(
        compared(points["first"] * 1.5 + points["second"], points)
    )


def test_figures_equal_scipys():
    rng = np.random.default_rng(4)
    points = drawn(4)
    live = points["first"] * 2 + points["second"] + rng.integers(-3, 4, 400)
    result = compared(live, points)
    ours = points["first"] + points["second"]
    assert result.correlation == pytest.approx(pearsonr(live, ours).statistic, abs=1e-9)
    for rule in result.rules:
        line = linregress(points[rule.rule], live - ours)
        assert rule.slope == pytest.approx(line.slope, abs=1e-9)
        assert rule.explained == pytest.approx(line.rvalue**2, abs=1e-9)


def test_leads_without_a_live_score_are_not_compared():
    points = drawn(5)
    live = points["first"] + points["second"]
    live[::4] = np.nan
    result = compared(live, points)
    assert (result.leads, result.compared, result.equal) == (400, 300, 300)


def test_examples_are_the_largest_differences_with_their_points():
    points = drawn(6)
    live = points["first"] + points["second"]
    live[[7, 90, 200]] += (-30, 50, 30)
    result = compared(live, points)
    assert [example.lead_id for example in result.examples] == ["L0090", "L0007", "L0200"]
    assert all(sum(example.points.values()) == example.ours for example in result.examples)
    assert len(compared(live + 1, points).examples) == EXAMPLES


def test_nothing_to_compare_is_said_and_is_json():
    empty = {"first": np.zeros(0), "second": np.zeros(0)}
    nothing = compare_scores(two_rules(), [], np.zeros(0), np.zeros(0), empty, column="crm_score", at=AT)
    assert "Only 0 of 0 open leads" in verdict(nothing)
    assert json.loads(json.dumps(to_json(nothing), allow_nan=False))["equal_share"] is None
    constant = compared(np.full(400, 7.0), drawn(7))
    assert constant.correlation is None


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Demo leads with a live score: the guideline's without the rule on webinars and events, as text."""
    folder = tmp_path_factory.mktemp("live")
    tables, guideline = generate(1_000, seed=1), ready_models()["b2b_guideline"]
    plain = Workspace.open(folder / "plain")
    load_tables(plain, tables)
    rules = tuple(rule for rule in guideline.rules if rule.id != "event")
    flow = open_flow(plain)
    assert flow is not None
    scores = score_table(flow, guideline.model_copy(update={"rules": rules}), AT)
    live = dict(zip(scores.column("lead_id").to_pylist(), scores.column("score").to_pylist(), strict=True))
    texts = [live.get(lead_id) for lead_id in tables["leads"].column("lead_id").to_pylist()]
    texts = ["n/a" if value is None else f" {value}.0" for value in texts]
    opened = Workspace.open(folder / "live")
    load_tables(opened, tables | {"leads": tables["leads"].append_column("crm_score", [texts])})
    return opened


def test_the_missing_rule_is_found_on_the_demo_data(workspace):
    flow, guideline = open_flow(workspace), ready_models()["b2b_guideline"]
    assert flow is not None
    result = compare_live_score(flow, guideline, "leads.crm_score", AT)
    assert result.compared == result.leads == score_table(flow, guideline, AT).num_rows
    assert 0.5 < result.equal_share < 1
    assert result.rules[0].rule == "event"
    assert result.rules[0].slope == pytest.approx(-1, abs=0.2)
    without = guideline.model_copy(
        update={"rules": tuple(rule for rule in guideline.rules if rule.id != "event")}
    )
    assert compare_live_score(flow, without, "crm_score", AT).equal_share == 1.0


def test_a_column_that_there_is_not_is_named(workspace):
    flow = open_flow(workspace)
    assert flow is not None
    with pytest.raises(QueryError, match="must be a column of leads, got 'score'; its columns are lead_id"):
        compare_live_score(flow, ready_models()["b2b_guideline"], "score")


def run(*arguments):
    return CliRunner().invoke(compare_live, [str(argument) for argument in arguments])


def test_the_command_says_in_words_and_in_json_which_rule_parts_them(workspace, tmp_path):
    model = tmp_path / "model.toml"
    model.write_text(format_model(ready_models()["b2b_guideline"]), encoding="utf-8")
    at = ("--column", "crm_score", "--at", "2026-03-01T00:00:00Z")
    place = ("--workspace", workspace.path, "--model", model, *at)
    words = run(*place)
    assert words.exit_code == 0
    assert "'Attended a webinar or event', which the live model seems to lack" in words.output
    assert "lead L0" in words.output
    document = json.loads(run(*place, "--json").output)
    assert document["verdict"] == words.output.splitlines()[0]
    assert document["rules"][0]["rule"] == "event"
    assert len(document["examples"]) == EXAMPLES


def test_the_command_refuses_a_column_that_there_is_not_in_one_line(workspace):
    result = run("--workspace", workspace.path, "--column", "nothing")
    assert result.exit_code == 2
    assert result.output.startswith("tierline: the live score must be a column of leads, got 'nothing'")
    assert len(result.output.splitlines()) == 1

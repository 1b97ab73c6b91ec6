"""The command line: the same figures as the pages, and bad input answered in one line."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow, ready_models
from queries.worked import known_worked
from scoring.backtest import compute_backtest, to_json
from scoring.model_file import format_model
from scoring.worked import beside_rates

MODELS = Path(__file__).parents[1] / "models"


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


def test_backtest_prints_the_figures_of_the_model_in_use(demo_workspace):
    printed = json.loads(run("backtest", "--workspace", demo_workspace.path, "--json").stdout)
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    backtest = to_json(compute_backtest(flow.cells(model), model))
    figures = json.loads(json.dumps(beside_rates(backtest, known_worked(flow, model))))
    assert {key: printed[key] for key in figures} == figures


def test_against_prints_both_models_and_the_difference(demo_workspace, tmp_path):
    model = ready_models()["b2b_guideline"]
    other = model.model_copy(update={"rules": model.rules[1:], "name": "without opens"})
    path = tmp_path / "other.toml"
    path.write_text(format_model(other))
    printed = json.loads(
        run("backtest", "--workspace", demo_workspace.path, "--against", path, "--json").stdout
    )
    a, b, difference = (printed[key]["pooled"] for key in ("model_a", "model_b", "difference"))
    assert printed["model_b"]["model"] == "without opens"
    assert difference["auc"] == pytest.approx(b["auc"] - a["auc"])
    assert difference["tiers"][2]["leads"] == b["tiers"][2]["leads"] - a["tiers"][2]["leads"]


def test_a_segments_figures_add_up_to_the_whole(demo_workspace):
    printed = json.loads(
        run("backtest", "--workspace", demo_workspace.path, "--segment", "region", "--json").stdout
    )
    parts = [part["pooled"] for part in printed["segments"].values()]
    assert len(parts) > 1
    for key in ("leads", "conversions", "immature_leads", "unscored_conversions"):
        assert sum(part[key] for part in parts) == printed["pooled"][key]


def test_scores_in_csv_and_parquet_are_the_same(demo_workspace, tmp_path):
    for name in ("scores.csv", "scores.parquet"):
        arguments = ("--at", "2026-01-01T01:00:00+01:00", "--out", tmp_path / name)
        run("score", "--workspace", demo_workspace.path, *arguments)
    with (tmp_path / "scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    assert [row["lead_id"] for row in rows] == sorted(row["lead_id"] for row in table)
    assert [int(row["score"]) for row in rows] == [row["score"] for row in table]
    assert {row["moment"] for row in rows} == {"2026-01-01T00:00:00Z"}
    assert {row["tier"] for row in rows} == {"Nurture", "MQL", "SQL"}


def test_a_waterfall_of_points_adds_up_to_the_score(demo_workspace, tmp_path):
    """Without limits on categories nothing is lost between the rules' points and the score."""
    model = ready_models()["b2b_guideline"]
    model = model.model_copy(update={"categories": (), "min_score": 0, "max_score": 1000})
    (tmp_path / "model.toml").write_text(format_model(model))
    out = tmp_path / "scores.parquet"
    run("score", "--workspace", demo_workspace.path, "--model", tmp_path / "model.toml", "--out", out)
    for row in pq.read_table(out).to_pylist():
        assert row["score"] == max(0, sum(value for key, value in row.items() if key.startswith("points_")))


BAD_MODELS = {
    "an unknown key": ("points = 1\n", "pionts = 1\n", ["email_open", "pionts", "points"]),
    "a column that the data do not have": (
        'field = "page"',
        'field = "pgae"',
        ["pricing_page", "pgae", "activities"],
    ),
    "thresholds out of order": ("threshold = 100", "threshold = 20", ["SQL", "20", "35"]),
    "points that are not whole": ("points = 1\n", "points = 1.5\n", ["email_open", "points", "1.5"]),
    "an id twice": ('id = "email_click"', 'id = "email_open"', ["email_open", "unique"]),
    "a bad regular expression": (
        'is = "starts_with"\nvalue = "/pricing"',
        'is = "matches"\nvalue = "(pric"',
        ["pricing_page", "(pric", "regular expression"],
    ),
    "a decay that does not exist": ('kind = "half_life"', 'kind = "half"', ["email_click", "kind", "half"]),
    "no conversion": ('[conversion]\nstages = ["won"]', "[conversion]\nstages = []", ["stages", "empty"]),
    "no TOML": ("[conversion]", "[conversion", ["TOML", "line"]),
}


@pytest.mark.parametrize("mistake", BAD_MODELS)
def test_a_mistake_in_a_model_file_is_named_with_file_rule_and_key(demo_workspace, tmp_path, mistake):
    text = (MODELS / "b2b_guideline.toml").read_text()
    right, wrong, named = BAD_MODELS[mistake]
    assert right in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(right, wrong, 1))
    result = run("backtest", "--workspace", demo_workspace.path, "--model", path, code=2)
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    for word in ["mine.toml", *named]:
        assert word in line


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["backtest", "--workspace", "nowhere"], ["nowhere", "tierline load"]),
        (["score", "--workspace", "DEMO", "--out", "scores.xlsx"], ["scores.xlsx", ".csv", ".parquet"]),
        (["score", "--workspace", "DEMO", "--out", "no/such/folder/scores.csv"], ["no/such/folder"]),
        (["backtest", "--workspace", "DEMO", "--segment", "regoin"], ["regoin", "leads.region"]),
        (["backtest", "--workspace", "DEMO", "--segment", "lead_id"], ["lead_id", "1000"]),
        (["backtest", "--workspace", "DEMO", "--model", "missing.toml"], ["missing.toml"]),
    ],
)
def test_bad_input_ends_with_code_2_and_one_line(demo_workspace, tmp_path, monkeypatch, arguments, named):
    monkeypatch.chdir(tmp_path)
    arguments = [str(demo_workspace.path) if word == "DEMO" else word for word in arguments]
    result = run(*arguments, code=2)
    [line] = result.stderr.splitlines()
    for word in named:
        assert word in line
    assert not list(tmp_path.iterdir())

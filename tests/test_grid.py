"""A model's grid: what the file may say, where a lead lies in it, and the figures of its cells."""

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import open_flow, ready_models
from scoring.backtest import compute_backtest
from scoring.errors import ModelError, ScoringError
from scoring.grid import Grid, GridAxis
from scoring.grid_figures import compute_grid
from scoring.live_score import compare_scores
from scoring.model_changes import model_changes
from scoring.model_file import format_model, model_from_dict, model_to_dict, parse_model
from scoring.model_merge import merge_models
from scoring.tiers import tier_indices
from tests import reference

MODEL = ready_models()["fit_engagement"]
TEXT = format_model(MODEL)


def document(**grid):
    """The model's dictionary with other keys in its grid."""
    found = model_to_dict(MODEL)
    return found | {"grid": found["grid"] | grid}


def row(*tiers):
    return list(tiers)


def test_a_grid_is_written_and_read_back_as_it_is():
    assert parse_model(TEXT) == MODEL
    assert parse_model(format_model(MODEL)).grid == MODEL.grid


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (
            {"rows": {"category": "size", "cuts": [1]}},
            "grid: tiers must have 2 rows, one for each of A, B, got 4",
        ),
        (
            {"rows": {"category": "size", "cuts": [10, 20, 30]}},
            "grid: rows: category must be one of engagement, fit, got 'size'",
        ),
        ({"rows": {"category": "fit", "cuts": [10, 30, 20]}}, "grid: rows: cuts must rise, got 20 after 30"),
        (
            {"rows": {"category": "engagement", "cuts": [10, 20, 30]}},
            "of two categories, got 'engagement' twice",
        ),
        ({"columns": {"category": "engagement", "cuts": []}}, "grid: columns: cuts must not be empty"),
        (
            {"columns": {"category": "engagement", "cuts": [1, 2, 3], "labels": ["1", "1", "2", "3"]}},
            "grid: columns: labels must be unique, got '1' more than once",
        ),
        (
            {"columns": {"category": "engagement", "cuts": [1, 2, 3], "labels": ["1", "2"]}},
            "grid: columns: labels must be 4, one more than there are cuts, got 2",
        ),
        (
            {"tiers": [row("SQL", "SQL", "MQL")] * 4},
            "grid: tiers: row 'A' must name 4 tiers, one for each of 1, 2, 3, 4, got 3",
        ),
        (
            {"tiers": [row("SQL", "SLQ", "MQL", "MQL"), *[row("MQL", "MQL", "MQL", "MQL")] * 3]},
            "grid: tiers: cell A2 must be one of Nurture, MQL, SQL, got 'SLQ'",
        ),
        ({"cells": []}, "grid: cells is an unknown key"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused_with_its_place(grid, message):
    with pytest.raises(ModelError) as refused:
        model_from_dict(document(**grid))
    assert message in str(refused.value)


def test_points_at_a_cut_have_the_better_grade():
    axis = GridAxis(category="fit", cuts=(10, 20, 30))
    assert axis.grades(np.array([-5, 9, 10, 19, 20, 29, 30, 1000])).tolist() == [3, 3, 2, 2, 1, 1, 0, 0]
    assert [axis.span_words(grade) for grade in range(4)] == ["from 30", "20 to 29", "10 to 19", "below 10"]


def test_words_for_labels_keep_the_parts_of_a_cells_name_apart():
    grid = Grid(
        rows=GridAxis(category="fit", cuts=(10,), labels=("good", "bad")),
        columns=GridAxis(category="engagement", cuts=(5,)),
        tiers=(("SQL", "MQL"), ("MQL", "Nurture")),
    )
    assert grid.cell_names == ("good / 1", "good / 2", "bad / 1", "bad / 2")
    assert MODEL.grid.cell_names[:5] == ("A1", "A2", "A3", "A4", "B1")


def test_a_tier_of_a_grid_is_never_told_from_scores_alone():
    with pytest.raises(ScoringError, match="needs places"):
        tier_indices(np.array([100]), MODEL)


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


def test_the_cells_of_a_tier_add_up_to_its_back_test(flow):
    cells = flow.cells(MODEL)
    figures, backtest = compute_grid(cells, MODEL), compute_backtest(cells, MODEL)
    assert [one.period for one in figures.periods] == [one.period for one in backtest.periods if one.leads]
    known = {one.period: one for one in (*backtest.periods, backtest.pooled)}
    for period in (*figures.periods, figures.pooled):
        for tier in known[period.period].tiers:
            mine = [cell for cell in period.cells if cell.tier == tier.tier]
            assert sum(cell.leads for cell in mine) == tier.leads
            assert sum(cell.conversions for cell in mine) == tier.conversions
            assert sum(cell.amount for cell in mine) == pytest.approx(tier.amount)


def test_score_ranks_as_without_the_grid(flow):
    plain = MODEL.model_copy(update={"grid": None})
    with_grid = compute_backtest(flow.cells(MODEL), MODEL).pooled
    without = compute_backtest(flow.cells(plain), plain).pooled
    assert (with_grid.auc, with_grid.ks, with_grid.leads) == (without.auc, without.ks, without.leads)
    assert with_grid.tiers != without.tiers


def test_the_file_of_scores_has_tier_and_cell_as_the_grid_says(flow, demo_workspace, tmp_path):
    path, out = tmp_path / "grid.toml", tmp_path / "scores.csv"
    path.write_text(TEXT, encoding="utf-8")
    run("score", demo_workspace, path, "--out", str(out))
    scores = pd.read_csv(out)
    categories = {rule.id: rule.category for rule in MODEL.enabled_rules}
    for lead in scores.sample(200, random_state=1).to_dict("records"):
        sums = Counter()
        for rule_id, category in categories.items():
            sums[category] += lead[f"points_{rule_id}"]
        for name in sums:
            limits = MODEL.category(name)
            sums[name] = min(max(sums[name], limits.min_points), limits.max_points)
        plain = model_to_dict(MODEL)
        expected = reference.grid_cell(plain["grid"], sums)
        assert lead["cell"] == "".join(expected)
        assert lead["tier"] == reference.tier_of(plain, lead["score"], expected)


def test_the_command_prints_the_cells_and_a_model_without_a_grid_is_refused(flow, demo_workspace, tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(TEXT, encoding="utf-8")
    printed = json.loads(run("grid", demo_workspace, path, "--json").stdout)
    figures = compute_grid(flow.cells(MODEL), MODEL)
    assert printed["rows"] == {"category": "fit", "cuts": [10, 20, 30], "labels": ["A", "B", "C", "D"]}
    assert [cell["leads"] for cell in printed["pooled"]["cells"]] == [c.leads for c in figures.pooled.cells]
    assert f"{100 * figures.pooled.cells[0].rate:.1f} %" in run("grid", demo_workspace, path).stdout
    result = CliRunner().invoke(main, ["grid", "--workspace", str(demo_workspace.path)])
    assert result.exit_code == 2
    assert "must have a grid" in result.stderr


def test_a_cell_is_named_when_it_is_assigned_to_another_tier():
    other = MODEL.model_copy(update={"grid": MODEL.grid.with_tier(2, "SQL")})
    assert [change.words for change in model_changes(MODEL, other)] == ["cell A3 MQL -> SQL"]
    plain = MODEL.model_copy(update={"grid": None})
    (gone,) = model_changes(MODEL, plain)
    assert gone.words == "grid of fit by engagement removed: thresholds decide the tiers"


def test_two_editors_grid_and_points_go_together_and_two_grids_are_asked_about():
    cell = MODEL.model_copy(update={"grid": MODEL.grid.with_tier(2, "SQL")})
    base_points = MODEL.model_copy(update={"base_points": 5})
    merge = merge_models(MODEL, cell, base_points)
    assert merge.conflicts == ()
    assert (merge.model.base_points, merge.model.grid) == (5, cell.grid)
    other = MODEL.model_copy(update={"grid": MODEL.grid.with_tier(3, "MQL")})
    asked = merge_models(MODEL, cell, other)
    assert [conflict.name for conflict in asked.conflicts] == ["grid"]
    assert merge_models(MODEL, cell, other, {("grid",): "mine"}).model.grid == cell.grid


def test_a_live_score_is_in_no_tier_of_a_grid():
    scores = np.array([10.0, 20.0])
    found = compare_scores(
        MODEL, ["a", "b"], scores, scores, {}, column="live", at=pd.Timestamp("2026-01-01").to_pydatetime()
    )
    assert (found.equal, found.same_tier_share) == (2, None)


def test_suggestions_of_points_are_declined_for_a_grid(demo_workspace, tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(TEXT, encoding="utf-8")
    found = json.loads(run("suggest", demo_workspace, path, "--json").stdout)
    assert "tiers come from its grid" in found["refusal"]
    top = compute_backtest(open_flow(demo_workspace).cells(MODEL), MODEL).pooled.tiers[-1]
    assert 0 < found["top_leads"] == found["top_leads_now"] <= top.leads


def run(command, workspace, path, *options):
    arguments = [command, "--workspace", str(workspace.path), "--model", str(path), *options]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result

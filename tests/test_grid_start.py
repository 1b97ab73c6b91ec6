"""A grid to begin with: even grades, cells in the order of points, tiers of about the sizes they had."""

from itertools import combinations

import numpy as np
import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow, ready_models
from queries.grid_start import propose_grid
from scoring.errors import ScoringError
from scoring.grid_start import CategoryTable, assign_ranked_cells, even_cuts, start_grid
from scoring.model_file import parse_model
from scoring.tiers import tier_indices

MODEL = ready_models()["b2b_guideline"]


def squares(points, leads, cuts):
    """The sum of squared sizes of grades, counted in a plain loop."""
    sizes = [0] * (len(cuts) + 1)
    for value, number in zip(points, leads, strict=True):
        sizes[sum(value >= cut for cut in cuts)] += int(number)
    return sum(size**2 for size in sizes)


@pytest.mark.parametrize("seed", range(60))
def test_no_other_cuts_split_the_leads_more_evenly(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(-5, 6, rng.integers(1, 12))
    leads = rng.integers(1, 40, len(points))
    grades = int(rng.integers(2, 6))
    cuts = even_cuts(points, leads, grades)
    values = sorted(set(points.tolist()))
    assert len(cuts) == min(grades, len(values)) - 1
    best = min(squares(points, leads, tried) for tried in combinations(values[1:], len(cuts)))
    assert squares(points, leads, cuts) == best


def test_without_equal_points_the_cuts_are_the_quartiles():
    points = np.random.default_rng(1).permutation(1000)
    assert even_cuts(points, np.ones(1000, dtype=np.int64), 4) == (250, 500, 750)


@pytest.mark.parametrize("seed", range(60))
def test_each_tier_comes_as_close_to_its_size_as_whole_cells_allow(seed):
    rng = np.random.default_rng(seed)
    cells, wanted = rng.integers(0, 50, rng.integers(1, 14)), rng.integers(0, 200, rng.integers(1, 5))
    found = assign_ranked_cells(cells, wanted)
    assert len(found) == len(cells)
    assert found == sorted(found, reverse=True)
    if len(cells) >= len(wanted):
        assert set(found) == set(range(len(wanted)))
    # One cell more or fewer, where there is room between the tiers beside it, is never closer.
    for tier in range(1, len(wanted)):
        counted = [place for place, one in enumerate(found) if one >= tier]
        above = sum(one > tier for one in found)
        target = wanted[tier:].sum()
        distance = abs(cells[: len(counted)].sum() - target)
        each = int(len(cells) >= len(wanted))
        for size in range(above + each, len(cells) - each * tier + 1):
            assert distance <= abs(cells[:size].sum() - target)


def random_table(rng, tiers):
    size = int(rng.integers(2, 60))
    rows, columns = rng.integers(-10, 30, size), rng.integers(0, 100, size)
    rows[:2], columns[:2] = (0, 1), (0, 1)
    return CategoryTable(rows, columns, rng.integers(0, tiers, size), rng.integers(1, 30, size))


@pytest.mark.parametrize("seed", range(60))
def test_a_better_cell_never_has_a_lower_tier_and_every_lead_is_in_one(seed):
    rng = np.random.default_rng(seed)
    table = random_table(rng, len(MODEL.tiers))
    found = start_grid(MODEL, "fit", "engagement", table, int(rng.integers(2, 6)))
    names = [tier.name for tier in MODEL.tiers]
    ranks = np.array([[names.index(name) for name in row] for row in found.grid.tiers])
    assert (np.diff(ranks, axis=0) <= 0).all()
    assert (np.diff(ranks, axis=1) <= 0).all()
    counted = np.zeros(found.grid.size, dtype=np.int64)
    places = found.grid.places(table.row_points, table.column_points)
    for place, leads in zip(places, table.leads, strict=True):
        counted[place] += leads
    assert found.cell_leads.ravel().tolist() == counted.tolist()
    assert found.tier_leads.sum() == found.tier_leads_before.sum() == table.leads.sum()


def test_a_category_that_tells_nobody_apart_is_refused():
    same = np.zeros(3, dtype=np.int64)
    table = CategoryTable(same, np.arange(3), same, same + 1)
    with pytest.raises(ScoringError, match="fit: a category must give different leads different points"):
        start_grid(MODEL, "fit", "engagement", table, 4)


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.mark.parametrize("name", ["b2b_guideline", "fit_engagement", "social"])
def test_sizes_are_those_of_the_model_with_the_grid_and_of_the_one_without(flow, name):
    model = ready_models()[name]
    found = propose_grid(flow, model, "fit", "engagement")
    with_grid = model.model_copy(update={"grid": found.grid})
    cells = flow.cells(with_grid)
    assert (
        np.bincount(cells.place, cells.leads, found.grid.size).tolist() == found.cell_leads.ravel().tolist()
    )
    tiers = tier_indices(cells.score, with_grid, cells.place)
    assert np.bincount(tiers, cells.leads, len(model.tiers)).tolist() == found.tier_leads.tolist()
    plain = model.model_copy(update={"grid": None})
    cells = flow.cells(plain)
    tiers = tier_indices(cells.score, plain)
    assert np.bincount(tiers, cells.leads, len(model.tiers)).tolist() == found.tier_leads_before.tolist()


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ("size", "fit", "rows: category must be one of engagement, fit, got 'size'"),
        ("fit", "fit", "rows and columns must be of two categories, got 'fit' twice"),
    ],
)
def test_anything_but_two_categories_is_refused(flow, rows, columns, message):
    with pytest.raises(ScoringError, match=message):
        propose_grid(flow, MODEL, rows, columns)


def test_the_command_writes_a_model_with_the_grid_that_the_page_starts(flow, demo_workspace, tmp_path):
    out = tmp_path / "grid.toml"
    given = ["grid-start", "--workspace", str(demo_workspace.path), "--out", str(out)]
    result = CliRunner().invoke(main, [*given, "--rows", "fit", "--columns", "engagement", "--grades", "3"])
    assert result.exit_code == 0, result.output
    model = model_in_use(demo_workspace)
    found = propose_grid(flow, model, "fit", "engagement", 3)
    written = parse_model(out.read_text(encoding="utf-8"))
    assert written == model.model_copy(update={"grid": found.grid})
    assert f"{found.tier_leads[-1]:,}" in result.output
    refused = CliRunner().invoke(main, [*given, "--rows", "fit", "--columns", "fit"])
    assert refused.exit_code == 2
    assert "two categories" in refused.stderr

"""One grade more or fewer in an existing grid: what it does to leads, and through the Tune page."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from queries.dataset import ready_models, save_model_in_use
from scoring.errors import ModelError
from scoring.grid import Grid, GridAxis
from scoring.grid_grades import with_grade, without_grade
from tests.page_reading import checked

APP = Path(__file__).parent.parent / "app.py"


@pytest.fixture
def grid():
    rows = GridAxis(category="fit", cuts=(10, 20), labels=("good", "fair", "poor"))
    columns = GridAxis(category="engagement", cuts=(5,))
    return Grid(rows=rows, columns=columns, tiers=(("SQL", "MQL"), ("MQL", "N"), ("N", "N")))


def tiers_of(grid, points=range(-5, 40)):
    fit, engagement = (axis.ravel() for axis in np.meshgrid(points, points))
    return [grid.tier_of_place[place] for place in grid.places(fit, engagement)]


@pytest.mark.parametrize(("part", "points"), [("rows", 0), ("rows", 15), ("rows", 30), ("columns", 9)])
def test_a_new_grade_changes_no_leads_tier_and_goes_again(grid, part, points):
    more = with_grade(grid, part, points)
    assert Grid.model_validate(more.model_dump()) == more, "a valid grid"
    assert getattr(more, part).size == getattr(grid, part).size + 1
    assert tiers_of(more) == tiers_of(grid)
    assert tiers_of(without_grade(more, part, getattr(more, part).cuts.index(points))) == tiers_of(grid)


def test_leads_of_a_grade_that_goes_get_the_tiers_of_the_one_below(grid):
    less = without_grade(grid, "rows", 1)
    assert (less.rows.cuts, less.rows.labels) == ((10,), ("fair", "poor"))
    assert less.tiers == (("MQL", "N"), ("N", "N"))
    with pytest.raises(ModelError, match="'fit' must keep two grades"):
        without_grade(less, "rows", 0)


@pytest.mark.parametrize(
    ("points", "reason"),
    [(20, "begin where no other does, got 20"), (None, "must begin at some points")],
)
def test_a_grade_that_cannot_be_is_refused(grid, points, reason):
    with pytest.raises(ModelError, match=reason):
        with_grade(grid, "rows", points)


def test_ten_grades_are_the_most(grid):
    for points in range(30, 37):
        grid = with_grade(grid, "rows", points)
    assert len(set(grid.rows.labels)) == grid.rows.size == 10
    with pytest.raises(ModelError, match="at most 10 grades"):
        with_grade(grid, "rows", 50)


def grid_draft(at):
    return at.session_state["draft_history"].model


def test_a_grade_is_added_and_removed_on_the_page_and_undone(workspace):
    model = ready_models()["fit_engagement"]
    save_model_in_use(workspace, model)
    at = checked(AppTest.from_file(APP, default_timeout=60).run())
    cuts = model.grid.rows.cuts
    at.number_input(key=f"grid_new_rows_{len(cuts)}").set_value(cuts[-1] + 5)
    checked(at.button(key="grid_add_rows").click().run())
    assert grid_draft(at).grid.rows.cuts == (*cuts, cuts[-1] + 5)
    assert grid_draft(at).grid.tiers[0] == grid_draft(at).grid.tiers[1] == model.grid.tiers[0]
    checked(at.button(key="grid_remove_rows_0").click().run())
    assert grid_draft(at).grid.rows.cuts == (*cuts[1:], cuts[-1] + 5)
    for _ in range(2):
        checked(at.button(key="tune_undo").click().run())
    assert grid_draft(at) == model

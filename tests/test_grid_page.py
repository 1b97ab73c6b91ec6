"""A grid started, changed and taken away on the Tune page, through AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components.format import count
from pages.components.grid.start import categories_to_grade
from queries.dataset import model_in_use, open_flow, ready_models, save_model_in_use
from queries.grid_start import propose_grid
from scoring.backtest import compute_backtest
from scoring.model_changes import model_changes
from tests.page_reading import checked, choose, click, draft, set_number, texts

APP = Path(__file__).parent.parent / "app.py"


def opened():
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["inputs"] = "plain"
    at.session_state["grid_start_open"] = True
    return checked(at.run())


def test_a_grid_is_started_its_grades_are_moved_and_undo_leads_back(workspace):
    at, before = opened(), model_in_use(workspace)
    assert at.selectbox(key="grid_start_rows").value == "fit"
    assert at.selectbox(key="grid_start_columns").value == "engagement"
    flow = open_flow(workspace)
    found = propose_grid(flow, before, "fit", "engagement")
    tiers = next(one.value for one in at.dataframe if "By thresholds" in one.value)
    assert tiers["Lead-quarters"].tolist() == found.tier_leads[::-1].tolist()
    assert tiers["By thresholds"].tolist() == found.tier_leads_before[::-1].tolist()
    assert found.grid.rows.span_words(0) in texts(at)

    click(at, "grid_start")
    started = before.model_copy(update={"grid": found.grid})
    assert draft(at) == started
    assert at.session_state["draft_history"].undo_note == "grid of fit by engagement"
    top = compute_backtest(flow.cells(started), started).pooled.tiers[-1]
    assert at.metric[0].value == count(top.leads)
    assert "grid_start" not in [button.key for button in at.button]

    highest = found.grid.columns.cuts[-1]
    set_number(at, "grid_columns_2", highest + 7)
    assert draft(at).grid.columns.cuts[-1] == highest + 7
    (change,) = model_changes(started, draft(at))
    assert change.words.startswith("grid columns begin at")

    click(at, "grid_remove")
    assert draft(at) == before
    for expected in (highest + 7, highest):
        click(at, "tune_undo")
        assert draft(at).grid.columns.cuts[-1] == expected
    click(at, "tune_undo")
    assert draft(at) == before


def test_categories_and_the_number_of_grades_are_chosen(workspace):
    at = opened()
    choose(at, "grid_start_rows", "engagement")
    assert "Choose two different categories" in texts(at)
    choose(at, "grid_start_columns", "fit")
    checked(at.segmented_control(key="grid_start_grades").set_value(3).run())
    click(at, "grid_start")
    expected = propose_grid(open_flow(workspace), model_in_use(workspace), "engagement", "fit", 3).grid
    assert draft(at).grid == expected
    assert expected.rows.size == 3


def test_one_category_is_not_enough_and_the_page_says_what_to_do(workspace):
    save_model_in_use(workspace, ready_models()["gamified"])
    at = opened()
    assert "your draft has only quests" in texts(at)
    assert "edit a rule" in texts(at)


def test_what_a_lead_is_comes_before_what_it_does():
    assert categories_to_grade(ready_models()["b2b_guideline"]) == ["fit", "engagement"]
    assert categories_to_grade(ready_models()["gamified"]) == ["quests"]

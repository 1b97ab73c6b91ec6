"""Tiers added, renamed and removed: what a model holds afterwards, and through the Tune page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.share_link import DRAFT, encode_model
from pages.components.tiers.inputs import widest_gap
from pages.components.tiers.tier_sets import ACCOUNT_TIERS, LEAD_TIERS
from pages.components.tiers.words import removal_lines, standing_lines
from pages.components.tune import changes
from queries.dataset import model_in_use, open_flow, ready_models
from queries.funnel import marketing_tier
from scoring.account_scoring import account_score_of
from scoring.backtest import compute_backtest
from scoring.errors import ModelError
from scoring.grid import Grid, GridAxis
from scoring.model_changes import model_changes
from tests.page_reading import checked, click, draft, set_number, set_text

ROOT = Path(__file__).parent.parent


@pytest.fixture
def model():
    return ready_models()["b2b_guideline"]


@pytest.fixture
def graded(model):
    """With a grid that names every tier, and accounts whose people are engaged from a tier on."""
    fit, engagement = GridAxis(category="fit", cuts=(20,)), GridAxis(category="engagement", cuts=(30,))
    grid = Grid(rows=fit, columns=engagement, tiers=(("SQL", "MQL"), ("MQL", "Nurture")))
    block = account_score_of(model).model_copy(update={"engaged_tier": "MQL"})
    return changes.change_model(model, grid=grid, account_score=block)


def thresholds(model):
    return {tier.name: tier.threshold for tier in model.tiers}


def test_a_new_tier_stands_where_its_score_does(model):
    added = LEAD_TIERS.add(model, " Warm ", 60)
    assert thresholds(added) == {"Nurture": 0, "MQL": 35, "Warm": 60, "SQL": 100}
    assert [one.words for one in model_changes(model, added)] == ["tier Warm added, from 60"]
    assert LEAD_TIERS.remove(added, "Warm") == model


@pytest.mark.parametrize(
    ("name", "threshold", "reason"),
    [
        ("", 60, "must have a name"),
        ("mql", 60, "'mql', as another one is called"),
        ("Sales-ready (SQL)", 60, "'Sales-ready (SQL)', as another one is called"),
        ("Warm", 35, "'Warm' must begin where no other does, got 35, where 'Marketing-ready (MQL)' begins"),
        ("Warm", -5, "'Warm' must begin above 0 and not above 200, got -5"),
        ("Warm", 201, "got 201"),
        ("Warm", None, "'Warm' must begin at a score"),
    ],
)
def test_a_tier_that_cannot_be_is_refused_by_its_name(model, name, threshold, reason):
    with pytest.raises(ModelError) as refused:
        LEAD_TIERS.add(model, name, threshold)
    assert reason in str(refused.value)


def test_what_names_a_tier_follows_its_new_name(graded):
    renamed = LEAD_TIERS.rename(graded, "MQL", "Warm")
    assert renamed.grid.tiers == (("SQL", "Warm"), ("Warm", "Nurture"))
    assert renamed.account_score.engaged_tier == "Warm"
    assert renamed.tiers[1].shown_label == graded.tiers[1].shown_label
    assert LEAD_TIERS.rename(renamed, "Warm", "MQL") == graded
    with pytest.raises(ModelError, match="'SQL', as another one is called"):
        LEAD_TIERS.rename(graded, "MQL", "SQL")


def test_another_name_on_the_pages_leaves_what_names_a_tier(graded):
    shown = LEAD_TIERS.show_as(graded, "MQL", "Warm")
    assert (shown.tiers[1].name, shown.tiers[1].shown_label) == ("MQL", "Warm")
    assert (shown.grid, shown.account_score) == (graded.grid, graded.account_score)
    assert LEAD_TIERS.show_as(shown, "MQL", " ").tiers[1].label is None
    with pytest.raises(ModelError, match="as another one is called"):
        LEAD_TIERS.show_as(graded, "MQL", "nurture")


@pytest.mark.parametrize(
    ("name", "kept", "cells", "engaged"),
    [
        ("Nurture", {"MQL": 0, "SQL": 100}, (("SQL", "MQL"), ("MQL", "MQL")), "MQL"),
        ("MQL", {"Nurture": 0, "SQL": 100}, (("SQL", "Nurture"), ("Nurture", "Nurture")), "SQL"),
        ("SQL", {"Nurture": 0, "MQL": 35}, (("MQL", "MQL"), ("MQL", "Nurture")), "MQL"),
    ],
)
def test_leads_cells_and_engaged_people_of_a_removed_tier_go_on(graded, name, kept, cells, engaged):
    left = LEAD_TIERS.remove(graded, name)
    assert thresholds(left) == kept
    assert left.grid.tiers == cells
    assert left.account_score.engaged_tier == engaged


def test_nobody_becomes_engaged_by_a_tier_that_goes(graded):
    top_engaged = changes.change_model(
        graded, account_score=graded.account_score.model_copy(update={"engaged_tier": "SQL"})
    )
    assert LEAD_TIERS.remove(top_engaged, "SQL").account_score.engaged_tier == "MQL"
    assert LEAD_TIERS.remove(top_engaged, "MQL").account_score.engaged_tier == "SQL"


def test_the_only_tier_stays(model):
    single = LEAD_TIERS.remove(LEAD_TIERS.remove(model, "Nurture"), "SQL")
    assert thresholds(single) == {"MQL": 0}
    with pytest.raises(ModelError, match="'MQL' must stay"):
        LEAD_TIERS.remove(single, "MQL")


def test_tiers_of_accounts_change_apart_from_those_of_leads(graded):
    added = ACCOUNT_TIERS.add(graded, "Key account", 180)
    assert added.tiers == graded.tiers
    assert [tier.name for tier in added.account_score.tiers] == ["Nurture", "MQL", "SQL", "Key account"]
    assert ACCOUNT_TIERS.remove(added, "Key account") == graded
    lowest = ACCOUNT_TIERS.remove(graded, "Nurture").account_score.tiers[0]
    assert (lowest.name, lowest.threshold) == ("MQL", 0)


def test_words_say_who_takes_the_leads_and_which_tier_is_marketings_and_sales(graded):
    said = "\n".join(removal_lines(graded, "MQL", "15,094 lead-quarters")).replace("\\", "")
    assert "Its leads (15,094 lead-quarters) go to **Nurture**." in said
    assert "cells of the grid: A2, B1" in said
    assert "Marketing-ready leads (MQL) are then those from **Sales-ready (SQL)** on" in said
    assert "engaged from **Sales-ready (SQL)** on" in said
    said = "\n".join(removal_lines(graded, "SQL")).replace("\\", "")
    assert "highest tier, which sales works, is then **Marketing-ready (MQL)**" in said
    said = "\n".join(removal_lines(graded, "Nurture")).replace("\\", "")
    assert "go to **Marketing-ready (MQL)**, which then begins at 0" in said
    without = changes.change_model(graded, grid=graded.grid.with_tier(0, "MQL"))
    standing = "\n".join(standing_lines(without)).replace("\\", "")
    assert "No cell of the grid is assigned to **Sales-ready (SQL)**" in standing
    assert "people of an account are engaged from" in standing.lower()


def test_a_tier_is_proposed_where_the_most_scores_are(model):
    assert widest_gap(LEAD_TIERS, model) == 150
    full = changes.change_range(LEAD_TIERS.remove(LEAD_TIERS.remove(model, "MQL"), "SQL"), 0, 1)
    assert widest_gap(LEAD_TIERS, LEAD_TIERS.add(full, "Top", 1)) is None


@pytest.fixture
def page(workspace):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    at.query_params["inputs"] = "plain"
    checked(at.run())
    return click(at, "tiers_edit")


def test_a_tier_is_added_described_renamed_removed_and_all_of_it_undone(page, workspace):
    before = model_in_use(workspace)
    set_text(page, "tier_new_name", "Hot")
    click(page, "tier_add")
    assert thresholds(draft(page)) == {"Nurture": 0, "MQL": 35, "SQL": 100, "Hot": 150}
    assert page.text_input(key="tier_new_name").value == ""
    top = compute_backtest(open_flow(workspace).cells(draft(page)), draft(page)).pooled.tiers[-1]
    assert (page.metric[0].label, page.metric[0].value) == ("Hot", f"{top.leads:,}")

    set_number(page, "tier_from_Hot", 140)
    set_text(page, "tier_action_Hot", " call today ")
    set_text(page, "tier_owner_Hot", "key accounts")
    set_number(page, "tier_hours_Hot", 0.5)
    hot = draft(page).tiers[-1]
    assert (hot.threshold, hot.action, hot.owner) == (140, "call today", "key accounts")
    assert hot.respond_within_hours == 0.5
    set_text(page, "tier_label_Hot", "Very hot")
    assert page.metric[0].label == "Very hot"
    set_text(page, "tier_name_Hot", "VIP")
    assert (draft(page).tiers[-1].name, draft(page).tiers[-1].shown_label) == ("VIP", "Very hot")

    page.text_input(key="tier_label_VIP").set_value("nurture").run()
    assert "as another one is called" in page.warning[0].value
    assert draft(page).tiers[-1].shown_label == "Very hot"

    for _ in range(6):
        click(page, "tune_undo")
    assert thresholds(draft(page)) == {"Nurture": 0, "MQL": 35, "SQL": 100, "Hot": 150}
    click(page, "tune_undo")
    assert draft(page) == before


def test_a_removed_tier_says_what_follows_and_leaves_the_link(page, workspace):
    page.session_state["tier_remove_MQL"] = True
    checked(page.run())
    said = "\n".join(one.value for one in page.markdown).replace("\\", "")
    pooled = compute_backtest(open_flow(workspace).cells(draft(page)), draft(page)).pooled
    assert f"Its leads ({pooled.tiers[1].leads:,} lead-quarters) go to **Nurture**." in said
    assert marketing_tier(draft(page)).name == "MQL"
    click(page, "tier_removed_MQL")
    assert thresholds(draft(page)) == {"Nurture": 0, "SQL": 100}
    assert page.query_params[DRAFT] in (encode_model(draft(page)), [encode_model(draft(page))])
    click(page, "tiers_done")
    assert page.number_input(key="threshold_SQL").value == 100


@pytest.mark.parametrize("removed", [("MQL",), ("Nurture", "SQL")])
def test_every_page_shows_a_draft_with_other_tiers_than_the_model_in_use(workspace, removed):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    at.query_params["inputs"] = "plain"
    checked(at.run())
    model = LEAD_TIERS.add(model_in_use(workspace), "Hot", 150)
    for name in removed:
        model = LEAD_TIERS.remove(model, name)
    at.session_state["draft_history"] = at.session_state["draft_history"].add(model, "other tiers")
    checked(at.run())
    for name in ("backtest", "compare", "leads", "accounts", "alignment", "levels", "models", "predict"):
        checked(at.switch_page(f"pages/{name}_page.py").run())

"""How accounts are scored, changed on the Accounts page, through AppTest."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.accounts import block as change
from queries.account_list import find_accounts, list_accounts
from queries.dataset import model_in_use, open_flow, ready_models, save_model_in_use
from queries.scored_accounts import scored_accounts
from queries.workspace import Workspace
from scoring.account_scoring import account_score_of
from scoring.errors import ModelError
from scoring.model_changes import model_changes
from tests.page_reading import checked, choose, click, draft, set_number, set_text, switch, texts

ROOT = Path(__file__).parent.parent
MODEL = ready_models()["account_based"]


@pytest.fixture(scope="module")
def workspace(demo_workspace, tmp_path_factory):
    """Demo data with the ready-made model in use; the page writes drafts only."""
    folder = tmp_path_factory.mktemp("settings") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    own = Workspace.open(folder)
    save_model_in_use(own, MODEL)
    return own


@pytest.fixture
def open_page(workspace, monkeypatch):
    def run(folder=workspace.path):
        monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
        at = AppTest.from_file(ROOT / "pages" / "accounts_page.py", default_timeout=60)
        at.session_state["account_settings_open"] = True
        return checked(at.run())

    return run


def said(at):
    return [one.words for one in model_changes(MODEL, draft(at))]


def test_where_accounts_start_from_is_chosen_and_the_list_follows(open_page, workspace):
    at = open_page()
    choose(at, "account_part", "mean")
    assert said(at) == [
        "an account's score starts from the sum of its 3 best leads' scores -> "
        "the average of its leads' scores"
    ]
    flow = open_flow(workspace)
    found = scored_accounts(flow, draft(at))
    best = list_accounts(flow, draft(at), found, find_accounts(flow, draft(at), found)[:50])
    assert at.dataframe[0].value["Account"].tolist() == best.column("account_id").to_pylist()
    assert at.dataframe[0].value["Score"].tolist() == best.column("score").to_pylist()
    choose(at, "account_part", "top")
    set_number(at, "account_top", 2)
    assert account_score_of(draft(at)).top == 2
    for _ in range(3):
        click(at, "accounts_undo")
    assert draft(at) == MODEL


def test_points_limits_thresholds_and_rules_are_changed(open_page):
    at = open_page()
    set_number(at, "account_per_person", 7)
    set_number(at, "account_most_department", 60)
    set_number(at, "account_threshold_Pursue", 150)
    set_number(at, "account_high", 500)
    set_number(at, "account_rule_points_industry", 35)
    switch(at, "account_rule_on_company_size", False)
    assert sorted(said(at)) == sorted(
        [
            "points for each engaged person 10 -> 7",
            "points for departments at most 45 -> 60",
            "account tier Pursue threshold 180 -> 150",
            "highest score of an account 600 -> 500",
            "Makes, moves or trades goods 20 -> 35 points for accounts",
            "Company of 200 to 5,000 people switched off for accounts",
        ]
    )
    click(at, "account_rule_delete_industry")
    assert [rule.id for rule in draft(at).account_score.rules] == ["company_size"]
    click(at, "accounts_undo")
    assert len(draft(at).account_score.rules) == 2


def test_a_rule_is_added_with_its_conditions_and_changed_again(open_page):
    at = open_page()
    click(at, "account_rule_add")
    set_text(at, "form_label", "In our region")
    assert "Not in your draft yet" in texts(at)
    set_number(at, "form_points", 25)
    choose(at, "condition_field_0", "region")
    first = at.selectbox(key="condition_value_0").options[0]
    choose(at, "condition_value_0", first)
    added = draft(at).account_score.rules[-1]
    assert (added.id, added.shown_label, added.points) == ("in_our_region", "In our region", 25)
    assert (added.where[0].field, added.where[0].value) == ("region", first)
    set_number(at, "form_points", 30)
    assert len(draft(at).account_score.rules) == 3
    assert draft(at).account_score.rules[-1].points == 30
    click(at, "account_rule_done")
    assert at.number_input(key="account_rule_points_in_our_region").value == 30
    click(at, "account_rule_edit_in_our_region")
    for _ in range(2):
        click(at, "accounts_undo")
    assert draft(at) == MODEL
    assert at.button(key="account_rule_add")


def test_a_tier_and_a_score_of_engaged_people_exclude_each_other(open_page):
    at = open_page()
    set_number(at, "account_engaged_score", 40)
    block = draft(at).account_score
    assert (block.engaged_tier, block.engaged_score) == (None, 40)
    choose(at, "account_engaged_tier", "SQL")
    block = draft(at).account_score
    assert (block.engaged_tier, block.engaged_score) == ("SQL", None)
    before = draft(at)
    choose(at, "account_engaged_tier", None)
    assert draft(at) == before
    assert "must say who is engaged as long as engaged people give points" in texts(at)


def test_without_a_column_of_departments_they_give_no_points(open_page):
    at = open_page()
    choose(at, "account_department", None)
    block = draft(at).account_score
    assert (block.points_per_department, block.max_department_points) == (0, None)
    assert at.number_input(key="account_per_department").disabled
    assert at.number_input(key="account_most_department").disabled


def test_a_model_without_the_block_gets_what_held_and_goes_back(open_page, demo_workspace):
    at = open_page(demo_workspace.path)
    plain = model_in_use(demo_workspace)
    scores = at.dataframe[0].value["Score"].tolist()
    click(at, "account_start")
    assert draft(at).account_score == account_score_of(plain)
    assert at.dataframe[0].value["Score"].tolist() == scores
    click(at, "account_remove")
    assert draft(at) == plain


def test_changes_that_do_not_fit_are_refused_in_words():
    nobody = change.change_block(
        MODEL, engaged_tier=None, points_per_person=0, max_person_points=None,
        points_per_department=0, max_department_points=None,
    )  # fmt: skip
    with pytest.raises(ModelError, match="say first who is engaged"):
        change.with_points_each(nobody, "person", 5)
    without = change.with_points_each(MODEL, "person", 0)
    assert without.account_score.max_person_points is None
    low = change.with_range(MODEL, -10, 600)
    assert low.account_score.tiers[0].threshold == low.account_score.min_score == -10

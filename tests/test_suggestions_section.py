"""The section of suggested points through AppTest: ask, see, take, and what is said when there is nothing."""

import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from demo_data.generator import generate
from pages.components.evidence.load import document
from pages.components.format import as_markdown
from pages.components.predict.suggestion_request import FEWEST, MOST, limits_key
from pages.components.predict.suggestion_table import TOGETHER, suggestions_table
from pages.components.tune.history import DraftHistory
from queries.dataset import model_in_use, open_flow, save_model_in_use
from queries.importing import load_tables
from queries.suggestion import suggest, take_points
from queries.workspace import Workspace
from scoring.goal import Offer
from scoring.suggestion import Aim, Goal, Limits
from scoring.suggestion_words import suggestion_headline
from scoring.top_tier_size import top_leads


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("suggestions"))
    load_tables(workspace, generate(12_000, seed=1))
    return workspace


@pytest.fixture(scope="module")
def model(workspace):
    return model_in_use(workspace)


def section():
    # AppTest runs the text of this function alone.
    from pages.components import state  # noqa: PLC0415
    from pages.components.predict.suggestions import show_suggestions  # noqa: PLC0415

    show_suggestions(state.current_flow(), state.draft())


def open_section(folder, monkeypatch, draft=None):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
    at = AppTest.from_function(section, default_timeout=180)
    if draft is not None:
        at.session_state["draft_history"] = DraftHistory.start(draft)
    at.run()
    assert not at.exception
    return at


def press(at, key):
    button = next(each for each in at.button if each.key == key or key in (each.key or ""))
    button.click().run()
    assert not at.exception
    return at


def said(at):
    return [each.value for each in at.markdown]


def test_nothing_is_searched_before_it_is_asked_for(workspace, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    assert [each.key for each in at.checkbox] == []
    assert len(at.dataframe) <= 1  # the limits


def test_what_is_suggested_is_listed_with_its_gain(workspace, model, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    at.radio(key="suggest_goal").set_value(Goal.RANKING)
    press(at, "suggest_start")
    found = suggest(open_flow(workspace), model, Aim(Goal.RANKING))
    assert f"**{as_markdown(suggestion_headline(found))}**" in said(at)
    assert [each.key for each in at.checkbox] == [f"suggest_tick_{one.rule}" for one in found.changes]
    table = at.dataframe[-1].value
    expected = suggestions_table(found, model)
    assert table["Rule"].tolist() == expected["Rule"].tolist()
    assert table["Rule"].tolist()[-1] == TOGETHER
    assert table["Gain out of time"].tolist() == pytest.approx(expected["Gain out of time"].tolist())


def test_the_ticked_ones_become_the_draft_and_the_top_tier_keeps_its_size(workspace, model, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    at.radio(key="suggest_goal").set_value(Goal.RANKING)
    press(at, "suggest_start")
    flow = open_flow(workspace)
    found = suggest(flow, model, Aim(Goal.RANKING))
    first, *others = found.changes
    assert others
    for each in others:
        at.checkbox(key=f"suggest_tick_{each.rule}").uncheck()
    at.run()
    press(at, "suggest_take")
    history = at.session_state["draft_history"]
    assert history.model == take_points(flow, model, found, {first.rule: first.points})
    assert history.undo().model == model
    assert [each.key for each in at.checkbox] == []  # the suggestions were for the draft before
    assert "one rule" in at.success[0].value
    sizes = [top_leads(flow.cells(one), _offer(found), one) for one in (model, history.model)]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.1)


def _offer(found):
    return Offer(found.searched, np.zeros(len(found.searched)))


def test_no_tick_is_nothing_to_take(workspace, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    at.radio(key="suggest_goal").set_value(Goal.RANKING)
    press(at, "suggest_start")
    for each in at.checkbox:
        each.uncheck()
    at.run()
    assert at.button(key="suggest_take").disabled


def test_rules_that_can_go_are_switched_off_by_a_click(workspace, model, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    at.radio(key="suggest_goal").set_value(Goal.RANKING)
    press(at, "suggest_start")
    found = suggest(open_flow(workspace), model, Aim(Goal.RANKING))
    assert found.spare.rules
    press(at, "suggest_spare")
    draft = at.session_state["draft_history"].model
    assert {rule.id for rule in draft.rules if not rule.enabled} == {"silent", *found.spare.rules}


def test_limits_and_the_number_of_changes_are_obeyed(workspace, model, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    place = [rule.id for rule in model.enabled_rules].index("careers_page")
    at.session_state[limits_key(model)] = {
        "edited_rows": {place: {FEWEST: -3, MOST: -2}},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.number_input(key="suggest_most_changes").set_value(2)
    press(at, "suggest_start")
    aim = Aim(Goal.WINS, 2, {"careers_page": Limits(-3, -2)})
    found = suggest(open_flow(workspace), model, aim)
    assert f"**{as_markdown(suggestion_headline(found))}**" in said(at)
    assert len(found.changes) <= 2


def test_limits_the_wrong_way_round_are_refused_by_the_rules_name(workspace, model, monkeypatch):
    at = open_section(workspace.path, monkeypatch)
    at.session_state[limits_key(model)] = {
        "edited_rows": {0: {FEWEST: 9, MOST: 2}},
        "added_rows": [],
        "deleted_rows": [],
    }
    press(at, "suggest_start")
    assert as_markdown(model.enabled_rules[0].shown_label) in at.error[0].value
    assert as_markdown("9..2") in at.error[0].value


def test_too_little_data_is_said_with_the_number_needed(workspace, model, monkeypatch, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(workspace.path, folder)
    hurried = model.model_copy(update={"conversion": model.conversion.model_copy(update={"horizon_days": 1})})
    save_model_in_use(Workspace.open(folder), hurried)
    at = press(open_section(folder, monkeypatch), "suggest_start")
    [headline] = [text for text in said(at) if "Nothing is suggested" in text]
    assert f"{10 * len(model.enabled_rules)} are needed" in headline
    assert [each.key for each in at.checkbox] == []


def test_a_draft_without_rules_has_nothing_to_suggest(workspace, model, monkeypatch):
    empty = model.model_copy(update={"rules": ()})
    assert document(empty) != document(model)
    at = open_section(workspace.path, monkeypatch, empty)
    assert "no rule that is switched on" in at.info[0].value

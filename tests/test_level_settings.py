"""Levels, perks and quests changed on the Levels page, through AppTest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from queries.dataset import open_flow, ready_models
from queries.levels import find_players
from queries.quests import find_quests
from scoring.model_changes import model_changes

ROOT = Path(__file__).parent.parent
GAME = ready_models()["gamified"]


@pytest.fixture
def page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    at.session_state["levels_settings_open"] = True
    sound(at.run())
    sound(at.switch_page("pages/levels_page.py").run())
    return sound(at.button(key="levels_start").click().run())


def sound(at):
    assert not at.exception, at.exception[0].value
    assert not at.error, at.error[0].value
    return at


def draft(at):
    return at.session_state["draft_history"].model


def said(at):
    return [one.words for one in model_changes(GAME, draft(at))]


def texts(at):
    return "\n".join(e.value for e in (*at.markdown, *at.info, *at.caption)).replace("\\", "")


def test_perk_name_and_threshold_of_a_level_are_changed_and_undone(page):
    sound(page.text_input(key="level_perk_Champion").set_value(" a dinner with the founders ").run())
    assert draft(page).tiers[-1].perk == "a dinner with the founders"
    levels = next(frame.value for frame in page.dataframe if "Perk" in frame.value)
    assert levels["Perk"].iloc[0] == "a dinner with the founders"
    sound(page.text_input(key="level_label_Champion").set_value("Ambassador").run())
    assert draft(page).tiers[-1].shown_label == "Ambassador"
    sound(page.number_input(key="level_from_Champion").set_value(240).run())
    levels = next(frame.value for frame in page.dataframe if "Perk" in frame.value)
    assert (levels["Level"].iloc[0], levels["From points"].iloc[0]) == ("Ambassador", 240)
    assert len(said(page)) == 3
    for _ in range(3):
        sound(page.button(key="levels_undo").click().run())
    assert draft(page) == GAME
    sound(page.text_input(key="level_perk_Champion").set_value("").run())
    assert draft(page).tiers[-1].perk is None


def test_times_and_points_of_a_quest_are_changed_and_figures_follow(page, demo_workspace):
    rule = next(rule for rule in GAME.rules if rule.max_count is not None)
    sound(page.number_input(key=f"level_most_{rule.id}").set_value(rule.max_count + 2).run())
    sound(page.number_input(key=f"level_points_{rule.id}").set_value(rule.points + 5).run())
    changed = draft(page).rule(rule.id)
    assert (changed.max_count, changed.points) == (rule.max_count + 2, rule.points + 5)
    flow = open_flow(demo_workspace)
    quests = find_quests(flow, draft(page), find_players(flow, draft(page)))
    shown = next(frame.value for frame in page.dataframe if "Who completes it" in frame.value)
    assert shown["Completed"].tolist() == [quest.progress.done for quest in quests]
    assert shown["Times"].tolist() == [quest.times for quest in quests]

    sound(page.selectbox(key=f"level_count_{rule.id}").set_value("once").run())
    changed = draft(page).rule(rule.id)
    assert (changed.count, changed.max_count) == ("once", None)
    sound(page.selectbox(key=f"level_count_{rule.id}").set_value("each").run())
    assert draft(page).rule(rule.id).max_count is None
    assert "No quest as it is: it never comes to an end" in texts(page)


def test_a_category_holds_quests_or_not(page):
    (category,) = {rule.category for rule in GAME.rules}
    sound(page.checkbox(key=f"level_quests_{category}").set_value(False).run())
    assert not draft(page).category(category).quests
    assert "has no quests" in texts(page)
    sound(page.button(key="levels_undo").click().run())
    assert draft(page) == GAME

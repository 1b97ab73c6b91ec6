"""Levels, perks and quests changed on the Levels page, through AppTest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from queries.dataset import open_flow, ready_models
from queries.levels import find_players
from queries.quests import find_quests
from scoring.model_changes import model_changes
from tests.page_reading import checked, choose, click, draft, set_number, set_text, switch, texts

ROOT = Path(__file__).parent.parent
GAME = ready_models()["gamified"]


@pytest.fixture
def page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    at.session_state["levels_settings_open"] = True
    checked(at.run())
    checked(at.switch_page("pages/levels_page.py").run())
    return click(at, "levels_start")


def said(at):
    return [one.words for one in model_changes(GAME, draft(at))]


def test_perk_name_and_threshold_of_a_level_are_changed_and_undone(page):
    set_text(page, "level_perk_Champion", " a dinner with the founders ")
    assert draft(page).tiers[-1].perk == "a dinner with the founders"
    levels = next(frame.value for frame in page.dataframe if "Perk" in frame.value)
    assert levels["Perk"].iloc[0] == "a dinner with the founders"
    set_text(page, "level_label_Champion", "Ambassador")
    assert draft(page).tiers[-1].shown_label == "Ambassador"
    set_number(page, "level_from_Champion", 240)
    levels = next(frame.value for frame in page.dataframe if "Perk" in frame.value)
    assert (levels["Level"].iloc[0], levels["From points"].iloc[0]) == ("Ambassador", 240)
    assert len(said(page)) == 3
    for _ in range(3):
        click(page, "levels_undo")
    assert draft(page) == GAME
    set_text(page, "level_perk_Champion", "")
    assert draft(page).tiers[-1].perk is None


def test_times_and_points_of_a_quest_are_changed_and_figures_follow(page, demo_workspace):
    rule = next(rule for rule in GAME.rules if rule.max_count is not None)
    set_number(page, f"level_most_{rule.id}", rule.max_count + 2)
    set_number(page, f"level_points_{rule.id}", rule.points + 5)
    changed = draft(page).rule(rule.id)
    assert (changed.max_count, changed.points) == (rule.max_count + 2, rule.points + 5)
    flow = open_flow(demo_workspace)
    quests = find_quests(flow, draft(page), find_players(flow, draft(page)))
    shown = next(frame.value for frame in page.dataframe if "Who completes it" in frame.value)
    assert shown["Completed"].tolist() == [quest.progress.done for quest in quests]
    assert shown["Times"].tolist() == [quest.times for quest in quests]

    choose(page, f"level_count_{rule.id}", "once")
    changed = draft(page).rule(rule.id)
    assert (changed.count, changed.max_count) == ("once", None)
    choose(page, f"level_count_{rule.id}", "each")
    assert draft(page).rule(rule.id).max_count is None
    assert "No quest as it is: it never comes to an end" in texts(page)


def test_a_category_holds_quests_or_not(page):
    (category,) = {rule.category for rule in GAME.rules}
    switch(page, f"level_quests_{category}", False)
    assert not draft(page).category(category).quests
    assert "has no quests" in texts(page)
    click(page, "levels_undo")
    assert draft(page) == GAME

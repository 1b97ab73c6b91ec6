"""The Levels page in a real browser: from a model without quests to a game, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from queries.dataset import open_flow, ready_models
from queries.levels import find_players
from tests.browser.conftest import serving, settle

GAME = ready_models()["gamified"]


@pytest.fixture(scope="module")
def address(browser, demo_workspace):
    """One dashboard for all tests here, which change nothing in the folder."""
    with serving(demo_workspace) as url:
        yield url


@pytest.fixture(scope="module")
def players(demo_workspace):
    return find_players(open_flow(demo_workspace), GAME)


def start_game(page):
    page.get_by_role("button", name="Start from Gamified").click()
    page.get_by_role("heading", name="Does the level tell who buys?").wait_for(timeout=60_000)
    settle(page)


def test_a_game_is_started_searched_and_a_leader_opened(open_page, players):
    page = open_page("/levels")
    page.get_by_text("has no quests").wait_for()
    start_game(page)
    leads = len(players.lifetime)
    page.get_by_text(f"{leads:,} of {leads:,} open leads").wait_for()
    for key in ("levels_leads", "levels_distances", "quests_completion", "quests_rates", "levels_rates"):
        page.wait_for_selector(f".st-key-{key} .js-plotly-plot .main-svg", timeout=60_000)
    page.get_by_text("Lifetime points", exact=True).first.click()
    settle(page)
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 52})
    page.get_by_role("heading", name=re.compile(r"Lead L\d+")).wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download all {leads:,} (CSV)").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == leads + 1


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_the_game_is_accessible_and_no_wider_than_its_window(open_page, width, theme):
    page = open_page("/levels", width=width, theme=theme)
    start_game(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []

"""A grid started by hand on the Tune page, used, seen by everybody, and taken away again."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from queries.dataset import model_in_use, open_flow
from queries.grid_start import propose_grid
from scoring.model_file import parse_model
from tests.browser.conftest import settle
from tests.browser.console_page import click_button, download_draft
from tests.browser.test_grid import cell, expect_top

SECTION = "Tiers from a grid of two categories"


def open_section(page):
    page.get_by_text(SECTION).click()
    expect(page.get_by_role("button", name="Start with this grid")).to_be_visible(timeout=60_000)
    settle(page)


def expect_nothing_serious(page):
    page.wait_for_timeout(1500)
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_a_manager_starts_a_grid_moves_a_grade_and_goes_back(open_page, workspace, tmp_path):
    before = model_in_use(workspace)
    found = propose_grid(open_flow(workspace), before, "fit", "engagement")
    page = open_page()
    open_section(page)
    expect_nothing_serious(page)
    page.get_by_role("button", name="Start with this grid").click()
    expect(cell(page, "A1")).to_contain_text("Sales-ready (SQL)", timeout=60_000)
    settle(page)
    path = download_draft(page, tmp_path)
    assert parse_model(path.read_text(encoding="utf-8")).grid == found.grid
    expect_top(page, workspace, path)

    # The best grade of engagement begins five points higher.
    cut = page.get_by_label("1", exact=True)
    cut.fill(str(found.grid.columns.cuts[-1] + 5))
    cut.press("Enter")
    expect(page.locator(".grid")).to_contain_text(f"from {found.grid.columns.cuts[-1] + 5}", timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    expect_top(page, workspace, path)

    for width, theme in ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")):
        other = open_page(page.url, width=width, theme=theme)
        expect(cell(other, "A1")).to_be_visible(timeout=60_000)
        settle(other)
        expect_nothing_serious(other)

    click_button(page, "Back to thresholds")
    expect(page.locator(".grid")).to_have_count(0, timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    assert parse_model(path.read_text(encoding="utf-8")) == before
    click_button(page, re.compile("Undo"))
    expect(cell(page, "A1")).to_be_visible(timeout=30_000)

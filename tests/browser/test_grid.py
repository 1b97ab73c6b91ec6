"""The grid of tiers on the Tune page: cells are assigned by mouse and keyboard, and figures follow."""

import re

from playwright.sync_api import expect

from pages.components.format import count, percent
from queries.dataset import ready_models
from scoring.model_file import format_model, parse_model
from tests.browser.conftest import settle
from tests.browser.console_page import backtest_json, click_button, download_draft, top_tier

GRID = ready_models()["fit_engagement"]


def cell(page, name):
    return page.locator(".grid").get_by_role("button", name=re.compile(f"^{name}: "))


def top_figures(page):
    """Leads of the top tier, and the rate at which they convert."""
    return [
        text.replace("\u202f", "\u00a0")
        for text in page.get_by_test_id("stMetricValue").all_inner_texts()[:2]
    ]


def expect_top(page, workspace, path):
    top = top_tier(backtest_json(workspace, path)["pooled"])
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(count(top["leads"]), timeout=30_000)
    assert top_figures(page) == [count(top["leads"]), percent(top["rate"])]
    return top


def test_a_cell_assigned_by_click_or_key_changes_its_tier_and_undo_takes_it_back(
    open_page, workspace, tmp_path
):
    workspace.model_path.write_text(format_model(GRID), encoding="utf-8")
    page = open_page()
    expect(cell(page, "A3")).to_contain_text("Marketing-ready (MQL)", timeout=60_000)
    settle(page)
    # Nothing that would move nothing.
    expect(page.get_by_label("Sales-ready (SQL) from")).to_have_count(0)
    expect(page.get_by_text("Plain inputs")).to_have_count(0)
    before = top_figures(page)

    cell(page, "A3").click()
    expect(cell(page, "A3")).to_contain_text("was MQL", timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    assert parse_model(path.read_text(encoding="utf-8")).grid == GRID.grid.with_tier(2, "SQL")
    clicked = expect_top(page, workspace, path)
    assert top_figures(page) != before

    cell(page, "B1").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "B2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(page, "B2")).to_contain_text("was MQL", timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    assert expect_top(page, workspace, path)["leads"] > clicked["leads"]

    link = open_page(page.url)
    expect(cell(link, "B2")).to_contain_text("Sales-ready (SQL)", timeout=60_000)

    click_button(page, re.compile("Undo"))
    expect(cell(page, "B2")).not_to_contain_text("was", timeout=30_000)
    click_button(page, re.compile("Undo"))
    expect(cell(page, "A3")).not_to_contain_text("was", timeout=30_000)
    settle(page)
    assert top_figures(page) == before

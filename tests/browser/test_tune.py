"""The Tune page in a real browser: what is changed there is what the command line and the charts say."""

import re

import pytest
from playwright.sync_api import expect

from queries.dataset import open_flow
from scoring.distribution import score_distribution
from scoring.model_file import parse_model
from tests.browser.conftest import settle
from tests.browser.console_page import (
    at_rest,
    backtest_json,
    box,
    click_button,
    download_draft,
    enter,
    expect_headline,
    expect_tables,
    headline,
    tables,
    top_tier,
)


def test_a_change_of_points_and_threshold_shows_what_the_command_line_gives(open_page, workspace, tmp_path):
    page = open_page()
    at_rest(page)
    before = tables(page)
    enter(page, "Points for Looked at the prices", 40)
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    at_rest(page)
    path = download_draft(page, tmp_path)
    model = parse_model(path.read_text(encoding="utf-8"))
    assert model.rule("pricing_page").points == 40
    figures = backtest_json(workspace, path)
    expect_headline(page, figures["pooled"])
    expect_tables(page, figures, distribution_of(workspace, model))
    assert all(now != then for now, then in zip(tables(page), before, strict=True))

    enter(page, "Sales-ready (SQL) from", 80)
    expect(page.get_by_text("was 100")).to_be_visible(timeout=30_000)
    at_rest(page)
    path = download_draft(page, tmp_path)
    model = parse_model(path.read_text(encoding="utf-8"))
    assert model.tiers[-1].threshold == 80
    moved = backtest_json(workspace, path)
    assert top_tier(moved["pooled"])["leads"] > top_tier(figures["pooled"])["leads"]
    expect_headline(page, moved["pooled"])
    expect_tables(page, moved, distribution_of(workspace, model))


def test_the_address_shows_a_colleague_the_same(open_page, workspace):
    page = open_page()
    enter(page, "Points for Looked at the prices", 40)
    enter(page, "Sales-ready (SQL) from", 80)
    expect(page).to_have_url(re.compile("draft="), timeout=30_000)
    expect(page.get_by_text("was 100")).to_be_visible(timeout=30_000)
    settle(page)
    colleague = open_page(page.url)
    expect(colleague.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    expect(colleague.get_by_text("was 100")).to_be_visible()
    settle(colleague)
    at_rest(colleague)
    assert headline(colleague) == headline(page)
    assert tables(colleague) == tables(page)


def test_a_draft_outlives_a_change_of_page_and_a_reload(open_page):
    page = open_page()
    enter(page, "Points for Looked at the prices", 40)
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    settle(page)
    page.get_by_role("link", name=re.compile("Back-test")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Back-test", timeout=30_000)
    expect(page).to_have_url(re.compile("back-test.*draft="), timeout=30_000)
    settle(page)
    page.reload()
    settle(page)
    page.get_by_role("link", name=re.compile("Tune")).click()
    expect(box(page, "Points for Looked at the prices")).to_have_value("40", timeout=30_000)


def test_undo_and_save_work_by_mouse(open_page, workspace):
    page = open_page()
    enter(page, "Points for Looked at the prices", 40)
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    click_button(page, re.compile("Undo"))
    expect(box(page, "Points for Looked at the prices")).to_have_value("5", timeout=30_000)
    click_button(page, re.compile("Redo"))
    expect(box(page, "Points for Looked at the prices")).to_have_value("40", timeout=30_000)
    click_button(page, re.compile("^.*Save"))
    page.get_by_label("Recorded by").fill("Marketing")
    page.get_by_label("What for").fill("prices tell more")
    page.get_by_label("What for").press("Tab")
    page.locator(".st-key-tune_save_button button").click()
    expect(page.get_by_text("Any change makes a draft")).to_be_visible(timeout=30_000)
    assert parse_model(workspace.read_model_text()).rule("pricing_page").points == 40


def test_a_rule_is_edited_beside_the_living_figures(open_page, workspace):
    page = open_page()
    at_rest(page)
    before = headline(page)[0]
    click_button(page, re.compile("Edit Sent the contact form"))
    expect(page.get_by_label("Name of the rule")).to_have_value("Sent the contact form", timeout=30_000)
    expect(page.get_by_text(re.compile(r"Matches .* of 3,000 leads"))).to_be_visible()
    at_rest(page)  # a field that is drawn anew while it is filled would lose what was entered
    enter(page, "Points", 1)
    expect(page.locator(".panel-value").first).not_to_have_text(before, timeout=30_000)
    click_button(page, "Done")
    expect(box(page, "Points for Sent the contact form")).to_have_value("1", timeout=30_000)


@pytest.mark.parametrize("path, title", [("/tune", "Tune"), ("/back-test", "Back-test"), ("/data", "Data")])
def test_every_page_opens_by_its_address(open_page, path, title):
    page = open_page(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title, timeout=30_000)
    expect(page.get_by_text("model in use")).not_to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(open_page, theme):
    page = open_page(width=390, height=844, theme=theme)
    expect(page.locator(".panel-value").first).to_be_visible(timeout=30_000)
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]
    assert page.locator(".inputs").evaluate("node => node.scrollWidth <= node.clientWidth")


def distribution_of(workspace, model):
    return score_distribution(open_flow(workspace).cells(model), model.min_score, model.max_score)

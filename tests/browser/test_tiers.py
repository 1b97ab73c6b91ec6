"""Tiers added, renamed and removed in a browser: handles, fields and figures of the console follow."""

import re

from playwright.sync_api import expect

from scoring.model_file import parse_model
from tests.browser.conftest import settle
from tests.browser.console_page import (
    at_rest,
    backtest_json,
    box,
    click_button,
    download_draft,
    expect_headline,
    handle,
    headline,
)


def test_handles_fields_and_figures_follow_the_tiers(open_page, demo_workspace, tmp_path):
    page = open_page()
    at_rest(page)
    before = headline(page)
    click_button(page, "Edit tiers")
    page.get_by_role("textbox", name="Name of a new tier").fill("Hot")
    click_button(page, re.compile("Add this tier"))
    expect(handle(page, "Hot from")).to_have_attribute("aria-valuenow", "150", timeout=30_000)
    page.get_by_role("textbox", name="What lists and files call Hot").fill("VIP")
    page.get_by_role("textbox", name="What lists and files call Hot").press("Enter")
    expect(handle(page, "VIP from")).to_be_visible(timeout=30_000)
    at_rest(page)

    handle(page, "VIP from").press("ArrowLeft")
    at_rest(page)
    path = download_draft(page, tmp_path)
    model = parse_model(path.read_text(encoding="utf-8"))
    assert {tier.name: tier.threshold for tier in model.tiers} == {
        "Nurture": 0,
        "MQL": 35,
        "SQL": 100,
        "VIP": 149,
    }
    expect_headline(page, backtest_json(demo_workspace, path)["pooled"])

    page.get_by_role("button", name=re.compile("Remove Marketing-ready")).first.click()
    expect(page.get_by_text("Marketing-ready leads (MQL) are then those from")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=re.compile("Remove Marketing-ready")).last.click()
    expect(handle(page, "Marketing-ready (MQL) from")).to_have_count(0, timeout=30_000)
    click_button(page, "Done")
    at_rest(page)
    expect(box(page, "VIP from")).to_have_value("149", timeout=30_000)
    expect(box(page, "Marketing-ready (MQL) from")).to_have_count(0)
    for _ in range(4):
        click_button(page, "Undo")
        settle(page)
    at_rest(page)
    expect(box(page, "Marketing-ready (MQL) from")).to_have_value("35")
    expect(box(page, "VIP from")).to_have_count(0)
    assert headline(page) == before

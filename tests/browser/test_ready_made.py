"""Starting from a ready-made model, by mouse."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.console_page import at_rest, box, click_button, headline


def test_a_ready_made_model_becomes_the_draft_and_undo_takes_it_back(open_page):
    page = open_page()
    at_rest(page)
    before = headline(page)
    click_button(page, re.compile("Ready-made"))
    card = page.locator(".st-key-ready_social")
    expect(card).to_contain_text("Take it when", timeout=30_000)
    card.get_by_role("button", name="Start from Social").click()
    expect(box(page, "Points for Commented on one of our posts")).to_have_value("12", timeout=30_000)
    expect(page.get_by_label("Points for Opened an email")).to_have_count(0)
    expect(card).to_contain_text("your draft", timeout=30_000)
    page.keyboard.press("Escape")
    settle(page)
    at_rest(page)
    assert headline(page) != before
    click_button(page, re.compile("Undo"))
    expect(box(page, "Points for Opened an email")).to_have_value("1", timeout=30_000)
    expect(page.get_by_label("Points for Commented on one of our posts")).to_have_count(0)
    settle(page)
    at_rest(page)
    assert headline(page) == before

"""The tuning console in a browser: figures follow the hand, and once it rests they are the dashboard's."""

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
    handle,
    headline,
    slider,
    tables,
)

PRICES, CLICKS = "Points for Looked at the prices", "Points for Clicked a link in an email"


@pytest.fixture
def console(open_page):
    page = open_page()
    at_rest(page)
    return page


def hold(page, label):
    """Take hold of a slider with the mouse and wait until its rule can be followed; its box on the page."""
    place = slider(page, label).bounding_box()
    share = int(slider(page, label).input_value()) / int(slider(page, label).get_attribute("max"))
    y = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + 7 + share * (place["width"] - 14), y)
    settle(page)
    page.mouse.down()
    return place


def move(page, place, share):
    page.mouse.move(place["x"] + share * place["width"], place["y"] + place["height"] / 2)


def expect_command_line(page, workspace, folder):
    """What the page shows is what the command line gives for the model that the page lets go of."""
    path = download_draft(page, folder)
    model = parse_model(path.read_text(encoding="utf-8"))
    figures = backtest_json(workspace, path)
    cells = open_flow(workspace).cells(model)
    expect_headline(page, figures["pooled"])
    expect_tables(page, figures, score_distribution(cells, model.min_score, model.max_score))
    return model


def test_figures_follow_a_slider_before_it_is_let_go_of(console, workspace, tmp_path):
    seen = [headline(console)]
    place = hold(console, CLICKS)
    for share in (0.5, 0.75, 1.0):
        move(console, place, share)
        expect(console.locator(".panel-value").first).not_to_have_text(seen[-1][0], timeout=5_000)
        seen.append(headline(console))
        assert console.get_by_text("was +5 points").count() == 0, "nothing was let go of yet"
    points = int(box(console, CLICKS).input_value())
    console.mouse.up()
    expect(console.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    at_rest(console)
    assert headline(console) == seen[-1]
    assert expect_command_line(console, workspace, tmp_path).rule("email_click").points == points


def test_a_hand_that_comes_back_to_where_it_began_leaves_nothing_moving(console):
    before = headline(console)
    place = hold(console, CLICKS)
    start = slider(console, CLICKS).input_value()
    move(console, place, 1.0)
    expect(console.locator(".panel-value").first).not_to_have_text(before[0], timeout=5_000)
    span = int(slider(console, CLICKS).get_attribute("max"))
    console.mouse.move(
        place["x"] + 7 + int(start) / span * (place["width"] - 14), place["y"] + place["height"] / 2
    )
    expect(slider(console, CLICKS)).to_have_value(start)
    console.mouse.up()
    grip = handle(console, "Sales-ready (SQL) from").locator(".panel-grip").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    console.mouse.move(x, y)
    console.mouse.down()
    for to in (x + 60, x):
        console.mouse.move(to, y)
    console.mouse.up()
    at_rest(console)
    assert headline(console) == before


def test_a_cap_is_followed_while_it_is_typed(console, workspace, tmp_path):
    before = headline(console)
    box(console, "At most for Looked at the prices").focus()
    settle(console)
    enter(console, PRICES, 30)
    at_rest(console)
    box(console, "At most for Looked at the prices").fill("")
    expect(console.locator(".panel-value").first).not_to_have_text(before[0], timeout=5_000)
    box(console, "At most for Looked at the prices").blur()
    at_rest(console)
    rule = expect_command_line(console, workspace, tmp_path).rule("pricing_page")
    assert (rule.points, rule.max_points) == (30, None)


def test_arrow_keys_move_a_slider(console, workspace, tmp_path):
    before = headline(console)
    slider(console, PRICES).focus()
    settle(console)
    for _ in range(4):
        console.keyboard.press("ArrowRight")
    expect(box(console, PRICES)).to_have_value("9")
    expect(console.locator(".panel-value").first).not_to_have_text(before[0], timeout=5_000)
    expect(console.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    at_rest(console)
    assert expect_command_line(console, workspace, tmp_path).rule("pricing_page").points == 9
    click_button(console, re.compile("Undo"))
    expect(box(console, PRICES)).to_have_value("5", timeout=30_000)
    at_rest(console)
    assert headline(console) == before, "one step takes the whole movement back"
    assert "Sales-ready" in console.get_by_role("status").last.inner_text()


def test_a_threshold_is_moved_on_the_axis_by_mouse_and_by_keys(console, workspace, tmp_path):
    before = headline(console)
    grip = handle(console, "Sales-ready (SQL) from").locator(".panel-grip").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    console.mouse.move(x, y)
    console.mouse.down()
    console.mouse.move(x - 60, y)
    expect(console.locator(".panel-value").first).not_to_have_text(before[0], timeout=5_000)
    expect(box(console, "Sales-ready (SQL) from")).not_to_have_value("100")
    assert console.get_by_text("was 100").count() == 1, "the box says at once what it was"
    console.mouse.up()
    at_rest(console)
    threshold = int(box(console, "Sales-ready (SQL) from").input_value())
    assert expect_command_line(console, workspace, tmp_path).tiers[-1].threshold == threshold
    handle(console, "Sales-ready (SQL) from").focus()
    console.keyboard.press("ArrowRight")
    console.keyboard.press("ArrowRight")
    expect(box(console, "Sales-ready (SQL) from")).to_have_value(str(threshold + 2))
    console.keyboard.press("Tab")
    at_rest(console)
    assert expect_command_line(console, workspace, tmp_path).tiers[-1].threshold == threshold + 2


def test_two_quick_changes_of_different_rules_are_both_kept(console, workspace, tmp_path):
    enter(console, PRICES, 30)
    enter(console, CLICKS, 12)
    enter(console, PRICES, 31)
    at_rest(console)
    model = expect_command_line(console, workspace, tmp_path)
    assert (model.rule("pricing_page").points, model.rule("email_click").points) == (31, 12)


def test_what_is_pressed_right_after_a_change_finds_it_made(console):
    press_right_after_entering(
        console, PRICES, 30, console.get_by_role("link", name=re.compile("Back-test$"))
    )
    expect(console.get_by_role("heading", name="Back-test", exact=True, level=1)).to_be_visible(
        timeout=30_000
    )
    settle(console)
    console.get_by_role("link", name=re.compile("Tune$")).first.click()
    expect(box(console, PRICES)).to_have_value("30", timeout=30_000)
    at_rest(console)

    press_right_after_entering(console, PRICES, 31, console.get_by_role("button", name=re.compile("Undo")))
    expect(box(console, PRICES)).to_have_value("30", timeout=30_000)
    at_rest(console)
    expect(console.get_by_role("button", name=re.compile("Redo"))).to_be_enabled()


def press_right_after_entering(page, label, value, pressed):
    """Before the browser has had the time to send anything, as when the page is at work just then."""
    box(page, label).evaluate(
        """(box, [value, pressed]) => {
            box.focus();
            box.value = value;
            box.dispatchEvent(new Event("input", { bubbles: true }));
            box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            pressed.click();
        }""",
        [str(value), pressed.first.element_handle()],
    )


def test_what_a_model_cannot_have_is_said_beside_its_field_and_nothing_is_lost(console):
    before = headline(console)
    enter(console, "Sales-ready (SQL) from", 20)
    expect(console.get_by_text("Must be a whole number from 36 to 200")).to_be_visible()
    expect(box(console, "Sales-ready (SQL) from")).to_have_value("20")
    expect(box(console, "Sales-ready (SQL) from")).to_have_attribute("aria-invalid", "true")
    enter(console, PRICES, "1.5")
    expect(console.get_by_text("Must be a whole number from")).to_have_count(2)
    at_rest(console)
    assert headline(console) == before
    assert "draft=" not in console.url
    enter(console, "Sales-ready (SQL) from", 90)
    expect(console.get_by_text("Must be a whole number from")).to_have_count(1)
    expect(console.get_by_text("was 100")).to_be_visible(timeout=30_000)


def test_switches_limits_and_a_reset_reach_the_model(console, workspace, tmp_path):
    console.get_by_role("checkbox", name="Opened an email").uncheck()
    enter(console, "At most for all of engagement", 90)
    enter(console, PRICES, 30)
    at_rest(console)
    expect(slider(console, "Points for Opened an email")).to_be_disabled()
    model = expect_command_line(console, workspace, tmp_path)
    assert not model.rule("email_open").enabled
    assert model.category("engagement").max_points == 90
    assert model.rule("pricing_page").points == 30
    click_button(console, "Reset Looked at the prices to the model in use")
    expect(box(console, PRICES)).to_have_value("5", timeout=30_000)
    at_rest(console)
    assert expect_command_line(console, workspace, tmp_path).rule("pricing_page").points == 5


def test_search_changed_only_and_folds_narrow_the_list(console):
    console.get_by_role("searchbox", name="Search rules").fill("prices")
    expect(box(console, PRICES)).to_be_visible()
    expect(box(console, "Points for Opened an email")).to_be_hidden()
    console.get_by_role("searchbox", name="Search rules").fill("no such rule")
    expect(console.get_by_text("No rule like that.")).to_be_visible()
    console.get_by_role("searchbox", name="Search rules").fill("")
    enter(console, PRICES, 9)
    expect(console.get_by_text("Changed only (1)")).to_be_visible(timeout=30_000)
    console.get_by_label("Changed only (1)").check()
    expect(box(console, PRICES)).to_be_visible()
    expect(box(console, "Points for Opened an email")).to_be_hidden()
    console.get_by_label("Changed only (1)").uncheck()
    console.locator("summary", has_text="Engagement").click()
    expect(box(console, PRICES)).to_be_hidden()
    at_rest(console)
    expect(box(console, PRICES)).to_be_hidden()


def test_a_part_of_the_leads_is_followed_too(console):
    whole = headline(console)
    console.get_by_role("combobox", name=re.compile("Split the leads by")).click()
    console.get_by_role("option", name="Split by region", exact=True).click()
    values = console.get_by_role("combobox", name=re.compile("Look at these values"))
    values.click()
    console.get_by_role("option", name="EMEA", exact=True).click()
    console.keyboard.press("Escape")
    expect(console.locator(".panel-value").first).not_to_have_text(whole[0], timeout=30_000)
    at_rest(console)
    before = headline(console)
    place = hold(console, PRICES)
    move(console, place, 1.0)
    expect(console.locator(".panel-value").first).not_to_have_text(before[0], timeout=5_000)
    live = headline(console)
    console.mouse.up()
    at_rest(console)
    assert headline(console) == live
    console.reload()
    at_rest(console)
    assert headline(console) == live
    assert tables(console)


def test_without_the_script_plain_inputs_are_offered_and_work(browser, address):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.add_init_script(
        "const make = URL.createObjectURL;"
        "URL.createObjectURL = blob => {"
        " if (blob.type === 'text/javascript') throw Error('blocked'); return make(blob); }"
    )
    page.goto(address)
    settle(page)
    page.get_by_text("Plain inputs", exact=True).click()
    expect(page).to_have_url(re.compile("inputs=plain"), timeout=30_000)
    page.get_by_label("Points for Looked at the prices", exact=True).fill("40")
    page.keyboard.press("Enter")
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stMetricValue]").first).to_be_visible()
    context.close()

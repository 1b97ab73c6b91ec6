"""The live panel alone in a browser: handles that move, axes that stand still, tables for screen readers."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.components.console.payload import appearance_payload, counts_payload, tiers_payload
from pages.components.theme import PALETTES, tier_colours
from queries.dataset import ready_models
from scoring.cells import Cells

LIVE = Path(__file__).parents[2] / "pages" / "components" / "console" / "live"
TYPES = {".js": "text/javascript", ".css": "text/css"}
HOSTILE = "<img src=x onerror=alert(1)>"
PAGE = """<!doctype html><html lang="en"><title>Panel</title><link rel="stylesheet" href="/panel.css">
<style>body { margin: 16px } body.dark { background: #0e1117; color: #e9edf2 }</style>
<main><h1>Panel</h1><h2>Live</h2>
<div id="root"></div></main><script type="module">
import { decodeCounts } from "/table.js";
import { figuresOf } from "/figures.js";
import { createPanel } from "/panel.js";
const given = await (await fetch("/given.json")).json();
document.body.className = given.theme;
const counts = decodeCounts(given.counts);
const reference = figuresOf(counts, given.tiers);
const tiers = structuredClone(given.tiers);
let chosenTier = "";
window.events = [];
const panel = createPanel(document.getElementById("root"), {
  onThresholdInput(index, score) { events.push(["input", index, score]); move(index, score, true); },
  onThresholdChange(index, score) { events.push(["change", index, score]); move(index, score, false); },
  onTierChosen(name) { chosenTier = name; draw(false); },
});
function move(index, score, moving) { tiers[index].threshold = score; draw(moving); }
function draw(moving) {
  panel.draw(figuresOf(counts, tiers), reference, {
    chosenTier, moving, scoreRange: [counts.minScore, counts.maxScore], noun: "quarter",
    appearance: given.appearance, explanations: ["So many leads.", "", "", "", ""],
  });
}
window.panel = panel;
window.move = move;
draw(false);
window.isReady = true;
</script></html>"""


def random_cells():
    rng = np.random.default_rng(4)
    rows = 600
    score = np.clip(rng.normal(60, 40, rows), 0, 200).astype(np.int64)
    period = rng.integers(0, 5, rows)
    return Cells(
        periods=("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"),
        segments=("",),
        segment=np.zeros(rows, dtype=np.int64),
        period=period,
        score=score,
        mature=period < 4,
        converted=rng.random(rows) < score / 800,
        leads=rng.integers(1, 9, rows),
        amount=np.zeros(rows, dtype=np.int64),
        unscored_conversions=np.zeros((1, 5), dtype=np.int64),
        horizon_days=90,
        observed_until=datetime(2026, 2, 1),
    )


@pytest.fixture
def open_panel(browser):
    """Opens the panel over random leads, without a dashboard around it; fails on any error of the page."""
    contexts, errors = [], []

    def open_one(width=900, theme="light", **model_changes):
        model = ready_models()["b2b_guideline"].model_copy(update=model_changes)
        given = {
            "counts": counts_payload(random_cells(), model.min_score, model.max_score),
            "tiers": tiers_payload(model),
            "appearance": appearance_payload(PALETTES[theme], tier_colours(len(model.tiers), theme)),
            "theme": theme,
        }

        def answer(route):
            name = route.request.url.rsplit("/", 1)[1]
            if name == "given.json":
                route.fulfill(json=given)
            elif (LIVE / name).suffix in TYPES:
                route.fulfill(body=(LIVE / name).read_bytes(), content_type=TYPES[(LIVE / name).suffix])
            else:
                route.fulfill(body=PAGE, content_type="text/html")

        context = browser.new_context(viewport={"width": width, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", answer)
        page.goto("http://panel.test/")
        page.wait_for_function("window.isReady")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


def sql_handle(page):
    return page.get_by_role("slider", name="Sales-ready (SQL) from")


def ticks_of(page, chart):
    return page.locator(".panel-chart").nth(chart).locator("svg text").all_text_contents()


def leads_in_top_tier(page):
    return int(page.locator(".panel-value").first.text_content().replace(",", ""))


def test_dragging_a_threshold_tells_every_step_and_once_the_end(open_panel):
    page = open_panel()
    before = leads_in_top_tier(page)
    grip = sql_handle(page).locator(".panel-grip").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y, steps=8)
    assert leads_in_top_tier(page) > before
    assert {kind for kind, *_ in page.evaluate("events")} == {"input"}
    page.mouse.up()
    events = page.evaluate("events")
    assert [kind for kind, *_ in events].count("change") == 1
    assert events[-1] == ["change", 2, events[-2][2]]
    scores = [score for _, _, score in events]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 100
    assert sql_handle(page).get_attribute("aria-valuenow") == str(scores[-1])


def test_a_press_without_a_move_changes_nothing(open_panel):
    page = open_panel()
    sql_handle(page).locator(".panel-grip").click()
    assert page.evaluate("events") == []


@pytest.mark.parametrize(
    ("key", "score"),
    [
        ("ArrowRight", 101),
        ("ArrowUp", 101),
        ("ArrowLeft", 99),
        ("PageDown", 90),
        ("PageUp", 110),
        ("Home", 36),
        ("End", 200),
    ],
)
def test_keys_move_a_threshold_and_letting_go_confirms_it(open_panel, key, score):
    page = open_panel()
    sql_handle(page).focus()
    page.keyboard.press(key)
    assert page.evaluate("events") == [["input", 2, score], ["change", 2, score]]
    assert sql_handle(page).get_attribute("aria-valuetext").startswith(f"{score} points, ")


def test_escape_takes_a_move_back(open_panel):
    page = open_panel()
    sql_handle(page).focus()
    page.keyboard.down("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.up("ArrowRight")
    assert page.evaluate("events") == [["input", 2, 101], ["input", 2, 100], ["change", 2, 100]]


def test_a_threshold_stops_below_the_next_tier(open_panel):
    page = open_panel()
    page.get_by_role("slider", name="Marketing-ready (MQL) from").focus()
    page.keyboard.press("End")
    assert page.evaluate("events")[-1] == ["change", 1, 99]


@pytest.mark.parametrize(("way", "tier"), [(-60, 1), (60, 2)])
def test_of_handles_over_each_other_the_one_that_is_free_follows_the_hand(open_panel, way, tier):
    page = open_panel()
    page.evaluate("move(2, 36, false)")
    grip = sql_handle(page).locator(".panel-grip").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + way, y, steps=4)
    page.mouse.up()
    moved = page.evaluate("events")
    assert {index for _, index, _ in moved} == {tier}
    began = {1: 35, 2: 36}[tier]
    assert (moved[-1][2] - began) * way > 0


def test_axes_stay_while_a_handle_moves_and_fit_again_once_it_is_let_go_of(open_panel):
    page = open_panel()
    axis = ".panel-grid"
    grid = f"[...document.querySelectorAll('.panel-chart:nth-child(2) {axis}')].map((line) => line.outerHTML)"
    before = ticks_of(page, 2)
    lines = page.evaluate(grid)
    page.evaluate("move(2, 36, true)")
    assert page.evaluate(grid) == lines
    assert ticks_of(page, 2) == before
    page.evaluate("move(2, 36, false)")
    assert ticks_of(page, 2) != before


def test_tables_follow_when_the_handle_is_let_go_of(open_panel):
    page = open_panel()
    tables = page.get_by_role("table")
    assert tables.count() == 3
    cell = tables.nth(1).get_by_role("row", name="Sales-ready (SQL)").get_by_role("cell").first
    before = cell.text_content()
    page.evaluate("move(2, 50, true)")
    assert cell.text_content() == before
    page.evaluate("move(2, 50, false)")
    assert cell.text_content() == f"{leads_in_top_tier(page):,}" != before
    assert f"Sales-ready (SQL): {leads_in_top_tier(page):,}" in page.evaluate("panel.describe()")


def test_another_tier_can_be_looked_at_by_period(open_panel):
    page = open_panel()
    page.get_by_label("Tier by quarter").select_option(label="Nurture")
    assert page.locator(".panel-title").nth(2).text_content().startswith("Nurture converted above average in")


def test_frames_use_the_same_nodes_again(open_panel):
    page = open_panel()
    move_far = "for (let score = 40; score < 160; score++) move(2, score, true);"
    # The first time, an axis may grow and need another tick.
    page.evaluate(move_far)
    nodes = page.evaluate("(window.nodes = [...document.querySelectorAll('.panel *')]).length")
    page.evaluate(move_far)
    kept = "[...document.querySelectorAll('.panel *')].filter((node, place) => node === nodes[place]).length"
    assert leads_in_top_tier(page) > 0
    assert page.evaluate(kept) == nodes == page.evaluate("document.querySelectorAll('.panel *').length")


def test_the_same_figures_again_write_nothing(open_panel):
    page = open_panel()
    written = """() => new Promise((done) => {
        const found = [];
        new MutationObserver((mutations) => found.push(...mutations)).observe(document.getElementById("root"),
            { subtree: true, childList: true, attributes: true, characterData: true });
        move(2, 200, false);
        setTimeout(() => done(found.length));
    })"""
    # Nobody scores so high: a tier without leads has no rate to be marked.
    assert page.evaluate(written) > 0
    assert page.evaluate(written) == 0


def test_the_figures_behind_a_mark_are_shown_where_the_pointer_rests(open_panel):
    page = open_panel()
    plot = page.locator(".panel-plot").first.bounding_box()
    page.mouse.move(plot["x"] + plot["width"] / 3, plot["y"] + plot["height"] / 2)
    shown = page.locator(".panel-readout:visible").all_inner_texts()
    assert len(shown) == 1
    assert "did not convert" in shown[0]
    page.mouse.move(2, 2)
    assert page.locator(".panel-readout:visible").count() == 0


def test_labels_are_text_and_never_markup(open_panel):
    model = ready_models()["b2b_guideline"]
    tiers = tuple(tier.model_copy(update={"label": HOSTILE}) for tier in model.tiers)
    page = open_panel(tiers=tiers)
    assert page.locator("#root img").count() == 0
    assert page.locator(".panel-label").first.text_content() == HOSTILE


@pytest.mark.parametrize("width", [390, 900])
def test_nothing_is_wider_than_the_page(open_panel, width):
    page = open_panel(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 700, "height": 1000})
    page.wait_for_function("document.querySelector('.panel-plot svg').getAttribute('width') <= 700")
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 900])
def test_the_panel_has_no_accessibility_violation(open_panel, width, theme):
    results = Axe().run(open_panel(width, theme))
    assert results.violations_count == 0, json.dumps(results.response["violations"], indent=1)[:4000]

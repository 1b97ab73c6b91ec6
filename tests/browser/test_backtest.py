"""The Back-test page in a real browser: opened by its address, read by everybody, on every screen."""

import csv
import io
from pathlib import Path

import pytest

from queries.dataset import model_in_use, open_flow
from scoring.backtest import compute_backtest
from tests.browser.conftest import serving, settle

PATH = "/back-test"
CHARTS = ("tiers", "ranking", "tier_by_period", "leads", "wins")


@pytest.fixture(scope="module")
def workspace(demo_workspace):
    """Nothing here changes the data or the model, so one dashboard serves all tests."""
    return demo_workspace


@pytest.fixture(scope="module")
def address(browser, workspace):
    with serving(workspace) as url:
        yield url


@pytest.fixture
def backtest(workspace):
    model = model_in_use(workspace)
    return compute_backtest(open_flow(workspace).cells(model), model)


@pytest.fixture
def open_backtest(open_page):
    """Opens the page by its address, with all charts drawn."""

    def open_one(**options):
        page = open_page(PATH, **options)
        for key in CHARTS:
            page.wait_for_selector(f".st-key-{key} .js-plotly-plot .main-svg", timeout=60_000)
        settle(page)
        return page

    open_page("/")
    return open_one


def chart_values(page, key, trace, axis):
    """What Plotly drew for one trace."""
    return page.evaluate(
        """([key, name, axis]) => {
            const drawn = document.querySelector(`.st-key-${key} .js-plotly-plot`).data;
            const values = drawn.find(trace => trace.name === name)[axis];
            return Array.from(values._inputArray ?? values);
        }""",
        [key, trace, axis],
    )


def test_the_page_opens_by_its_address_with_the_figures_of_the_back_test(open_backtest, backtest):
    page = open_backtest()
    assert page.url.endswith(PATH)
    assert page.get_by_role("heading", level=1).inner_text() == "Back-test"
    assert page.get_by_role("dialog").count() == 0
    periods = backtest.periods
    assert chart_values(page, "tier_by_period", "conversion rate", "x") == [one.period for one in periods]
    rates = chart_values(page, "tier_by_period", "conversion rate", "y")
    assert rates == [one.tiers[-1].rate for one in periods]
    assert chart_values(page, "ranking", "times in 100", "y") == [one.auc for one in periods]
    pooled = [tier.rate for tier in backtest.pooled.tiers[::-1]]
    assert chart_values(page, "tiers", "conversion rate", "x") == pooled
    never = [one.unscored_conversions for one in periods]
    assert chart_values(page, "wins", "never scored", "y") == never


def test_another_tier_is_followed_with_the_keyboard_alone(open_backtest, backtest):
    page = open_backtest()
    page.get_by_role("radio", name="Nurture").focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        """rate => {
            const drawn = document.querySelector('.st-key-tier_by_period .js-plotly-plot').data;
            const values = drawn.find(trace => trace.name === 'conversion rate').y;
            return Array.from(values._inputArray ?? values)[0] === rate;
        }""",
        arg=backtest.periods[0].tiers[0].rate,
        timeout=30_000,
    )


def test_the_table_behind_a_chart_downloads_every_digit(open_backtest, backtest):
    page = open_backtest()
    page.get_by_text("Conversion by tier: the table behind this chart").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download “Conversion by tier” (CSV)").click()
    assert download.value.suggested_filename == "conversion-by-tier.csv"
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    top = backtest.pooled.tiers[-1]
    assert rows[0]["Tier"] == "Sales-ready (SQL)"
    assert float(rows[0]["Converted (share)"]) == top.rate
    assert int(rows[0]["Leads"]) == top.leads


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(open_backtest, theme):
    page = open_backtest(width=390, height=844, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    too_wide = """() => [...document.querySelectorAll('.js-plotly-plot text, .js-plotly-plot .main-svg')]
        .filter(part => part.getBoundingClientRect().right > innerWidth + 1)
        .map(part => part.textContent)"""
    assert page.evaluate(too_wide) == []


def test_charts_follow_the_theme(open_backtest):
    fills = {}
    for theme in ("light", "dark"):
        page = open_backtest(theme=theme)
        selector = "document.querySelector('.st-key-tiers .gtitle')"
        page.wait_for_function(f"{selector} !== null", timeout=30_000)
        fills[theme] = page.evaluate(f"getComputedStyle({selector}).fill")
    assert fills == {"light": "rgb(27, 36, 48)", "dark": "rgb(233, 237, 242)"}

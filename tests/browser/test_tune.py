"""The Tune page in a real browser: what is changed there is what the command line and the charts say."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from commands.main import main
from pages.components.format import count, percent, times_in_100
from queries.dataset import open_flow
from scoring.distribution import score_distribution
from scoring.model_file import parse_model
from tests.browser.conftest import settle

CHARTS = ("chart_distribution", "chart_tiers", "chart_periods")


def enter(page, label, value):
    field = page.get_by_label(label, exact=True)
    field.fill(str(value))
    field.press("Enter")


def click_button(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def chart_data(page, key):
    """What Plotly drew: each trace with its name, x and y."""
    page.wait_for_selector(f".st-key-{key} .js-plotly-plot .main-svg", timeout=30_000)
    return page.evaluate(
        """key => document.querySelector(`.st-key-${key} .js-plotly-plot`).data.map(trace => {
            // Plotly keeps numbers that were sent packed beside their packing.
            const list = values => values == null ? null : Array.from(values._inputArray ?? values);
            return {name: trace.name, type: trace.type, x: list(trace.x), y: list(trace.y)};
        })""",
        key,
    )


def trace(data, name):
    return next(one for one in data if one["name"] == name)


def backtest_json(workspace, model_path):
    arguments = ["backtest", "--workspace", str(workspace.path), "--model", str(model_path), "--json"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def top_tier(figures):
    return figures["tiers"][-1]


def expect_figures(page, pooled):
    """The row of figures shows these numbers; waits until it does."""
    top = top_tier(pooled)
    values = page.locator("[data-testid=stMetricValue]")
    expected = [
        count(top["leads"]),
        percent(top["rate"]),
        percent(top["capture"], 0),
        f"{top['lift']:.1f} times",
        times_in_100(pooled["auc"]),
    ]
    for place, text in enumerate(expected):
        expect(values.nth(place)).to_have_text(text, timeout=30_000)
    settle(page)


def expect_charts(page, workspace, model, figures):
    """All three charts hold exactly these figures."""
    cells = open_flow(workspace).cells(model)
    expected = score_distribution(cells, model.min_score, model.max_score)
    distribution = chart_data(page, "chart_distribution")
    assert trace(distribution, "converted")["y"] == expected.converted.tolist()
    assert trace(distribution, "did not convert")["y"] == expected.not_converted.tolist()
    rates = trace(chart_data(page, "chart_tiers"), "conversion rate")["x"]
    tier_rates = [tier["rate"] for tier in figures["pooled"]["tiers"]][::-1]
    np.testing.assert_allclose(as_floats(rates), as_floats(tier_rates), rtol=1e-12)
    by_period = trace(chart_data(page, "chart_periods"), "conversion rate")
    assert by_period["x"] == [period["period"] for period in figures["periods"]]
    period_rates = [top_tier(period)["rate"] for period in figures["periods"]]
    np.testing.assert_allclose(as_floats(by_period["y"]), as_floats(period_rates), rtol=1e-12)


def as_floats(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def download_draft(page, folder):
    click_button(page, re.compile("Files"))
    with page.expect_download() as download:
        click_button(page, re.compile("Download your draft"))
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def test_a_change_of_points_and_threshold_shows_what_the_command_line_gives(open_page, workspace, tmp_path):
    page = open_page()
    before = {key: chart_data(page, key) for key in CHARTS}
    enter(page, "Points for Looked at the prices", 40)
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    model = parse_model(path.read_text(encoding="utf-8"))
    assert model.rule("pricing_page").points == 40
    figures = backtest_json(workspace, path)
    expect_figures(page, figures["pooled"])
    expect_charts(page, workspace, model, figures)
    after = {key: chart_data(page, key) for key in CHARTS}
    assert all(after[key] != before[key] for key in CHARTS)

    enter(page, "Sales-ready (SQL) from", 80)
    expect(page.get_by_text("was 100")).to_be_visible(timeout=30_000)
    settle(page)
    path = download_draft(page, tmp_path)
    model = parse_model(path.read_text(encoding="utf-8"))
    assert model.tiers[-1].threshold == 80
    moved = backtest_json(workspace, path)
    assert top_tier(moved["pooled"])["leads"] > top_tier(figures["pooled"])["leads"]
    expect_figures(page, moved["pooled"])
    expect_charts(page, workspace, model, moved)


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
    figures = page.locator("[data-testid=stMetricValue]").all_inner_texts()
    expect(colleague.locator("[data-testid=stMetricValue]")).to_have_text(figures, timeout=30_000)
    settle(colleague)
    for key in CHARTS:
        assert chart_data(colleague, key) == chart_data(page, key)


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
    expect(page.get_by_label("Points for Looked at the prices", exact=True)).to_have_value(
        "40", timeout=30_000
    )


def test_undo_and_save_work_by_mouse(open_page, workspace):
    page = open_page()
    enter(page, "Points for Looked at the prices", 40)
    expect(page.get_by_text("was +5 points")).to_be_visible(timeout=30_000)
    click_button(page, re.compile("Undo"))
    expect(page.get_by_label("Points for Looked at the prices", exact=True)).to_have_value(
        "5", timeout=30_000
    )
    click_button(page, re.compile("Redo"))
    expect(page.get_by_label("Points for Looked at the prices", exact=True)).to_have_value(
        "40", timeout=30_000
    )
    click_button(page, re.compile("^.*Save"))
    click_button(page, "Make it the model in use")
    expect(page.get_by_text("Any change makes a draft")).to_be_visible(timeout=30_000)
    assert parse_model(workspace.read_model_text()).rule("pricing_page").points == 40


def test_a_rule_is_edited_beside_the_living_figures(open_page, workspace):
    page = open_page()
    before = page.locator("[data-testid=stMetricValue]").first.inner_text()
    click_button(page, re.compile("Edit Sent the contact form"))
    expect(page.get_by_label("Name of the rule")).to_have_value("Sent the contact form", timeout=30_000)
    expect(page.get_by_text(re.compile(r"Matches .* of 3,000 leads"))).to_be_visible()
    enter(page, "Points", 1)
    expect(page.locator("[data-testid=stMetricValue]").first).not_to_have_text(before, timeout=30_000)
    click_button(page, "Done")
    expect(page.get_by_label("Points for Sent the contact form", exact=True)).to_have_value(
        "1", timeout=30_000
    )


@pytest.mark.parametrize("path, title", [("/tune", "Tune"), ("/back-test", "Back-test"), ("/data", "Data")])
def test_every_page_opens_by_its_address(open_page, path, title):
    page = open_page(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title, timeout=30_000)
    expect(page.get_by_text("model in use")).not_to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(open_page, theme):
    page = open_page(width=390, height=844, theme=theme)
    expect(page.locator("[data-testid=stMetricValue]").first).to_be_visible(timeout=30_000)
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]
    rows = page.evaluate(
        "Array.from(document.querySelectorAll('.st-key-tune_inputs [data-testid=stHorizontalBlock]'))"
        ".filter(row => row.scrollWidth > row.clientWidth + 1).length"
    )
    assert rows == 0

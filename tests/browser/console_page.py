"""The console as its tests use it: what they enter, and what they read from its tables."""

import json
import re

from click.testing import CliRunner
from playwright.sync_api import expect

from commands.main import main
from pages.components.format import count, likely_range, percent, times, times_in_100
from tests.browser.conftest import settle


def box(page, label):
    """The number box with a label; a slider or a handle may have the same."""
    return page.get_by_role("spinbutton", name=label, exact=True)


def slider(page, label):
    return page.get_by_role("slider", name=f"{label}, slider", exact=True)


def handle(page, label):
    """The handle of a tier's threshold on the axis."""
    return page.get_by_role("slider", name=label, exact=True)


def enter(page, label, value):
    box(page, label).fill(str(value))
    box(page, label).press("Enter")


def click_button(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def at_rest(page):
    """Wait until the figures are those of the inputs, confirmed by the dashboard."""
    settle(page)
    expect(page.locator(".live")).to_have_attribute("aria-busy", "false", timeout=30_000)


def headline(page):
    """The figures of the top tier, in the order of the page."""
    return [text.replace("\u202f", "\u00a0") for text in page.locator(".panel-value").all_inner_texts()]


def tables(page):
    """What the three charts show, as a screen reader is told: rows of texts without the head."""
    return page.locator(".panel-tables table").evaluate_all(
        """all => all.map(table => Array.from(table.tBodies[0].rows).map(
            row => Array.from(row.cells).map(cell => cell.textContent)))"""
    )


def download_draft(page, folder):
    click_button(page, re.compile("Files"))
    with page.expect_download() as download:
        click_button(page, re.compile("Download your draft"))
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def backtest_json(workspace, model_path, *options):
    arguments = ["backtest", "--workspace", str(workspace.path), "--model", str(model_path), "--json"]
    result = CliRunner().invoke(main, [*arguments, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def top_tier(figures):
    return figures["tiers"][-1]


def expect_headline(page, pooled):
    """The row of figures shows these numbers."""
    top = top_tier(pooled)
    assert headline(page) == [
        count(top["leads"]),
        percent(top["rate"]),
        percent(top["capture"]),
        f"{top['lift']:.1f} times",
        times_in_100(pooled["auc"]),
    ]


def expect_tables(page, figures, distribution):
    """All three charts hold exactly these figures: those of the command line, and those by score."""
    by_score, by_tier, by_period = tables(page)
    assert [row[1:] for row in by_score] == [
        [count(converted), count(others)]
        for converted, others in zip(distribution.converted, distribution.not_converted, strict=True)
    ]
    assert [row[1:6] for row in by_tier] == [
        [*_rate(tier), times(tier["lift"])] for tier in figures["pooled"]["tiers"][::-1]
    ]
    assert by_period == [
        [period["period"], *_rate(top_tier(period)), count(period["immature_leads"])]
        for period in figures["periods"]
    ]


def _rate(tier):
    return [
        count(tier["leads"]),
        count(tier["conversions"]),
        percent(tier["rate"]),
        likely_range(tier["low"], tier["high"]),
    ]

"""Every ready-made model in a real browser: chosen on Tune, followed there, and at work on its own page."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress

import pytest
from click.testing import CliRunner
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from commands.main import main
from pages.components.format import count, percent, times_in_100
from queries.account_list import find_accounts, list_accounts
from queries.dataset import open_flow, ready_models, save_model_in_use
from queries.lead_list import find_leads, list_leads
from queries.levels import find_players
from queries.scored_accounts import scored_accounts
from queries.scored_leads import scored_leads
from queries.workspace import Workspace
from scoring.model_file import format_model
from tests.browser.conftest import serving, settle
from tests.browser.console_page import backtest_json, click_button, expect_headline, top_tier

PATIENCE = 60_000
MODELS = ready_models()


@pytest.fixture(scope="module")
def own(demo_workspace, tmp_path_factory):
    """Demo data with a model in use that is none of the ready-made ones, so that each can be chosen."""
    folder = tmp_path_factory.mktemp("ready_models") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    workspace = Workspace.open(folder)
    save_model_in_use(workspace, MODELS["b2b_guideline"].model_copy(update={"name": "In use today"}))
    return workspace


@pytest.fixture(scope="module")
def address(browser, own):
    """One dashboard for all models: a draft is its session's own."""
    with serving(own) as url:
        yield url


@pytest.fixture(scope="module")
def flow(own):
    return open_flow(own)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_it_is_chosen_followed_and_at_work_on_its_page(open_page, own, flow, tmp_path, name):
    model, path = MODELS[name], tmp_path / "model.toml"
    path.write_text(format_model(model), encoding="utf-8")
    page = open_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    choose(page, name)
    expect_figures(page, backtest_json(own, path)["pooled"])
    expect_no_failure(page)
    PAGES.get(name, expect_leads)(page, own, flow, model, path)
    expect_no_failure(page)
    assert errors == []


def choose(page, name):
    """Start from the model as a person does: open the list, read when to take it, press its button."""
    click_button(page, re.compile("Ready-made"))
    card = page.locator(f".st-key-ready_{name}")
    expect(card).to_contain_text("Take it when", timeout=PATIENCE)
    card.get_by_role("button", name=f"Start from {MODELS[name].name}", exact=True).click()
    expect(card).to_contain_text("your draft", timeout=PATIENCE)
    page.keyboard.press("Escape")
    settle(page)


def expect_figures(page, pooled):
    """The figures of the top tier are these; a grid has them as metrics, all else in the console."""
    top = top_tier(pooled)
    shown = page.locator(".panel-value, [data-testid=stMetricValue]")
    expect(shown.first).to_have_text(count(top["leads"]), timeout=PATIENCE)
    live = page.locator(".live")
    if live.count():
        expect(live).to_have_attribute("aria-busy", "false", timeout=PATIENCE)
        expect_headline(page, pooled)
    else:
        expect(shown.nth(1)).to_have_text(percent(top["rate"]))
        expect(shown.nth(3)).to_have_text(f"{top['lift']:.1f} times")
        expect(shown.nth(4)).to_have_text(times_in_100(pooled["auc"]))


def expect_no_failure(page):
    expect(page.get_by_text("Something went wrong")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def go_to(page, title):
    """Click a page's link, and once more where Streamlit forgets the first click.

    That was seen under load, rarely: runs of one session share one note of where to go, and a run that was
    about to follow the old page's last one can write the old page there after the click.
    """
    for patience in (15_000, PATIENCE):
        page.get_by_role("link", name=re.compile(f"{title}$")).first.click()
        heading = page.get_by_role("heading", name=title, exact=True, level=1)
        with suppress(PlaywrightTimeout):
            heading.wait_for(timeout=patience)
            break
    expect(heading).to_be_visible()
    settle(page)


def open_first_row(page, heading):
    """The first row's own mark opens what stands in it."""
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 52})
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENCE)


def expect_leads(page, _own, flow, model, _path):
    """All open leads, best first, the first of them explained."""
    leads = scored_leads(flow, model)
    best = list_leads(flow, model, leads, find_leads(flow, model, leads)[:1]).to_pylist()[0]
    go_to(page, "Leads")
    page.get_by_text("All open leads", exact=True).click()
    total = count(len(leads.scores))
    expect(page.get_by_text(f"{total} of {total} open leads")).to_be_visible(timeout=PATIENCE)
    settle(page)
    open_first_row(page, f"Lead {best['lead_id']}")
    page.wait_for_selector(".st-key-lead_waterfall .js-plotly-plot .main-svg", timeout=PATIENCE)
    points = page.locator(".st-key-lead_waterfall .js-plotly-plot").evaluate(
        """plot => {
            const bars = plot.data.find(one => one.name === "steps").x;
            return Array.from(bars._inputArray ?? bars);
        }"""
    )
    assert sum(points) == best["score"]


def expect_accounts(page, _own, flow, model, _path):
    """All accounts, best first, the first of them with its people."""
    found = scored_accounts(flow, model)
    best = list_accounts(flow, model, found, find_accounts(flow, model, found)[:1]).to_pylist()[0]
    go_to(page, "Accounts")
    total = count(len(found))
    expect(page.get_by_text(f"{total} of {total} accounts")).to_be_visible(timeout=PATIENCE)
    open_first_row(page, f"Account {best['account_id']}")
    expect(page.get_by_text("Buying committee")).to_be_visible(timeout=PATIENCE)


def expect_levels(page, _own, flow, model, _path):
    """The leaderboard of all players, and whether their level tells who buys."""
    go_to(page, "Levels")
    total = count(len(find_players(flow, model).lifetime))
    expect(page.get_by_text(f"{total} of {total} open leads")).to_be_visible(timeout=PATIENCE)
    for key in ("levels_leads", "quests_completion", "levels_rates"):
        expect(page.locator(f".st-key-{key} .js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)


def expect_grid(page, own, _flow, _model, path):
    """Every cell with the rate and counts that the command line gives."""
    pooled = command("grid", own, path)["pooled"]
    for cell in pooled["cells"]:
        shown = page.locator(".grid").get_by_role("button", name=re.compile(f"^{cell['cell']}: "))
        expect(shown).to_contain_text(percent(cell["rate"]), timeout=PATIENCE)
        expect(shown).to_contain_text(f"{count(cell['conversions'])} of {count(cell['leads'])}")


def expect_social(page, own, _flow, _model, path):
    """What the social rules add to the rest, in the words of the command line."""
    go_to(page, "Back-test")
    click_button(page, re.compile("Compare with and without"))
    verdict = page.locator(".st-key-adds_verdict")
    expect(verdict).to_contain_text(command("adds", own, path)["verdict"], timeout=PATIENCE)
    expect(page.locator(".st-key-adds .js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)


def command(name, own, path):
    result = CliRunner().invoke(
        main, [name, "--workspace", str(own.path), "--model", str(path), "--json"], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


PAGES = {
    "account_based": expect_accounts,
    "fit_engagement": expect_grid,
    "gamified": expect_levels,
    "social": expect_social,
}
"""Where a model's kind is at work; the others rank leads."""

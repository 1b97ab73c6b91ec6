"""The Accounts page in a real browser: a row opens its account, whose steps add up; nothing is too wide."""

from __future__ import annotations

import shutil

import pytest

from queries.account_list import find_accounts, list_accounts
from queries.dataset import open_flow, ready_models, save_model_in_use
from queries.scored_accounts import scored_accounts
from queries.workspace import Workspace
from tests.browser.conftest import serving, settle


@pytest.fixture(scope="module")
def own(demo_workspace, tmp_path_factory):
    """Demo data with the ready-made model in use."""
    folder = tmp_path_factory.mktemp("accounts") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    workspace = Workspace.open(folder)
    save_model_in_use(workspace, ready_models()["account_based"])
    return workspace


@pytest.fixture(scope="module")
def address(browser, own):
    """One dashboard for all tests here, which change nothing."""
    with serving(own) as url:
        yield url


@pytest.fixture(scope="module")
def best(own):
    """The account that scores highest."""
    flow, model = open_flow(own), ready_models()["account_based"]
    found = scored_accounts(flow, model)
    return list_accounts(flow, model, found, find_accounts(flow, model, found)[:1]).to_pylist()[0]


def test_a_chosen_row_opens_the_account_and_close_leaves_the_list(open_page, best):
    page = open_page("/accounts")
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    # The first cell of the first row holds its mark.
    table.click(position={"x": 16, "y": 52})
    page.get_by_role("heading", name=f"Account {best['account_id']}").wait_for(timeout=60_000)
    assert f"account={best['account_id']}" in page.url
    page.get_by_text("Buying committee").wait_for()
    page.wait_for_selector(".st-key-account_waterfall .js-plotly-plot .main-svg", timeout=60_000)
    points = page.evaluate(
        """() => {
            const plot = document.querySelector('.st-key-account_waterfall .js-plotly-plot');
            const bars = plot.data.find(one => one.name === 'steps').x;
            return Array.from(bars._inputArray ?? bars);
        }"""
    )
    assert sum(points) == best["score"]
    page.get_by_role("button", name="Close").click()
    settle(page)
    assert page.get_by_role("heading", name=f"Account {best['account_id']}").count() == 0


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_what_accounts_converted_fits_the_screen(open_page, width, theme):
    page = open_page("/accounts", width=width, theme=theme)
    page.get_by_text("What accounts converted", exact=True).click()
    page.wait_for_selector(".st-key-account_tiers .js-plotly-plot .main-svg", timeout=60_000)
    settle(page)
    assert page.get_by_text("Pursue accounts convert").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width

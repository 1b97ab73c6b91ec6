"""The Leads page in a real browser: a link opens a lead, a row opens one, nothing is wider than a phone."""

from __future__ import annotations

import re

import pytest

from queries.dataset import model_in_use, open_flow
from queries.lead_list import find_leads, list_leads
from queries.named_lists import high_and_open
from queries.one_lead import explain_lead
from queries.scored_leads import scored_leads
from tests.browser.conftest import serving, settle


@pytest.fixture(scope="module")
def address(browser, demo_workspace):
    """One dashboard for all tests here, which change nothing."""
    with serving(demo_workspace) as url:
        yield url


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def best(flow, model):
    """The lead that scores highest."""
    leads = scored_leads(flow, model)
    return list_leads(flow, model, leads, find_leads(flow, model, leads)[:1]).column("lead_id")[0].as_py()


def steps(page):
    """Points of the waterfall's bars."""
    page.wait_for_selector(".st-key-lead_waterfall .js-plotly-plot .main-svg", timeout=60_000)
    return page.evaluate(
        """() => {
            const plot = document.querySelector('.st-key-lead_waterfall .js-plotly-plot');
            const bars = plot.data.find(one => one.name === 'steps').x;
            return Array.from(bars._inputArray ?? bars);
        }"""
    )


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_link_opens_a_lead_whose_steps_add_up(open_page, flow, model, best, width, theme):
    page = open_page(f"/leads?lead={best}", width=width, theme=theme)
    page.get_by_role("heading", name=f"Lead {best}").wait_for(timeout=60_000)
    assert sum(steps(page)) == explain_lead(flow, model, best).score
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_chosen_row_opens_the_lead_as_of_its_day_and_close_leaves_the_list(open_page, flow, model):
    page = open_page("/leads")
    first = high_and_open(flow, model).slice(0, 1).to_pylist()[0]
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    # The first cell of the first row holds its mark.
    table.click(position={"x": 16, "y": 52})
    page.get_by_role("heading", name=f"Lead {first['lead_id']}").wait_for(timeout=60_000)
    assert f"lead={first['lead_id']}" in page.url
    assert sum(steps(page)) == first["score"]
    page.get_by_role("button", name=re.compile("Close")).click()
    settle(page)
    assert page.get_by_role("heading", name=f"Lead {first['lead_id']}").count() == 0
    assert "lead=" not in page.url


def test_filters_and_search_leave_the_leads_they_ask_for(open_page, flow, model, best):
    page = open_page("/leads")
    page.get_by_text("All open leads", exact=True).click()
    total = len(scored_leads(flow, model).scores)
    page.get_by_text(f"{total:,} of {total:,} open leads").wait_for(timeout=60_000)
    search = page.get_by_role("textbox", name="Search", exact=True)
    search.fill(best)
    search.press("Enter")
    page.get_by_text(f"1 of {total:,} open leads").wait_for(timeout=60_000)


def test_opened_by_its_address_the_server_is_found_at_once_and_other_pages_from_there(browser, address):
    page = browser.new_page()
    try:
        asked = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        page.goto(f"{address}/leads")
        page.get_by_test_id("stDataFrame").first.wait_for(timeout=60_000)
        assert [one for one in asked if one.endswith("/_stcore/health")] == ["/_stcore/health"]
        page.get_by_role("link", name="Accounts").first.click()
        page.get_by_role("heading", name="Accounts", exact=True).wait_for(timeout=60_000)
        assert page.url == f"{address}/accounts"
    finally:
        page.close()

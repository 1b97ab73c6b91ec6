"""The Review page in a real browser: a quarter is chosen, a row leads to its leads, a phone can read it."""

from __future__ import annotations

import pytest

from queries.dataset import model_in_use, open_flow
from queries.review import quarter_review
from tests.browser.conftest import serving, settle


@pytest.fixture(scope="module")
def address(browser, demo_workspace):
    """One dashboard for all tests here, which change nothing."""
    with serving(demo_workspace) as url:
        yield url


@pytest.fixture(scope="module")
def review(demo_workspace):
    return quarter_review(demo_workspace, open_flow(demo_workspace), model_in_use(demo_workspace))


def test_a_row_of_the_tiers_leads_to_its_leads_and_they_download(open_page, review):
    page = open_page("/review", height=1400)
    page.get_by_role("heading", name=review.headline).wait_for(timeout=60_000)
    page.wait_for_selector(".st-key-review_forecast_chart .js-plotly-plot .main-svg", timeout=60_000)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    # The first cell of the first row, which is the top tier in this quarter, holds its mark.
    table.click(position={"x": 16, "y": 52})
    settle(page)
    page.get_by_text(f"{review.top.scored} leads", exact=True).wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download all {review.top.scored} (CSV)").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == review.top.scored + 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_another_quarter_is_chosen_on_a_phone_and_nothing_is_wider_than_it(open_page, review, theme):
    page = open_page("/review", width=390, height=844, theme=theme)
    page.get_by_role("heading", name=review.headline).wait_for(timeout=60_000)
    page.get_by_role("combobox", name="Quarter").first.click()
    page.get_by_role("option", name=review.before_label, exact=True).click()
    settle(page)
    page.get_by_role("heading", name=f"In {review.before_label}").wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

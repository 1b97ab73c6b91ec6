"""The page Over time in a real browser: both charts are drawn, and nothing is wider than a phone."""

from __future__ import annotations

import pytest

from queries.dataset import model_in_use, open_flow
from queries.tier_timeline import tier_timeline
from tests.browser.conftest import serving

ADD_UP = """() => {
    const traces = document.querySelector('.st-key-timeline_moves .js-plotly-plot').data;
    const values = trace => Array.from(trace.y._inputArray ?? trace.y);
    return traces.flatMap(values).reduce((sum, value) => sum + value, 0);
}"""


@pytest.fixture(scope="module")
def address(browser, demo_workspace):
    """One dashboard for all tests here, which change nothing."""
    with serving(demo_workspace) as url:
        yield url


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_both_charts_are_drawn_with_the_counts(open_page, demo_workspace, width, theme):
    page = open_page("/over-time", width=width, theme=theme)
    for key in ("timeline_levels", "timeline_moves"):
        page.wait_for_selector(f".st-key-{key} .js-plotly-plot .main-svg", timeout=60_000)
    found = tier_timeline(open_flow(demo_workspace), model_in_use(demo_workspace))
    assert page.evaluate(ADD_UP) == found.leads[-1, -1] - found.leads[0, -1]
    assert page.evaluate("document.documentElement.scrollWidth") <= width

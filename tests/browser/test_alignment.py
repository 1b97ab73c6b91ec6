"""The monthly meeting in a real browser: proposed, signed by both sides, in use, and remembered."""

from __future__ import annotations

import pytest

from queries.agreement import Agreement
from queries.dataset import model_in_use, open_flow
from queries.model_history import measure, open_history
from queries.worked import known_worked
from scoring.backtest import compute_backtest, to_json
from scoring.worked import beside_rates
from tests.browser.conftest import settle


@pytest.fixture
def registry(workspace):
    return open_history(workspace)


@pytest.fixture
def saved(workspace, registry):
    """A draft that marketing saved before the meeting, with its figures."""
    model = model_in_use(workspace)
    rules = tuple(
        rule.model_copy(update={"points": 3}) if rule.id == "email_click" else rule for rule in model.rules
    )
    draft = model.model_copy(update={"rules": rules})
    figures = measure(open_flow(workspace), workspace.manifest.version, draft)
    return registry.save(draft, author="Mary Marketing", note="clicks count less", figures=figures)


def fill(page, label, text, place=0):
    box = page.get_by_label(label, exact=True).nth(place)
    box.fill(text)
    box.press("Tab")
    settle(page)


def sign(page, side, name, role, comment):
    page.get_by_text(side, exact=True).locator("visible=true").last.click()
    settle(page)
    for label, text in (("Name", name), ("Role", role), ("Comment", comment)):
        fill(page, label, text)
    page.get_by_role("button", name=f"Sign version 2 for {side.lower()}").click()
    settle(page)


def test_the_meeting_proposes_signs_and_remembers(open_page, workspace, registry, saved):
    old, new = model_in_use(workspace), saved.model
    flow = open_flow(workspace)
    before = [to_json(compute_backtest(flow.cells(model), model)) for model in (old, new)]
    page = open_page("/alignment")
    page.get_by_text("without sign-off by sales and marketing").wait_for()

    fill(page, "Recorded by", "Mary Marketing")
    fill(page, "Why", "fewer leads that sales sends back")
    page.get_by_role("button", name="Propose it").click()
    settle(page)
    page.get_by_text("Sales has not signed").wait_for()
    assert registry.version(2).state == "proposed"

    sign(page, "Sales", "Sam Sales", "head of sales", "we can work these")
    page.get_by_text("Version 2 is signed for sales").wait_for()
    assert registry.champion().number == 1
    assert model_in_use(workspace) == old

    # Marketing signs at a desk of its own.
    other = open_page("/alignment")
    other.get_by_text("recorded by Sam Sales, head of sales").wait_for()
    sign(other, "Marketing", "Mary Marketing", "head of marketing", "agreed")
    other.get_by_text("Version 2 is the model in use now").wait_for()
    other.get_by_text("is in use, signed by both sides").wait_for()
    assert registry.champion().number == 2
    assert model_in_use(workspace) == new

    history = open_page("/models")
    history.get_by_role("button", name="More").first.click()
    settle(history)
    text = history.locator("section.main, [data-testid=stMain]").first.inner_text()
    for what in (
        "fewer leads that sales sends back",
        "signed for sales: recorded by Sam Sales, head of sales",
        "we can work these",
        "signed for marketing: recorded by Mary Marketing, head of marketing",
        "clicks count less",
    ):
        assert what in text
    assert [one.side for one in Agreement(registry).signatures(2)] == ["sales", "marketing"]

    after = [to_json(compute_backtest(flow.cells(model), model)) for model in (old, new)]
    assert after == before
    assert registry.version(2).figures.backtest == beside_rates(before[1], known_worked(flow, new))
    page = open_page("/back-test")
    page.wait_for_selector(".st-key-tiers .js-plotly-plot .main-svg", timeout=60_000)
    drawn = page.evaluate(
        """() => {
            const plot = document.querySelector('.st-key-tiers .js-plotly-plot');
            const rates = plot.data.find(one => one.name === 'conversion rate').x;
            return Array.from(rates._inputArray ?? rates);
        }"""
    )
    assert drawn == [tier["rate"] for tier in before[1]["pooled"]["tiers"][::-1]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(open_page, saved, theme):
    page = open_page("/alignment", width=390, theme=theme)
    page.wait_for_selector(".st-key-alignment_funnel .js-plotly-plot .main-svg", timeout=60_000)
    page.get_by_role("button", name="Download “Rates and the share that sales worked”").wait_for(
        timeout=60_000
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

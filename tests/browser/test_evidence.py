"""The evidence in a real browser: what the demo plants is found and said in words."""

from __future__ import annotations

import re
import shutil

import pytest

from demo_data.generator import generate
from pages.components.share_link import encode_model
from pages.components.tune import changes
from queries.dataset import model_in_use, open_flow
from queries.evidence import compare, model_evidence
from queries.importing import load_tables
from queries.trials import read_trials
from queries.workspace import Workspace
from scoring.drift import Change
from tests.browser.conftest import settle

LEADS = 8_000
"""With fewer the planted effects drown in chance."""

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def large_demo(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("large_demo"))
    load_tables(workspace, generate(LEADS, seed=1))
    return workspace


@pytest.fixture
def workspace(large_demo, tmp_path):
    """A copy of this test's own, which `address` serves."""
    shutil.copytree(large_demo.path, tmp_path / "workspace")
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def model(workspace):
    return model_in_use(workspace)


@pytest.fixture
def draft(model):
    dearer = changes.change_rule(model, "pricing_page", points=20, max_points=60)
    return changes.change_rule(dearer, "email_open", points=0)


def chart(page, key):
    """Traces and title of a chart once it is drawn."""
    page.wait_for_selector(f".st-key-{key} .js-plotly-plot .main-svg", timeout=60_000)
    return page.evaluate(
        """key => {
            const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
            const list = values => Array.from(values._inputArray ?? values ?? []);
            return {
                title: plot.layout.title.text.replaceAll('<br>', ' '),
                traces: Object.fromEntries(
                    plot.data.map(one => [one.name, {x: list(one.x), y: list(one.y)}])
                ),
            };
        }""",
        key,
    )


def test_the_bought_list_is_called_a_change_of_the_leads(open_page, workspace, model):
    report = next(one for one in model_evidence(open_flow(workspace), model).drift if one.period == "2025-Q4")
    assert report.change is Change.LEADS_CHANGED
    page = open_page("/back-test")
    said = page.get_by_text(re.compile("^2025-Q4: Your leads changed, not the model"))
    said.wait_for(timeout=60_000)
    assert "purchased_list grew from 0\u00a0% to 7\u00a0%" in said.inner_text()
    drawn = chart(page, "drift")
    assert drawn["title"].startswith("Your leads changed in 2025-Q4")
    sources = drawn["traces"]["sources"]
    assert sources["x"][sources["y"].index(max(sources["y"]))] == "2025-Q4"


def test_the_worthless_rule_is_shown_worthless(open_page, model):
    page = open_page("/back-test")
    label = model.rule("email_open").shown_label
    line = page.get_by_role("listitem").filter(has_text=f"{label}: tells nothing about who buys")
    line.wait_for(timeout=60_000)
    assert re.search(r"% convert with it, .* % without", line.inner_text())
    assert f"“{label}” tells nothing" in chart(page, "rules")["title"]


def test_the_planted_leak_is_found_by_name(open_page):
    page = open_page("/data")
    found = page.get_by_text(re.compile("onboarding_call")).first
    found.wait_for(timeout=60_000)
    assert re.search("came after|after the", found.inner_text())


def test_a_better_draft_is_called_better_and_its_final_check_waits_for_the_button(
    open_page, workspace, model, draft
):
    expected = compare(open_flow(workspace), model, draft, final_check=True)
    newest = expected.left_out[-1]
    page = open_page(f"/compare?draft={encode_model(draft)}")
    page.get_by_role("heading", name="Your draft is better").wait_for(timeout=60_000)
    page.get_by_text(f"{expected.comparison.agreeing} of {expected.comparison.judged} complete").wait_for()
    drawn = chart(page, "verdicts")["traces"]["difference"]
    assert drawn["x"] == [period.period for period in expected.comparison.periods]
    assert newest not in drawn["x"]
    page.get_by_role("button", name=f"Final check on {newest}").click()
    page.get_by_role("heading", name=f"Final check on {newest}: your draft is better").wait_for()
    assert read_trials(workspace, model).final_checks == 1
    assert read_trials(workspace, model).variants == 1


def test_capacity_gives_a_threshold_that_one_click_puts_into_the_draft(open_page, draft):
    page = open_page(f"/compare?draft={encode_model(draft)}")
    field = page.get_by_role("spinbutton", name="Leads that sales can work in a week")
    field.wait_for(timeout=60_000)
    field.fill("20")
    field.press("Enter")
    button = page.get_by_role("button", name=re.compile(r"Put \d+ in the place of 100"))
    button.wait_for()
    threshold = re.search(r"Put (\d+)", button.inner_text()).group(1)
    button.click()
    page.get_by_role("button", name=f"Put {threshold} in the place of {threshold}").wait_for()
    settle(page)
    page.get_by_role("link", name="Tune").first.click()
    page.get_by_role("spinbutton", name=re.compile("Sales-ready")).first.wait_for()
    assert page.get_by_role("spinbutton", name=re.compile("Sales-ready")).first.input_value() == threshold


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(open_page, draft, theme):
    for path, key in ((f"/compare?draft={encode_model(draft)}", "probability"), ("/back-test", "rules")):
        page = open_page(path, **PHONE, theme=theme)
        chart(page, key)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

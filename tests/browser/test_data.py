"""The Data page in a real browser: opened by its address, from nothing to loaded data, on every screen."""

from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from queries.workspace import Workspace
from tests.browser.conftest import settle

PATH = "/data"
TRAP = "![x](http://tracker.example/p.png)"
LEADS = "lead_id,created_at,region\n" + "".join(f"A{i},2025-01-{i:02},{TRAP}\n" for i in range(1, 29))
OUTCOMES = "lead_id,occurred_at,stage\nA1,2025-03-14,won\n"
WIDE = "Person,Entered,Signed Won Date,Town\np1,13.01.2025,20.02.2025,Ulm\np2,14.01.2025,,Bonn\n"
HALF_A_MINUTE = 30_000


@pytest.fixture
def empty(tmp_path):
    return Workspace.open(tmp_path / "empty")


@pytest.fixture
def loaded(workspace):
    return workspace


@pytest.fixture
def open_data(open_page):
    """Opens the page by its address, as the first thing that this dashboard is asked for."""
    return partial(open_page, PATH)


def file(name, text):
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def choose(page, *files):
    """Put files into the chooser and wait for what they were taken for."""
    page.locator("input[type=file]").first.set_input_files(files)
    page.get_by_role("button", name="Open a mapping file").wait_for()
    page.get_by_text("This is what will be loaded").or_(page.get_by_text("Still to do")).first.wait_for(
        timeout=HALF_A_MINUTE
    )
    settle(page)


def load(page):
    page.get_by_role("button", name="Load these files").click()
    page.get_by_role("button", name="Dismiss this message").wait_for(timeout=2 * HALF_A_MINUTE)
    settle(page)


def choose_column(page, label, column):
    """Choose a column with the keyboard, and wait until the page has taken note of it."""
    box = page.get_by_role("combobox", name=label).first
    box.focus()
    box.press_sequentially(column)
    page.get_by_role("option", name=column).first.wait_for()
    box.press("Enter")
    expect(
        page.get_by_test_id("stAlert").filter(has_text="Still to do").filter(has_text=label)
    ).to_have_count(0, timeout=HALF_A_MINUTE)
    settle(page)


def metric(page, label):
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue").inner_text()


def tables_of(workspace):
    return {name: table.accepted for name, table in workspace.manifest.tables.items()}


class TestFromNothing:
    """Nothing is loaded when the page opens."""

    @pytest.fixture
    def workspace(self, empty):
        empty.path.mkdir()
        return empty

    def test_the_demo_is_one_button_away_and_other_pages_use_it(self, open_data, workspace):
        page = open_data()
        assert page.url.endswith(PATH)
        assert page.get_by_role("dialog").count() == 0
        page.get_by_role("spinbutton", name="Number of leads").fill("1000")
        page.get_by_role("spinbutton", name="Number of leads").press("Enter")
        settle(page)
        page.get_by_role("button", name="Load the demo").click()
        page.get_by_role("heading", name="What is loaded").wait_for(timeout=2 * HALF_A_MINUTE)
        settle(page)
        assert metric(page, "Leads") == "1,000"
        assert tables_of(workspace)["leads"] == 1_000
        page.get_by_role("link", name="Back-test").click()
        page.get_by_role("heading", level=1, name="Back-test").wait_for()
        expect(page.get_by_text("1,000 leads, up to").first).to_be_visible()

    def test_own_files_load_and_their_text_reaches_nobody(self, open_data, workspace):
        page = open_data()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        choose(page, file(f"{TRAP}.csv".replace("/", "-"), LEADS), file("deals.csv", OUTCOMES))
        page.get_by_text("Change how the files are read").click()
        settle(page)
        load(page)
        assert tables_of(workspace) == {"leads": 28, "accounts": 0, "activities": 0, "outcomes": 1}
        assert metric(page, "Outcomes") == "1"
        assert not [url for url in asked if "tracker.example" in url]

    def test_an_unknown_file_is_mapped_with_the_keyboard_and_the_mapping_saved(self, open_data, workspace):
        page = open_data()
        choose(page, file("people 2025.csv", WIDE))
        expect(page.get_by_text("Still to do")).to_be_visible()
        choose_column(page, "Which column tells the leads apart (id)?", "Person")
        choose_column(page, "Whose outcome is it (the lead's id)?", "Person")
        expect(page.get_by_text("This is what will be loaded")).to_be_visible(timeout=HALF_A_MINUTE)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save how the files are read").click()
        text = Path(saved.value.path()).read_text(encoding="utf-8")
        assert 'won = "Signed Won Date"' in text
        assert '"%d.%m.%Y"' in text
        load(page)
        assert tables_of(workspace) == {"leads": 2, "accounts": 0, "activities": 0, "outcomes": 1}

    def test_an_import_can_be_cancelled(self, open_data, workspace):
        page = open_data()
        page.get_by_role("spinbutton", name="Number of leads").fill("60000")
        page.get_by_role("spinbutton", name="Number of leads").press("Enter")
        settle(page)
        page.get_by_role("button", name="Load the demo").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled. Your data are as they were.").wait_for(timeout=2 * HALF_A_MINUTE)
        assert workspace.manifest is None


class TestWithData:
    """Demo data are loaded when the page opens."""

    def test_a_refused_file_leaves_everything_as_it_was(self, open_data, loaded):
        before = loaded.manifest.version
        page = open_data()
        choose(page, file("leads.csv", "lead_id,created_at\nA1,yesterday\nA2,2025-01-01\n"))
        load(page)
        expect(page.get_by_text("Not loaded.")).to_be_visible()
        assert "line 2" in page.get_by_role("alert").filter(has_text="Not loaded.").inner_text()
        assert loaded.manifest.version == before
        assert metric(page, "Leads") == "3,000"

    def test_the_demo_asks_before_it_replaces_data(self, open_data):
        page = open_data()
        expect(page.get_by_role("button", name="Load the demo")).to_be_disabled()
        page.get_by_text("Yes, replace the data that are loaded now").click()
        expect(page.get_by_role("button", name="Load the demo")).to_be_enabled()

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_on_a_phone_nothing_is_wider_than_the_screen(self, open_data, theme):
        page = open_data(width=390, height=844, theme=theme)
        choose(page, file("people.csv", WIDE))
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= 390

    def test_every_input_has_a_label(self, open_data):
        page = open_data()
        choose(page, file("people.csv", WIDE))
        unnamed = page.evaluate(
            """[...document.querySelectorAll("[data-testid=stMain] input:not([type=file]), textarea, select")]
                .filter(input => !input.labels?.length && !input.getAttribute("aria-label")
                                 && !input.getAttribute("aria-labelledby"))
                .map(input => input.outerHTML.slice(0, 200))"""
        )
        assert unnamed == []

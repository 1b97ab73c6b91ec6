"""What the pages Accounts and Levels change of the draft, in a browser."""

import pytest
from playwright.sync_api import expect

from queries.dataset import ready_models
from scoring.model_file import format_model
from tests.browser.conftest import settle
from tests.browser.test_grid_start import expect_nothing_serious

SECTIONS = {
    "/accounts": ("account_based", "Change how accounts are scored", "For each engaged person"),
    "/levels": ("gamified", "Change levels, perks and quests", "Champion from"),
}


@pytest.mark.parametrize("path", SECTIONS)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_number_is_changed_and_undone_and_nothing_serious_is_in_the_way(
    open_page, workspace, path, width, theme
):
    name, section, label = SECTIONS[path]
    workspace.model_path.write_text(format_model(ready_models()[name]), encoding="utf-8")
    page = open_page(path, width=width, theme=theme)
    page.get_by_text(section).first.click()
    box = page.get_by_label(label, exact=True)
    expect(box).to_be_visible(timeout=60_000)
    settle(page)
    expect_nothing_serious(page)
    before = box.input_value()
    box.fill(str(int(before) + 3))
    box.press("Enter")
    expect(page.get_by_text("your draft").first).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(box).to_have_value(before, timeout=60_000)
    settle(page)
    expect(page.get_by_text("the model in use,").first).to_be_visible(timeout=60_000)

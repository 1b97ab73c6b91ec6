"""No page has a serious accessibility violation, in either theme, on a desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import serving

PAGES = (
    "/",
    "/back-test",
    "/compare",
    "/leads",
    "/leads?lead=L0000001",
    "/accounts",
    "/alignment",
    "/predict",
    "/levels",
    "/models",
    "/data",
)


@pytest.fixture(scope="module")
def address(browser, demo_workspace):
    """One dashboard for all: nothing here changes it."""
    with serving(demo_workspace) as url:
        yield url


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_no_serious_violation(open_page, path, width, theme):
    page = open_page(path, width=width, theme=theme)
    page.wait_for_timeout(1500)  # fragments and charts come after the page
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []

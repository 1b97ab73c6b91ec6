"""The Leads page in Chromium: from a click, or from its address, to rows that are painted (`rows.js`)."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks.browser_case import LONGEST_MILLISECONDS, settle, tune_page
from benchmarks.dashboard import serving
from benchmarks.dataset import MODEL, Dataset
from benchmarks.latency import Latency

TIMES = 10
EVERY_LEAD = "All open leads"
SCRIPT = Path(__file__).with_name("rows.js")
REST_MILLISECONDS = 1_500
"""Between two visits: what the page left before does beside it has ended."""


def leads_latencies(data: Dataset, times: int = TIMES) -> dict[str, Latency]:
    """How long it takes until the rows of the Leads page stand there.

    The first visit of the dashboard's process has a line of its own: what it looks at was worked out before
    and lies on disk. Afterwards it stands in memory.

    Parameters
    ----------
    data : Dataset
    times : int
        Visits and filters of each kind.

    Raises
    ------
    NoBrowserError
        No Chromium was found.
    """
    with serving(data.workspace.path) as address, tune_page(f"http://{address}") as page:
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
        first, *clicked = [_visit(page) for _ in range(times + 1)]
        opened = [_open(page, f"http://{address}/leads") for _ in range(times)]
        filtered = _filters(page, f"http://{address}/leads", times)
    return {
        "leads_first": Latency("Leads page, first visit of a process: click to rows painted", (first,)),
        "leads_click": Latency("Leads page: click on Leads to rows painted", tuple(clicked)),
        "leads_address": Latency(
            "Leads page in a new tab, warm cache: address to rows painted", tuple(opened)
        ),
        "leads_filter_page": Latency("Leads page: a tier chosen to its rows painted", tuple(filtered)),
    }


def _visit(page: Page) -> float:
    """Go from Tune to Leads and back."""
    page.wait_for_timeout(REST_MILLISECONDS)
    page.evaluate("tierlineRows.startAtClick()")
    page.get_by_role("link", name="Leads", exact=False).first.click()
    taken = _taken(page)
    page.get_by_role("link", name="Tune").first.click()
    expect(page.locator(".live")).to_have_attribute("aria-busy", "false", timeout=LONGEST_MILLISECONDS)
    settle(page)
    return taken


def _open(page: Page, url: str) -> float:
    """Open the page in a tab of its own."""
    page.wait_for_timeout(REST_MILLISECONDS)
    tab = page.context.new_page()
    try:
        tab.add_init_script(path=SCRIPT)
        tab.goto(url)
        return _taken(tab)
    finally:
        tab.close()


def _filters(page: Page, url: str, times: int) -> list[float]:
    """Ask for one tier after the other, never for the highest first: its leads head the list anyway."""
    labels = [tier.label or tier.name for tier in MODEL.tiers[:-1]]
    tab = page.context.new_page()
    try:
        tab.add_init_script(path=SCRIPT)
        tab.goto(url)
        tab.get_by_text(EVERY_LEAD, exact=True).click()
        found = []
        for number in range(times):
            box = tab.get_by_role("combobox", name=re.compile("^Tiers"))
            expect(box).to_be_visible(timeout=LONGEST_MILLISECONDS)
            _rest(tab)
            box.click()
            option = tab.get_by_role("option", name=labels[number % len(labels)], exact=True)
            expect(option).to_be_visible()
            tab.evaluate("tierlineRows.startAtClick()")
            option.click()
            found.append(_taken(tab))
            _rest(tab)
            tab.keyboard.press("Escape")
            tab.get_by_role("button", name=re.compile("^Clear")).first.click()
        return found
    finally:
        tab.close()


def _rest(page: Page) -> None:
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=LONGEST_MILLISECONDS
    )
    page.wait_for_timeout(REST_MILLISECONDS)


def _taken(page: Page) -> float:
    page.wait_for_function("tierlineRows.since() !== null", timeout=LONGEST_MILLISECONDS)
    return float(page.evaluate("tierlineRows.since()"))

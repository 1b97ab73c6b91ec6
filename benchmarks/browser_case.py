"""The Tune page in Chromium: what a hand waits for, timed inside the page (`repaints.js`)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect, sync_playwright

from benchmarks.dashboard import serving
from benchmarks.dataset import Dataset
from benchmarks.latency import Latency

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHANGES = 50
STEPS_FOR_EACH_CHANGE = 4
"""A step takes some 25 ms, and of 50 the third slowest says more about the machine than about the page."""

AT_ONCE = 3
"""Rules that are changed together where several are."""

REACH_MILLISECONDS = 200
"""What a quick hand takes from coming to a slider to pressing it."""

STILL_MILLISECONDS = 700
"""After so long without a repaint the last one was the last."""

LONGEST_MILLISECONDS = 120_000
CHECKING = "Looking for rules that match nobody"
LOOKING_UP = re.compile("sales worked: .*…")
DRAGGED = "Points for Clicked a link in an email, slider"
SEVERAL = """
(sliders, by) => {
  tierlineTimes.release();
  for (const slider of sliders) {
    slider.value = String(Number(slider.value) + by);
    for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}
"""


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


class NotFollowedError(Exception):
    """Nothing on the page followed the hand."""


def page_latencies(data: Dataset, changes: int = CHANGES) -> dict[str, Latency]:
    """How long a drag step, a threshold's step, and committed changes take on the Tune page.

    Parameters
    ----------
    data : Dataset
    changes : int
        Of each kind; `STEPS_FOR_EACH_CHANGE` as many steps.

    Raises
    ------
    NoBrowserError
        No Chromium was found.
    NotFollowedError
        The panel does not follow a drag.
    """
    with serving(data.workspace.path) as address, tune_page(f"http://{address}") as page:
        steps = STEPS_FOR_EACH_CHANGE * changes
        found = {
            "drag_step": Latency("drag step: pointer to painted charts", _drag_steps(page, steps)),
            "threshold_step": Latency("threshold step: the same", _threshold_steps(page, steps)),
        }
        for kind, what, act in (
            ("one_rule", "one rule", _change_one),
            ("one_rule_at_once", "one rule, pressed on arrival", partial(_change_one, comes_near=False)),
            ("several_rules", f"{AT_ONCE} rules at once", _change_several),
        ):
            repainted, touched = _since_release(page, changes, act)
            found[kind] = Latency(f"{what}: release to last repaint", repainted)
            found[f"{kind}_marks"] = Latency(f"{what}: release to last mark of what stays as it is", touched)
        return found


@contextmanager
def tune_page(url: str) -> Iterator[Page]:
    """The Tune page in a Chromium of its own, once nothing works beside it any more."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise NoBrowserError("Chromium must be installed to time the page: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            # In a context that further tabs can share, as the tabs of one person do.
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            page.add_init_script(path=Path(__file__).with_name("repaints.js"))
            page.goto(url)
            expect(page.locator(".live")).to_have_attribute(
                "aria-busy", "false", timeout=LONGEST_MILLISECONDS
            )
            # What reads all leads once for each data version is done before anything is timed.
            for text in (CHECKING, LOOKING_UP):
                expect(page.get_by_text(text)).to_have_count(0, timeout=LONGEST_MILLISECONDS)
            settle(page)
            yield page
        finally:
            browser.close()


def _drag_steps(page: Page, count: int) -> tuple[float, ...]:
    return _steps(page, page.get_by_role("slider", name=DRAGGED, exact=True), count, _slider_place)


def _threshold_steps(page: Page, count: int) -> tuple[float, ...]:
    handle = page.locator(".live [role=slider]").last.locator(".panel-grip")
    return _steps(page, handle, count, lambda box, _slider: box["x"] + box["width"] / 2)


def _steps(
    page: Page, handle: Locator, count: int, place: Callable[[Any, Locator], float]
) -> tuple[float, ...]:
    """Drag to and fro until enough moves were followed by the panel."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = place(box, handle), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    settle(page)
    page.evaluate("tierlineTimes.takeSteps()")
    page.mouse.down()
    found: list[float] = []
    # Not every move is one of the value: some pixels are one point.
    for _ in range(count):
        for distance in (20, 40, 60, 80, 60, 40, 20, 0):
            page.mouse.move(x + distance, y)
            page.wait_for_timeout(20)
        found += page.evaluate("tierlineTimes.takeSteps()")
        if len(found) >= count:
            break
    # Somewhere else than where it began, so that something was changed.
    page.mouse.move(x + 60, y)
    page.mouse.up()
    settle(page)
    if not found:
        raise NotFollowedError("the panel must follow what is dragged, and did not move once")
    return tuple(found[:count])


def _since_release(
    page: Page, count: int, act: Callable[[Page, int], None]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Change something so often: milliseconds to the last repaint, and to the last mark."""
    found = []
    for number in range(count):
        act(page, number)
        settle(page)
        found.append(page.evaluate("tierlineTimes.sinceRelease()"))
    repainted, touched = zip(*found, strict=True)
    return repainted, touched


def _change_one(page: Page, number: int, comes_near: bool = True) -> None:
    """Press a slider elsewhere on its track and release it: a change of one rule's points."""
    sliders = page.locator(".inputs input[type=range]")
    slider = sliders.nth(number % min(sliders.count(), 8))
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    here = _slider_place(box, slider)
    there = here + (-1 if here > box["x"] + box["width"] / 2 else 1) * box["width"] / 4
    page.mouse.move(there, box["y"] + box["height"] / 2)
    if comes_near:
        # As a hand does before it presses: the response table is fetched meanwhile.
        page.wait_for_timeout(REACH_MILLISECONDS)
        settle(page)
    page.mouse.down()
    page.mouse.up()


def _change_several(page: Page, number: int) -> None:
    sliders = page.locator(".inputs input[type=range]").element_handles()[:AT_ONCE]
    page.evaluate(f"([sliders, by]) => ({SEVERAL})(sliders, by)", [sliders, 2 if number % 2 == 0 else -2])


def _slider_place(box: Any, slider: Locator) -> float:
    """Where the thumb of a slider is."""
    share = slider.evaluate("slider => (slider.value - slider.min) / (slider.max - slider.min)")
    thumb = 14
    return float(box["x"] + thumb / 2 + share * (box["width"] - thumb))


def settle(page: Page) -> None:
    """Wait until nothing runs, everything shown is confirmed, and nothing was repainted for a while."""
    page.wait_for_function(
        """still => {
            const app = document.querySelector("[data-testid=stApp]");
            return app?.dataset.testScriptState === "notRunning" && tierlineTimes.stillFor() > still;
        }""",
        arg=STILL_MILLISECONDS,
        timeout=LONGEST_MILLISECONDS,
    )
    expect(page.locator(".live")).to_have_attribute("aria-busy", "false", timeout=LONGEST_MILLISECONDS)

"""A running dashboard and a browser to drive it with; skipped where there is no chromium."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from queries.workspace import Workspace

PROJECT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 60


@pytest.fixture(scope="session")
def browser():
    """A headless chromium of the system."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no chromium on this machine: install it (apt-get install chromium) to run browser tests")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def workspace(demo_workspace, tmp_path) -> Workspace:
    """A copy of the demo workspace of this test's own."""
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def address(browser, workspace):
    """The address of a dashboard over the workspace, which ends with the test."""
    with serving(workspace) as url:
        yield url


@contextmanager
def serving(workspace: Workspace):
    """A dashboard over a workspace, as ``tierline app`` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from commands.main import main; main()", "app", "--no-open"]
    command += ["--workspace", str(workspace.path), "--port", str(port)]
    log_path = workspace.path.parent / f"server-{port}.log"
    with log_path.open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server, log_path)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def wait_until_healthy(url: str, server: subprocess.Popen, log_path: Path) -> None:
    for _ in range(SECONDS_TO_START * 5):
        assert server.poll() is None, f"the dashboard ended at once: {log_path.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    raise AssertionError(f"the dashboard did not start: {log_path.read_text()[-2000:]}")


@pytest.fixture
def open_page(browser, address):
    """Opens an address of the dashboard in a context of its own, as another person would."""
    contexts = []

    def open_one(path: str = "/", width: int = 1440, height: int = 1000, theme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path if path.startswith("http") else address + path)
        settle(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


def settle(page) -> None:
    """Wait until the dashboard has answered and nothing is running any more.

    A run that is asked for starts a moment later, so it must have been still for a while.
    """
    for _ in range(3):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        page.wait_for_timeout(200)
    page.wait_for_selector("h1", timeout=60_000)

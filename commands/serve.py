"""``tierline app``: the dashboard."""

from __future__ import annotations

import os
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from commands.data import write_demo
from commands.errors import BadInput, plain_errors
from commands.inputs import memory_option
from queries.settings import MEMORY_VARIABLE
from queries.workspace import Workspace

DEMO_LEADS = 20_000
DEMO_SEED = 1
SECONDS_TO_START, ASK_AGAIN_SECONDS = 60, 0.2


@click.command()
@click.option("--workspace", "folder", type=click.Path(path_type=Path), help="The folder with the data.")
@memory_option
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--open/--no-open", "open_browser", default=True, help="Open the dashboard in a browser.")
@plain_errors
def app(folder: Path | None, memory: str | None, port: int, open_browser: bool) -> None:
    """Open the dashboard; with demo data when no workspace is given."""
    if folder is None:
        folder = Path("workspace")
        if Workspace.open(folder).manifest is None:
            write_demo(Workspace.open(folder, memory), DEMO_LEADS, DEMO_SEED)
    elif not folder.exists():
        folder.mkdir(parents=True)
    _ = Workspace.open(folder, memory).memory  # refused here, not by the first page
    spec = find_spec("app")
    if spec is None or spec.origin is None:
        raise BadInput("the dashboard's app.py must be installed, got nothing; install tierline again")
    click.echo(f"Tierline on http://localhost:{port} (data in {folder}); stop with Ctrl+C")
    os.environ["TIERLINE_WORKSPACE"] = str(folder.resolve())
    if memory is not None:
        os.environ[MEMORY_VARIABLE] = memory
    options = {
        "server.port": port,
        # Left to itself, Streamlit shows a card of its own on some machines before it opens a browser.
        "server.headless": True,
        # It would watch the folders of all loaded modules for changes: work at the beginning of each session
        # that everybody waits for. Only who writes the code needs that, and can `streamlit run app.py`.
        "server.fileWatcherType": "none",
    }
    serve(Path(spec.origin), options, open_browser, port)


def serve(script: Path, options: Mapping[str, Any], open_browser: bool, port: int) -> None:
    """Run the dashboard until it is stopped; once it answers, open it in a browser if that is wanted."""
    import streamlit as st  # noqa: PLC0415
    from starlette.middleware import Middleware  # noqa: PLC0415
    from streamlit.runtime.pages_manager import PagesManager  # noqa: PLC0415

    from commands.first_page import FirstPage  # noqa: PLC0415
    from commands.sends_at_once import send_at_once  # noqa: PLC0415

    # Streamlit looks for .streamlit/config.toml, with the theme and the error settings, where it is started.
    os.chdir(script.parent)
    # Beside a folder "pages" the first visitor of a new process would get Streamlit's own discovery of pages,
    # which knows none of our addresses, before app.py says what the pages are.
    PagesManager.uses_pages_directory = False
    if open_browser:
        threading.Thread(target=open_when_healthy, args=(port,), daemon=True).start()
    # What Streamlit takes for the script that was started.
    sys.argv = [str(script)]
    send_at_once()
    dashboard = st.App(script, middleware=[Middleware(FirstPage)])
    with suppress(KeyboardInterrupt):  # how it is stopped
        dashboard.run(config={"server.address": "localhost", **options})


def open_when_healthy(port: int) -> None:
    """Wait until the dashboard answers, then open it; give up where it never does."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if _is_healthy(port):
            webbrowser.open(f"http://localhost:{port}")
            return
        time.sleep(ASK_AGAIN_SECONDS)


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

"""``tierline app``: the dashboard."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from commands.data import write_demo
from commands.errors import BadInput, plain_errors
from queries.workspace import Workspace

DEMO_LEADS = 20_000
DEMO_SEED = 1


@click.command()
@click.option("--workspace", "folder", type=click.Path(path_type=Path), help="The folder with the data.")
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--open/--no-open", "open_browser", default=True, help="Open the dashboard in a browser.")
@plain_errors
def app(folder: Path | None, port: int, open_browser: bool) -> None:
    """Open the dashboard; with demo data when no workspace is given."""
    if folder is None:
        folder = Path("workspace")
        if Workspace.open(folder).manifest is None:
            write_demo(Workspace.open(folder), DEMO_LEADS, DEMO_SEED)
    elif not folder.exists():
        folder.mkdir(parents=True)
    spec = find_spec("app")
    if spec is None or spec.origin is None:
        raise BadInput("the dashboard's app.py must be installed, got nothing; install tierline again")
    click.echo(f"Tierline on http://localhost:{port} (data in {folder}); stop with Ctrl+C")
    sys.stdout.flush()
    script = Path(spec.origin)
    arguments = ["streamlit", "run", str(script), "--server.port", str(port)]
    arguments += ["--server.address", "localhost", "--browser.gatherUsageStats", "false"]
    arguments += ["--server.headless", "false" if open_browser else "true"]
    os.environ["TIERLINE_WORKSPACE"] = str(folder.resolve())
    # Streamlit looks for .streamlit/config.toml, with the theme and the error settings, where it is started.
    os.chdir(script.parent)
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606

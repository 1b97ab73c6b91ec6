"""A running dashboard over a workspace, as ``tierline app`` starts it, and the end of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
SECONDS_TO_START = 60
SECONDS_TO_END = 20


class NoDashboardError(Exception):
    """The dashboard did not start."""


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    """The address (``127.0.0.1:port``) of a dashboard of its own process, which ends with the block.

    Raises
    ------
    NoDashboardError
        With the end of what the dashboard said.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from commands.main import main; main()", "app", "--no-open"]
    command += ["--workspace", str(workspace), "--port", str(port)]
    log_path = workspace.parent / f"dashboard-{port}.log"
    with log_path.open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)  # noqa: S603
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server, log_path)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            log_path.unlink(missing_ok=True)


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log_path: Path) -> None:
    for _ in range(SECONDS_TO_START * 5):
        if server.poll() is None:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.2)
    said = log_path.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NoDashboardError(f"the dashboard must answer within {SECONDS_TO_START} seconds, it said: {said}")

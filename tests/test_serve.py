"""The dashboard opens a browser itself, once it answers; its icon needs nobody else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from commands import serve as serving
from commands.main import main
from pages.components.page_icon import SIZE, page_icon


class Unready(BaseHTTPRequestHandler):
    """Answers from the second time on."""

    asked = 0

    def do_GET(self):
        type(self).asked += 1
        self.send_response(503 if self.asked == 1 else 200)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


def test_a_browser_is_opened_as_soon_as_the_dashboard_answers(monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(serving, "ASK_AGAIN_SECONDS", 0.01)
    with HTTPServer(("localhost", 0), Unready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        serving.open_when_healthy(server.server_port)
        server.shutdown()
        assert opened == [f"http://localhost:{server.server_port}"]
    assert Unready.asked == 2


@pytest.mark.parametrize(("option", "is_opened"), [("--open", True), ("--no-open", False)])
def test_streamlit_itself_never_opens_one(tmp_path, monkeypatch, option, is_opened):
    called = []
    monkeypatch.setattr(serving, "serve", lambda *arguments: called.append(arguments))
    monkeypatch.setenv("TIERLINE_WORKSPACE", "")
    result = CliRunner().invoke(main, ["app", "--workspace", str(tmp_path), "--port", "8999", option])
    assert result.exit_code == 0
    [(_, asked, opens, port)] = called
    assert asked["server.headless"] is True
    assert asked["server.fileWatcherType"] == "none"  # it would hold up everybody who opens the dashboard
    assert asked["server.port"] == 8999
    assert (opens, port) == (is_opened, 8999)


def test_the_icon_is_a_picture_of_three_bars():
    picture = page_icon()
    assert picture.size == (SIZE, SIZE)
    assert len(picture.getcolors()) == 4

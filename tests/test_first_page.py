"""A page opened by its own address is told where the server is; nothing else is touched."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit import config, file_util

from commands.first_page import ADDRESS, BEGINS_WITH, FirstPage, scripts_of, with_scripts, with_server

WITHIN = (404, b"from within")


def asked(path, kind="http", method="GET"):
    """Status and body of what is answered."""
    sent = []

    async def within(_scope, _receive, send):
        await send({"type": "http.response.start", "status": WITHIN[0], "headers": []})
        await send({"type": "http.response.body", "body": WITHIN[1]})

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "method": method, "path": path, "headers": [], "query_string": b""}
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, FirstPage(within)(scope, None, send)).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("path", ["/leads", "/back-test", "/over-time"])
def test_a_page_of_ours_is_streamlits_own_and_says_where_the_server_is(path):
    status, body = asked(path)
    assert status == 200
    assert f'location.pathname === "{path}"'.encode() in body
    # Before the script that looks for it.
    assert body.index(b"window.__streamlit = ") < body.index(b'<script type="module"')
    assert b'<div id="root">' in body


@pytest.mark.parametrize(
    "path",
    ["/", "/favicon.png", "/leads/_stcore/health", "/_stcore/health", "/oauth2callback", "/leads/"],
)
def test_everything_else_is_answered_from_within(path):
    assert asked(path) == WITHIN


def test_only_what_is_asked_for_by_a_browser_is_answered():
    assert asked("/leads", method="POST") == WITHIN
    assert asked("/leads", kind="websocket") == WITHIN


def test_below_a_path_of_somebodys_own_streamlit_finds_its_server_itself(monkeypatch):
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": "tools"}.get)
    assert asked("/tools") == WITHIN


def test_a_page_without_a_head_stays_as_it_is():
    assert with_server("<html></html>", "/leads") == "<html></html>"


def test_every_address_of_the_dashboard_is_of_that_form():
    script = Path(__file__).parents[1] / "app.py"
    addresses = re.findall(r'url_path="([^"]+)"', script.read_text(encoding="utf-8"))
    assert "leads" in addresses
    assert [one for one in addresses if not ADDRESS.fullmatch(f"/{one}")] == []


def test_what_a_page_begins_with_comes_with_all_that_it_needs_each_script_once():
    listed = {
        "a": {"name": "Table", "file": "a.js", "imports": ["b", "c"]},
        "b": {"name": "b", "file": "b.js", "imports": ["c", "a"]},
        "c": {"name": "c", "file": "c.js"},
        "d": {"name": "Chart", "file": "d.js", "imports": ["c", "nowhere"]},
    }
    assert sorted(scripts_of(["Table"], listed)) == ["a.js", "b.js", "c.js"]
    assert sorted(scripts_of(["Chart", "Map"], listed)) == ["c.js", "d.js"]
    assert scripts_of(["Map"], listed) == []


def test_a_script_that_the_page_names_already_is_not_named_again():
    page = '<html><head><script src="./a.js"></script></head></html>'
    link = '<link rel="modulepreload" crossorigin href="./b.js">'
    assert with_scripts(page, ["a.js", "b.js"]) == page.replace("</head>", link + "</head>")


def test_the_installed_streamlit_has_what_the_pages_begin_with():
    folder = Path(file_util.get_static_dir())
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for address, names in BEGINS_WITH.items():
        assert {entry.get("name") for entry in listed.values()} >= set(names)
        body = asked(address)[1].decode()
        links = re.findall(r'<link rel="modulepreload" crossorigin href="([^"]+)">', body)
        assert any("/DataFrame." in link for link in links)
        assert len(set(links)) == len(links)
        assert all((folder / link).exists() for link in links)

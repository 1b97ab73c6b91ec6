"""What a browser is given at a page's own address: Streamlit's own page, and where its server answers.

Streamlit may be served from below any address, so at ``/leads`` its script first asks whether the server is
at ``/leads``, is told that it is not, waits, and asks again at ``/``: a round trip and 150 ms before anything
happens, each time that a page is opened by its address. Where the server is, the server knows.

And what draws a table comes only when the first table does, some thirty scripts of 1.7 MB, which are read in
while everybody waits. Of a page that begins with a table they can be had earlier, while the server works.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS: Final = re.compile(r"/[a-z]+(?:-[a-z]+)*")
"""A page's address is of one word or several; no file of Streamlit's and no route of its own is so."""

BEGINS_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "/leads": ("Html", "Radio", "Selectbox", "DataFrame"),
    "/accounts": ("Html", "Radio", "DataFrame"),
}
"""Streamlit's names of what a page shows first, for the pages whose table is what they are opened for."""

_HEAD: Final = "<head>"
_HEAD_END: Final = "</head>"


class FirstPage:
    """Answers at the pages' addresses; everything else is for the program within.

    Parameters
    ----------
    app : ASGI application
        Streamlit's.
    """

    def __init__(self, app: ASGIApp) -> None:
        from streamlit import config  # noqa: PLC0415

        self.app = app
        # Whoever serves everything below a path of their own has it found as ever.
        self.is_at_root = not config.get_option("server.baseUrlPath")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer: ASGIApp = self.app
        is_page = scope["type"] == "http" and scope["method"] == "GET" and ADDRESS.fullmatch(scope["path"])
        if is_page and self.is_at_root:
            page = _first_page(scope["path"])
            # As Streamlit sends it: the scripts that it names live as long as the installed version.
            answer = HTMLResponse(page, headers={"Cache-Control": "no-cache"})
        await answer(scope, receive, send)


def with_server(page: str, address: str) -> str:
    """A page that says where the server is.

    Parameters
    ----------
    page : str
        HTML; without a head it stays as it is.
    address : str
        At which the server was asked for the page. Where a browser sees another one there is a gateway in
        between, which serves the program below an address of its own: Streamlit finds that as ever.

    Returns
    -------
    str
    """
    script = (
        f"<script>if (location.pathname === {json.dumps(address)}) "
        'window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };</script>'
    )
    return page.replace(_HEAD, _HEAD + script, 1)


def with_scripts(page: str, scripts: Iterable[str]) -> str:
    """A page that has a browser fetch and read scripts early, and run them only when they are asked for.

    Parameters
    ----------
    page : str
        HTML; scripts that it names already are not named again.
    scripts : iterable of str
        Their addresses below that of the program.

    Returns
    -------
    str
    """
    links = [f'<link rel="modulepreload" crossorigin href="./{one}">' for one in scripts if one not in page]
    return page.replace(_HEAD_END, "".join(links) + _HEAD_END, 1)


def scripts_of(names: Collection[str], listed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The scripts that draw something, with all that they need.

    Parameters
    ----------
    names : collection of str
        What is drawn (``DataFrame``); names that are not in the list are passed over.
    listed : mapping
        Streamlit's own list, by key: ``name``, ``file`` and ``imports``, the keys of what the script needs.

    Returns
    -------
    list of str
        Files, each once.
    """
    found: dict[str, str] = {}
    asked = [key for key, entry in listed.items() if entry.get("name") in names]
    while asked:
        key = asked.pop()
        if key in listed and key not in found:
            found[key] = listed[key]["file"]
            asked += listed[key].get("imports", ())
    return list(found.values())


@lru_cache(maxsize=100)  # addresses come from outside
def _first_page(address: str) -> str:
    from streamlit import file_util  # noqa: PLC0415

    folder = Path(file_util.get_static_dir())
    page = with_server((folder / "index.html").read_text(encoding="utf-8"), address)
    names, listing = BEGINS_WITH.get(address), folder / "manifest.json"
    if names is None or not listing.exists():
        return page
    return with_scripts(page, scripts_of(names, json.loads(listing.read_text(encoding="utf-8"))))

"""What a browser is given at a page's own address: Streamlit's own page, and where its server answers.

Streamlit may be served from below any address, so at ``/leads`` its script first asks whether the server is
at ``/leads``, is told that it is not, waits, and asks again at ``/``: a round trip and 150 ms before anything
happens, each time that a page is opened by its address. Where the server is, the server knows.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS: Final = re.compile(r"/[a-z]+(?:-[a-z]+)*")
"""A page's address is of one word or several; no file of Streamlit's and no route of its own is so."""

_HEAD: Final = "<head>"


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
            page = with_server(_streamlit_page(), scope["path"])
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


@cache
def _streamlit_page() -> str:
    from streamlit import file_util  # noqa: PLC0415

    return Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")

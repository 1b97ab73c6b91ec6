"""The dashboard's server sends what it has at once, and does not wait until what came before is confirmed.

The system holds a small piece back until the one before it is confirmed (Nagle), and the other side's system
waits 40 ms with confirming (delayed acknowledgement). The first message of a page's run is small, so that the
run's elements came that much later. asyncio switches the holding back off where a socket says that it is TCP;
the one that Streamlit opens does not say so.
"""

from __future__ import annotations

import socket
from typing import Any

from streamlit.web.server.starlette import starlette_server

_BIND = "_bind_socket"


def send_at_once() -> None:
    """Have the sockets that Streamlit opens from now on hold nothing back, nor those that they accept.

    Where a version of Streamlit opens them otherwise, nothing changes.
    """
    bind = getattr(starlette_server, _BIND, None)
    if bind is None or getattr(bind, "sends_at_once", False):
        return

    def bound(*args: Any, **named: Any) -> Any:
        opened = bind(*args, **named)
        # What it accepts has it from there.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    bound.sends_at_once = True  # type: ignore[attr-defined]
    setattr(starlette_server, _BIND, bound)

"""A session with a running dashboard over its websocket: what a browser says and is told, without drawing.

Speaks the protocol of the installed Streamlit: a message asks for a run of the script, or of one fragment of
it, with what widgets were set to; what the run draws comes back piece by piece, and then that it has ended.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

INTERNAL_KEY = "$$STREAMLIT_INTERNAL_KEY"
KEPT_MESSAGES = 8
"""Of large messages a browser keeps the newest, which then are not sent again."""

Seen = Callable[[], bool]


@dataclass(frozen=True)
class Component:
    """One of the page's components: its id, the fragment it lies in, and what it was given last."""

    id: str
    fragment: str
    data: dict[str, Any]


@dataclass
class Session:
    """One session.

    Attributes
    ----------
    components : dict
        By name, those drawn so far.
    failures : list of str
        What the dashboard said went wrong.
    """

    socket: Any
    components: dict[str, Component] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    _page: str = ""
    _messages: dict[str, bytes] = field(default_factory=dict)

    async def open_page(self) -> None:
        """Ask for the first page and wait until it is drawn."""
        await self._send(BackMsg())
        await self._finish(lambda: True)

    async def trigger(self, component: str, event: str, value: Any, seen: Seen) -> None:
        """Have a component say something, and wait for the end of the run that shows what was waited for.

        Parameters
        ----------
        component, event : str
        value : Any
            What is said, as JSON.
        seen : callable
            Whether the run showed what was waited for, asked when one has ended.
        """
        there = self.components[component]
        message = BackMsg()
        message.rerun_script.fragment_id = there.fragment
        states = message.rerun_script.widget_states.widgets
        # A browser tells the state of every component, too; without it the trigger's value reaches nobody.
        for one in self.components.values():
            states.add(id=one.id, json_value="{}")
        said = json.dumps([{"event": event, "value": value}])
        states.add(id=f"{INTERNAL_KEY}_{there.id}__events", json_trigger_value=said)
        await self._send(message)
        await self._finish(seen)

    async def _send(self, message: BackMsg) -> None:
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.cached_message_hashes.extend(self._messages)
        await self.socket.send(message.SerializeToString())

    async def _finish(self, seen: Seen) -> None:
        while not (self._take(await self.socket.recv()) and seen()):
            pass

    def _take(self, raw: bytes) -> bool:
        """Remember what matters of a message; whether it says that a run has ended."""
        message = ForwardMsg()
        message.ParseFromString(raw)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            return self._take(self._messages[message.ref_hash])
        if message.hash and message.metadata.cacheable:
            self._messages[message.hash] = raw
            for older in list(self._messages)[:-KEPT_MESSAGES]:
                del self._messages[older]
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element, message.delta.fragment_id)
        return kind == "script_finished"

    def _see(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "bidi_component":
            one = element.bidi_component
            self.components[one.component_name] = Component(one.id, fragment, json.loads(one.json))
        elif kind == "exception":
            self.failures.append(element.exception.message)


@asynccontextmanager
async def session(address: str) -> AsyncIterator[Session]:
    """A session that has its first page; it ends with the block."""
    url = f"ws://{address}/_stcore/stream"
    async with websockets.connect(url, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        opened = Session(socket)
        await opened.open_page()
        yield opened

"""The draft in the page's address: who opens the link sees the same thing."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.state import Part
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_file import model_from_dict, model_to_dict

DRAFT = "draft"
DATA = "data"
COLUMN = "by"
VALUES = "only"
MAX_MODEL_BYTES = 1_000_000
"""A model of more than a thousand rules; a few hundred characters can unpack to gigabytes."""

_NOTICE = "address_notice"


def encode_model(model: Model) -> str:
    """A whole model in letters, digits, hyphens and underscores.

    Whole, not as its difference to the model in use: that one may change, and the link must not.
    """
    text = json.dumps(model_to_dict(model), ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode(), level=9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_model(text: str) -> Model:
    """The reverse of `encode_model`.

    Raises
    ------
    ModelError
        For anything that `encode_model` did not make.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, MAX_MODEL_BYTES)
        if not unpacker.eof:
            raise ValueError("it is cut off or too long")
        document = json.loads(content)
        if not isinstance(document, dict):
            raise ValueError("it holds no model")
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise ModelError("the draft in the address must be complete, got one that cannot be read") from None
    return model_from_dict(document, "the draft in the address")


def open_from_address() -> None:
    """At the start of a session, make what the address holds the draft and the part looked at.

    Later calls do nothing: from then on the session writes the address. What cannot be opened leaves the
    model in use as the draft, and `show_notice` says so.
    """
    if state.has_draft():
        return
    state.draft_history()
    if column := st.query_params.get(COLUMN):
        state.set_part(Part(column, tuple(st.query_params.get_all(VALUES))))
    text = st.query_params.get(DRAFT)
    if not text:
        return
    try:
        state.set_draft(decode_model(text), "opening a link")
    except ModelError as error:
        st.session_state[_NOTICE] = (
            f"The draft in this address could not be opened, so you see the model in use: {error}; "
            "ask for the link again, and copy all of it."
        )
        return
    version = st.query_params.get(DATA)
    if version and version != state.data_version():
        st.session_state[_NOTICE] = _other_data(version, state.data_version())


def _other_data(version: str, now: str | None) -> str:
    if now is None:
        return "This link was made with data that are not loaded here."
    # Versions begin with the time of the import, so that their order is the order of time.
    relation = "newer" if now > version else "older"
    return (
        f"You see the draft of the link, but the data here are {relation} than the link's: figures can "
        "differ from what its sender saw."
    )


def show_notice() -> None:
    """Say what was wrong with the address, until that was read."""
    if notice := st.session_state.get(_NOTICE):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(as_markdown(notice), icon=":material/link:", width="stretch")
            st.button("Understood", key="notice_read", on_click=_forget_notice)


def _forget_notice() -> None:
    st.session_state.pop(_NOTICE, None)


def write_address() -> None:
    """Put draft and part into the address; a model in use and all leads need nothing there."""
    wanted = _parameters(with_model_in_use=False)
    for name in (DRAFT, DATA, COLUMN, VALUES):
        values = wanted.get(name, [])
        if st.query_params.get_all(name) == values:
            continue
        if values:
            st.query_params[name] = values
        else:
            del st.query_params[name]


def share_address() -> str:
    """The whole address under which anybody who can open this dashboard sees what this session sees."""
    parts = urlsplit(st.context.url or "")
    query = urlencode(_parameters(with_model_in_use=True), doseq=True)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _parameters(with_model_in_use: bool) -> dict[str, list[str]]:
    part = state.current_part()
    found: dict[str, list[str]] = {}
    if with_model_in_use or state.is_changed():
        version = state.data_version()
        found = {DRAFT: [encode_model(state.draft())], DATA: [version] if version else []}
    if part.column is not None:
        found |= {COLUMN: [part.column], VALUES: list(part.values)}
    return found

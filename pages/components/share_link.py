"""The draft in the page's address: who opens the link sees the same thing."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from pages.components import state
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_file import model_from_dict, model_to_dict

DRAFT = "draft"
DATA = "data"
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
    """At the start of a session, make the draft in the address the draft; later calls do nothing.

    What cannot be opened leaves the model in use as the draft, and `show_notice` says so.
    """
    if state.has_draft():
        return
    state.draft_history()
    text = st.query_params.get(DRAFT)
    if not text:
        return
    try:
        state.set_draft(decode_model(text), "opened from a link")
    except ModelError as error:
        st.session_state[_NOTICE] = (
            f"The draft in this address could not be opened, so you see the model in use. {error}"
        )
        return
    version = st.query_params.get(DATA)
    if version and version != state.data_version():
        st.session_state[_NOTICE] = _other_data(version)


def _other_data(version: str) -> str:
    now = state.data_version()
    if now is None:
        return "This link was made with data that are not loaded here."
    # Versions begin with the time of the import, so that their order is the order of time.
    relation = "newer than" if now > version else "other than"
    return (
        f"The draft is the one of the link, but the data here are {relation} the link's: "
        "figures can differ from what its sender saw."
    )


def show_notice() -> None:
    """Say what was wrong with the address, once."""
    notice = st.session_state.pop(_NOTICE, None)
    if notice:
        st.warning(notice, icon=":material/link_off:")


def write_address() -> None:
    """Put the draft into the address, or take it out where it is the model in use."""
    for name, value in _parameters(only_if_changed=True).items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def share_address() -> str:
    """The whole address under which anybody who can open this dashboard sees this draft."""
    parts = urlsplit(st.context.url or "")
    query = urlencode({k: v for k, v in _parameters(only_if_changed=False).items() if v is not None})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _parameters(only_if_changed: bool) -> dict[str, str | None]:
    model = state.draft()
    if only_if_changed and not state.is_changed():
        return {DRAFT: None, DATA: None}
    return {DRAFT: encode_model(model), DATA: state.data_version()}

"""What to compare with the model in use, while there is no draft that differs from it."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from queries.dataset import ready_models
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_file import parse_model

MAX_FILE_BYTES = 1_000_000
_PROBLEM = "compare_file_problem"
_UPLOADS = "compare_uploads"


def show_choice(in_use: Model) -> None:
    """Say that there is no draft, and offer to make one, open one, or take a ready-made one."""
    st.info(
        f"Your draft is the model in use ({as_markdown(in_use.name)}), so there is nothing to compare yet.",
        icon=":material/balance:",
    )
    st.page_link("pages/tune_page.py", label="Change something on Tune", icon=":material/tune:")
    others = {name: model for name, model in ready_models().items() if model != in_use}
    if others:
        st.markdown("Or compare with a ready-made model:")
        with st.container(horizontal=True):
            for name, model in others.items():
                st.button(
                    as_markdown(model.name),
                    key=f"compare_ready_{name}",
                    on_click=state.set_draft,
                    args=(model, f"opening {model.name}"),
                )
    # A new key empties the field, so that the same file can be opened again.
    key = f"compare_upload_{st.session_state.get(_UPLOADS, 0)}"
    st.file_uploader(
        "Or with a model file",
        type="toml",
        key=key,
        on_change=_open_file,
        args=(key,),
        max_upload_size=MAX_FILE_BYTES // 1_000_000,
    )
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(
            "The file was not opened.\n\n" + "\n\n".join(as_markdown(line) for line in problem.splitlines()),
            icon=":material/error:",
        )


def _open_file(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    try:
        model = read_model(upload.name, upload.getvalue())
    except ModelError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    state.set_draft(model, f"opening {upload.name}")


def read_model(name: str, content: bytes) -> Model:
    """The model in a file.

    Raises
    ------
    ModelError
        When it is too large, no text, or no model; the message names the file.
    """
    if len(content) > MAX_FILE_BYTES:
        raise ModelError(f"{name}: must be at most 1 MB, got {len(content):,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ModelError(f"{name}: must be a text file in UTF-8, got something else") from None
    return parse_model(text, name)

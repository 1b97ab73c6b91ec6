"""The head of the Tune page: what the draft is, and undo, redo, reset, save, share, files."""

from __future__ import annotations

import re

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.models.base import current_registry, draft_base, set_draft_base
from pages.components.models.save import show_save
from pages.components.models.words import saved_words
from pages.components.share_link import share_address
from pages.components.tune import changes, widgets
from pages.components.tune.ready_made import show_ready_made
from pages.components.tune.steps import show_steps
from queries.flow import Flow
from scoring.errors import ModelError
from scoring.model_file import format_model, parse_model

MAX_FILE_BYTES = 1_000_000

SAVE_OPEN = "tune_save_open"
"""Where Streamlit keeps whether the form that saves is open."""

_SAVED = "tune_saved"
_OPEN_PROBLEM = "tune_open_problem"
_UPLOADS = "tune_uploads"


def show_toolbar(flow: Flow) -> None:
    """Draw the head of the page for the draft as it is now."""
    # From here on a save notices what others saved since.
    draft_base(current_registry())
    in_use = state.model_in_use()
    changed = state.draft() != in_use
    title, buttons = st.columns([9, 15], vertical_alignment="center")
    with title, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Tune", anchor=False, width="content")
        name = as_markdown(in_use.name)
        if changed:
            st.markdown(f"your draft, compared with **{name}** (in use)")
        else:
            st.markdown(f"**{name}**, the model in use. Any change makes a draft.")
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        show_steps("tune")
        st.button(
            "Reset",
            key="tune_reset",
            disabled=not changed,
            on_click=_reset,
            icon=":material/restart_alt:",
            help="Go back to the model in use. Undo brings the draft back.",
        )
        show_ready_made(flow)
        _share_popover()
        _files_popover()
        _save_popover(flow, changed)
    if (version := st.session_state.pop(_SAVED, None)) is not None:
        st.toast(saved_words(version), icon=":material/check:")


def _reset() -> None:
    state.reset_draft()
    champion = current_registry().champion()
    if champion is not None:
        set_draft_base(champion)


def _share_popover() -> None:
    with st.popover("Share link", icon=":material/link:"):
        st.markdown(
            "Who opens this address sees your draft as you see it now, and is told when the data have "
            "changed since. Nothing has to be saved for it."
        )
        st.code(share_address(), language=None, wrap_lines=True)


def _save_popover(flow: Flow, changed: bool) -> None:
    popover = st.popover(
        "Save",
        icon=":material/save:",
        type="primary",
        disabled=not changed,
        key=SAVE_OPEN,
        on_change="rerun",
    )
    # What others saved is read only by somebody who is about to save.
    if not (changed and popover.open):
        return
    with popover:
        widgets.text(
            "Name",
            "tune_save_name",
            state.draft().name,
            lambda draft, value: changes.change_model(draft, name=value.strip()),
            "the name",
            max_chars=200,
        )
        version = show_save(flow, "tune_save")
    if version is not None:
        st.session_state[_SAVED] = version
        # The line above the page names the model in use, and a fragment alone would not redraw it.
        st.rerun()


def _files_popover() -> None:
    with st.popover("Files", icon=":material/folder_open:", key="tune_files"):
        model = state.draft()
        st.download_button(
            "Download your draft",
            data=format_model(model),
            file_name=f"{_file_stem(model.name)}.toml",
            mime="application/toml",
            key="tune_download",
            on_click="ignore",
            icon=":material/download:",
        )
        # A new key empties the field, so that the same file can be opened again.
        key = f"tune_upload_{st.session_state.get(_UPLOADS, 0)}"
        st.file_uploader(
            "Open a model file",
            type="toml",
            key=key,
            on_change=_open_file,
            args=(key,),
            max_upload_size=MAX_FILE_BYTES // 1_000_000,
        )
        if problem := st.session_state.get(_OPEN_PROBLEM):
            st.error(
                "The file was not opened; your draft is as before.\n\n"
                + "\n\n".join(as_markdown(line) for line in problem.splitlines()),
                icon=":material/error:",
            )


def _open_file(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    st.session_state.pop(_OPEN_PROBLEM, None)
    try:
        if upload.size > MAX_FILE_BYTES:
            raise ModelError(f"{upload.name}: must be at most 1 MB, got {upload.size:,} bytes")
        model = parse_model(upload.getvalue().decode("utf-8-sig"), upload.name)
    except UnicodeDecodeError:
        st.session_state[_OPEN_PROBLEM] = f"{upload.name}: must be a text file in UTF-8, got something else"
    except ModelError as error:
        st.session_state[_OPEN_PROBLEM] = str(error)
    else:
        state.set_draft(model, f"opening {upload.name}")
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1


def _file_stem(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "model"

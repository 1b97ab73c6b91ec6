"""What the pages of one session share: workspace, data, model in use, and the draft with its history.

The workspace and its flow belong to everybody; the draft belongs to the session. A session keeps the data
version that it started with until its user asks for the new one, so that figures never change under a draft.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.components.format import as_markdown
from pages.components.tune.history import DraftHistory
from queries import dataset
from queries.errors import QueryError
from queries.flow import Flow
from queries.workspace import Manifest, Workspace
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_file import parse_model


@dataclass(frozen=True)
class Part:
    """Which leads are looked at: all of them, or those with some values of one column.

    Parameters
    ----------
    column : str or None
        ``leads.region`` or ``accounts.industry``; None for no split.
    values : tuple of str
        Empty for all values.
    """

    column: str | None = None
    values: tuple[str, ...] = ()


WORKSPACE_VARIABLE = "TIERLINE_WORKSPACE"

_HISTORY = "draft_history"
_DATA = "data_in_use"
_PART = "part_looked_at"


@st.cache_resource(show_spinner=False)
def _open_workspace(path: str) -> Workspace:
    return Workspace.open(Path(path))


def current_workspace() -> Workspace:
    """The workspace that the dashboard was started for; without one, says so and stops the page."""
    path = os.environ.get(WORKSPACE_VARIABLE, "").strip()
    if not path:
        st.error(
            "No folder to work in was named. Start the dashboard with `tierline app`, or set "
            f"`{WORKSPACE_VARIABLE}` to a folder.",
            icon=":material/folder_off:",
        )
        st.stop()
    try:
        return _open_workspace(str(Path(path).resolve()))
    except QueryError as error:
        st.error(as_markdown(str(error)), icon=":material/folder_off:")
        st.stop()


def current_flow() -> Flow | None:
    """The computation over this session's data; None as long as nothing was loaded."""
    if _DATA not in st.session_state:
        workspace = current_workspace()
        manifest = workspace.manifest
        flow = dataset.open_flow(workspace)
        if manifest is None or flow is None:
            return None
        st.session_state[_DATA] = (manifest, flow)
    return _data_in_use()[1]


def current_manifest() -> Manifest | None:
    """What this session's data hold; None as long as nothing was loaded."""
    return None if current_flow() is None else _data_in_use()[0]


def data_version() -> str | None:
    """The data version that this session looks at."""
    manifest = current_manifest()
    return None if manifest is None else manifest.version


def newer_manifest() -> Manifest | None:
    """What the workspace holds by now, where that is not what this session looks at."""
    latest = current_workspace().manifest
    return latest if latest is not None and latest.version != data_version() else None


def use_newer_data() -> None:
    """Look at the workspace's current data from now on; the draft is kept."""
    st.session_state.pop(_DATA, None)


def model_in_use() -> Model:
    """The model of the workspace; where its file is broken, says what is wrong and stops the page."""
    workspace = current_workspace()
    text = workspace.read_model_text()
    try:
        if text is None:
            return dataset.model_in_use(workspace)
        return _parse_model(text, str(workspace.model_path))
    except ModelError as error:
        st.error(
            "The model in use cannot be read. Correct its file or put another one in its place.\n\n"
            + "\n\n".join(as_markdown(line) for line in str(error).splitlines()),
            icon=":material/error:",
        )
        st.stop()


@st.cache_resource(max_entries=20, show_spinner=False)
def _parse_model(text: str, source: str) -> Model:
    # Asked for several times after every change.
    return parse_model(text, source)


def draft_history() -> DraftHistory:
    """Every draft of this session; starts with the model in use."""
    if _HISTORY not in st.session_state:
        st.session_state[_HISTORY] = DraftHistory.start(model_in_use())
    history: DraftHistory = st.session_state[_HISTORY]
    return history


def has_draft() -> bool:
    """Whether this session has a draft of its own yet."""
    return _HISTORY in st.session_state


def draft() -> Model:
    """The model on trial."""
    return draft_history().model


def is_changed() -> bool:
    """Whether the draft differs from the model in use."""
    return draft() != model_in_use()


def set_draft(model: Model, note: str) -> None:
    """Make a model the draft; `note` says what was done, for the undo button (``points of 'Clicked'``)."""
    st.session_state[_HISTORY] = draft_history().add(model, note)


def undo() -> None:
    """Take the last change back."""
    st.session_state[_HISTORY] = draft_history().undo()


def redo() -> None:
    """Do again what was taken back."""
    st.session_state[_HISTORY] = draft_history().redo()


def reset_draft() -> None:
    """Make the model in use the draft; can be undone."""
    set_draft(model_in_use(), "reset to the model in use")


def current_part() -> Part:
    """Which leads this session looks at; all of them at first."""
    part: Part = st.session_state.get(_PART, Part())
    return part


def set_part(part: Part) -> None:
    """Look at a part of the leads from now on, on every page that offers it."""
    st.session_state[_PART] = part


def _data_in_use() -> tuple[Manifest, Flow]:
    data: tuple[Manifest, Flow] = st.session_state[_DATA]
    return data

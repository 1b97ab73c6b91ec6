"""Saving the draft as a version: by whom, what for, and together with what others saved meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.models.base import (
    author_name,
    current_registry,
    draft_base,
    remember_author,
    set_draft_base,
)
from pages.components.models.conflict import show_conflict
from pages.components.models.words import changes_list
from queries.errors import QueryError
from queries.flow import Flow
from queries.model_history import measure
from queries.registry import Registry
from queries.versions import SavedFigures, Version, VersionConflict
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_changes import model_changes

Then = Literal["champion", "proposed", "draft"]

THEN: dict[Then, str] = {
    "champion": "make it the model in use",
    "proposed": "propose it",
    "draft": "keep it as a draft",
}

_CONFLICT = "models_conflict"


@dataclass(frozen=True)
class _Form:
    """What was typed."""

    author: str
    note: str
    then: Then


def show_save(flow: Flow | None, key: str = "models_save") -> Version | None:
    """Draw the form that saves the session's draft; to be put into a dialog or a popover.

    Parameters
    ----------
    flow : Flow or None
        The session's data, for the figures that are kept with the version.
    key : str
        Begins the keys of its widgets; unique on the page.

    Returns
    -------
    Version or None
        What was saved in this run, so that the page can draw itself anew; the draft then is what was saved,
        and is made from this version. None otherwise.
    """
    registry, draft = current_registry(), state.draft()
    if (problem := registry.follow_file()) is not None:
        st.warning(as_markdown(problem), icon=":material/warning:")
    parent = draft_base(registry)
    base = state.model_in_use() if parent is None else registry.version(parent).model
    changes = model_changes(base, draft)
    st.markdown(
        f"**What changed since version {parent or 1}**\n\n{changes_list(changes)}"
        if changes
        else f"Your draft is {f'version {parent}' if parent else 'the model in use'}; nothing to save."
    )
    form = _show_form(key)
    conflict = st.session_state.get(_CONFLICT)
    if isinstance(conflict, VersionConflict) and conflict.base.number == parent and changes:
        return _show_conflict(registry, flow, conflict, draft, form, key)
    st.session_state.pop(_CONFLICT, None)
    if st.button("Save", key=f"{key}_button", type="primary", disabled=not changes):
        return _save(registry, flow, draft, form, parent=parent)
    return None


def _show_form(key: str) -> _Form:
    author = st.text_input("Recorded by", value=author_name(), key=f"{key}_author", max_chars=200)
    note = st.text_area(
        "What for", key=f"{key}_note", max_chars=4000, placeholder="why you change this", height=80
    )
    then: Then = st.radio("And then", list(THEN), key=f"{key}_then", format_func=THEN.__getitem__)
    return _Form(author, note, then)


def _show_conflict(
    registry: Registry, flow: Flow | None, conflict: VersionConflict, draft: Model, form: _Form, key: str
) -> Version | None:
    merge = show_conflict(conflict, draft)
    newest = conflict.newest.number
    nothing_left = merge.model == conflict.newest.model
    if nothing_left:
        st.info(f"So chosen, nothing of yours is left beside version {newest}.")
    with st.container(horizontal=True):
        both = st.button("Save both together", key=f"{key}_merge", type="primary", disabled=nothing_left)
        fork = st.button(
            "Save mine as a line of its own",
            key=f"{key}_fork",
            help=f"Version {newest} stays as it is; yours goes on beside it",
        )
        taken_up = st.button(f"Go on with version {newest}", key=f"{key}_theirs")
        later = st.button("Not now", key=f"{key}_later")
    if taken_up:
        _take_up(conflict.newest)
    if taken_up or later:
        st.session_state.pop(_CONFLICT, None)
        st.rerun()
    if both:
        return _save(registry, flow, merge.model, form, parent=newest)
    if fork:
        return _save(registry, flow, draft, form, parent=conflict.base.number, fork=True)
    return None


def _save(
    registry: Registry,
    flow: Flow | None,
    model: Model,
    form: _Form,
    *,
    parent: int | None,
    fork: bool = False,
) -> Version | None:
    try:
        figures = measure_now(flow, model)
        version = registry.save(
            model, author=form.author, note=form.note, parent=parent, fork=fork, figures=figures
        )
    except VersionConflict as conflict:
        st.session_state[_CONFLICT] = _since(st.session_state.get(_CONFLICT), conflict)
        # Once more from the top, where the conflict has its place.
        st.rerun()
    except (QueryError, ModelError) as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return None
    remember_author(form.author)
    _take_up(version)
    try:
        return _move_on(registry, version, form)
    except QueryError as error:
        st.error(as_markdown(f"Version {version.number} is saved, but {error}"), icon=":material/error:")
        return None


def _since(earlier: VersionConflict | None, conflict: VersionConflict) -> VersionConflict:
    """The conflict with what the draft was made from, where one more save came while it was being settled."""
    if earlier is None or earlier.newest.number != conflict.base.number:
        return conflict
    return VersionConflict(earlier.base, conflict.newest)


def _move_on(registry: Registry, version: Version, form: _Form) -> Version:
    if form.then == "champion":
        return registry.make_champion(version.number, author=form.author, note=form.note)
    if form.then == "proposed":
        return registry.propose(version.number, author=form.author, note=form.note)
    return version


def _take_up(version: Version) -> None:
    """The draft is this version, from here on."""
    st.session_state.pop(_CONFLICT, None)
    state.set_draft(version.model, f"going on with version {version.number}")
    set_draft_base(version)


def measure_now(flow: Flow | None, model: Model) -> SavedFigures | None:
    """The figures to keep with a version: of the session's data; None without any."""
    data_version = state.data_version()
    if flow is None or data_version is None:
        return None
    with st.spinner("Keeping the figures with it …"):
        return measure(flow, data_version, model)

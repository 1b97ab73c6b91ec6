"""The list of versions, and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.components import state
from pages.components.alignment.points import point_words
from pages.components.alignment.signing import signature_words
from pages.components.format import as_markdown
from pages.components.models.base import author_name, open_as_draft, remember_author
from pages.components.models.load import ModelsView
from pages.components.models.save import measure_now
from pages.components.models.words import (
    author_words,
    changes_list,
    figures_line,
    state_mark,
    when,
    who_and_when,
)
from pages.components.table import file_stem
from queries.agreement import Agreement
from queries.errors import QueryError
from queries.registry import Registry
from queries.versions import Version
from scoring.model_changes import model_changes

AT_ONCE = 20
MOST_CHANGES = 4

_SHOWN = "models_versions_shown"
_OPEN = "models_version_open"
_SAID = "models_said"

WITHOUT_SIGN_OFF = ", without sign-off by sales and marketing"

Step = Callable[..., Version]


def show_versions(view: ModelsView) -> None:
    """Every version, newest first; one of them with all its details."""
    show_said()
    shown = st.session_state.get(_SHOWN, AT_ONCE)
    for version in view.versions[:shown]:
        with st.container(border=True):
            _show_version(view, version)
    if len(view.versions) > shown:
        st.button(
            f"Show older versions ({len(view.versions) - shown} more)",
            key="models_older",
            on_click=_set,
            args=(_SHOWN, shown + AT_ONCE),
        )


def show_said() -> None:
    """What the last step did, or why it could not be done."""
    said = st.session_state.pop(_SAID, None)
    if said is None:
        return
    problem, text = said
    if problem:
        st.error(as_markdown(text), icon=":material/error:")
    else:
        st.toast(as_markdown(text), icon=":material/check:")


def _show_version(view: ModelsView, version: Version) -> None:
    number = version.number
    is_open = st.session_state.get(_OPEN) == number
    text, buttons = st.columns([7, 3])
    with text:
        name = as_markdown(version.model.name)
        st.markdown(f"**Version {number}** · {state_mark(version.state)} · {name}")
        st.caption(who_and_when(version))
        if version.note:
            st.markdown(as_markdown(version.note))
        if is_open and version.model.description:
            st.caption(f"When to use it: {as_markdown(version.model.description)}")
        if version.parent is not None:
            most = None if is_open else MOST_CHANGES
            st.markdown(changes_list(view.changes(version), most))
        st.caption(figures_line(version))
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Open as my draft",
            key=f"models_draft_{number}",
            help=f"Make version {number} your draft on the page Tune; undo there brings yours back",
            on_click=_open_draft,
            args=(version,),
        )
        st.button(
            "Fewer details" if is_open else "More",
            key=f"models_more_{number}",
            help=f"What became of version {number}, how it differs from others, and what can be done with it",
            on_click=_set,
            args=(_OPEN, None if is_open else number),
        )
    if is_open:
        _show_details(view, version)


def _show_details(view: ModelsView, version: Version) -> None:
    left, right = st.columns(2)
    with left:
        st.markdown("**What became of it**")
        steps = [step for step in view.history if step.version == version.number]
        st.markdown(
            "\n".join(
                f"- {state_mark(step.state)}: {author_words(step.author)}, {when(step.at)}"
                + (f" ({as_markdown(step.note)})" if step.note else "")
                + ("" if step.state != "champion" or step.is_signed else WITHOUT_SIGN_OFF)
                for step in steps
            )
        )
        _show_agreed(view, version)
        _show_difference(view, version)
    with right:
        _show_steps(view, version)


def _show_agreed(view: ModelsView, version: Version) -> None:
    """Who signed it, and what is open or was decided about it."""
    agreement = Agreement(view.registry)
    lines = [
        f"- :material/draw: signed for {one.side}: {signature_words(one)}"
        for one in agreement.signatures(version.number)
    ]
    lines += [f"- {point_words(point)}" for point in agreement.points(version.number)]
    if lines:
        st.markdown("**What was agreed about it**\n\n" + "\n".join(lines))


def _show_difference(view: ModelsView, version: Version) -> None:
    number, parent = version.number, version.parent
    others = [other.number for other in view.versions if other.number != number]
    if not others:
        return
    # What it changed in its parent stands above.
    start = next((one for one in (view.champion.number, *others) if one not in (number, parent)), parent)
    other = st.selectbox(
        "What differs from version",
        others,
        index=others.index(start) if start in others else 0,
        key=f"models_other_{number}",
    )
    changes = model_changes(view.by_number[other].model, version.model)
    st.markdown(changes_list(changes))


def _show_steps(view: ModelsView, version: Version) -> None:
    number, registry = version.number, view.registry
    st.download_button(
        "Download the model file",
        data=version.text,
        file_name=f"{file_stem(version.model.name)}-v{number}.toml",
        mime="application/toml",
        key=f"models_export_{number}",
        on_click="ignore",
        icon=":material/download:",
    )
    author_key, note_key = f"models_author_{number}", f"models_note_{number}"
    st.text_input("Recorded by", value=author_name(), key=author_key, max_chars=200)
    st.text_input("Why", key=note_key, max_chars=4000)
    keys = (author_key, note_key)
    with st.container(horizontal=True):
        if version.state == "draft":
            _step("Propose", "propose", registry.propose, f"Version {number} is proposed.", number, keys)
        if version.state in ("draft", "proposed"):
            said = f"Version {number} is the model in use now."
            _step("Make it the model in use", "champion", registry.make_champion, said, number, keys)
            _step("Put aside", "retire", registry.retire, f"Version {number} is put aside.", number, keys)
        if view.registry.newest_of_line(number).content_sha256 != version.content_sha256:
            said = f"Version {number} was saved anew, as a draft."
            _step("Restore as a new version", "restore", partial(_restore, registry), said, number, keys)


def _restore(registry: Registry, number: int, *, author: str, note: str) -> Version:
    """Restore it with its figures on the data as they are now, where these have what it names."""
    try:
        figures = measure_now(state.current_flow(), registry.version(number).model)
    except QueryError:
        figures = None
    return registry.restore(number, author=author, note=note, figures=figures)


def _step(label: str, name: str, step: Step, said: str, number: int, keys: tuple[str, str]) -> None:
    st.button(label, key=f"models_{name}_{number}", on_click=_take, args=(step, said, number, keys))


def _take(step: Step, said: str, number: int, keys: tuple[str, str]) -> None:
    author, note = (st.session_state[key] for key in keys)
    try:
        step(number, author=author, note=note)
    except QueryError as error:
        st.session_state[_SAID] = (True, str(error))
        return
    remember_author(author)
    st.session_state[_SAID] = (False, said)


def _open_draft(version: Version) -> None:
    open_as_draft(version)
    st.session_state[_SAID] = (False, f"Version {version.number} is your draft now, on the page Tune.")


def _set(key: str, value: object) -> None:
    st.session_state[key] = value

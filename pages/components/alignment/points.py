"""Open points and decisions, with the version that they belong to."""

from __future__ import annotations

import streamlit as st

from pages.components.alignment.load import Agreed
from pages.components.alignment.signing import do
from pages.components.format import as_markdown
from pages.components.models.base import author_name, remember_author
from pages.components.models.words import when
from queries.signatures import Point, PointKind

KINDS: dict[PointKind, str] = {"open": "an open point", "decision": "a decision"}
_SHOW_ALL = "alignment_points_all"


def show_points(agreed: Agreed) -> None:
    """What is open and what was decided, and how to add to it."""
    st.header("What is open, what was decided?", anchor="points")
    done = [point for point in agreed.points if not point.is_open]
    left = [point for point in agreed.points if point.is_open]
    if not agreed.points:
        st.caption("Nothing was written down yet.")
    for point in left:
        with st.container(border=True):
            st.markdown(point_words(point))
            with st.popover("It is resolved", key=f"alignment_resolve_{point.id}"):
                _show_resolving(agreed, point)
    if done and st.toggle(f"Show decisions and resolved points ({len(done)})", key=_SHOW_ALL, value=True):
        st.markdown("\n".join(f"- {point_words(point)}" for point in reversed(done)))
    _show_adding(agreed)


def point_words(point: Point) -> str:
    """One point or decision in one line, ready for Markdown."""
    mark = {"decision": ":material/gavel:", "open": ":material/radio_button_unchecked:"}[point.kind]
    end = ""
    if (how := point.resolution) is not None:
        mark = ":material/task_alt:"
        end = f". Resolved: {as_markdown(how.note)} ({as_markdown(how.author)}, {when(how.at)})"
    return (
        f"{mark} {as_markdown(point.text)} (version {point.version}, {as_markdown(point.author)}, "
        f"{when(point.at)}){end}"
    )


def _show_resolving(agreed: Agreed, point: Point) -> None:
    key = f"alignment_resolved_{point.id}"
    st.text_input("How it was resolved", key=f"{key}_note", max_chars=4000)
    st.text_input("Recorded by", value=author_name(), key=f"{key}_author", max_chars=200)
    st.button("Write it down", key=f"{key}_button", on_click=_resolve, args=(agreed, point.id, key))


def _resolve(agreed: Agreed, point: int, key: str) -> None:
    note, author = st.session_state[f"{key}_note"], st.session_state[f"{key}_author"]

    def step() -> str:
        agreed.agreement.resolve(point, author=author, note=note)
        remember_author(author)
        return "The point is resolved."

    do(step)


def _show_adding(agreed: Agreed) -> None:
    with st.expander("Write down an open point or a decision", key="alignment_add"):
        kind: PointKind = st.radio(
            "It is", list(KINDS), format_func=KINDS.__getitem__, horizontal=True, key="alignment_add_kind"
        )
        st.text_area("What", key="alignment_add_text", max_chars=4000, height=80)
        numbers = [version.number for version in agreed.versions]
        number = None
        if numbers:
            proposed = [one.version.number for one in agreed.proposals]
            champion = agreed.champion
            first = proposed[0] if proposed else champion.number if champion else numbers[0]
            number = st.selectbox(
                "It belongs to version", numbers, index=numbers.index(first), key="alignment_add_version"
            )
        st.text_input("Recorded by", value=author_name(), key="alignment_add_author", max_chars=200)
        st.button("Write it down", key="alignment_add_button", on_click=_add, args=(agreed, kind, number))


def _add(agreed: Agreed, kind: PointKind, number: int | None) -> None:
    text, author = st.session_state["alignment_add_text"], st.session_state["alignment_add_author"]

    def step() -> str:
        point = agreed.agreement.add_point(text, author=author, kind=kind, version=number)
        remember_author(author)
        st.session_state["alignment_add_text"] = ""
        return f"Written down with version {point.version}."

    do(step)

"""Suggested points: what to change, what it gained out of time, and a tick to take it."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown, count
from pages.components.predict.suggestion_request import ask
from pages.components.predict.suggestion_table import SUGGESTIONS_CONFIG, suggestions_table
from pages.components.table import table_with_download
from queries.flow import Flow
from queries.suggestion import suggest, take_points
from scoring.comparison import Level
from scoring.model import Model
from scoring.suggestion import Aim, Suggestions
from scoring.suggestion_words import (
    base_points_words,
    change_words,
    gain_words,
    goal_words,
    spare_words,
    suggestion_headline,
    suggestion_notes,
)

_ASKED = "suggestions_asked"
_TAKEN = "suggestions_taken"


def show_suggestions(flow: Flow, draft: Model) -> None:
    """The section of suggested points for the draft: a request, then what came of it.

    Parameters
    ----------
    flow : Flow
    draft : Model
        What is changed; a suggestion that is taken becomes the draft.
    """
    st.subheader("Suggested points")
    word = draft.observation.period
    st.caption(
        f"Other points for a few rules of your draft. They are found on complete {word}s, and judged only on "
        f"{word}s that came after those they were found on."
    )
    if not draft.enabled_rules:
        st.info("Your draft has no rule that is switched on, so there are no points to suggest.")
        return
    if note := st.session_state.pop(_TAKEN, None):
        st.success(f"{as_markdown(note)} It is your draft now; *Undo* on the page Tune takes it back.")
    aim = ask(draft)
    asked_for = (state.data_version(), document(draft))
    if aim is not None:
        st.session_state[_ASKED] = (asked_for, aim)
    kept = st.session_state.get(_ASKED)
    if kept is None or kept[0] != asked_for:
        return
    with shown_on_page():
        _show(flow, draft, _search(flow, draft, kept[1]))


def _search(flow: Flow, draft: Model, aim: Aim) -> Suggestions:
    """The suggestions, with progress while they are searched; equal requests come back at once."""
    bar = st.progress(0.0, text="Searching")

    def tell(share: float, text: str) -> None:
        bar.progress(min(share, 1.0), text=text)

    try:
        return suggest(flow, draft, aim, tell)
    finally:
        bar.empty()


def _show(flow: Flow, draft: Model, found: Suggestions) -> None:
    labels = {rule.id: rule.shown_label for rule in draft.rules}
    st.markdown(f"**{as_markdown(suggestion_headline(found))}**")
    leads = f"{count(found.leads)} lead-{draft.observation.period}s"
    converted = f"of which {count(found.conversions)} converted"
    st.caption(as_markdown(f"For {goal_words(found)}; {leads}, {converted}."))
    if found.refusal:
        if found.changes:
            with st.expander("What was tried, and is not suggested"):
                _show_table(draft, found)
    else:
        _show_ticks(flow, draft, found, labels)
        with st.expander("Suggested points: the table behind this list"):
            _show_table(draft, found)
    _show_spare(flow, draft, found, labels)
    for line in suggestion_notes(found):
        st.caption(as_markdown(line))


def _show_ticks(flow: Flow, draft: Model, found: Suggestions, labels: dict[str, str]) -> None:
    ticked = {}
    for change in found.changes:
        text = f"**{as_markdown(labels[change.rule])}**: {as_markdown(change_words(change))}"
        worse = change.alone.level is Level.WORSE
        if st.checkbox(text, value=not worse, key=f"suggest_tick_{change.rule}"):
            ticked[change.rule] = change.points
        st.caption(as_markdown(f"By itself: {gain_words(change.alone, found.goal)}"))
    if text := base_points_words(found):
        st.caption(as_markdown(f"All of them taken: {text[:1].lower()}{text[1:]}"))
    words = "suggested points of one rule" if len(ticked) == 1 else f"suggested points of {len(ticked)} rules"
    if st.button(
        "Take the ticked ones",
        key="suggest_take",
        type="primary",
        icon=":material/check:",
        disabled=not ticked,
        help="Starting points follow, so that the top tier keeps its size.",
    ):
        _take(flow, draft, found, ticked, words)


def _show_spare(flow: Flow, draft: Model, found: Suggestions, labels: dict[str, str]) -> None:
    words = spare_words(found, labels)
    if not words:
        return
    st.markdown("**Rules that can go**")
    st.markdown(as_markdown(words))
    rules = found.spare.rules
    if rules and st.button("Switch them off", key="suggest_spare", icon=":material/remove:"):
        text = "one rule switched off" if len(rules) == 1 else f"{len(rules)} rules switched off"
        _take(flow, draft, found, dict.fromkeys(rules, 0), text)


def _take(flow: Flow, draft: Model, found: Suggestions, points: dict[str, int], words: str) -> None:
    changed = take_points(flow, draft, found, points)
    state.set_draft(changed, words)
    note = f"{words[:1].upper()}{words[1:]}."
    if changed.base_points != draft.base_points:
        moved = f"{draft.base_points} to {changed.base_points}"
        note += f" Starting points {moved}: {found.top_tier} keeps its size."
    st.session_state[_TAKEN] = note
    st.rerun()


def _show_table(draft: Model, found: Suggestions) -> None:
    table_with_download(suggestions_table(found, draft), "Suggested points", "suggested", SUGGESTIONS_CONFIG)

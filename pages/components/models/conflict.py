"""Somebody saved first: what they changed, what you changed, and how both go together."""

from __future__ import annotations

import streamlit as st

from pages.components.format import as_markdown
from pages.components.models.words import changes_list, who_and_when
from pages.components.tune.labels import as_label
from queries.versions import VersionConflict
from scoring.model import Model
from scoring.model_changes import Place, model_changes
from scoring.model_merge import Merge, Side


def show_conflict(conflict: VersionConflict, mine: Model) -> Merge:
    """Show both sides and ask what cannot be decided.

    Parameters
    ----------
    conflict : VersionConflict
    mine : Model
        The draft that could not be saved.

    Returns
    -------
    Merge
        Both sides' changes, with what the reader chose so far.
    """
    base, newest = conflict.base, conflict.newest
    st.warning(
        f"Version {newest.number} was saved after version {base.number}, which your draft was made from. "
        "Nothing was overwritten, and your draft is as it was.",
        icon=":material/call_merge:",
    )
    left, right = st.columns(2)
    with left:
        st.markdown(f"**Version {newest.number} changed**")
        st.markdown(changes_list(conflict.their_changes))
        st.caption(who_and_when(newest))
        if newest.note:
            st.markdown(as_markdown(newest.note))
    with right:
        st.markdown("**Your draft changed**")
        st.markdown(changes_list(model_changes(base.model, mine)))
    return _ask(conflict, mine)


def _ask(conflict: VersionConflict, mine: Model) -> Merge:
    """Ask about each part that both changed; a choice can bring up one more question."""
    number = conflict.newest.number
    choices: dict[Place, Side] = {}
    while True:
        merge = conflict.merge(mine, choices)
        asked = [part for part in merge.conflicts if part.place not in choices]
        if not asked:
            return merge
        for part in asked:
            side = st.radio(
                f"Both changed {as_label(part.name)}. Which holds?",
                ["theirs", "mine"],
                format_func={
                    "theirs": f"version {number}: {as_label(part.theirs)}",
                    "mine": f"your draft: {as_label(part.mine)}",
                }.__getitem__,
                key=f"models_choice_{number}_{'/'.join(part.place)}",
            )
            choices[part.place] = "mine" if side == "mine" else "theirs"

"""Models: what was changed, by whom and why, and what it did."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.models.base import current_registry, draft_base
from pages.components.models.build_sheet import show_build_sheet
from pages.components.models.load import load_timeline, load_view
from pages.components.models.timeline import show_timeline
from pages.components.models.versions import show_versions
from pages.components.theme import current_theme


def main() -> None:
    """Draw the page."""
    st.title("Models", anchor=False)
    registry = current_registry()
    if (problem := registry.follow_file()) is not None:
        st.warning(as_markdown(problem), icon=":material/warning:")
    draft_base(registry)
    view = load_view(registry)
    if not view.versions:
        show_empty()
        show_build_sheet()
        return
    champion = view.champion
    st.markdown(
        f"Version {champion.number}, **{as_markdown(champion.model.name)}**, is in use. Every save is kept "
        "for good: who changed what, when and why."
    )
    show_build_sheet()
    flow = state.current_flow()
    if flow is None:
        st.info("Load your leads on the page *Data* to see what each version converted.")
    else:
        show_timeline(view, load_timeline(view, flow), current_theme())
    st.header("Which versions are there?", anchor=False)
    show_versions(view)


def show_empty() -> None:
    """What to do when nothing was saved yet."""
    name = as_markdown(state.model_in_use().name)
    st.info(
        f"No version was saved yet; **{name}** is in use. Change something on the page *Tune* and save it: "
        "from then on every save is kept here, with who made it, why, and what it did.",
        icon=":material/history:",
    )


main()

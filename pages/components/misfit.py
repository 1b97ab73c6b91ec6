"""What a page says when a model asks for columns that the loaded data do not have, and the way on."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey

from pages.components import state
from pages.components.format import as_markdown
from queries.model_needs import Need, missing_needs, without_missing_fields
from scoring.model import Model


def show_misfit() -> bool:
    """Name the missing columns with the rules that ask for them, and offer to go on without these rules.

    Returns
    -------
    bool
        False when neither the draft nor the model in use lacks a column: it was another model, and nothing
        is said.
    """
    draft, in_use = state.draft(), state.model_in_use()
    if lacking := _columns(draft):
        _say(draft, lacking)
        gone = len({rule for need in lacking for rule in need.rules})
        rules = "the rule that needs" if gone == 1 else f"the {gone} rules that need"
        # Another part of the page may need the same columns, and has offered it already then.
        with suppress(StreamlitDuplicateElementKey):
            st.button(
                f"Go on without {rules} these columns" if gone else "Go on without these columns",
                key="misfit_leave_out",
                icon=":material/playlist_remove:",
                on_click=state.set_draft,
                args=(without_missing_fields(draft, lacking), "leaving out what the data lack"),
                help="This changes your draft only, and Undo on the page Tune takes it back.",
            )
        return True
    if lacking := _columns(in_use):
        _say(in_use, lacking)
        st.markdown("Your draft does without them. Save it, and make it the model in use.")
        st.page_link("pages/tune_page.py", label="Save it on the page Tune", icon=":material/tune:")
        return True
    return False


def _columns(model: Model) -> tuple[Need, ...]:
    flow = state.current_flow()
    needs = () if flow is None else missing_needs(flow.engine, model)
    return tuple(need for need in needs if need.kind == "field")


def _say(model: Model, lacking: tuple[Need, ...]) -> None:
    lines = "\n".join(f"- {as_markdown(need.words)}" for need in lacking)
    st.error(
        f"**{as_markdown(model.name)}** asks for columns that your data do not have, so nothing can be "
        f"computed:\n\n{lines}\n\nLoad files that have these columns, change the rules on the page *Tune*, "
        "or start from one of the *Ready-made* models there.",
        icon=":material/error:",
    )

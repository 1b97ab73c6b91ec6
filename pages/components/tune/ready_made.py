"""The models that come with the program, on the Tune page: when to use each, what the data lack for it."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.tune.labels import as_label
from queries.dataset import ready_models
from queries.flow import Flow
from queries.model_needs import Need, missing_needs, without_missing_fields
from scoring.model import Model
from scoring.model_kinds import model_kinds

OPEN = "tune_ready_open"
"""Where Streamlit keeps whether the list is open."""


def show_ready_made(flow: Flow) -> None:
    """A list that opens: each model with a sentence, its kind, and a button that makes it the draft."""
    popover = st.popover(
        "Ready-made", icon=":material/category:", key=OPEN, on_change="rerun", width="content"
    )
    # What the data lack is looked up only by somebody who is about to choose.
    if not popover.open:
        return
    with popover:
        st.markdown("Start from a ready-made model. It becomes your draft; Undo brings yours back.")
        for key, model in ready_models().items():
            with st.container(border=True, key=f"ready_{key}"):
                _show_model(flow, key, model)


def _show_model(flow: Flow, key: str, model: Model) -> None:
    needs = _needs(flow, state.data_version(), key)
    is_draft = model == state.draft()
    st.markdown(f"**{as_markdown(model.name)}**" + (" · your draft" if is_draft else ""))
    if model.description:
        st.markdown(as_markdown(model.description))
    st.caption(" · ".join([f"{len(model.enabled_rules)} rules", *map(as_markdown, model_kinds(model))]))
    lacks_fields = any(need.kind == "field" for need in needs)
    if needs:
        st.warning(_warning(needs), icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(
            as_label(f"Start from {model.name}"),
            key=f"tune_ready_{key}",
            disabled=is_draft,
            on_click=state.set_draft,
            args=(model, f"opening {model.name}"),
        )
        if lacks_fields:
            st.button(
                "Start without those rules",
                key=f"tune_ready_part_{key}",
                on_click=state.set_draft,
                args=(without_missing_fields(model, needs), f"opening {model.name} in part"),
                help="Leaves out the rules that need a column which your data do not have",
            )


def _warning(needs: tuple[Need, ...]) -> str:
    lines = "\n".join(f"- {as_markdown(need.words)}" for need in needs)
    if any(need.kind == "field" for need in needs):
        end = "Without the columns no figure can be shown: change or remove these rules, or load the columns."
    else:
        end = "It can be used as it is; what is missing counts nothing."
    return f"Your data lack what this model asks for:\n\n{lines}\n\n{end}"


@st.cache_resource(max_entries=100, show_spinner=False)
def _needs(_flow: Flow, version: str | None, key: str) -> tuple[Need, ...]:
    return missing_needs(_flow.engine, ready_models()[key])

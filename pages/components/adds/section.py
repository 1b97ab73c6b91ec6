"""What do these rules add? The model with them beside the model without, when somebody asks."""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components import state
from pages.components.adds import tables
from pages.components.adds.choose import choose_group, problem
from pages.components.evidence import load
from pages.components.evidence.chart import show_evidence_chart
from pages.components.format import as_markdown
from pages.components.theme import current_theme
from queries.flow import Flow
from queries.nested import rules_add
from scoring.comparison import Level
from scoring.model import Model
from scoring.nested import Added
from scoring.nested_words import added_sentences, added_title

ICONS = {
    Level.BETTER: ":material/add_circle:",
    Level.NO_DIFFERENCE: ":material/trending_flat:",
    Level.WORSE: ":material/remove_circle:",
    Level.TOO_LITTLE_DATA: ":material/hourglass_empty:",
}
_ASKED = "adds_asked"


@st.fragment
def show_added(flow: Flow, model: Model, left_out: tuple[str, ...]) -> None:
    """The section about a group of rules; worked out only when it is asked for."""
    st.header("What do these rules add?", anchor="adds")
    if len(model.enabled_rules) < 2:
        st.markdown("Only a model of two rules or more can be compared with itself without some of them.")
        return
    st.markdown(
        "The same model with some of its rules switched off, on the same leads on the same days: what is "
        "known through these rules that the others do not know already?"
    )
    rules = choose_group(model)
    if not rules:
        st.caption("Choose one rule or more.")
        return
    if (text := problem(model, rules)) is not None:
        st.info(as_markdown(text), icon=":material/info:")
        return
    asked = (state.data_version(), load.document(model), left_out, rules)
    if st.session_state.get(_ASKED) != asked:
        st.button(
            "Compare with and without",
            key="adds_compare",
            icon=":material/difference:",
            on_click=_ask,
            args=(asked,),
        )
        return
    _show(_added(flow, asked, model))


def _show(added: Added) -> None:
    pooled = added.pooled
    with st.container(border=True, key="adds_verdict"):
        st.subheader(f"{ICONS[pooled.level]} {added_title(added)}", anchor=False)
        st.markdown("\n".join(f"- {as_markdown(line)}" for line in added_sentences(added)))
        word = shown.period_word([part.period for part in added.periods])
        st.caption(
            f"{shown.count(pooled.leads)} lead-{word}s, {shown.count(pooled.conversions)} conversions; the "
            f"rules change the score of {shown.count(added.leads_moved)}"
        )
    if added.periods:
        show_evidence_chart(
            tables.added_figure(added, current_theme()),
            tables.added_table(added),
            f"What these rules add by {word}",
            "adds",
            ("adds",),
            tables.CONFIG,
        )


def _ask(asked: tuple[object, ...]) -> None:
    st.session_state[_ASKED] = asked


@st.cache_resource(max_entries=30, show_spinner="Scoring the same leads with and without these rules …")
def _added(
    _flow: Flow, asked: tuple[str | None, str, tuple[str, ...], tuple[str, ...]], _model: Model
) -> Added:
    *_, left_out, rules = asked
    return rules_add(_flow, _model, rules=rules, left_out=left_out)

"""The evidence on the Tune page: rules that know the answer, and the verdict on a draft that rests."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.compare import load as compare_load
from pages.components.compare.verdict import VERDICTS
from pages.components.evidence import load
from pages.components.format import as_markdown
from queries.findings import Finding
from queries.flow import Flow
from queries.guard.without_leak import without_leak
from scoring.model import Model

LEAK, HINDSIGHT = "leak", "hindsight"
_ASKED = "tune_verdict_for"


def show_findings(flow: Flow, model: Model) -> None:
    """What a model's rules know that they could not have known, each with a click that leaves it out.

    Only findings that an enabled rule of the model sees; nothing is drawn when there are none. The others
    stand on the Data page.

    Parameters
    ----------
    flow : Flow
    model : Model
        The draft.
    """
    seen = [finding for finding in load.leak_findings(flow, model) if finding.evidence.get("rules")]
    for number, finding in enumerate(seen):
        with st.container(border=True, key=f"leak_{number}"):
            icon = ":material/visibility:" if finding.kind == LEAK else ":material/today:"
            title = "This rule knows the answer" if finding.kind == LEAK else "This rule may know the answer"
            st.markdown(f"{icon} **{title}: {_names(model, finding)}**")
            st.markdown(as_markdown(finding.message[:1].upper() + finding.message[1:]))
            changed = without_leak(model, finding)
            if changed != model:
                st.button(
                    "Leave it out",
                    key=f"leave_out_{number}",
                    icon=":material/block:",
                    on_click=state.set_draft,
                    args=(changed, f"leaving out what {_plain_names(model, finding)} should not know"),
                    help="Changes your draft so that no rule sees it. Undo brings it back.",
                )


def show_resting_verdict(flow: Flow, draft: Model, in_use: Model) -> None:
    """Whether a draft is really better, in a line, once its maker rests and asks.

    Asked for, not shown by itself: every draft whose verdict is seen counts as tried, and intermediate
    stages of a change should not. Any further change takes the line away.
    """
    if draft == in_use:
        return
    key = (state.data_version(), load.document(in_use), load.document(draft))
    if st.session_state.get(_ASKED) != key:
        st.button(
            "Is this more than chance?",
            key="tune_ask_verdict",
            icon=":material/balance:",
            on_click=_ask,
            args=(key,),
            help="Scores the same leads with your draft and with the model in use; takes a moment.",
        )
        return
    verdict = compare_load.compare(flow, compare_load.current_pair(flow)).comparison.pooled.verdict
    title, icon = VERDICTS[verdict.level]
    st.info(f"**{title}.** {as_markdown(verdict.reason)} More on the page *Compare*.", icon=icon)


def _ask(key: tuple[str | None, str, str]) -> None:
    st.session_state[_ASKED] = key


def _names(model: Model, finding: Finding) -> str:
    return ", ".join(f"“{as_markdown(label)}”" for label in _labels(model, finding))


def _plain_names(model: Model, finding: Finding) -> str:
    return ", ".join(f"'{label}'" for label in _labels(model, finding))


def _labels(model: Model, finding: Finding) -> list[str]:
    rules = set(finding.evidence["rules"])
    return [rule.shown_label for rule in model.rules if rule.id in rules]

"""The console as a Streamlit component: what it is given, and what its results do to the session.

Two components stand on the page. One shows inputs and figures and is redrawn with the page; the other,
without a face, brings the response table of the rule that is about to be moved and lies in a fragment of its
own, so that coming near a slider redraws nothing. Changes come as triggers with numbers (`operations`).
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import state
from pages.components.console.operations import Applied, Edit, EditTiers, Operation, follow, parse_sent
from pages.components.console.payload import Payload
from pages.components.console.script import FOLDER, joined_script, joined_style
from pages.components.tiers.editor import open_tiers
from pages.components.tune import rule_editor

CONSOLE, TABLES = "tune_console", "tune_tables"
ASKED_RULE, ASKED_NOW = "console_asked_rule", "console_asked_now"
_APPLIED = "console_applied"

HTML = """
<div class="console"><p class="absent">The live inputs are not running here. Switch on <em>Plain inputs</em>
above to go on without them.</p></div>
"""

_console = st.components.v2.component(
    "tierline_console",
    html=HTML,
    css=joined_style(FOLDER / "console.css", FOLDER / "live" / "panel.css"),
    js=joined_script(FOLDER / "console.js"),
)
_tables = st.components.v2.component("tierline_tables", js=joined_script(FOLDER / "table_source.js"))


def mount_console(data: Payload) -> None:
    """Draw inputs and figures; what was done there before is acknowledged."""
    applied = _applied()
    acknowledged = {
        "client": applied.client,
        "applied": applied.number,
        "problems": [list(problem) for problem in applied.problems],
    }
    _console(key=CONSOLE, data=data | acknowledged, on_sent_change=_follow_hand)


def mount_tables(table: Payload | None, last: Payload | None) -> None:
    """Hand a response table to the console.

    Parameters
    ----------
    table : dict or None
        None when nobody asked: what the browser has, it keeps.
    last : dict or None
        ``rule`` and ``draft`` of the table that was handed over last. A browser that has another one asks
        again: of two redraws that follow each other quickly only the second may have reached it.
    """
    _tables(key=TABLES, data={"table": table, "last": last}, height=1, on_asked_change=_remember_rule)


def _applied() -> Applied:
    applied: Applied = st.session_state.get(_APPLIED, Applied())
    return applied


def _follow_hand() -> None:
    """Do what was done in the console; every change is a step that undo takes back."""
    sent = parse_sent(_sent(CONSOLE, "sent"))
    if sent is None:
        return

    def act(operation: Operation) -> None:
        state.set_draft(*operation.change(state.draft(), state.model_in_use()))
        if isinstance(operation, Edit):
            if operation.rule is None:
                rule_editor.start_new_rule()
            else:
                rule_editor.start_editing(operation.rule)
        if isinstance(operation, EditTiers):
            open_tiers()

    st.session_state[_APPLIED] = follow(sent, _applied(), act)


def _remember_rule() -> None:
    asked = _sent(TABLES, "asked")
    rule = asked.get("rule") if isinstance(asked, dict) else None
    if isinstance(rule, str):
        st.session_state[ASKED_RULE] = rule
        st.session_state[ASKED_NOW] = True


def _sent(key: str, name: str) -> Any:
    values = st.session_state.get(key)
    return values.get(name) if isinstance(values, dict) else None

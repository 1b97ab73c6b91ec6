"""The console on the page: puts together what the browser needs, no more than what a change touched."""

from __future__ import annotations

import json

import streamlit as st

from pages.components import state
from pages.components.console.component import ASKED_NOW, ASKED_RULE, mount_console, mount_tables
from pages.components.console.draft_payload import draft_payload, table_identities
from pages.components.console.payload import (
    Payload,
    appearance_payload,
    counts_payload,
    response_payload,
    tiers_payload,
)
from pages.components.explain import explanation
from pages.components.failures import shown_on_page
from pages.components.format import period_word
from pages.components.state import Part
from pages.components.theme import current_theme, palette, tier_colours
from pages.components.tune.compared import compared_tier
from pages.components.tune.figures import ModelFigures
from pages.components.tune.quiet import quiet
from queries.flow import Flow
from scoring.model import Model

HEADLINE_TOPICS = ("lead_quarters", "rate", "capture", "lift", "auc")
"""What explains the five figures above the charts, in their order."""

_TABLE = "console_table"


def show_console(
    draft: Model,
    in_use: Model,
    now: ModelFigures | None,
    before: ModelFigures | None,
    with_inputs: bool = True,
) -> None:
    """Draw the console.

    Parameters
    ----------
    draft, in_use : Model
    now : ModelFigures or None
        Of the draft; None when the data lack what it names, so that it can be mended.
    before : ModelFigures or None
        Of the model in use, judged by the draft's idea of success.
    with_inputs : bool
        Whether rules and thresholds are shown beside the figures.
    """
    theme = current_theme()
    mount_console(
        {
            "showControls": with_inputs,
            "draft": draft_payload(draft, in_use),
            "identities": table_identities(draft, _looked_at(state.current_part())) if now else {},
            "counts": _counts(now),
            "reference": _reference(draft, before),
            "appearance": appearance_payload(palette(theme), tier_colours(len(draft.tiers), theme)),
            "explanations": [explanation(topic) for topic in HEADLINE_TOPICS],
            "noun": period_word(now.cells.periods) if now else "quarter",
        }
    )


@st.fragment
def show_tables(flow: Flow) -> None:
    """Bring the response table that the browser asked for; an error is shown where the figures are."""
    quiet().disturb()
    with shown_on_page():
        draft, part = state.draft(), state.current_part()
        rule = st.session_state.get(ASKED_RULE, "")
        identity = table_identities(draft, _looked_at(part)).get(rule)
        kept: tuple[str, Payload] | None = st.session_state.get(_TABLE)
        is_asked = st.session_state.pop(ASKED_NOW, False) and identity is not None
        if is_asked and identity and (kept is None or kept[0] != identity):
            kept = (identity, _table(flow, draft, part, rule, identity))
            st.session_state[_TABLE] = kept
        if kept is None or kept[0] != identity:
            mount_tables(None, None)
        else:
            # Megabytes at a million leads, so not with every redraw of the page.
            mount_tables(kept[1] if is_asked else None, {"rule": rule, "draft": identity})


def _table(flow: Flow, draft: Model, part: Part, rule: str, identity: str) -> Payload:
    table = flow.response_table(draft, rule, segment=part.column)
    chosen = [value for value in part.values if value in table.cells.segments]
    return response_payload(table, rule, identity, chosen if part.values else None)


def _reference(draft: Model, before: ModelFigures | None) -> Payload | None:
    if before is None:
        return None
    compared = compared_tier(draft, before.model)
    return {
        "counts": _counts(before),
        "tiers": tiers_payload(before.model),
        "compared": {"place": compared.place, "isSame": compared.is_same, "note": compared.note},
    }


def _counts(figures: ModelFigures | None) -> Payload | None:
    if figures is None:
        return None
    return counts_payload(figures.cells, figures.model.min_score, figures.model.max_score)


def _looked_at(part: Part) -> str:
    return json.dumps([state.data_version(), part.column, part.values])

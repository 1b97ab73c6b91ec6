"""Starting a grid on the Tune page: two categories, how many grades, and what that would look like."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown, count
from pages.components.table import table_with_download
from pages.components.tune import changes, widgets
from pages.components.tune.labels import as_label
from queries.flow import Flow
from queries.grid_start import propose_grid
from scoring.grid_start import USUAL_GRADES, GridStart, grade_leads
from scoring.model import ACTIVITY_SOURCES, Model

OPEN = "grid_start_open"
"""Where Streamlit keeps whether the section is open."""

OFFERED_GRADES = (2, 3, 4, 5)
_ROWS, _COLUMNS, _GRADES = "grid_start_rows", "grid_start_columns", "grid_start_grades"


def show_grid_start(flow: Flow, draft: Model) -> None:
    """A section that opens to the way from thresholds to a grid; while closed it looks at no data."""
    if draft.grid is not None:
        return
    section = st.expander(
        "Tiers from a grid of two categories", key=OPEN, icon=":material/grid_on:", on_change="rerun"
    )
    if not section.open:
        return
    with section, shown_on_page():
        st.markdown(
            "Grades two things apart, usually who a lead is and what it does, and lets each pair of grades "
            "decide about the tier, in the place of thresholds."
        )
        names = categories_to_grade(draft)
        if len(names) < 2:
            st.info(_too_few(names), icon=":material/category:")
            return
        rows, columns, grades = _ask(names)
        if rows == columns:
            st.info("Choose two different categories.", icon=":material/category:")
            return
        text = document(draft)
        found = _proposed(flow, state.data_version(), text, rows, columns, grades, draft)
        _show_proposal(found, draft)


def categories_to_grade(model: Model) -> list[str]:
    """Categories with rules that are switched on; those on who a lead is come first."""
    rules = model.enabled_rules
    names = [name for name in model.category_names if any(rule.category == name for rule in rules)]

    def share_of_activities(name: str) -> float:
        mine = [rule.source in ACTIVITY_SOURCES for rule in rules if rule.category == name]
        return sum(mine) / len(mine)

    return sorted(names, key=share_of_activities)


def proposal_sentences(found: GridStart, model: Model) -> list[str]:
    """What the grid would do, as lines of Markdown."""
    word = model.observation.period
    lines = []
    for part, axis, labels in (
        ("rows", found.grid.rows, found.grid.row_labels),
        ("columns", found.grid.columns, found.grid.column_labels),
    ):
        said = [
            f"**{label}** {axis.span_words(place)} ({count(leads)})"
            for place, (label, leads) in enumerate(zip(labels, grade_leads(found, part), strict=True))
        ]
        lines.append(f"Points of {as_markdown(axis.category)}: {', '.join(said)}.")
    lines.append(
        f"In brackets: lead-{word}s. Grades hold as equal numbers of them as the points allow (with four "
        "grades quartiles, where few leads have the same points); no outcome is looked at."
    )
    return lines


def proposal_frame(found: GridStart, model: Model) -> pd.DataFrame:
    """One row a tier, highest first: how many leads it would hold and holds now, and its cells."""
    word = f"Lead-{model.observation.period}s"
    return pd.DataFrame(
        [
            {
                "Tier": tier.shown_label,
                word: int(found.tier_leads[place]),
                "By thresholds": int(found.tier_leads_before[place]),
                "Cells": ", ".join(found.grid.cells_of(tier.name)),
            }
            for place, tier in reversed(list(enumerate(model.tiers)))
        ]
    )


def _too_few(names: list[str]) -> str:
    has = f"only {as_markdown(names[0])}" if names else "none"
    return (
        f"A grid needs two categories whose rules are switched on; your draft has {has}. Give some rules "
        "another category: edit a rule, and choose or type its category."
    )


def _ask(names: list[str]) -> tuple[str, str, int]:
    for key in (_ROWS, _COLUMNS):
        if st.session_state.get(key, names[0]) not in names:
            del st.session_state[key]
    left, right = st.columns(2, wrap=False)
    rows = left.selectbox("Rows: A, B, C …", names, key=_ROWS, format_func=as_label)
    columns = right.selectbox("Columns: 1, 2, 3 …", names, len(names) - 1, key=_COLUMNS, format_func=as_label)
    grades = st.segmented_control(
        "Grades of each", OFFERED_GRADES, default=USUAL_GRADES, key=_GRADES, required=True
    )
    return str(rows), str(columns), int(grades or USUAL_GRADES)


def _show_proposal(found: GridStart, draft: Model) -> None:
    for line in proposal_sentences(found, draft):
        st.markdown(line)
    table_with_download(proposal_frame(found, draft), "Tiers of the proposed grid", "grid_start_tiers")
    st.caption(
        "The cells with most points get the highest tier, so many that each tier stays about as large as its "
        "threshold makes it. Everything can be changed afterwards: click cells, type where a grade begins."
    )
    st.button(
        "Start with this grid",
        key="grid_start",
        type="primary",
        icon=":material/grid_on:",
        on_click=_start,
        args=(found,),
        help="It becomes part of your draft. Undo, or Back to thresholds, takes it away.",
    )


def _start(found: GridStart) -> None:
    note = f"grid of {' by '.join(found.grid.categories)}"
    widgets.apply(lambda draft: changes.change_model(draft, grid=found.grid), note)


@st.cache_resource(max_entries=50, show_spinner=False)
def _proposed(
    _flow: Flow, version: str | None, text: str, rows: str, columns: str, grades: int, _draft: Model
) -> GridStart:
    return propose_grid(_flow, _draft, rows, columns, grades)

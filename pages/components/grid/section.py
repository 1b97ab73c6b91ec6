"""The grid on the Tune page: its cells with their figures, and the cuts between its grades."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from pages.components.format import as_markdown
from pages.components.grid.component import mount_grid
from pages.components.grid.worked import cells_worked
from pages.components.table import percent_column, table_with_download
from pages.components.theme import current_theme
from pages.components.tune import changes, widgets
from pages.components.tune.figures import ModelFigures
from pages.components.tune.labels import as_label
from pages.components.tune.rules import show_tiers_head
from pages.components.worked import Shares
from scoring.grid import MOST_CUTS, Grid, GridAxis
from scoring.grid_figures import GridFigures, compute_grid
from scoring.grid_grades import Part, with_grade, without_grade
from scoring.model import Model
from scoring.worked_words import WORKED_MEANS

MOST_ABREAST = 4

_CHOSEN = "grid_tier"


def show_grid(now: ModelFigures, in_use: Model) -> None:
    """The cells, each with rate, likely range, leads and tier, and a table of them for every period."""
    draft = now.model
    if draft.grid is None:
        return
    figures = compute_grid(now.cells, draft)
    st.markdown(f"## {as_markdown(_title(figures))}")
    labels = {tier.name: as_label(tier.shown_label) for tier in draft.tiers}
    if st.session_state.get(_CHOSEN) not in labels:
        st.session_state[_CHOSEN] = draft.tiers[-1].name
    chosen = st.segmented_control(
        "Clicking a cell assigns it to",
        list(labels),
        default=st.session_state[_CHOSEN],
        key=_CHOSEN,
        format_func=labels.__getitem__,
        required=True,
    )
    worked = cells_worked(draft)
    mount_grid(figures, worked, draft, in_use, str(chosen or draft.tiers[-1].name), current_theme())
    st.caption(
        f"The grid alone decides the tier; the score ranks leads and plays no part in it. {_means(worked)}"
    )
    with st.expander("Every cell, period by period", icon=":material/table_rows:"):
        shares = ("rate", "low", "high", "sales worked")
        percents = {name: percent_column() for name in shares}
        table_with_download(grid_frame(figures, worked), "Cells of the grid", "grid_cells", percents)


def show_cuts(draft: Model) -> None:
    """From how many points on a lead has a grade, and the way back to thresholds."""
    grid = draft.grid
    if grid is None:
        return
    show_tiers_head("Grades")
    _show_axis(grid, grid.rows, grid.row_labels, "rows")
    _show_axis(grid, grid.columns, grid.column_labels, "columns")
    st.button(
        "Back to thresholds",
        key="grid_remove",
        icon=":material/grid_off:",
        help="Tiers follow from the score again. Undo brings the grid back.",
        on_click=_remove,
    )


def grid_frame(figures: GridFigures, worked: Shares | None = None) -> pd.DataFrame:
    """One row for each period and cell, the pooled ones first, with what sales worked where it is known."""
    columns = ("cell", "tier", "leads", "conversions", "rate", "low", "high", "lift", "capture", "amount")
    periods = (figures.pooled, *figures.periods)
    frame = pd.DataFrame(
        [
            {"period": period.period} | {name: getattr(cell, name) for name in columns}
            for period in periods
            for cell in period.cells
        ]
    )
    if worked:
        found = {(one.period, one.tier): one.share for one in worked}
        pairs = [(period.period, cell.cell) for period in periods for cell in period.cells]
        frame["sales worked"] = pd.Series([found.get(pair) for pair in pairs], dtype="float64")
    return frame


def _means(worked: Shares | None) -> str:
    """What stands below the counts of each cell; its place is kept until it is known."""
    return "" if worked is not None and not worked else WORKED_MEANS


def _title(figures: GridFigures) -> str:
    """Which cell converts best, of those with enough leads to tell."""
    cells = [cell for cell in figures.pooled.cells if cell.low is not None]
    if not cells:
        return "No complete leads in the grid yet"
    best = max(cells, key=lambda cell: cell.low or 0.0)
    if not best.conversions:
        return f"None of {figures.pooled.leads:,} leads in the grid has converted"
    return f"{best.cell} converts at {100 * (best.rate or 0):.1f} %, {best.lift or 0:.1f} times the average"


def _show_axis(grid: Grid, axis: GridAxis, labels: tuple[str, ...], part: Part) -> None:
    st.caption(f"Points of {as_markdown(axis.category)}, from which on a lead is")
    columns = st.columns(len(axis.cuts), wrap=len(axis.cuts) > MOST_ABREAST)
    for number, column in enumerate(columns):
        # Best grade first: the highest cut begins it.
        place = len(axis.cuts) - 1 - number
        with column:
            widgets.number(
                as_label(labels[number]),
                f"grid_{part}_{place}",
                axis.cuts[place],
                partial(_with_cut, part, place),
                f"{labels[number]} of {axis.category}",
            )
    below, change = st.columns([3, 2], vertical_alignment="center", wrap=False)
    below.caption(f"Below that it is {as_markdown(labels[-1])}.")
    with change, st.popover("More or fewer", key=f"grid_grades_{part}", width="stretch"):
        _show_grades(axis, labels, part)


def _show_grades(axis: GridAxis, labels: tuple[str, ...], part: Part) -> None:
    """One grade more, which changes no lead's tier before a cell is assigned otherwise; or one fewer."""
    key = f"grid_new_{part}_{len(axis.cuts)}"
    st.number_input(
        f"Points of {as_label(axis.category)} from which on a new grade begins", value=None, step=1, key=key
    )
    st.button(
        "Add a grade",
        key=f"grid_add_{part}",
        icon=":material/add:",
        on_click=_add_grade,
        args=(part, key),
        disabled=len(axis.cuts) == MOST_CUTS,
        help="Its cells begin with the tiers of the grade that it is split from",
    )
    if len(axis.cuts) == 1:
        return
    st.markdown("Or take one away: its leads go to the grade below.")
    with st.container(horizontal=True):
        for number, label in enumerate(labels[:-1]):
            place = len(axis.cuts) - 1 - number
            st.button(
                f"Remove {as_label(label)}",
                key=f"grid_remove_{part}_{place}",
                on_click=widgets.apply,
                args=(partial(_without_grade, part, place), f"removing grade {label} of {axis.category}"),
            )


def _with_cut(part: str, place: int, draft: Model, value: int) -> Model:
    if draft.grid is None:
        return draft
    axis: GridAxis = getattr(draft.grid, part)
    cuts = tuple(value if number == place else cut for number, cut in enumerate(axis.cuts))
    moved = axis.model_copy(update={"cuts": cuts})
    return changes.change_model(draft, grid=draft.grid.model_copy(update={part: moved}))


def _add_grade(part: Part, key: str) -> None:
    points: int | None = st.session_state[key]
    widgets.apply(partial(_with_grade, part, points), f"a grade from {points} on")


def _with_grade(part: Part, points: int | None, draft: Model) -> Model:
    if draft.grid is None:
        return draft
    return changes.change_model(draft, grid=with_grade(draft.grid, part, points))


def _without_grade(part: Part, place: int, draft: Model) -> Model:
    if draft.grid is None:
        return draft
    return changes.change_model(draft, grid=without_grade(draft.grid, part, place))


def _remove() -> None:
    widgets.apply(lambda draft: changes.change_model(draft, grid=None), "grid removed")

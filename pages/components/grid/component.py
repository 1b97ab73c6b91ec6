"""The grid as a Streamlit component: what it is given, and what a click does to the draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.components import state
from pages.components.console.script import joined_script, joined_style
from pages.components.format import count, percent
from pages.components.theme import Theme, tier_colours
from pages.components.tune import changes, widgets
from pages.components.worked import Shares
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.grid import Grid, GridAxis
from scoring.grid_figures import CellFigures, GridFigures
from scoring.model import Model
from scoring.worked import WorkedShare, pooled
from scoring.worked_words import NOT_YET

FOLDER = Path(__file__).resolve().parent
KEY = "tune_grid"

_grid = st.components.v2.component(
    "tierline_grid",
    html='<div class="grid"><p>The grid is not running here.</p></div>',
    css=joined_style(FOLDER / "grid.css"),
    js=joined_script(FOLDER / "grid.js"),
)


def mount_grid(
    figures: GridFigures,
    worked: Shares | None,
    draft: Model,
    in_use: Model,
    chosen: str,
    theme: Theme,
) -> None:
    """Draw the grid; a click assigns a cell to the chosen tier, and undo takes it back.

    Parameters
    ----------
    figures : GridFigures
        Of the draft.
    worked : tuple of WorkedShare, optional
        What sales worked of each cell's leads; empty where it is not known, None as yet.
    draft, in_use : Model
    chosen : str
        The name of the tier that a click assigns.
    theme : {"light", "dark"}
    """
    _grid(
        key=KEY, data=grid_payload(figures, worked, draft, in_use, chosen, theme), on_assigned_change=_assign
    )


def grid_payload(
    figures: GridFigures,
    worked: Shares | None,
    draft: Model,
    in_use: Model,
    chosen: str,
    theme: Theme,
) -> dict[str, Any]:
    """What the component shows, ready-made texts; see ``grid.js``."""
    grid, names = figures.grid, [tier.name for tier in draft.tiers]
    labels = {tier.name: tier.shown_label for tier in draft.tiers}
    before, shares = _tiers_before(grid, in_use), pooled(worked or ())
    colours = tier_colours(len(names), theme)
    return {
        "title": f"Cells of {grid.rows.category} by {grid.columns.category} with their conversion rates",
        "rowsTitle": grid.rows.category,
        "columnsTitle": grid.columns.category,
        "rows": _grades(grid.rows, grid.row_labels),
        "columns": _grades(grid.columns, grid.column_labels),
        "tiers": [
            {"label": labels[name], "colour": colour} for name, colour in zip(names, colours, strict=True)
        ],
        "cells": [
            _cell(
                cell,
                names.index(cell.tier),
                was if was != cell.tier else None,
                f"worked {NOT_YET}" if worked is None else _worked(shares.get(cell.cell)),
            )
            for cell, was in zip(figures.pooled.cells, before, strict=True)
        ],
        "chosen": names.index(chosen),
    }


def _cell(cell: CellFigures, tier: int, was: str | None, worked: str) -> dict[str, Any]:
    likely = "no leads yet"
    if cell.low is not None and cell.high is not None:
        likely = f"likely {100 * cell.low:.1f} to {100 * cell.high:.1f}"
    return {
        "name": cell.cell,
        "tier": tier,
        "rate": percent(cell.rate),
        "likely": likely,
        "counts": f"{count(cell.conversions)} of {count(cell.leads)}",
        "worked": worked,
        "was": "" if was is None else f"was {was}",
        "isSmall": cell.leads < MIN_LEADS_FOR_RATE,
    }


def _worked(one: WorkedShare | None) -> str:
    return "" if one is None or one.share is None else f"worked {percent(one.share, 0)}"


def _grades(axis: GridAxis, labels: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"label": label, "span": axis.span_words(grade)} for grade, label in enumerate(labels)]


def _tiers_before(grid: Grid, in_use: Model) -> tuple[str | None, ...]:
    """The tier of each cell in the model in use; None where that has no such cell."""
    if in_use.grid is None:
        return (None,) * grid.size
    before = dict(zip(in_use.grid.cell_names, in_use.grid.tier_of_place, strict=True))
    return tuple(before.get(name) for name in grid.cell_names)


def _assign() -> None:
    """Assign a cell, a step that undo takes back; what the browser sent is checked like any input."""
    values = st.session_state.get(KEY)
    sent = values.get("assigned") if isinstance(values, dict) else None
    place, tier = (sent.get("place"), sent.get("tier")) if isinstance(sent, dict) else (None, None)
    if isinstance(place, int) and isinstance(tier, int):
        assign_cell(place, tier)


def assign_cell(place: int, tier: int) -> None:
    """Assign the cell at a place to the tier at an index, in the draft; other numbers do nothing."""
    draft = state.draft()
    if draft.grid is None or not (0 <= place < draft.grid.size and 0 <= tier < len(draft.tiers)):
        return
    name = draft.tiers[tier].name
    grid = draft.grid.with_tier(place, name)
    cell = grid.cell_names[place]
    widgets.apply(lambda model: changes.change_model(model, grid=grid), f"cell {cell} to {name}")

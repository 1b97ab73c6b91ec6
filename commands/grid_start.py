"""``tierline grid-start``: a model file with a grid to begin with, of two categories of a model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from commands.errors import plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar, written_whole
from queries.grid_start import propose_grid
from scoring.grid import MOST_CUTS
from scoring.grid_start import USUAL_GRADES, GridStart, grade_leads
from scoring.model import Model
from scoring.model_file import format_model


@click.command("grid-start")
@asks_about_model
@click.option("--rows", required=True, help="The category that is graded A, B, C, ...")
@click.option("--columns", required=True, help="The category that is graded 1, 2, 3, ...")
@click.option(
    "--grades",
    type=click.IntRange(2, MOST_CUTS + 1),
    default=USUAL_GRADES,
    show_default=True,
    help="Of each.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the model with the grid (TOML)."
)
@json_option
@plain_errors
def grid_start(asked: Asked, rows: str, columns: str, grades: int, out: Path | None, as_json: bool) -> None:
    """A grid to begin with: even grades of two categories, and tiers of about the sizes they have."""
    _, flow, model = asked.open()
    found = propose_grid(flow, model, rows, columns, grades, progress_bar())
    click.echo(json.dumps(_json(found, model), indent=2) if as_json else "\n".join(_lines(found, model)))
    if out is not None:
        with written_whole(out) as partial:
            partial.write_text(format_model(model.model_copy(update={"grid": found.grid})), encoding="utf-8")
        click.echo(f"{model.name} with this grid written to {out}", err=as_json)


def _lines(found: GridStart, model: Model) -> Iterator[str]:
    word = model.observation.period
    yield f"{model.name}: grades that hold as equal numbers of lead-{word}s as the points allow"
    for part, grades in _grades(found).items():
        yield f"{part}: points of {getattr(found.grid, part).category}"
        for grade in grades:
            yield f"  {grade['grade']:<6}{grade['points']:<16}{grade['leads']:>11,}"
    yield f"{'tier':<24}{f'lead-{word}s':>14}{'by thresholds':>15}  cells"
    for tier in _tiers(found, model):
        size = f"{tier['leads']:>14,}{tier['leads_by_thresholds']:>15,}"
        yield f"{tier['tier'][:23]:<24}{size}  {', '.join(tier['cells']) or '-'}"


def _json(found: GridStart, model: Model) -> dict[str, Any]:
    parts = {
        part: {"category": axis.category, "cuts": list(axis.cuts), "grades": _grades(found)[part]}
        for part, axis in (("rows", found.grid.rows), ("columns", found.grid.columns))
    }
    return {"model": model.name, **parts, "tiers": _tiers(found, model)}


def _grades(found: GridStart) -> dict[str, list[dict[str, Any]]]:
    grid = found.grid
    return {
        part: [
            {"grade": label, "points": axis.span_words(place), "leads": leads}
            for place, (label, leads) in enumerate(zip(labels, grade_leads(found, part), strict=True))
        ]
        for part, axis, labels in (
            ("rows", grid.rows, grid.row_labels),
            ("columns", grid.columns, grid.column_labels),
        )
    }


def _tiers(found: GridStart, model: Model) -> list[dict[str, Any]]:
    """Highest tier first, as cells are listed best first."""
    return [
        {
            "tier": tier.name,
            "leads": int(found.tier_leads[place]),
            "leads_by_thresholds": int(found.tier_leads_before[place]),
            "cells": list(found.grid.cells_of(tier.name)),
        }
        for place, tier in reversed(list(enumerate(model.tiers)))
    ]

"""What differs between the grids of two models, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scoring.grid import Grid, GridAxis

Difference = tuple[tuple[str, ...], Any, Any, str]
"""Place, before, after and words, as a change of a model has them."""

PLACE = ("grid",)


def grid_changes(before: Grid | None, after: Grid | None) -> Iterator[Difference]:
    """Everything that differs, nothing exactly when the two are equal."""
    if before is None or after is None:
        if after is not None:
            yield PLACE, None, after, f"tiers come from a grid of {_axes(after)}: {_assigned(after)}"
        elif before is not None:
            yield PLACE, before, None, f"grid of {_axes(before)} removed: thresholds decide the tiers"
        return
    yield from _axis_changes("rows", before.rows, after.rows)
    yield from _axis_changes("columns", before.columns, after.columns)
    if before.cell_names == after.cell_names:
        cells = zip(after.cell_names, before.tier_of_place, after.tier_of_place, strict=True)
        for cell, old, new in cells:
            if old != new:
                yield (*PLACE, "tiers", cell), old, new, f"cell {cell} {old} -> {new}"
    elif before.tiers != after.tiers:
        yield (*PLACE, "tiers"), before.tiers, after.tiers, f"cells are assigned anew: {_assigned(after)}"


def _axis_changes(part: str, before: GridAxis, after: GridAxis) -> Iterator[Difference]:
    for key, word in (("category", "are of"), ("cuts", "begin at"), ("labels", "are called")):
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            words = f"grid {part} {word} {_said(old)} -> {_said(new)}"
            yield (*PLACE, part, key), old, new, words


def _axes(grid: Grid) -> str:
    return " by ".join(grid.categories)


def _assigned(grid: Grid) -> str:
    """The cells of each tier: ``SQL A1, A2; MQL B1``."""
    cells: dict[str, list[str]] = {}
    for cell, tier in zip(grid.cell_names, grid.tier_of_place, strict=True):
        cells.setdefault(tier, []).append(cell)
    return "; ".join(f"{tier} {', '.join(names)}" for tier, names in cells.items())


def _said(value: Any) -> str:
    if value is None:
        return "the usual letters or numbers"
    return value if isinstance(value, str) else ", ".join(map(str, value))

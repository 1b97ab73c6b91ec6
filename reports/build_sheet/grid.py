"""A grid's tiers: the pairs of grades that each is made of."""

from __future__ import annotations

from scoring.model import Model


def cells_of_tier(model: Model, tier: str) -> tuple[str, ...]:
    """Each cell of a tier in words: ``A1: fit from 30 and engagement from 60``; empty without a grid."""
    grid = model.grid
    if grid is None:
        return ()
    names = []
    for place, (cell, assigned) in enumerate(zip(grid.cell_names, grid.tier_of_place, strict=True)):
        if assigned == tier:
            row, column = divmod(place, grid.columns.size)
            names.append(
                f"{cell}: “{grid.rows.category}” {grid.rows.span_words(row)} points and "
                f"“{grid.columns.category}” {grid.columns.span_words(column)} points"
            )
    return tuple(names)

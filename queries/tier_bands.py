"""Tiers as bands, for statements that join scored leads to them.

What a statement compares is the lead's *standing*: its score, or its place in the grid of a model that has
one. A band is a tier and the standings that belong to it, from ``threshold`` up to below ``next_threshold``;
a grid gives a band for each of its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from scoring.grid import tiers_of_places
from scoring.model import Model

ABOVE_EVERY_SCORE = 2_000_000_000


class Band(NamedTuple):
    """Standings from `first` up to below `end` that belong to the tier at an index of the model's."""

    tier: int
    first: int
    end: int


def tier_bands(model: Model) -> pa.Table:
    """tier (its index), threshold, next_threshold: every standing lies in exactly one band."""
    return _table(_bands(model))


def named_tier_bands(model: Model) -> pa.Table:
    """The same with the tiers' names."""
    names = [model.tiers[band.tier].name for band in _bands(model)]
    return tier_bands(model).set_column(0, "tier", pa.array(names, pa.string()))


def _bands(model: Model) -> list[Band]:
    if model.grid is not None:
        tiers = tiers_of_places(model.grid, [tier.name for tier in model.tiers]).tolist()
        return [Band(tier, place, place + 1) for place, tier in enumerate(tiers)]
    starts = [tier.threshold for tier in model.tiers]
    ends = [*starts[1:], ABOVE_EVERY_SCORE]
    return [Band(tier, *ends_of) for tier, ends_of in enumerate(zip(starts, ends, strict=True))]


def _table(bands: Sequence[Band]) -> pa.Table:
    return pa.table(
        {
            "tier": pa.array([band.tier for band in bands], pa.int32()),
            "threshold": pa.array([band.first for band in bands], pa.int32()),
            "next_threshold": pa.array([band.end for band in bands], pa.int32()),
        }
    )

"""Scores to tiers: the one place where a tier is decided.

Without a grid the score decides, by the tiers' thresholds. With one the lead's place in the grid does, and
thresholds play no part; the score then ranks leads and nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.errors import ScoringError
from scoring.grid import tiers_of_places
from scoring.model import Model

Ints = npt.NDArray[np.integer[Any]]


def tier_indices(scores: Ints, model: Model, places: Ints | None = None) -> npt.NDArray[np.int64]:
    """For each lead the index of its tier among the model's; shape as given.

    Parameters
    ----------
    scores : int array
    model : Model
    places : int array, of the same shape
        Places in the model's grid (`Cells.place`, `RowScores.place`); only a model with a grid needs them.

    Raises
    ------
    ScoringError
        When the model has a grid and no places are given: a threshold would give a wrong tier.
    """
    if model.grid is not None:
        if places is None:
            raise ScoringError(f"{model.name}: a model with a grid needs places in it, got scores alone")
        return tiers_of_places(model.grid, [tier.name for tier in model.tiers])[places]
    thresholds = np.array([tier.threshold for tier in model.tiers])
    return np.searchsorted(thresholds, scores, side="right") - 1


def tier_names(scores: Ints, model: Model, places: Ints | None = None) -> npt.NDArray[np.object_]:
    """For each lead the name of its tier, as `tier_indices` finds it; shape as given."""
    return names_of_tiers(tier_indices(scores, model, places), model)


def names_of_tiers(tiers: Ints, model: Model) -> npt.NDArray[np.object_]:
    """The names of tiers that are already found, by their index; shape as given."""
    names = np.array([tier.name for tier in model.tiers], dtype=object)
    return names[tiers]


def in_top_tier(scores: Ints, model: Model, places: Ints | None = None) -> npt.NDArray[np.bool_]:
    """For each lead whether it is in the highest tier; shape as given."""
    if model.grid is None:
        reached: npt.NDArray[np.bool_] = scores >= model.tiers[-1].threshold
        return reached
    highest: npt.NDArray[np.bool_] = tier_indices(scores, model, places) == len(model.tiers) - 1
    return highest


def tiers_key(model: Model) -> list[Any]:
    """What the tiers of scored leads depend on beside their scores, for whoever keeps them."""
    grid = None if model.grid is None else model.grid.model_dump(mode="json")
    return [[tier.name, tier.threshold] for tier in model.tiers] + [grid]

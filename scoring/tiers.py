"""Scores to tiers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.model import Model


def tier_indices(scores: npt.NDArray[np.integer[Any]], model: Model) -> npt.NDArray[np.int64]:
    """For each score, the index of the last tier whose threshold it reaches; shape as given."""
    thresholds = np.array([tier.threshold for tier in model.tiers])
    return np.searchsorted(thresholds, scores, side="right") - 1


def tier_names(scores: npt.NDArray[np.integer[Any]], model: Model) -> npt.NDArray[np.object_]:
    """For each score, the name of its tier; shape as given."""
    names = np.array([tier.name for tier in model.tiers], dtype=object)
    return names[tier_indices(scores, model)]

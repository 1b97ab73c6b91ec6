"""Two models on the same leads at the same moments: joint cells, lead by lead rows, and who changes tier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.errors import ScoringError
from scoring.model import Model
from scoring.statistics import rate, wilson_interval
from scoring.tiers import tier_indices

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class JointCells:
    """Mature leads counted by period, score under both models, and outcome.

    Parameters
    ----------
    periods : tuple of str
        Labels in time order.
    period : int array, shape (n,)
        Index into `periods`.
    score_a, score_b : int array, shape (n,)
        Scores under the model in use (a) and the draft (b).
    converted : bool array, shape (n,)
    leads : int array, shape (n,)
    place_a, place_b : int array, shape (n,), optional
        Places in the grids of models that have one.
    """

    periods: tuple[str, ...]
    period: Ints
    score_a: Ints
    score_b: Ints
    converted: Bools
    leads: Ints
    place_a: Ints | None = None
    place_b: Ints | None = None

    def __post_init__(self) -> None:
        _check_lengths(self.period, self.score_a, self.score_b, self.converted, self.leads)

    def only(self, periods: Collection[str]) -> JointCells:
        """The cells of some periods; the other labels go too."""
        rows, labels, period = _rows_of(self.periods, self.period, periods)
        return JointCells(
            labels,
            period,
            self.score_a[rows],
            self.score_b[rows],
            self.converted[rows],
            self.leads[rows],
            None if self.place_a is None else self.place_a[rows],
            None if self.place_b is None else self.place_b[rows],
        )


@dataclass(frozen=True, eq=False)
class LeadRows:
    """The same, one row for each mature lead and moment, so that leads that return are known as such.

    Thirteen bytes a row in int32, int16, int16, int32 and bool: some 60 MB for five million rows, and every
    function on them is linear in the rows.

    Parameters
    ----------
    periods : tuple of str
    lead : int array, shape (n,)
        Number of the lead; small numbers, since arrays of their length are made.
    period, score_a, score_b : int array, shape (n,)
    converted : bool array, shape (n,)
    place_a, place_b : int array, shape (n,), optional
        Places in the grids of models that have one.
    """

    periods: tuple[str, ...]
    lead: Ints
    period: Ints
    score_a: Ints
    score_b: Ints
    converted: Bools
    place_a: Ints | None = None
    place_b: Ints | None = None

    def __post_init__(self) -> None:
        _check_lengths(self.lead, self.period, self.score_a, self.score_b, self.converted)

    def only(self, periods: Collection[str]) -> LeadRows:
        """The rows of some periods; the other labels go too."""
        rows, labels, period = _rows_of(self.periods, self.period, periods)
        return LeadRows(
            labels,
            self.lead[rows],
            period,
            self.score_a[rows],
            self.score_b[rows],
            self.converted[rows],
            None if self.place_a is None else self.place_a[rows],
            None if self.place_b is None else self.place_b[rows],
        )


@dataclass(frozen=True)
class MovedLeads:
    """Leads of one direction of change, and how they converted."""

    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class SwapSet:
    """Tier by tier, where the leads of one model land under another.

    Parameters
    ----------
    tiers_a, tiers_b : tuple of str
        Names of the rows and of the columns.
    leads, conversions : int array, shape (tiers of a, tiers of b)
    up, down : MovedLeads or None
        Leads in a higher or lower tier under b; None when the two models do not have the same tiers.
    """

    tiers_a: tuple[str, ...]
    tiers_b: tuple[str, ...]
    leads: IntArray
    conversions: IntArray
    up: MovedLeads | None
    down: MovedLeads | None


def swap_set(joint: JointCells, champion: Model, challenger: Model) -> SwapSet:
    """Count leads and conversions by tier under both models, over all periods of the cells."""
    tiers_a, tiers_b = champion.tiers, challenger.tiers
    shape = (len(tiers_a), len(tiers_b))
    place = tier_indices(joint.score_a, champion, joint.place_a) * shape[1]
    place += tier_indices(joint.score_b, challenger, joint.place_b)
    leads = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.add.at(leads, place, joint.leads)
    conversions = np.zeros_like(leads)
    np.add.at(conversions, place[joint.converted], joint.leads[joint.converted])
    leads, conversions = leads.reshape(shape), conversions.reshape(shape)
    names_a, names_b = tuple(tier.name for tier in tiers_a), tuple(tier.name for tier in tiers_b)
    comparable = names_a == names_b
    return SwapSet(
        names_a,
        names_b,
        leads,
        conversions,
        up=_moved(np.triu(leads, 1), np.triu(conversions, 1)) if comparable else None,
        down=_moved(np.tril(leads, -1), np.tril(conversions, -1)) if comparable else None,
    )


def _moved(leads: IntArray, conversions: IntArray) -> MovedLeads:
    lead_count, conversion_count = int(leads.sum()), int(conversions.sum())
    low, high = wilson_interval(conversion_count, lead_count)
    return MovedLeads(lead_count, conversion_count, rate(conversion_count, lead_count), low, high)


def _rows_of(
    labels: tuple[str, ...], period: Ints, wanted: Collection[str]
) -> tuple[Bools, tuple[str, ...], Ints]:
    kept = np.array([label in wanted for label in labels], dtype=np.bool_)
    rows = kept[period]
    new_period = np.cumsum(kept, dtype=np.int32) - 1
    return rows, tuple(label for label in labels if label in wanted), new_period[period[rows]]


def _check_lengths(*columns: NDArray[Any]) -> None:
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        raise ScoringError(f"columns must be of one length, got {sorted(lengths)}")

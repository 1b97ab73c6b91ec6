"""Cells: everything that the figures need to know about the scored leads, without the leads.

A cell is a group of leads that share segment, period, score, maturity and outcome. Its size depends on the
number of scores and periods, not on the number of leads, which is what makes tuning feel instant.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.errors import ScoringError

TEN_THOUSANDTHS = 10_000
"""Amounts are whole ten-thousandths of the currency unit, so that sums are exact."""

MERGED_SEGMENT = ("",)
"""The segments of cells that are not split."""

MISSING_SEGMENT = "(missing)"
"""The leads without a value of the column that cells are split by."""

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Scored leads counted by segment, period, score, maturity and outcome.

    Rows with equal keys may repeat (merging segments leaves them so); every figure adds them up.

    Parameters
    ----------
    periods : tuple of str, length p
        Labels in time order, only periods with a row.
    segments : tuple of str, length s
        Values of the segment; ``("",)`` when not split, ``"(missing)"`` for a missing value.
    segment, period : int array, shape (n,)
        Indices into `segments` and `periods`.
    score : int array, shape (n,)
    mature, converted : bool array, shape (n,)
        Whether the horizon has fully passed; whether a conversion fell into it.
    leads, amount : int array, shape (n,)
        Number of leads; their amount in ten-thousandths of the currency unit.
    unscored_conversions : int array, shape (s, p)
        Conversions of leads that had never been scored.
    horizon_days : int
    observed_until : datetime
        UTC, without a time zone.
    place : int array, shape (n,), optional
        Places in the model's grid; None for a model without one.

    Raises
    ------
    ScoringError
        When shapes or indices do not fit together.
    """

    periods: tuple[str, ...]
    segments: tuple[str, ...]
    segment: NDArray[np.integer[Any]]
    period: NDArray[np.integer[Any]]
    score: NDArray[np.integer[Any]]
    mature: NDArray[np.bool_]
    converted: NDArray[np.bool_]
    leads: NDArray[np.integer[Any]]
    amount: NDArray[np.integer[Any]]
    unscored_conversions: NDArray[np.integer[Any]]
    horizon_days: int
    observed_until: datetime
    place: NDArray[np.integer[Any]] | None = None

    def __post_init__(self) -> None:
        columns = {"segment": "iu", "period": "iu", "score": "iu", "mature": "b", "converted": "b"}
        columns |= {"leads": "iu", "amount": "iu"} | ({} if self.place is None else {"place": "iu"})
        for name, kinds in columns.items():
            values = getattr(self, name)
            if values.ndim != 1 or len(values) != len(self.score) or values.dtype.kind not in kinds:
                raise ScoringError(
                    f"cells: {name} must be one {'bool' if kinds == 'b' else 'whole number'} for each of "
                    f"{len(self.score)} rows, got {values.dtype} of shape {values.shape}"
                )
        _check_index("segment", self.segment, self.segments)
        _check_index("period", self.period, self.periods)
        expected = (len(self.segments), len(self.periods))
        if self.unscored_conversions.shape != expected:
            raise ScoringError(
                f"cells: unscored_conversions must have the shape (segments, periods) = {expected}, "
                f"got {self.unscored_conversions.shape}"
            )
        if self.observed_until.tzinfo is not None:
            raise ScoringError(f"cells: observed_until must be UTC without zone, got {self.observed_until}")

    def period_index(self, label: str) -> int:
        """Position of a period in `periods`; ScoringError when it has no row."""
        if label not in self.periods:
            raise ScoringError(f"period must be one of {', '.join(self.periods) or 'none'}, got {label!r}")
        return self.periods.index(label)

    def select(self, segment: str | None) -> Cells:
        """The cells of one segment value, only with the periods it has rows in; all of them for None."""
        if segment is None:
            return self
        part = self.filter([segment])
        return replace(part, segments=(segment,))

    def filter(self, segments: Collection[str]) -> Cells:
        """The cells of some segment values merged into one, only with the periods that have a row.

        Raises
        ------
        ScoringError
            For a value that no cell has.
        """
        unknown = [value for value in segments if value not in self.segments]
        if unknown:
            raise ScoringError(f"segment must be one of {', '.join(self.segments)}, got {unknown[0]!r}")
        chosen = np.array([value in segments for value in self.segments], dtype=np.bool_)
        rows = chosen[self.segment]
        kept = np.bincount(self.period[rows], minlength=len(self.periods)) > 0
        return self._of_periods(
            kept,
            rows,
            segments=MERGED_SEGMENT,
            segment=np.zeros(int(rows.sum()), dtype=np.int32),
            unscored_conversions=self.unscored_conversions[chosen][:, kept].sum(axis=0, keepdims=True),
        )

    def only(self, periods: Collection[str]) -> Cells:
        """The cells of some periods; the other labels go too."""
        kept = np.array([label in periods for label in self.periods], dtype=np.bool_)
        rows = kept[self.period]
        return self._of_periods(
            kept,
            rows,
            segment=self.segment[rows],
            unscored_conversions=self.unscored_conversions[:, kept],
        )

    def _of_periods(self, kept: NDArray[np.bool_], rows: NDArray[np.bool_], **segments: Any) -> Cells:
        """These rows, which are all of periods that are kept, with these segments."""
        new_period = np.cumsum(kept, dtype=np.int32) - 1
        return replace(
            self,
            periods=tuple(label for label, keep in zip(self.periods, kept, strict=True) if keep),
            period=new_period[self.period[rows]],
            score=self.score[rows],
            mature=self.mature[rows],
            converted=self.converted[rows],
            leads=self.leads[rows],
            amount=self.amount[rows],
            place=None if self.place is None else self.place[rows],
            **segments,
        )


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """Mature leads by period and score: the table that nearly every figure is made from.

    Parameters
    ----------
    min_score : int
        Score of the first column; column i holds score ``min_score + i``.
    converted, not_converted : int array, shape (periods, scores)
        Leads.
    amount : int array, shape (periods, scores)
        Ten-thousandths of the currency unit.
    """

    min_score: int
    converted: IntArray
    not_converted: IntArray
    amount: IntArray

    @cached_property
    def scores(self) -> IntArray:
        """The score of each column."""
        return np.arange(self.min_score, self.min_score + self.converted.shape[1], dtype=np.int64)

    @cached_property
    def pooled(self) -> ScoreCounts:
        """The same table with all periods added up into one row."""
        return ScoreCounts(
            self.min_score,
            self.converted.sum(axis=0, keepdims=True),
            self.not_converted.sum(axis=0, keepdims=True),
            self.amount.sum(axis=0, keepdims=True),
        )


def count_by_score(cells: Cells, min_score: int, max_score: int) -> ScoreCounts:
    """Count mature leads by period and score, over every score from `min_score` to `max_score`.

    Raises
    ------
    ScoringError
        When a cell's score lies outside the range.
    """
    if len(cells.score) and (cells.score.min() < min_score or cells.score.max() > max_score):
        raise ScoringError(
            f"scores must lie in [{min_score}, {max_score}], got {cells.score.min()} to {cells.score.max()}"
        )
    shape = (len(cells.periods), max_score - min_score + 1)
    place = cells.period.astype(np.int64) * shape[1] + (cells.score.astype(np.int64) - min_score)
    won = cells.mature & cells.converted
    lost = cells.mature & ~cells.converted
    return ScoreCounts(
        min_score,
        _add_up(place[won], cells.leads[won], shape),
        _add_up(place[lost], cells.leads[lost], shape),
        _add_up(place[cells.mature], cells.amount[cells.mature], shape),
    )


def _add_up(place: IntArray, values: NDArray[np.integer[Any]], shape: tuple[int, int]) -> IntArray:
    # np.bincount with weights would sum in floats, which is not exact for large amounts.
    sums = np.zeros(shape[0] * shape[1], dtype=np.int64)
    np.add.at(sums, place, values)
    return sums.reshape(shape)


def _check_index(name: str, index: NDArray[np.integer[Any]], labels: tuple[str, ...]) -> None:
    if len(index) and (index.min() < 0 or index.max() >= len(labels)):
        raise ScoringError(
            f"cells: {name} must point at one of {len(labels)} labels, got {index.min()} to {index.max()}"
        )

"""What the browser needs to evaluate a model by itself, as plain data: whole numbers packed into base64.

JSON numbers would be three times as long and slow to read; every column is packed into the narrowest whole
numbers that hold it, little-endian, which is what typed arrays of a browser are.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import Cells, IntArray, count_by_score
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.response import ResponseTable

if TYPE_CHECKING:
    from pages.components.theme import Palette
    from scoring.model import Model

Payload = dict[str, Any]

PACKED_TYPES = ("uint8", "int8", "uint16", "int16", "int32")
"""Narrowest first; the browser knows each of them by this name."""


def counts_payload(cells: Cells, min_score: int, max_score: int) -> Payload:
    """Complete leads by period, score and outcome, and how many are still open in each period.

    Parameters
    ----------
    cells : Cells
    min_score, max_score : int
        Every score of `cells` lies between them.

    Returns
    -------
    dict
        ``periods`` and ``open`` (leads), one for each period; ``minScore``, ``maxScore``; ``converted`` and
        ``notConverted``, packed, one number for each period and score, period by period.

    Raises
    ------
    ScoringError
        When a score lies outside the range.
    """
    counts = count_by_score(cells, min_score, max_score)
    return {
        "periods": list(cells.periods),
        "open": _open_by_period(cells),
        "minScore": min_score,
        "maxScore": max_score,
        "converted": packed(counts.converted.ravel()),
        "notConverted": packed(counts.not_converted.ravel()),
    }


def response_payload(
    table: ResponseTable, rule_id: str, draft: str, segments: Collection[str] | None = None
) -> Payload:
    """A rule's response table without what figures while tuning do not need: segments, amounts, open leads.

    Parameters
    ----------
    table : ResponseTable
    rule_id : str
        The rule whose points the table leaves open.
    draft : str
        Identity of the draft that the table was made from; the browser sends nothing and uses nothing that
        belongs to another one.
    segments : collection of str, optional
        Only these values of the table's segment, with the periods that they have rows in.

    Returns
    -------
    dict
        Rows are sorted by outcome (converted first) and period; ``starts`` says where each of these groups
        begins and, last, where the rows end. Columns ``restOfCategory``, ``rest``, ``count`` (index into
        ``countValues``, which are twentieths) and ``leads`` are packed.

    Raises
    ------
    ScoringError
        For a segment that no cell has.
    """
    cells, kept = table.cells, slice(None)
    if segments is not None:
        chosen = np.array([value in segments for value in cells.segments], dtype=np.bool_)
        kept = chosen[cells.segment]
        cells = cells.filter(segments)
    of_category, rest, count = table.rest_of_category[kept], table.rest[kept], table.count[kept]
    group = np.where(cells.converted, 0, len(cells.periods)) + cells.period
    group = group.astype(np.min_scalar_type(2 * len(cells.periods)))
    columns = [column[cells.mature] for column in (group, rest, of_category, count)]
    # Only rows of different segments can be equal, and to look for equal ones costs more than all the rest.
    gather = _added_up if len(table.cells.segments) > 1 else _sorted
    (group, rest, of_category, count), leads = gather(columns, cells.leads[cells.mature])
    count_values, count = _numbered(count)
    starts = np.searchsorted(group, np.arange(2 * len(cells.periods) + 1))
    return {
        "rule": rule_id,
        "draft": draft,
        "periods": list(cells.periods),
        "open": _open_by_period(cells),
        "minScore": table.min_score,
        "maxScore": table.max_score,
        "categoryMin": table.category.min_points,
        "categoryMax": table.category.max_points,
        "starts": packed(starts),
        "countValues": packed(count_values),
        "restOfCategory": packed(of_category),
        "rest": packed(rest),
        "count": packed(count),
        "leads": packed(leads),
    }


def tiers_payload(model: Model) -> list[Payload]:
    """Name, shown label and threshold of each tier, lowest first."""
    return [
        {"name": tier.name, "label": tier.shown_label, "threshold": tier.threshold} for tier in model.tiers
    ]


def appearance_payload(palette: Palette, tier_colours: Sequence[str]) -> Payload:
    """The colours of one theme, the tiers' lowest first, and below how many leads a mark is grey."""
    return {
        "ink": palette.ink,
        "muted": palette.muted,
        "grid": palette.grid,
        "page": palette.page,
        "converted": palette.converted,
        "notConverted": palette.not_converted,
        "small": palette.small,
        "reference": palette.reference,
        "tiers": list(tier_colours),
        "smallBelow": MIN_LEADS_FOR_RATE,
    }


def packed(values: NDArray[np.integer[Any]]) -> Payload:
    """Whole numbers in the narrowest type that holds them: ``type``, and ``base64`` of their bytes.

    Parameters
    ----------
    values : int array, shape (n,)
        Within 32 bits, which leads and points are.

    Raises
    ------
    OverflowError
        For a number beyond 32 bits.

    Examples
    --------
    >>> packed(np.array([1, 2, 255]))
    {'type': 'uint8', 'base64': 'AQL/'}
    """
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for name in PACKED_TYPES:
        if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
            narrow = values.astype(np.dtype(name).newbyteorder("<"))
            return {"type": name, "base64": base64.b64encode(narrow.tobytes()).decode("ascii")}
    raise OverflowError(f"packed numbers must fit into 32 bits, got {low} to {high}")


def _open_by_period(cells: Cells) -> list[int]:
    open_leads = np.zeros(len(cells.periods), dtype=np.int64)
    np.add.at(open_leads, cells.period[~cells.mature], cells.leads[~cells.mature])
    return [int(leads) for leads in open_leads]


def _sorted(
    columns: Sequence[NDArray[np.integer[Any]]], leads: NDArray[np.integer[Any]]
) -> tuple[list[NDArray[np.integer[Any]]], NDArray[np.integer[Any]]]:
    """Rows sorted by the first column."""
    order = np.argsort(columns[0], kind="stable")
    return [column[order] for column in columns], leads[order]


def _numbered(counts: NDArray[np.integer[Any]]) -> tuple[IntArray, IntArray]:
    """The different counts, rising, and the place of each count among them."""
    found = np.bincount(counts) > 0
    return np.flatnonzero(found), (np.cumsum(found) - 1)[counts]


def _added_up(
    columns: Sequence[NDArray[np.integer[Any]]], leads: NDArray[np.integer[Any]]
) -> tuple[list[NDArray[np.integer[Any]]], IntArray]:
    """Rows with equal keys as one, sorted by the first column, then the second and so on."""
    if len(leads) == 0:
        return list(columns), np.zeros(0, dtype=np.int64)
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    differs = np.ones(len(leads), dtype=np.bool_)
    differs[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    first = np.flatnonzero(differs)
    return [column[first] for column in columns], np.add.reduceat(leads[order].astype(np.int64), first)

"""Figures of a few rows, kept beside the structures that they are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from queries.structures import StructureStore

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Figures = TypeVar("Figures", bound="DataclassInstance")


def kept_figures(
    store: StructureStore, key: str, kind: type[Figures], find: Callable[[], Iterable[Figures]]
) -> tuple[Figures, ...]:
    """Figures from what is kept, in memory or on disk, or found now.

    Parameters
    ----------
    store : StructureStore
    key : str
        From `queries.structures.structure_key`.
    kind : type
        A dataclass of numbers, texts and None.
    find : callable
        Finds them, at least one.
    """
    table = store.get(key, lambda: pa.Table.from_pylist([asdict(one) for one in find()]))
    return tuple(kind(**row) for row in table.to_pylist())

"""What an import reads from: something that makes its rows readable in the staging database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from queries.workspace import SourceFile

if TYPE_CHECKING:
    from queries.imports.staging import Staging


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be taken apart: its line, why, and its text."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True)
class Batch:
    """Some rows of a text file.

    Attributes
    ----------
    rows : RecordBatch
        ``line`` and ``row`` (int64), then the file's columns as text, named ``c0``, ``c1``, ...
    broken : list of BrokenRow
        Rows that were left out.
    read_fraction : float
        How much of the file has been read, 0 to 1.
    text_bytes : int
        Size of the text.
    """

    rows: pa.RecordBatch
    broken: list[BrokenRow] = field(default_factory=list)
    read_fraction: float = 1.0
    text_bytes: int = 0


@dataclass(frozen=True)
class Staged:
    """How far a source has been read.

    Attributes
    ----------
    rows : int
        Rows so far, broken ones included.
    text_bytes : int
        Size of their values as text.
    read_fraction : float
        How much of the source that is, 0 to 1.
    """

    rows: int
    text_bytes: int
    read_fraction: float


class Source(Protocol):
    """A file or table, found to be what it says, whose columns keep the contract's names."""

    @property
    def file(self) -> SourceFile: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def notes(self) -> list[str]: ...

    @property
    def clustered_by(self) -> frozenset[int]:
        """Places of columns by which rows lie together, so that those of some values can be read alone."""

    def stage(self, staging: Staging, number: int, max_rows: int | None) -> Iterator[Staged]:
        """Make the rows, or about the first `max_rows` of them, readable as file `number`, in steps."""

    def first_rows(self, count: int) -> pa.Table:
        """At most this many of the first rows, as text, with columns ``c0``, ``c1``, ..."""

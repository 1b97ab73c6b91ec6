"""Arrow tables and batches of any type as the text that an import works on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from queries.contract import check_names, clean_name
from queries.imports.errors import ImportRefused
from queries.workspace import SourceFile

BATCH_ROWS = 50_000


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be taken apart: its line, why, and its text."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True)
class Batch:
    """Some rows of a source.

    Attributes
    ----------
    rows : RecordBatch
        ``line`` and ``row`` (int64), then the source's columns as text, named ``c0``, ``c1``, ...
    broken : list of BrokenRow
        Rows that were left out.
    read_fraction : float
        How much of the source has been read, 0 to 1.
    text_bytes : int
        Size of the text.
    """

    rows: pa.RecordBatch
    broken: list[BrokenRow] = field(default_factory=list)
    read_fraction: float = 1.0
    text_bytes: int = 0


class Source(Protocol):
    """Something that rows can be read from, once."""

    @property
    def file(self) -> SourceFile: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def notes(self) -> list[str]: ...

    def batches(self) -> Iterator[Batch]: ...


class ArrowSource:
    """Rows of an Arrow table in memory; a row's line is its number, from 1.

    Parameters
    ----------
    table : pyarrow.Table
    name : str
        What messages call it.
    """

    def __init__(self, table: pa.Table, name: str) -> None:
        self.columns = read_schema(table.schema, name)
        self.notes: list[str] = []
        self.file = SourceFile(name, _fingerprint(table), table.nbytes)
        self._table = table

    def batches(self) -> Iterator[Batch]:
        row = 0
        for batch in self._table.to_batches(max_chunksize=BATCH_ROWS):
            yield text_batch(batch, row, (row + batch.num_rows) / self._table.num_rows, self.file.name)
            row += batch.num_rows


def _fingerprint(table: pa.Table) -> str:
    """SHA-256 of the table's Arrow stream."""
    digest = hashlib.sha256(table.schema.serialize())
    for batch in table.to_batches():
        digest.update(batch.serialize())
    return digest.hexdigest()


def read_schema(schema: pa.Schema, source: str) -> tuple[str, ...]:
    """The column names of a schema, when all of its columns can become text.

    Raises
    ------
    ImportRefused
        For names that break the contract, and for nested or binary columns.
    """
    names = tuple(clean_name(name) for name in schema.names)
    check_names(names, source)
    for name, kind in zip(names, schema.types, strict=True):
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise ImportRefused(
                f"{source}: column {name!r} must hold plain values, got {kind}; convert it to text or leave "
                "it out"
            )
    return names


def text_batch(batch: pa.RecordBatch, rows_before: int, read_fraction: float, source: str) -> Batch:
    """A typed batch as text, with row numbers from ``rows_before + 1``; those with NUL are broken."""
    numbers = pa.array(range(rows_before + 1, rows_before + batch.num_rows + 1), pa.int64())
    texts = [to_text(column) for column in batch.columns]
    names = ["line", "row", *(f"c{i}" for i in range(len(texts)))]
    rows = pa.RecordBatch.from_arrays([numbers, numbers, *texts], names)
    text_bytes = sum(text.nbytes for text in texts)
    kept = _rows_without_nul(texts)
    if kept is None:
        return Batch(rows, read_fraction=read_fraction, text_bytes=text_bytes)
    broken = rows.filter(pc.invert(kept))
    found = [
        BrokenRow(line, "a row must hold text, got a NUL character", "")
        for line in broken["line"].to_pylist()
    ]
    return Batch(rows.filter(kept), found, read_fraction, text_bytes)


def _rows_without_nul(texts: list[pa.Array]) -> pa.Array | None:
    """Which rows have no NUL character, None when none has one."""
    kept = None
    for text in texts:
        without = pc.invert(pc.match_substring(text, "\0").fill_null(False))
        if pc.all(without).as_py() is False:
            kept = without if kept is None else pc.and_(kept, without)
    return kept


def to_text(values: pa.Array) -> pa.Array:
    """Values of any plain type as text that the contract can read.

    Times become ISO 8601, with ``Z`` when the type has a zone; whole floats lose their ``.0`` (an id that a
    data frame turned into a float stays the id that it was); NaN is missing.
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        return to_text(values.dictionary_decode())
    if pa.types.is_timestamp(kind):
        microseconds = values.cast(pa.timestamp("us", tz=kind.tz), safe=False)
        text = microseconds.cast(pa.timestamp("us")).cast(pa.string())
        return pc.binary_join_element_wise(text, "Z", "") if kind.tz else text
    if pa.types.is_floating(kind):
        numbers = values.cast(pa.float64())
        present = pc.if_else(pc.is_nan(numbers), None, numbers)
        whole = pc.and_(pc.equal(pc.floor(present), present), pc.less(pc.abs(present), float(2**53)))
        as_whole = pc.if_else(whole, present, None).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(as_whole, present.cast(pa.string()))
    return values.cast(pa.string())

"""Arrow tables in memory, and what may stand in the columns of any typed source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from queries.contract import check_names, clean_name
from queries.imports.errors import ImportRefused
from queries.imports.source import Staged
from queries.imports.staging import Staging
from queries.imports.typed import as_text
from queries.workspace import SourceFile


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
        self._table = with_readable_types(table)
        self.clustered_by: frozenset[int] = frozenset()

    def stage(self, staging: Staging, number: int, max_rows: int | None) -> Iterator[Staged]:
        table = self._table if max_rows is None else self._table.slice(0, max_rows)
        lines = pa.array(np.arange(1, len(table) + 1))
        names = ["line", *(f"c{place}" for place in range(table.num_columns))]
        staging.show_table(number, pa.table([lines, *table.columns], names))
        yield staging.inspect_file(number)

    def first_rows(self, count: int) -> pa.Table:
        return as_text(self._table.slice(0, count))


def with_readable_types(table: pa.Table) -> pa.Table:
    """The table with floats of half precision, which the database cannot read, in single precision."""
    for place, field in enumerate(table.schema):
        if pa.types.is_float16(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float32()))
    return table


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

"""Parquet files and the tables of DuckDB files as Arrow batches of text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from queries.contract import CONTRACTS
from queries.imports.arrow import BATCH_ROWS, Batch, read_schema, text_batch
from queries.imports.errors import ImportRefused
from queries.workspace import SourceFile

PARQUET_MAGIC = b"PAR1"
DUCKDB_MAGIC = b"DUCK"


def fingerprint(path: Path, name: str) -> SourceFile:
    """A file's name, SHA-256 and size."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return SourceFile(name, digest.hexdigest(), path.stat().st_size)


class ParquetSource:
    """Rows of a Parquet file; a row's line is its number, from 1.

    Parameters
    ----------
    path : Path
    max_bytes : int
        A file that must hold more than this is refused before it is read.

    Raises
    ------
    ImportRefused
        When the file is not Parquet, cut off or too large, or its columns break the contract.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.notes: list[str] = []
        self.file = fingerprint(path, path.name)
        self._check_magic(path)
        try:
            self._parquet = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        metadata = self._parquet.metadata
        if metadata.num_rows * max(1, metadata.num_columns) > max_bytes:
            raise ImportRefused(
                f"{path.name}: a file must hold at most {max_bytes:,} bytes of text, got "
                f"{metadata.num_rows:,} rows of "
                f"{metadata.num_columns:,} columns; split it, or raise the limit"
            )
        self.columns = read_schema(self._parquet.schema_arrow, path.name)

    def _check_magic(self, path: Path) -> None:
        with path.open("rb") as file:
            start = file.read(4)
        if not start:
            raise ImportRefused(f"{path.name}: a file must hold rows, got an empty file; export it again")
        if start != PARQUET_MAGIC:
            raise ImportRefused(
                f"{path.name}: the file must be Parquet, as its name says, got another kind; if it is text, "
                "name it "
                ".csv"
            )

    def _damaged(self, error: Exception) -> ImportRefused:
        reason = str(error).splitlines()[0]
        return ImportRefused(
            f"{self.file.name}: a Parquet file must be complete and undamaged, got: {reason}; export or send "
            "it again"
        )

    def batches(self) -> Iterator[Batch]:
        """The rows in order.

        Raises
        ------
        ImportRefused
            When a part of the file is damaged.
        """
        total = max(1, self._parquet.metadata.num_rows)
        row = 0
        parts = self._parquet.iter_batches(batch_size=BATCH_ROWS)
        while True:
            try:
                batch = next(parts, None)
            except (pa.ArrowException, OSError) as error:
                raise self._damaged(error) from None
            if batch is None:
                return
            yield text_batch(batch, row, (row + batch.num_rows) / total, self.file.name)
            row += batch.num_rows


class DuckdbSource:
    """Rows of one table of a DuckDB file; a row's line is its number, from 1.

    Parameters
    ----------
    path : Path
    table : str
        One of `contract_tables`.
    """

    def __init__(self, path: Path, table: str) -> None:
        name = f"{path.name} ({table})"
        self.notes: list[str] = []
        self.file = fingerprint(path, name)
        self._path = path
        self._select = exp.select(exp.Star()).from_(exp.to_table(table)).sql("duckdb")
        with open_duckdb(path) as connection:
            self.columns = read_schema(
                connection.sql(f"{self._select} limit 0").to_arrow_table().schema, name
            )
            self._rows: int = connection.sql(self._select).count("*").fetchall()[0][0]

    def batches(self) -> Iterator[Batch]:
        """The rows in order."""
        row = 0
        with open_duckdb(self._path) as connection:
            for batch in connection.sql(self._select).to_arrow_reader(BATCH_ROWS):
                yield text_batch(batch, row, (row + batch.num_rows) / max(1, self._rows), self.file.name)
                row += batch.num_rows


def open_duckdb(path: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB file to read, without a way to anything outside of it.

    Raises
    ------
    ImportRefused
        When it is none, or is being written.
    """
    try:
        return duckdb.connect(path, read_only=True, config={"enable_external_access": "false"})
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise ImportRefused(
            f"{path.name}: the file must be a complete DuckDB database that nobody writes, got: {reason}; "
            "close or "
            "export it again"
        ) from None


def contract_tables(path: Path) -> list[str]:
    """The tables of a DuckDB file that can be imported; no views, because they could read other files.

    Raises
    ------
    ImportRefused
        When there are none.
    """
    with open_duckdb(path) as connection:
        rows = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' order by table_name"
        ).fetchall()
    names = [row[0] for row in rows]
    found = [name for name in CONTRACTS if name in names]
    if not found:
        raise ImportRefused(
            f"{path.name}: the database must have tables named {', '.join(CONTRACTS)}, got "
            f"{', '.join(repr(name) for name in names[:10]) or 'none'}; rename them or export them as CSV"
        )
    return found

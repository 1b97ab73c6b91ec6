"""Parquet files, read where they lie, and the tables of DuckDB files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp

from queries.contract import CONTRACTS
from queries.imports.arrow import read_schema
from queries.imports.errors import ImportRefused
from queries.imports.source import Staged
from queries.imports.staging import Staging
from queries.imports.typed import as_text
from queries.statements import fill
from queries.workspace import SourceFile

BATCH_ROWS = 50_000
# Larger groups would be read again for every part of them.
MOST_GROUP_ROWS = 2_000_000
ROW_NUMBER = "file_row_number"
PARQUET_MAGIC = b"PAR1"
_ROWS = sqlglot.parse_one(
    "select place + 1 as line "
    "from read_parquet(NAME(), file_row_number = true, hive_partitioning = false) as given",
    read="duckdb",
)


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
        self.clustered_by = _rising_columns(metadata)
        self._path = path

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

    def stage(self, staging: Staging, number: int, max_rows: int | None) -> Iterator[Staged]:
        """Let the staging database read the file, and look through all of it once.

        Raises
        ------
        ImportRefused
            When a part of the file is damaged.
        """
        try:
            if ROW_NUMBER in (name.lower() for name in self.columns):
                staging.copy_rows(number, self._reader(max_rows), len(self.columns))
            else:
                staging.show_rows(number, self._select(max_rows))
            yield staging.inspect_file(number)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise self._damaged(error) from None

    def _select(self, max_rows: int | None) -> exp.Select:
        # The name could be a pattern that stands for other files.
        name = re.sub(r"[\[*?]", lambda found: f"[{found[0]}]", str(self._path))
        rows = cast(exp.Select, fill(_ROWS, {"NAME": exp.Literal.string(name)}))
        names = [f"c{place}" for place in range(len(self.columns))]
        alias = next(rows.find_all(exp.TableAlias))
        alias.set("columns", [exp.to_identifier(column) for column in (*names, "place")])
        rows = rows.select(*names, copy=False)
        return rows if max_rows is None else rows.limit(max_rows)

    def _reader(self, max_rows: int | None) -> pa.RecordBatchReader:
        batches = self._parquet.iter_batches(batch_size=max_rows or BATCH_ROWS)
        chosen = batches if max_rows is None else islice(batches, 1)
        return pa.RecordBatchReader.from_batches(self._parquet.schema_arrow, chosen)

    def first_rows(self, count: int) -> pa.Table:
        """The first rows as text.

        Raises
        ------
        ImportRefused
            When the beginning of the file is damaged.
        """
        try:
            batch = next(self._parquet.iter_batches(batch_size=max(1, count)), None)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        empty = self._parquet.schema_arrow.empty_table()
        return as_text(empty if batch is None else pa.Table.from_batches([batch]).slice(0, count))


def _rising_columns(metadata: pq.FileMetaData) -> frozenset[int]:
    """Columns whose values in each group of rows are none below those of the group before."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if len(groups) < 2 or metadata.num_rows > len(groups) * MOST_GROUP_ROWS:
        return frozenset()
    found = set()
    for place in range(metadata.num_columns):
        statistics = [group.column(place).statistics for group in groups]
        if all(known is not None and known.has_min_max for known in statistics):
            pairs = pairwise(statistics)
            if all(before.max <= after.min for before, after in pairs):
                found.add(place)
    return frozenset(found)


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
        self.clustered_by: frozenset[int] = frozenset()
        self.file = fingerprint(path, name)
        self._path = path
        self._select = exp.select(exp.Star()).from_(exp.to_table(table)).sql("duckdb")
        with open_duckdb(path) as connection:
            self.columns = read_schema(
                connection.sql(f"{self._select} limit 0").to_arrow_table().schema, name
            )

    def stage(self, staging: Staging, number: int, max_rows: int | None) -> Iterator[Staged]:
        """Copy the rows, so that nothing of the file but its values gets into the staging database."""
        limit = "" if max_rows is None else f" limit {int(max_rows)}"
        with open_duckdb(self._path) as connection:
            reader = connection.sql(f"{self._select}{limit}").to_arrow_reader(BATCH_ROWS)
            staging.copy_rows(number, reader, len(self.columns))
        yield staging.inspect_file(number)

    def first_rows(self, count: int) -> pa.Table:
        """The first rows as text."""
        with open_duckdb(self._path) as connection:
            return as_text(connection.sql(f"{self._select} limit {int(count)}").to_arrow_table())


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

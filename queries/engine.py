"""DuckDB over one data version: read-only, locked down, a cursor for every call."""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from queries.errors import QueryError
from queries.freed_memory import keep_freed_memory
from queries.settings import Memory, default_memory
from queries.statements import Statement

TABLES = ("leads", "accounts", "activities", "outcomes", "rejected_rows")
INTERNAL_COLUMNS = frozenset({"lead_number", "amount_ten_thousandths"})

Parameters = Mapping[str, Any]


class CancelledError(QueryError):
    """A statement was stopped because its result is no longer wanted."""


class Engine:
    """Statements over one data version; the only place that knows how DuckDB is run.

    A second engine (Spark, for one) is another class with `fetch`, `columns` and `close`.

    Parameters
    ----------
    data_path : Path
        The data version's DuckDB file. It is opened read-only and never changes. The names of tables and
        columns that this module puts into text are constants of this module.
    memory : Memory, optional
        What the process may use, of which DuckDB gets its part; a share of the machine's when not given.
    spill_folder : Path, optional
        Where DuckDB puts what does not fit into memory; beside the data file when not given, and in the
        system's temporary folder where it cannot be written.
    """

    def __init__(
        self, data_path: Path, memory: Memory | None = None, spill_folder: Path | None = None
    ) -> None:
        keep_freed_memory()
        self.memory = memory or default_memory()
        self._connection = duckdb.connect(":memory:")
        self._running: set[duckdb.DuckDBPyConnection] = set()
        self._lock = threading.Lock()
        self._bound_memory(spill_folder or data_path.parent)
        self._attach(data_path)
        self._columns = {table: self._read_columns(table) for table in TABLES}
        self.first_created_at = self._read_first("created_at", "leads")
        self.first_activity_at = self._read_first("occurred_at", "activities")

    @property
    def memory_bytes(self) -> int:
        """What the whole process may use, and what plans of work are made for."""
        return self.memory.total_bytes

    def _bound_memory(self, spill_folder: Path) -> None:
        try:
            spill_folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(spill_folder, os.W_OK)
        except OSError:
            writable = False
        # Engines that run at the same time would take each other's files in one folder.
        name = f".spilled-{secrets.token_hex(4)}"
        folder = (spill_folder if writable else Path(tempfile.gettempdir())) / name
        self._connection.execute("set temp_directory = $folder", {"folder": str(folder)})
        limit = f"{self.memory.engine_bytes} bytes"
        self._connection.execute("set memory_limit = $limit", {"limit": limit})

    def _attach(self, data_path: Path) -> None:
        path = exp.Literal.string(str(data_path)).sql("duckdb")
        try:
            self._connection.execute(f"attach {path} as data (read_only)")
        except duckdb.Error as error:
            message = f"the data file {data_path.name} must be readable, got: {error}; load the data again"
            raise QueryError(message) from None
        for table in TABLES:
            self._connection.execute(f"create view {table} as select * from data.main.{table}")  # noqa: S608
        # Statements are ours, but a value or a file must never reach beyond this database.
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def _read_columns(self, table: str) -> tuple[str, ...]:
        rows = self._connection.execute(f"describe {table}").fetchall()
        return tuple(row[0] for row in rows if row[0] not in INTERNAL_COLUMNS)

    def _read_first(self, column: str, table: str) -> datetime | None:
        row = self._connection.execute(f"select min({column}) from {table}").fetchone()  # noqa: S608
        return row[0] if row is not None else None

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns that rules and people may name, in the table's order."""
        return self._columns[table]

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run one statement.

        Parameters
        ----------
        statement : Statement
            Made from a file of ``queries/sql``; text from outside never gets here.
        parameters : mapping, optional
            Values for the ``$name`` placeholders; those that the statement does not wait for are left out.
        tables : mapping, optional
            Arrow tables that the statement reads by name.

        Raises
        ------
        CancelledError
            When `cancel` was called while it ran.
        """
        given = {key: value for key, value in (parameters or {}).items() if key in statement.parameters}
        with self._cursor() as cursor:
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            try:
                relation = cursor.sql(statement.sql, params=given or None)
                return relation.to_arrow_table()
            except duckdb.InterruptException:
                raise CancelledError("stopped: a newer request took its place") from None

    def pattern_problem(self, pattern: str) -> str | None:
        """What is wrong with a regular expression, None when it can be searched for."""
        with self._cursor() as cursor:
            try:
                cursor.execute(
                    "select regexp_matches('', $pattern)", {"pattern": f"(?i){pattern}"}
                ).fetchall()
            except duckdb.Error as error:
                problem = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
                return problem.replace("(?i)", "", 1)  # which nobody wrote
        return None

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        with self._lock:
            self._running.add(cursor)
        try:
            yield cursor
        finally:
            with self._lock:
                self._running.discard(cursor)
            cursor.close()

    def cancel(self) -> None:
        """Stop every statement that is running."""
        with self._lock:
            for cursor in self._running:
                cursor.interrupt()

    def close(self) -> None:
        """Let go of the data file."""
        self._connection.close()

"""The database in which an import is put together; it spills to disk, so that files of any size fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from queries.contract import CONTRACTS
from queries.imports.arrow import Batch
from queries.settings import Memory
from queries.statements import load_statement, load_tree

MACROS = ("iso_parts", "iso_time", "formatted_time", "zoned_time", "unix_time")


@cache
def _fixed_text(name: str) -> str:
    """A statement that depends on no mapping."""
    return load_statement(name).sql


class Staging:
    """A database in memory that spills to a folder; beside it, as ``version``, the data version that grows.

    Parameters
    ----------
    folder : Path
        An empty folder, which the caller removes.
    previous : Path or None
        The data version that tables are kept from, attached as ``previous``.
    memory : Memory
        What the process may use, of which this database gets its part.
    """

    def __init__(self, folder: Path, previous: Path | None, memory: Memory) -> None:
        self.version_path = folder / "version.duckdb"
        self._connection = duckdb.connect(":memory:")
        try:
            self._prepare(folder, previous, memory)
        except BaseException:
            self.close()
            raise

    def _prepare(self, folder: Path, previous: Path | None, memory: Memory) -> None:
        execute = self._connection.execute
        execute("set temp_directory = $folder", {"folder": str(folder / "spilled")})
        execute("set memory_limit = $limit", {"limit": f"{memory.engine_bytes} bytes"})
        execute("attach $path as version", {"path": str(self.version_path)})
        if previous is not None:
            execute("attach $path as previous (read_only)", {"path": str(previous)})
        for macro in MACROS:
            self.run(f"import_macro_{macro}")
        execute(
            "create table version.rejected_rows "
            "(table_name varchar, source varchar, line bigint, reason varchar, raw varchar)"
        )

    def run(
        self,
        name: str,
        parameters: dict[str, Any] | None = None,
        bindings: dict[str, exp.Expr] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run ``sql/<name>.sql`` and return its rows."""
        if bindings is not None:
            return self.run_tree(load_tree(name, bindings=bindings), parameters)
        return self._execute(_fixed_text(name), parameters)

    def run_tree(
        self, statement: exp.Expr, parameters: dict[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """Run a statement that was built as a tree and return its rows."""
        return self._execute(statement.sql("duckdb"), parameters)

    def _execute(self, sql: str, parameters: dict[str, Any] | None) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable by name."""
        self._connection.register(name, table)

    def columns(self, database: str, table: str) -> tuple[str, ...]:
        """The columns of a table of ``version``, ``previous`` or the staging database."""
        rows = self._connection.execute(
            "select column_name from duckdb_columns() where database_name = $database and table_name = "
            "$table "
            "order by column_index",
            {"database": database, "table": table},
        ).fetchall()
        return tuple(row[0] for row in rows)

    def start_file(self, number: int, column_count: int) -> None:
        """Make room for the rows of a file: ``raw_<number>`` and ``broken_<number>``."""
        columns = ", ".join(["line bigint", "row bigint", *(f"c{i} varchar" for i in range(column_count))])
        self._connection.execute(f"create table raw_{int(number)} ({columns})")
        self._connection.execute(
            f"create table broken_{int(number)} (line bigint, reason varchar, raw varchar)"
        )

    def append(self, number: int, batch: Batch) -> None:
        """Store a part of a file."""
        if batch.rows.num_rows:
            self._connection.register("arrived", pa.Table.from_batches([batch.rows]))
            self._connection.execute(f"insert into raw_{int(number)} select * from arrived")  # noqa: S608
        if batch.broken:
            broken = pa.table(
                {
                    "line": pa.array([row.line for row in batch.broken], pa.int64()),
                    "reason": pa.array([row.reason for row in batch.broken], pa.string()),
                    "raw": pa.array([row.raw for row in batch.broken], pa.string()),
                }
            )
            self._connection.register("arrived", broken)
            self._connection.execute(f"insert into broken_{int(number)} select * from arrived")  # noqa: S608

    def select_file(self, number: int) -> None:
        """Let ``raw`` and ``broken`` stand for a file's rows."""
        self._connection.execute(f"create or replace view raw as select * from raw_{int(number)}")  # noqa: S608
        self._connection.execute(f"create or replace view broken as select * from broken_{int(number)}")  # noqa: S608

    def keep_judged(self, feed: int) -> None:
        """Put the feed that was judged aside as ``judged_<feed>``."""
        self._connection.execute(f"alter table judged rename to judged_{int(feed)}")

    def unite_candidates(self, table: str, feeds: Sequence[int]) -> None:
        """Let ``candidates`` stand for the rows of a table's feeds, with every column that one has."""
        known = [exp.cast(exp.Null(), "varchar").as_(name, quoted=True) for name in CONTRACTS[table].known]
        parts = [exp.select(*known).where(exp.false())]
        parts += [exp.select(exp.Star()).from_(f"judged_{int(feed)}") for feed in feeds]
        united = " union all by name ".join(part.sql("duckdb") for part in parts)
        self._connection.execute(f"create or replace view candidates as {united}")

    def first_rows(self, table: str, columns: Sequence[str], count: int) -> pa.Table:
        """The first rows of a table of the data version."""
        selected = [exp.column(name, quoted=True) for name in columns]
        select = exp.select(*selected).from_(exp.to_table(f"version.{table}")).limit(count)
        return self._connection.sql(select.sql("duckdb")).to_arrow_table()

    def finish(self) -> Path:
        """Write the data version to disk and let go of it.

        Returns
        -------
        Path
            The finished file.
        """
        self._connection.execute("checkpoint version")
        self._connection.execute("detach version")
        return self.version_path

    def close(self) -> None:
        """Let go of everything; the files stay."""
        self._connection.close()

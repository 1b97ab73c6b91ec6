"""The database in which an import is put together; it spills to disk, so that files of any size fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from queries.contract import CONTRACTS
from queries.imports.source import Batch, Staged
from queries.imports.typed import inspection, rendered
from queries.settings import Memory
from queries.statements import load_tree

MACROS = ("iso_parts", "iso_time", "formatted_time", "zoned_time", "unix_time")
NUL_REASON = "a row must hold text, got a NUL character"
WATCH_SECONDS = 0.2

Parameters = dict[str, Any]


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
    watch : callable, optional
        Called now and then while a statement runs, with the share of it that is done, 0 to 1. What it raises
        stops the statement.
    """

    def __init__(
        self,
        folder: Path,
        previous: Path | None,
        memory: Memory,
        watch: Callable[[float], None] | None = None,
    ) -> None:
        self.version_path = folder / "version.duckdb"
        self.watch = watch
        self._standing: dict[str, tuple[exp.Expr, Parameters]] = {}
        self._connection = duckdb.connect(":memory:")
        self._runner = ThreadPoolExecutor(1)
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
        parameters: Parameters | None = None,
        bindings: dict[str, exp.Expr] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run ``sql/<name>.sql`` and return its rows."""
        return self.run_tree(load_tree(name, bindings=bindings), parameters)

    def run_tree(self, statement: exp.Expr, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """Run a statement that was built as a tree and return its rows."""
        statement, all_parameters = self.resolve(statement, parameters or {})
        return self._execute(statement.sql("duckdb"), all_parameters)

    def let(self, name: str, select: exp.Expr, parameters: Parameters | None = None) -> None:
        """Let a name stand for the rows of a select in the statements that run from now on.

        A view could not take the values of its parameters along.
        """
        self.forget(name)
        self._standing[name] = self.resolve(select, parameters or {})

    def forget(self, name: str) -> None:
        """Let a name stand for nothing but a table again."""
        self._standing.pop(name, None)

    def resolve(self, statement: exp.Expr, parameters: Parameters) -> tuple[exp.Expr, Parameters]:
        """A statement in which every name that stands for a select is that select, with all parameters."""
        statement, parameters = statement.copy(), dict(parameters)
        for table in list(statement.find_all(exp.Table)):
            if table.db or table.name not in self._standing:
                continue
            select, own = self._standing[table.name]
            table.replace(
                exp.Subquery(
                    this=select.copy(), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
                )
            )
            parameters |= own
        return statement, parameters

    def _execute(self, sql: str, parameters: Parameters | None) -> list[tuple[Any, ...]]:
        running = self._runner.submit(self._fetch, sql, parameters or None)
        done = 0.0
        try:
            while True:
                with suppress(NotYet):
                    return running.result(WATCH_SECONDS)
                if self.watch is not None:
                    done = max(done, min(1.0, self._connection.query_progress() / 100))
                    self.watch(done)
        except BaseException:
            self._connection.interrupt()
            running.exception()  # the statement has ended before anything is cleared away
            raise

    def _fetch(self, sql: str, parameters: Parameters | None) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql, parameters)
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
        """Make room for the rows of a text file: ``raw_<number>`` and ``broken_<number>``."""
        columns = ", ".join(["line bigint", "row bigint", *(f"c{i} varchar" for i in range(column_count))])
        self._connection.execute(f"create table raw_{int(number)} ({columns})")
        self._start_broken(number)

    def _start_broken(self, number: int) -> None:
        self._connection.execute(
            f"create table broken_{int(number)} (line bigint, reason varchar, raw varchar)"
        )

    def append(self, number: int, batch: Batch) -> None:
        """Store a part of a text file."""
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

    def show_rows(self, number: int, select: exp.Select) -> None:
        """Let ``given_<number>`` stand for a select of ``line``, ``c0``, ``c1``, ...: nothing is copied."""
        self._connection.execute(f"create view given_{int(number)} as {select.sql('duckdb')}")

    def show_table(self, number: int, table: pa.Table) -> None:
        """The same for a table in memory."""
        self._connection.register(f"given_{int(number)}", table)

    def copy_rows(self, number: int, reader: pa.RecordBatchReader, column_count: int) -> None:
        """The same for rows that can be read only once: they are copied, and numbered from 1."""
        names = ", ".join(f"c{i}" for i in range(column_count))
        self._connection.register("arrived", reader)
        self._connection.execute(
            f"create table given_{int(number)} as "  # noqa: S608
            f"select row_number() over () as line, * from arrived as arrived ({names})"
        )
        self._connection.unregister("arrived")

    def inspect_file(self, number: int) -> Staged:
        """Look through a typed file once: how many rows, how much text, and which rows hold no text.

        From then on ``raw_<number>`` and ``broken_<number>`` are there as for a text file: columns are text,
        and those that hold times are there as times, too.
        """
        given = f"given_{int(number)}"
        described = self._connection.execute(f"describe {given}").fetchall()
        kinds = [kind for name, kind, *_ in described if name != "line"]
        counts, holds_nul = inspection(kinds)
        [(rows, broken, *found_sizes)] = self.run_tree(counts.from_(given))
        self._start_broken(number)
        kept = exp.select("line", exp.column("line").as_("row"), *rendered(kinds)).from_(given)
        if broken:
            unreadable = exp.select("line", exp.Literal.string(NUL_REASON), exp.Literal.string("")).from_(
                given
            )
            self.run_tree(exp.insert(unreadable.where(holds_nul), f"broken_{int(number)}"))
            kept = kept.where(exp.not_(holds_nul))
        self._connection.execute(f"create view raw_{int(number)} as {kept.sql('duckdb')}")
        return Staged(rows, sum(size or 0 for size in found_sizes), 1.0)

    def narrow_file(self, number: int, column: str, first: str | None, until: str | None) -> None:
        """Let a file's rows be those with `first` <= `column` < `until`; None is no bound."""
        rows = exp.select(exp.Star()).from_(f"raw_{int(number)}")
        if first is not None:
            rows = rows.where(exp.GTE(this=exp.column(column), expression=exp.Literal.string(first)))
        if until is not None:
            rows = rows.where(exp.LT(this=exp.column(column), expression=exp.Literal.string(until)))
        self._connection.execute(f"create or replace view rows_{int(number)} as {rows.sql('duckdb')}")

    def select_file(self, number: int) -> frozenset[str]:
        """Let ``raw`` and ``broken`` stand for a file's rows.

        Returns
        -------
        frozenset of str
            Those of ``t0``, ``t1``, ... that ``raw`` has: the times among the columns.
        """
        self.narrow_file(number, "line", None, None)
        self.let("raw", exp.select(exp.Star()).from_(f"rows_{int(number)}"))
        self.let("broken", exp.select(exp.Star()).from_(f"broken_{int(number)}"))
        return frozenset(
            name for name in self.columns("memory", f"raw_{int(number)}") if name.startswith("t")
        )

    def drop_file(self, number: int) -> None:
        """Let go of a file's rows, once every table that they feed is built."""
        types = dict(
            self._connection.execute(
                "select table_name, table_type from information_schema.tables where table_catalog = 'memory'"
            ).fetchall()
        )
        for name in (f"{part}_{int(number)}" for part in ("rows", "raw", "broken", "given")):
            if name in types:
                kind = "view" if types[name] == "VIEW" else "table"
                self._connection.execute(f"drop {kind} {name}")

    def keep_judged(self, feed: int) -> exp.Select:
        """Put the rows of a feed that were judged aside; the select that finds them again."""
        self._connection.execute(f"alter table judged rename to judged_{int(feed)}")
        return exp.select(exp.Star()).from_(f"judged_{int(feed)}")

    def drop_judged(self, feed: int) -> None:
        """Let go of the rows of a feed, if they were put aside."""
        self._connection.execute(f"drop table if exists judged_{int(feed)}")

    def unite_candidates(self, table: str, feeds: Sequence[tuple[exp.Expr, Parameters]]) -> None:
        """Let ``candidates`` stand for the rows of a table's feeds, with every column that one has."""
        known = [exp.cast(exp.Null(), "varchar").as_(name, quoted=True) for name in CONTRACTS[table].known]
        united: exp.Query = exp.select(*known).where(exp.false())
        parameters: Parameters = {}
        for select, own in feeds:
            rows = exp.select(exp.Star()).from_(
                exp.Subquery(this=select.copy(), alias=exp.TableAlias(this=exp.to_identifier("feed")))
            )
            united = exp.Union(this=united, expression=rows, distinct=False, by_name=True)
            parameters |= own
        self.let("candidates", united, parameters)
        self.let("accepted", load_tree("import_accepted"))

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
        self._execute("checkpoint version", None)
        self._connection.execute("detach version")
        return self.version_path

    def close(self) -> None:
        """Let go of everything; the files stay."""
        self._runner.shutdown()
        self._connection.close()

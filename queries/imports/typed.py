"""Columns of any plain type as the text that the contract reads, and as times where they are times.

A typed column is never parsed: what it holds is what it says. Times become ISO 8601, with ``Z`` when the type
has a zone; whole floats lose their ``.0`` (an id that a data frame turned into a float stays the id that it
was); NaN is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from queries.statements import fill

TEXT_KIND = "VARCHAR"
ZONED_KIND = "TIMESTAMP WITH TIME ZONE"
LOCAL_KINDS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "DATE")
NANOSECOND_KIND = "TIMESTAMP_NS"


def _template(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="duckdb")


# A cast of nanoseconds would round them up into the next microsecond.
_LOCAL = {kind: _template("cast(X() as timestamp)") for kind in LOCAL_KINDS} | {
    NANOSECOND_KIND: _template("make_timestamp(epoch_ns(X()) // 1000)"),
    ZONED_KIND: _template("make_timestamp(epoch_us(X()))"),
}
_TIME = _template("case when X() is not null then {'local': LOCAL(), 'offset_seconds': OFFSET()} end")
_NO_OFFSET, _UTC = _template("cast(null as integer)"), _template("0")
_TEXT = _template("cast(X() as varchar)")
_ZONED_TEXT = _template("cast(make_timestamp(epoch_us(X())) as varchar) || 'Z'")
_FLOAT_TEXT = _template(
    "case when isnan(X()) then null "
    "when floor(X()) = X() and abs(X()) < 9007199254740992 then cast(cast(X() as bigint) as varchar) "
    "else cast(cast(X() as double) as varchar) end"
)


def text_of(column: exp.Expr, kind: str) -> exp.Expr:
    """A column of this DuckDB type as text; NULL for NULL and NaN."""
    if kind == TEXT_KIND:
        return column
    if kind in ("FLOAT", "DOUBLE"):
        return fill(_FLOAT_TEXT, {"X": column})
    if kind == NANOSECOND_KIND:
        return fill(_TEXT, {"X": fill(_LOCAL[kind], {"X": column})})
    return fill(_ZONED_TEXT if kind == ZONED_KIND else _TEXT, {"X": column})


def time_of(column: exp.Expr, kind: str) -> exp.Expr | None:
    """A column of times as local time and offset, as ``iso_time`` gives them; None for other types."""
    if kind not in _LOCAL:
        return None
    local = fill(_LOCAL[kind], {"X": column})
    return fill(_TIME, {"X": column, "LOCAL": local, "OFFSET": _UTC if kind == ZONED_KIND else _NO_OFFSET})


def rendered(kinds: Sequence[str]) -> list[exp.Expr]:
    """What to select from columns ``c0``, ``c1``, ... of these types.

    Every column as text under its own name, then the times among them as ``t<place>``.
    """
    columns = [exp.column(f"c{place}") for place in range(len(kinds))]
    texts = [text_of(column, kind).as_(column.name) for column, kind in zip(columns, kinds, strict=True)]
    times = [time_of(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return texts + [time.as_(f"t{place}") for place, time in enumerate(times) if time is not None]


def inspection(kinds: Sequence[str]) -> tuple[exp.Select, exp.Expr]:
    """What to select from columns ``c0``, ``c1``, ... of these types to know whether they can be imported.

    Returns
    -------
    counts : sqlglot select
        Rows, rows with a NUL character, then the size of each column; every column is read for it.
    holds_nul : sqlglot expression
        Whether a row has a NUL character.
    """
    texts = [exp.column(f"c{place}") for place, kind in enumerate(kinds) if kind == TEXT_KIND]
    others = [exp.column(f"c{place}") for place, kind in enumerate(kinds) if kind != TEXT_KIND]
    holds_nul: exp.Expr = exp.false()
    if texts:
        nul = exp.func("chr", exp.Literal.number(0))
        found = [exp.Anonymous(this="contains", expressions=[text, nul.copy()]) for text in texts]
        holds_nul = exp.func("coalesce", exp.or_(*found), exp.false())
    rows = exp.Count(this=exp.Star())
    broken = exp.Filter(this=rows.copy(), expression=exp.Where(this=holds_nul.copy()))
    sizes = [exp.func("sum", exp.Anonymous(this="strlen", expressions=[text])) for text in texts]
    return exp.select(rows, broken, *sizes, *(exp.func("count", other) for other in others)), holds_nul


def as_text(table: pa.Table) -> pa.Table:
    """A table in memory with all columns as text, named ``c0``, ``c1``, ..."""
    with duckdb.connect(":memory:") as connection:
        names = [f"c{place}" for place in range(table.num_columns)]
        connection.register("given", table.rename_columns(names))
        kinds = [row[1] for row in connection.execute("describe given").fetchall()]
        texts = rendered(kinds)[: len(names)]
        return connection.sql(exp.select(*texts).from_("given").sql("duckdb")).to_arrow_table()

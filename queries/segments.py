"""The one column by which figures can be split: an attribute of the lead or of its account."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from queries.conditions import TIME_COLUMNS
from queries.engine import Engine
from queries.errors import QueryError
from queries.statements import load_statement

MAX_SEGMENTS = 1000
SEGMENT_TABLES = ("leads", "accounts")


def segment_column(engine: Engine, segment: str | None) -> exp.Expr:
    """The tree of the column; the empty text for everybody when nothing is split.

    Parameters
    ----------
    segment : str or None
        A column of leads, else of accounts; ``leads.x`` or ``accounts.x`` names one of the two.

    Raises
    ------
    QueryError
        When neither table has it.
    """
    if segment is None:
        return exp.Literal.string("")
    table, _, column = segment.partition(".")
    places = [(table, column)] if table in SEGMENT_TABLES else []
    for place, name in [*places, *((table, segment) for table in SEGMENT_TABLES)]:
        if name in engine.columns(place) and name not in TIME_COLUMNS:
            return exp.column(exp.to_identifier(name, quoted=True), place)
    known = [f"{table}.{name}" for table in SEGMENT_TABLES for name in engine.columns(table)]
    raise QueryError(
        f"segment must be a column of leads or accounts, got {segment!r}; there are {', '.join(known)}"
    )


def segment_values(engine: Engine, segment: str) -> tuple[str, ...]:
    """The values that the column has, sorted, ``(missing)`` among them.

    Raises
    ------
    QueryError
        When there are more than `MAX_SEGMENTS`: figures by id or by email say nothing.
    """
    statement = load_statement("segment_values", bindings={"SEGMENT": segment_column(engine, segment)})
    values = engine.fetch(statement, {"limit": MAX_SEGMENTS + 1}).column("segment").to_pylist()
    if len(values) > MAX_SEGMENTS:
        raise QueryError(
            f"segment must have at most {MAX_SEGMENTS} values, got more in {segment!r}; "
            "choose a column with fewer"
        )
    return tuple(sorted(values))


def segments_of_moments(engine: Engine, lead_moments: pa.Table, segment: str) -> pa.Table:
    """One row per lead-moment, in its order, with the lead's value as ``segment``."""
    statement = load_statement("segments", bindings={"SEGMENT": segment_column(engine, segment)})
    return engine.fetch(statement, None, {"lead_moments": lead_moments})

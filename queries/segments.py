"""The one column by which figures can be split: an attribute of lead or account, or a lead's first touch."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from sqlglot import exp

from queries.conditions import TIME_COLUMNS
from queries.engine import Engine
from queries.errors import QueryError
from queries.statements import load_statement
from scoring.cells import MERGED_SEGMENT, MISSING_SEGMENT

MAX_SEGMENTS = 1000
SEGMENT_TABLES = ("leads", "accounts")
TOUCHED_TABLE = "activities"
NO_TOUCHES = pa.schema(
    [("lead_number", pa.int32()), ("touched_at", pa.timestamp("us")), ("value", pa.string())]
).empty_table()


@dataclass(frozen=True)
class Split:
    """How all leads are split: by a column, or not at all, into these values."""

    segment: str | None = None
    values: tuple[str, ...] = MERGED_SEGMENT


UNSPLIT = Split()


def segment_column(engine: Engine, segment: str | None) -> exp.Expr:
    """The tree of the column; the empty text for everybody when nothing is split.

    Parameters
    ----------
    segment : str or None
        A column of leads, else of accounts; ``leads.x`` or ``accounts.x`` names one of the two.
        ``activities.x`` is the lead's first touch, see `first_touches`; the statement reads it from there.

    Raises
    ------
    QueryError
        When no table has it.
    """
    if segment is None:
        return exp.Literal.string("")
    if touched_property(engine, segment) is not None:
        return exp.column("value", "first_touches")
    table, _, column = segment.partition(".")
    places = [(table, column)] if table in SEGMENT_TABLES else []
    for place, name in [*places, *((table, segment) for table in SEGMENT_TABLES)]:
        if name in engine.columns(place) and name not in TIME_COLUMNS:
            return exp.column(exp.to_identifier(name, quoted=True), place)
    known = [f"{table}.{name}" for table in SEGMENT_TABLES for name in engine.columns(table)]
    raise QueryError(
        "segment must be a column of leads or accounts, or activities.x for the first touch, got "
        f"{segment!r}; there are {', '.join(known)}"
    )


def touched_property(engine: Engine, segment: str) -> str | None:
    """The property of activities that a segment like ``activities.campaign`` names; None for an attribute."""
    table, _, column = segment.partition(".")
    if table != TOUCHED_TABLE or column in TIME_COLUMNS or column not in engine.columns(table):
        return None
    return column


def first_touches(engine: Engine, segment: str | None) -> pa.Table:
    """By lead, the earliest activity that has a value in the property that a segment names.

    At a moment a lead's value is that of its first touch when this came before the moment; otherwise it is
    missing. Nothing that happens later changes it, so figures split by it know no more than was known then.
    Activities before an inactivity reset count: what brought a lead does not fade.

    Returns
    -------
    Arrow table
        lead_number, touched_at, value; no rows for an attribute, which needs none.
    """
    column = None if segment is None else touched_property(engine, segment)
    if column is None:
        return NO_TOUCHES
    tree = exp.column(exp.to_identifier(column, quoted=True), TOUCHED_TABLE)
    return engine.fetch(load_statement("first_touches", bindings={"PROPERTY": tree}))


def segment_values(engine: Engine, segment: str, touches: pa.Table | None = None) -> tuple[str, ...]:
    """The values that the column has, sorted, ``(missing)`` among them.

    Parameters
    ----------
    segment : str
    touches : Arrow table, optional
        What `first_touches` finds, where it is at hand.

    Raises
    ------
    QueryError
        When there are more than `MAX_SEGMENTS`: figures by id or by email say nothing.
    """
    values = _some_values(engine, segment, touches)
    if len(values) > MAX_SEGMENTS:
        raise QueryError(
            f"segment must have at most {MAX_SEGMENTS} values, got more in {segment!r}; "
            "choose a column with fewer"
        )
    return tuple(sorted(values))


def few_values(engine: Engine, segment: str, touches: pa.Table | None = None) -> tuple[str, ...]:
    """As `segment_values`; none where figures cannot be split by it: one value alone, or too many."""
    values = _some_values(engine, segment, touches)
    return tuple(sorted(values)) if 1 < len(values) <= MAX_SEGMENTS else ()


def _some_values(engine: Engine, segment: str, touches: pa.Table | None) -> set[str]:
    """All values, or more than `MAX_SEGMENTS` of them."""
    statement = load_statement("segment_values", bindings={"SEGMENT": segment_column(engine, segment)})
    tables = {"first_touches": first_touches(engine, segment) if touches is None else touches}
    values = set(engine.fetch(statement, {"limit": MAX_SEGMENTS + 1}, tables).column("segment").to_pylist())
    # Before their first touch all leads are without one.
    return values if touched_property(engine, segment) is None else values | {MISSING_SEGMENT}


def segments_of_moments(engine: Engine, lead_moments: pa.Table, segment: str, touches: pa.Table) -> pa.Table:
    """One row per lead-moment, in its order, with the lead's value as ``segment``; see `segment_values`.

    `touches` are those of `first_touches` for the segment.
    """
    statement = load_statement("segments", bindings={"SEGMENT": segment_column(engine, segment)})
    return engine.fetch(statement, None, {"lead_moments": lead_moments, "first_touches": touches})

"""From the counts of lead-moments to patterns: their distinct rows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from sqlglot import exp

from queries.engine import Engine
from queries.statements import Item, load_statement
from scoring.patterns import KEYS, Patterns


def find_patterns(engine: Engine, columns: Mapping[str, Any], counts: Sequence[pa.ChunkedArray]) -> pa.Table:
    """The distinct rows of rule counts with leads and amount; columns of ``patterns.sql``.

    Parameters
    ----------
    engine : Engine
    columns : mapping
        segment, period, mature, converted and amount of every lead-moment.
    counts : sequence of Arrow columns
        Of every lead-moment, one for each rule; ``count_0``, ``count_1``, ... in the result.
    """
    names = [f"count_{i}" for i in range(len(counts))]
    statement = load_statement(
        "patterns", {"rules": [Item(name, {"FREQUENCY": exp.column(name)}) for name in names]}
    )
    counted = pa.table({**columns, **dict(zip(names, counts, strict=True))})
    return engine.fetch(statement, None, {"counted_moments": counted})


def code_patterns(patterns: pa.Table, categories: Sequence[Hashable]) -> Patterns:
    """The columns of ``patterns.sql`` as patterns; the rules' categories are told apart by `categories`."""
    columns = {name: patterns.column(name).to_numpy() for name in patterns.column_names}
    return Patterns.of(
        keys={name: columns[name] for name in KEYS},
        counts=[columns[f"count_{i}"] for i in range(len(categories))],
        categories=categories,
        leads=columns["leads"],
        amount=columns["amount"],
    )

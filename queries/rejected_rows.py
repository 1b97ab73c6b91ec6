"""The rows that imports left out of the current data, and why."""

from __future__ import annotations

import pyarrow as pa

from queries.engine import Engine
from queries.statements import load_statement


def rejected_rows(engine: Engine, limit: int) -> pa.Table:
    """The rows of files that broke the contract, ordered by table, file and line.

    Parameters
    ----------
    engine : Engine
        The data version.
    limit : int
        At most this many rows, >= 0.

    Returns
    -------
    pyarrow.Table
        ``table_name``, ``source`` (the file's name), ``line`` (physical line, the header is 1; row number in
        Parquet), ``reason``, ``raw`` (the row's text); without rows when nothing was left out.
    """
    return engine.fetch(load_statement("rejected_rows"), {"limit": limit})

"""Puts dictionaries of data into a data version, so that the SQL path can be set beside the plain loop."""

from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from queries.engine import Engine
from queries.flow import Flow
from queries.structures import StructureStore
from tests.reference import Facts, amount_of, text_of

COLUMNS = {
    "leads": ("lead_id", "created_at", "account_id"),
    "accounts": ("account_id",),
    "activities": ("lead_id", "occurred_at", "activity_type"),
    "outcomes": ("lead_id", "occurred_at", "stage", "amount", "deal_id", "reason", "owner"),
}
EXTRA = {
    "leads": ("job_title", "region", "employees"),
    "accounts": ("industry", "size"),
    "activities": ("channel", "value"),
    "outcomes": (),
}


def arrow_table(name, rows, numbers=None):
    """The rows as the data version keeps them: blank is NULL, and a known lead has its number."""
    columns = {}
    for column in (*COLUMNS[name], *EXTRA[name]):
        values = [row.get(column) for row in rows]
        is_time = column in ("created_at", "occurred_at")
        values = values if is_time else [text_of(value) for value in values]
        columns[column] = pa.array(values, pa.timestamp("us") if is_time else pa.string())
    if numbers is not None and "lead_id" in columns:
        columns["lead_number"] = pa.array([numbers.get(row["lead_id"]) for row in rows], pa.int32())
    if name == "outcomes":
        amounts = [None if row.get("amount") is None else int(amount_of(row) * 10_000) for row in rows]
        columns["amount_ten_thousandths"] = pa.array(amounts, pa.int64())
    return pa.table(columns)


def write_data_version(path: Path, data):
    numbers = {lead_id: number for number, lead_id in enumerate(sorted(r["lead_id"] for r in data["leads"]))}
    with writer().cursor() as connection:
        connection.execute(f"attach '{path}' as written")
        try:
            connection.execute("begin")
            for name in COLUMNS:
                connection.register("given", arrow_table(name, data[name], numbers))
                connection.execute(f"create table written.{name} as select * from given")
                connection.unregister("given")
            rejected = "(table_name varchar, line bigint, reason varchar)"
            connection.execute(f"create table written.rejected_rows {rejected}")
            connection.execute("commit")
        finally:
            connection.execute("detach written")


@cache
def writer() -> duckdb.DuckDBPyConnection:
    """One DuckDB for every case: to start one takes longer than to write so few rows."""
    return duckdb.connect(":memory:")


@contextmanager
def open_flow(path: Path, data, imported_at: datetime):
    """A flow over the data, without anything kept on disk."""
    write_data_version(path, data)
    engine = Engine(path)
    try:
        yield Flow(engine, StructureStore(), Facts(data, {"conversion": {}}, imported_at).observed_until)
    finally:
        engine.close()
        path.unlink()

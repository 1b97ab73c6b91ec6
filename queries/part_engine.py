"""A few leads' rows in place of all of them: the same statements, whatever the size of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from sqlglot import exp

from queries.borrowed_engine import BorrowedEngine
from queries.engine import Engine, Parameters
from queries.statements import Item, Statement, load_statement

TABLES = ("leads", "accounts", "activities")


class PartEngine(BorrowedEngine):
    """An engine whose leads, accounts and activities are those of some leads.

    Outcomes are still those of everybody.

    Parameters
    ----------
    whole : Engine
        Runs the statements.
    lead_numbers : sequence of int
        Whose rows.
    """

    def __init__(self, whole: Engine, lead_numbers: Sequence[int]) -> None:
        super().__init__(whole)
        people = {"people": pa.table({"lead_number": pa.array(lead_numbers, pa.int32())})}
        self._tables = {table: whole.fetch(_rows_of_people(whole, table), None, people) for table in TABLES}

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run one statement, see `Engine.fetch`; the part's tables hide those of the same name."""
        return super().fetch(statement, parameters, {**self._tables, **(tables or {})})


def _rows_of_people(engine: Engine, table: str) -> Statement:
    items = [
        Item(name, {"ATTRIBUTE": exp.column(exp.to_identifier(name, quoted=True), table)})
        for name in engine.columns(table)
    ]
    return load_statement(f"{table}_of_people", {"columns": items})

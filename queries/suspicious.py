"""Values that hardly are what was meant: dates that stand for none, rewritten ids and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from queries.check_columns import ColumnFacts
from queries.contract import CONTRACTS
from queries.engine import Engine
from queries.findings import Finding
from queries.statements import load_statement

EARLIEST = datetime(1980, 1, 1)
"""Earlier dates are believed of nobody: programs write 1900-01-01 and 1970-01-01 where there is none."""

MIN_NUMBERS = 5
NUMBER_SHARE = 0.9


def early_times(engine: Engine) -> list[Finding]:
    """A warning for each table with times before `EARLIEST`."""
    found = engine.fetch(load_statement("check_early"), {"earliest": EARLIEST}).to_pylist()
    return [
        Finding(
            kind="early",
            severity="warning",
            table=row["table_name"],
            field=CONTRACTS[row["table_name"]].time,
            message=(
                f"{_counted(row)} dated before {EARLIEST.year}, the earliest "
                f"{_day(row['first_time'])} (lead {row['lead_id']!r}): such a date mostly stands for an "
                f"unknown one{_PERIODS if row['table_name'] == 'leads' else ''}; correct it, or leave these "
                "rows out when you load"
            ),
            evidence={
                "rows": row["rows"],
                "first": _day(row["first_time"]),
                "lead_id": row["lead_id"],
            },
        )
        for row in found
    ]


_PERIODS = ", and the lead is scored in every period since"


def alike_ids(engine: Engine) -> list[Finding]:
    """A warning for each table whose unknown leads are known under an id that is written otherwise."""
    return [
        Finding(
            kind="alike_ids",
            severity="warning",
            table=row["table_name"],
            field="lead_id",
            message=(
                f"{_named(row)} a lead by an id that is written otherwise, such "
                f"as {row['written']!r} for {row['known']!r} (zeros before, capital letters, blanks or "
                ".0 were changed on the way): export the ids as text from both systems"
            ),
            evidence={"rows": row["rows"], "written": row["written"], "lead_id": row["known"]},
        )
        for row in engine.fetch(load_statement("check_alike_ids")).to_pylist()
    ]


def numbers_as_text(table: str, columns: Sequence[ColumnFacts]) -> list[Finding]:
    """A warning for each column of numbers that are written with a comma, a currency or a per cent sign."""
    return [
        Finding(
            kind="numbers_as_text",
            severity="warning",
            table=table,
            field=column.name,
            message=(
                f"{column.odd_numbers:,} of {column.present:,} values of {table}.{column.name} look like "
                f"numbers that are written otherwise, such as {column.odd_number!r}, and are text here, so "
                "no rule on more or less holds for them: say how they are written when you load (mapping: "
                "numbers), or export them as 1234.56"
            ),
            evidence={"rows": column.odd_numbers, "of": column.present, "example": column.odd_number},
        )
        for column in columns
        # An amount that is no number counts as 0 and is said so already.
        if (table, column.name) != ("outcomes", "amount")
        and column.odd_numbers >= MIN_NUMBERS
        and column.odd_numbers + column.numbers >= NUMBER_SHARE * column.present
    ]


def _counted(row: dict[str, Any]) -> str:
    return (
        f"1 of the {row['table_name']} is" if row["rows"] == 1 else f"{row['rows']:,} {row['table_name']} are"
    )


def _named(row: dict[str, Any]) -> str:
    return (
        f"1 of the {row['table_name']} names"
        if row["rows"] == 1
        else f"{row['rows']:,} {row['table_name']} name"
    )


def _day(time: datetime) -> str:
    return f"{time.year:04d}-{time:%m-%d}"

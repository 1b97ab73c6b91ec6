"""What the texts of a table's columns look like, counted in one scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from queries.engine import Engine
from queries.statements import Statement, fill

# Cheap tests stand before regular expressions, which then see only the few texts that pass.
_IS_FORMULA = "substring(X(), 1, 1) in ('=', '+', '-', '@') and not regexp_full_match(X(), $harmless)"
_IS_MARKUP = "contains(X(), '<') and regexp_matches(X(), $markup)"
_IS_DATE = "length(X()) between 6 and 19 and regexp_matches(X(), $date)"
_IS_ODD_NUMBER = (
    "length(X()) <= 24 and (X() between '-' and ':' or substring(X(), 1, 1) in ('€', '$', '£', '(')) "
    "and try_cast(X() as double) is null and regexp_full_match(X(), $odd_number)"
)
_COUNTS = {
    "present": "count(X())",
    "distinct_values": "approx_count_distinct(X())",
    "numbers": "count(*) filter (where try_cast(X() as double) is not null)",
    "odd_numbers": f"count(*) filter (where {_IS_ODD_NUMBER})",
    "odd_number": f"min(X()) filter (where {_IS_ODD_NUMBER})",
    "formulas": f"count(*) filter (where {_IS_FORMULA})",
    "formula": f"min(X()) filter (where {_IS_FORMULA})",
    "markups": f"count(*) filter (where {_IS_MARKUP})",
    "markup": f"min(X()) filter (where {_IS_MARKUP})",
    "dates": f"count(*) filter (where {_IS_DATE})",
    "unclear_dates": f"count(*) filter (where {_IS_DATE} and regexp_matches(X(), $unclear_date))",
}
_PARAMETERS = {
    # Signed numbers and telephone numbers are what an honest text may begin with a sign for.
    "harmless": r"[+-]?[\d\s().,/eE%-]*|[+-]|@[\w.]+",
    # 1,234.50 and 1.234,50 and 1'234.50 and 12,5, with a currency or a per cent sign or not.
    "odd_number": (
        r"\s*[€$£]?\s*-?(\d{1,3}(,\d{3})+(\.\d+)?|\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}('\d{3})+(\.\d+)?"
        r"|\d+([.,]\d+)?)\s*([€$£%]|EUR|USD|GBP|CHF)?\s*"
    ),
    "markup": r"(?i)<\s*/?\s*(script|img|iframe|svg|object|embed|link|style|form|a|html|body|div|span|p)\b",
    "date": r"^\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})\b",
    "unclear_date": r"^(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]",
}
_TEMPLATES = {name: sqlglot.parse_one(sql, read="duckdb") for name, sql in _COUNTS.items()}


@dataclass(frozen=True)
class ColumnFacts:
    """Counts of one column's texts, with an example of what was counted."""

    name: str
    present: int
    distinct_values: int
    numbers: int
    odd_numbers: int
    odd_number: str | None
    formulas: int
    formula: str | None
    markups: int
    markup: str | None
    dates: int
    unclear_dates: int


def column_facts(engine: Engine, table: str, columns: Sequence[str]) -> list[ColumnFacts]:
    """Count what the texts of some columns look like.

    Parameters
    ----------
    engine : Engine
    table : str
    columns : sequence of str
        Text columns of the table.

    Returns
    -------
    list of ColumnFacts
        In the order of `columns`.
    """
    known = [name for name in columns if name in engine.columns(table)]
    if not known:
        return []
    counts = [
        fill(template, {"X": exp.column(name, quoted=True)}).as_(f"{count}_{place}")
        for place, name in enumerate(known)
        for count, template in _TEMPLATES.items()
    ]
    row = engine.fetch(Statement.of(exp.select(*counts).from_(table)), _PARAMETERS).to_pylist()[0]
    return [
        ColumnFacts(name, **{count: row[f"{count}_{place}"] for count in _TEMPLATES})
        for place, name in enumerate(known)
    ]

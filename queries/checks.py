"""Data-quality checks: what can be wrong with the meaning of data that kept the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from queries.check_columns import ColumnFacts, column_facts
from queries.contract import CONTRACTS
from queries.engine import Engine
from queries.findings import Finding, Severity, findings_to_json, worst_first
from queries.statements import load_statement
from queries.suspicious import alike_ids, early_times, numbers_as_text
from queries.workspace import Manifest, Workspace

__all__ = ["Finding", "check_data", "findings_to_json"]

DATE_SHARE = 0.9
MIN_DATES = 5


def check_data(workspace: Workspace) -> list[Finding]:
    """Look through the current data for what a person should know before trusting them.

    Returns
    -------
    list of Finding
        The worst first. What needs a model, leaks above all, is found by `queries.inspection`.

    Raises
    ------
    QueryError
        When the workspace has no data.
    """
    engine = Engine(workspace.data_path, workspace.memory)
    manifest = workspace.manifest
    assert manifest is not None  # data_path has seen it
    try:
        facts = {table: column_facts(engine, table, _free_columns(engine, table)) for table in CONTRACTS}
        findings = [
            *_empty_tables(manifest),
            *_times_and_links(engine, manifest),
            *alike_ids(engine),
            *early_times(engine),
            *_repeated_ids(engine),
            *_unclear_formats(manifest),
            *(finding for table, columns in facts.items() for finding in _texts(table, columns)),
            *(finding for table, columns in facts.items() for finding in numbers_as_text(table, columns)),
        ]
    finally:
        engine.close()
    return worst_first(findings)


def _free_columns(engine: Engine, table: str) -> list[str]:
    """The columns that hold text of any kind: all but times."""
    return [name for name in engine.columns(table) if name != CONTRACTS[table].time]


def _empty_tables(manifest: Manifest) -> list[Finding]:
    needed = {
        "leads": ("error", "without leads nothing can be scored; load leads"),
        "outcomes": ("error", "without outcomes no score can be judged; load outcomes"),
        "activities": ("note", "without activities only rules on leads and accounts have an effect"),
    }
    return [
        Finding(kind="empty", severity=severity, table=table, message=f"There are no {table}: {message}")  # type: ignore[arg-type]
        for table, (severity, message) in needed.items()
        if manifest.tables[table].accepted == 0
    ]


def _times_and_links(engine: Engine, manifest: Manifest) -> list[Finding]:
    parameters = {"imported_at": manifest.imported_at}
    counts: dict[str, dict[str, Any]] = {
        table: engine.fetch(load_statement(f"check_{table}"), parameters).to_pylist()[0]
        for table in ("leads", "activities", "outcomes")
    }
    findings = []

    def add(
        table: str, count: str, kind: str, severity: Severity, message: str, field: str | None = None
    ) -> None:
        number, total = counts[table][count], counts[table][table]
        if number:
            evidence = {"rows": number, "of": total}
            text = f"{number:,} of {total:,} {table} {message}"
            findings.append(Finding(kind, severity, text, table=table, field=field, evidence=evidence))

    later = "after the import; they are kept, and do not tell how far the data reach: correct their dates"
    ids = (
        "an unknown lead_id; they are kept and not used: load the leads, or see whether ids are written alike"
    )
    for table in ("activities", "outcomes"):
        add(table, "orphans", "orphans", "warning", f"have {ids}", "lead_id")
        add(table, "in_future", "future", "warning", f"are dated {later}", "occurred_at")
    add("leads", "in_future", "future", "warning", f"were created {later}", "created_at")
    add(
        "leads",
        "without_account",
        "orphans",
        "warning",
        "have an account_id that is not among the accounts, so no account rule holds for them: load the "
        "accounts",
        "account_id",
    )
    early = "are dated before their lead was created: see whether the two dates mean what they should"
    add("outcomes", "before_creation", "outcome_before_creation", "warning", early, "occurred_at")
    example = counts["outcomes"]["unreadable_amount"]
    unreadable = (
        f"have an amount that is no number, such as {example!r}, and count as 0: map how numbers are written"
    )
    add("outcomes", "unreadable_amounts", "amount", "warning", unreadable, "amount")
    return findings


def _repeated_ids(engine: Engine) -> list[Finding]:
    return [
        Finding(
            kind="repeated_ids",
            severity="warning",
            table=row["table_name"],
            field=CONTRACTS[row["table_name"]].key,
            message=(
                f"{row['rows']:,} rows of {row['table_name']} repeat an id with other values and were "
                "rejected (the first in "
                f"line {row['first_line']:,}): decide which one is right"
            ),
            evidence={"rows": row["rows"], "first_line": row["first_line"]},
        )
        for row in engine.fetch(load_statement("check_repeated_ids")).to_pylist()
    ]


def _unclear_formats(manifest: Manifest) -> list[Finding]:
    return [
        Finding(
            kind="unclear_dates",
            severity="warning",
            table=table,
            field=CONTRACTS[table].time,
            message=(
                f"Every day of {CONTRACTS[table].time} in {table} is 12 or less when read as {time_format}: "
                "days and months "
                "may be exchanged; compare some dates with the source"
            ),
            evidence={"format": time_format},
        )
        for table, summary in manifest.tables.items()
        for time_format in summary.ambiguous_times
    ]


def _texts(table: str, columns: Sequence[ColumnFacts]) -> list[Finding]:
    findings = []
    for column in columns:
        if column.formulas:
            findings.append(_odd_text(table, column, "formula", column.formulas, column.formula))
        if column.markups:
            findings.append(_odd_text(table, column, "markup", column.markups, column.markup))
        mostly_dates = column.dates >= max(MIN_DATES, DATE_SHARE * column.present)
        if mostly_dates and column.unclear_dates == column.dates:
            findings.append(
                Finding(
                    kind="unclear_dates",
                    severity="warning",
                    table=table,
                    field=column.name,
                    message=(
                        f"Every date in {table}.{column.name} has a day and a month of 12 or less: which is "
                        "which cannot be "
                        "seen; export dates as 2025-01-31"
                    ),
                    evidence={"dates": column.dates},
                )
            )
    return findings


def _odd_text(table: str, column: ColumnFacts, kind: str, number: int, example: str | None) -> Finding:
    what = "begin like a formula" if kind == "formula" else "hold markup"
    return Finding(
        kind=kind,
        severity="warning",
        table=table,
        field=column.name,
        message=(
            f"{number:,} texts of {table}.{column.name} {what}, such as {(example or '')[:80]!r}; they are "
            "treated as plain "
            "text here: see where they come from"
        ),
        evidence={"rows": number, "example": (example or "")[:200]},
    )

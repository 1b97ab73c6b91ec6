"""Attributes that know how a lead ended, and activities that only follow an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from queries.check_columns import ColumnFacts
from queries.engine import Engine
from queries.findings import Finding
from queries.statements import load_statement

MIN_WINNERS = 20
MIN_ACTIVITIES = 20
# Few honest attributes tell four winners in five from the others by themselves.
MAX_SEPARATION = 0.8
MAX_TEXT_VALUES = 50
NUMBER_SHARE = 0.95
# A column is filled for winners only when others have it less than a twentieth as often.
FILLED_RATIO = 20
AFTER_SHARE = 0.95
USUAL_AFTER_SHARE = 0.5


def attribute_leaks(engine: Engine, facts: Sequence[ColumnFacts], stages: Sequence[str]) -> list[Finding]:
    """Lead attributes that are filled only for winners, or tell winners from others too well.

    Parameters
    ----------
    engine : Engine
    facts : sequence of ColumnFacts
        Of the attributes of leads.
    stages : sequence of str
        What counts as winning, in lower case.
    """
    findings = []
    leads = _lead_counts(engine, stages)
    if leads["won"] < MIN_WINNERS or leads["other"] < MIN_WINNERS:
        return []
    for column in facts:
        if column.present < MIN_WINNERS:
            continue
        as_number = column.numbers >= NUMBER_SHARE * column.present
        known = _separation(engine, column.name, stages, as_number=as_number)
        if (filled := _filled_for_winners(column, known, leads)) is not None:
            findings.append(filled)
        elif as_number or column.distinct_values <= MAX_TEXT_VALUES:
            findings += _separates(column, known)
    return findings


def _lead_counts(engine: Engine, stages: Sequence[str]) -> dict[str, int]:
    counts: list[dict[str, int]] = engine.fetch(
        load_statement("check_lead_counts"), {"stages": list(stages)}
    ).to_pylist()
    return counts[0]


def _separation(engine: Engine, name: str, stages: Sequence[str], *, as_number: bool) -> dict[str, Any]:
    statement = load_statement("check_separation", bindings={"VALUE": exp.column(name, quoted=True)})
    rows: list[dict[str, Any]] = engine.fetch(
        statement, {"stages": list(stages), "as_number": as_number}
    ).to_pylist()
    return rows[0]


def _filled_for_winners(column: ColumnFacts, known: dict[str, Any], leads: dict[str, int]) -> Finding | None:
    won, other = known["won"] or 0, known["other"] or 0
    won_share, other_share = won / leads["won"], other / leads["other"]
    if won < MIN_WINNERS or won_share < FILLED_RATIO * other_share:
        return None
    return Finding(
        kind="leak",
        severity="warning",
        table="leads",
        field=column.name,
        message=(
            f"{column.name} is filled for {won_share:.1%} of the leads that won and {other_share:.1%} of the "
            "others: it "
            "seems to be filled in after winning, so a rule on it knows the answer; leave it out of rules"
        ),
        evidence={
            "filled_won_share": won_share,
            "filled_other_share": other_share,
            "won": won,
            "other": other,
        },
    )


def _separates(column: ColumnFacts, known: dict[str, Any]) -> list[Finding]:
    separation = known["separation"]
    if separation is None or known["won"] < MIN_WINNERS or known["other"] < MIN_WINNERS:
        return []
    strength = max(separation, 1 - separation)
    if strength < MAX_SEPARATION:
        return []
    return [
        Finding(
            kind="leak",
            severity="warning",
            table="leads",
            field=column.name,
            message=(
                f"{column.name} alone picks a lead that won over one that did not {100 * strength:.0f} times "
                "in 100: it may "
                "be measured when the outcome is known already; if it is, leave it out of rules"
            ),
            evidence={"auc": separation, "won": known["won"], "other": known["other"]},
        )
    ]


def activities_after_outcomes(engine: Engine) -> list[Finding]:
    """Activity types that come almost only after an outcome, although most activities do not."""
    rows = engine.fetch(load_statement("check_after_outcome")).to_pylist()
    findings = []
    for stage in dict.fromkeys(row["stage"] for row in rows):
        of_stage = [row for row in rows if row["stage"] == stage]
        for row in of_stage:
            share = row["after_count"] / row["total_count"]
            if row["total_count"] < MIN_ACTIVITIES or share < AFTER_SHARE:
                continue
            if _share_of_others(rows, row) >= USUAL_AFTER_SHARE:
                continue
            findings.append(
                Finding(
                    kind="leak",
                    severity="warning",
                    table="activities",
                    field="activity_type",
                    message=(
                        f"{share:.0%} of the {row['total_count']:,} activities {row['activity_type']!r} come "
                        "after their "
                        f"lead's first outcome {stage!r}: a rule on them knows the answer when that is what "
                        "counts as "
                        "success; leave them out of rules"
                    ),
                    evidence={
                        "activity_type": row["activity_type"],
                        "stage": stage,
                        "after": row["after_count"],
                        "activities": row["total_count"],
                    },
                )
            )
    return findings


def _share_of_others(rows: Sequence[dict[str, Any]], row: dict[str, Any]) -> float:
    """The share of the other activity types' activities that come after the same stage."""
    totals = {other["activity_type"]: other["total_count"] for other in rows}
    total = sum(count for kind, count in totals.items() if kind != row["activity_type"])
    after = sum(
        other["after_count"]
        for other in rows
        if other["stage"] == row["stage"] and other["activity_type"] != row["activity_type"]
    )
    return after / total if total else 0.0

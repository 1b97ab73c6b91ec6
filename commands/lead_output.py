"""What ``tierline lead`` and ``tierline leads`` print: as JSON for programs, as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from commands.backtest_output import TIME_FORMAT
from queries.movers import Movers
from queries.one_lead import LeadExplanation
from scoring.figure_words import day
from scoring.lead_words import fresh_start_words, next_tier_words, score_band_words
from scoring.model import Model
from scoring.next_tier import NextTier
from scoring.plain_json import to_plain
from scoring.score_band import ScoreBand
from scoring.waterfall import Step

SHOWN_ACTIVITIES = 20


def lead_json(lead: LeadExplanation, advice: NextTier, band: ScoreBand) -> dict[str, Any]:
    """Everything about one lead."""
    return {
        "lead_id": lead.lead_id,
        "at": lead.at.strftime(TIME_FORMAT),
        "state": lead.state.value,
        "score": lead.score,
        "tier": lead.tier,
        "waterfall": [to_plain(step) for step in lead.waterfall.steps],
        "activities": [
            {
                "lead_id": lead.activities[one.activity].lead_id,
                "occurred_at": lead.activities[one.activity].occurred_at.strftime(TIME_FORMAT),
                "rule": one.rule_id,
                "age_days": one.age_days,
                "factor": one.factor / 1000,
                "counts": one.counts,
                "properties": dict(lead.activities[one.activity].properties),
            }
            for one in lead.seen
        ],
        "started_anew": None
        if lead.fresh_start is None
        else {
            "last_activity_at": lead.fresh_start.last_at.strftime(TIME_FORMAT),
            "activities": lead.fresh_start.activities,
        },
        "attribute_rules": [to_plain(fact) for fact in lead.facts],
        "outcomes": [
            {"occurred_at": one.occurred_at.strftime(TIME_FORMAT), "stage": one.stage}
            | {"amount": one.amount, "owner": one.owner, "reason": one.reason}
            for one in lead.outcomes
        ],
        "history": [
            {"at": at.strftime(TIME_FORMAT), "score": score}
            for at, score in zip(lead.history.moments, lead.history.scores, strict=True)
        ],
        "next_tier": _advice_json(advice),
        "leads_with_this_score": to_plain(band),
    }


def lead_text(lead: LeadExplanation, advice: NextTier, band: ScoreBand, model: Model) -> str:
    """The same for people."""
    lines = [
        f"{lead.lead_id}: {lead.score} points, {lead.tier}, as of {lead.at:{TIME_FORMAT}}"
        + ("" if lead.state.value == "open" else f" (not scored then: {lead.state.value})")
    ]
    lines += [_step_line(step) for step in lead.waterfall.steps]
    lines.append(f"{'score':<52}{'':>8}{lead.score:>8}")
    lines += ["", *_activity_lines(lead, model), "", next_tier_words(advice), score_band_words(band)]
    return "\n".join(lines)


def table_text(table: pa.Table, limit: int) -> str:
    """The first rows of a table in columns."""
    rows = [[_cell(value) for value in row.values()] for row in table.slice(0, limit).to_pylist()]
    heads = list(table.column_names)
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]
    return "\n".join(lines)


def movers_table(movers: Movers) -> pa.Table:
    """One row for each lead that moved, the risen ones first."""
    rows = [
        {
            "lead_id": one.lead_id,
            "score_before": one.score_before,
            "score": one.score,
            "change": one.change,
            "tier_before": one.tier_before,
            "tier": one.tier,
            "owner": one.owner,
            "why": ", ".join(f"{name} {points:+d}" for name, points in one.reasons.items()),
            "started_anew": one.started_anew,
        }
        for one in (*movers.risen, *movers.fallen)
    ]
    texts = ("lead_id", "tier_before", "tier", "owner", "why")
    names = ("lead_id", "score_before", "score", "change", "tier_before", "tier", "owner", "why")
    columns = [(name, pa.string() if name in texts else pa.int64()) for name in names]
    return pa.Table.from_pylist(rows, pa.schema([*columns, ("started_anew", pa.bool_())]))


def movers_json(movers: Movers) -> dict[str, Any]:
    """Who moved, the risen ones first, and of how many."""
    table = movers_table(movers)
    return {
        "before": movers.before.strftime(TIME_FORMAT),
        "at": movers.at.strftime(TIME_FORMAT),
        "compared": movers.compared,
        "risen": movers.risen_count,
        "fallen": movers.fallen_count,
        "rows": table.num_rows,
        "leads": rows_json(table),
    }


def movers_text(movers: Movers) -> str:
    """The same for people."""
    table = movers_table(movers)
    groups = (
        ("rose", table.slice(0, len(movers.risen)), movers.risen_count),
        ("fell", table.slice(len(movers.risen)), movers.fallen_count),
    )
    start = f"From {day(movers.before)} to {day(movers.at)}, of {movers.compared:,} leads open on both days"
    parts = [
        "\n".join(
            [
                f"{moved:,} {how}" + (f", these {group.num_rows:,} most:" if moved else "."),
                *([table_text(group, group.num_rows)] if moved else []),
            ]
        )
        for how, group, moved in groups
    ]
    return "\n\n".join([f"{start}:", *parts])


def rows_json(table: pa.Table) -> list[dict[str, Any]]:
    """The rows with times as text."""
    return [
        {
            name: value.strftime(TIME_FORMAT) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]


def _advice_json(advice: NextTier) -> dict[str, Any]:
    return {
        "cell": advice.cell,
        "next_cell": advice.next_cell,
        "tier": None if advice.tier is None else advice.tier.name,
        "missing_points": advice.missing_points,
        "reachable_by_activities": advice.reachable,
        "fewest": advice.fewest,
        "actions": [
            {"label": action.label, "times": times, "rules": sorted(action.rules)}
            for action, times in advice.actions
        ],
        "score": advice.score,
    }


def _step_line(step: Step) -> str:
    cut = f" ({step.uncapped} without its cap)" if step.is_capped else ""
    return f"  {(step.label + cut)[:50]:<50}{step.points:>+8}{step.total:>8}"


def _activity_lines(lead: LeadExplanation, model: Model) -> Iterator[str]:
    counting: Iterable[Any] = [one for one in lead.seen if one.counts]
    shown = sorted(counting, key=lambda one: lead.activities[one.activity].occurred_at, reverse=True)
    if not shown:
        yield "No activity gives points."
    if lead.fresh_start is not None and model.inactivity_reset_days is not None:
        yield fresh_start_words(lead.fresh_start, model.inactivity_reset_days)
    for one in shown[:SHOWN_ACTIVITIES]:
        activity = lead.activities[one.activity]
        yield (
            f"  {activity.occurred_at:%Y-%m-%d}  {one.age_days:>5} days ago  worth {one.factor / 10:>5.1f} %"
            f"  {model.rule(one.rule_id).shown_label}"
        )
    if len(shown) > SHOWN_ACTIVITIES:
        yield f"  and {len(shown) - SHOWN_ACTIVITIES} more"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)

"""The guard against what knows the outcome, and against hindsight: facts judged, in words."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from queries.findings import Finding
from queries.flow import Flow, Progress, part_of, silent
from queries.guard.attributes import check_attributes
from queries.guard.facts import (
    count_follows,
    find_early_conversions,
    find_follow_example,
    find_lead_ends,
    rules_that_see,
)
from queries.guard.rule_ranking import rank_rules
from queries.guard.words import leak, ranking_evidence, seen_by
from queries.workspace import format_time
from scoring.figure_words import percent
from scoring.leakage import (
    IMPLAUSIBLE_ACTIVITY_AUC,
    IMPLAUSIBLE_ATTRIBUTE_AUC,
    FollowingType,
    ranks_too_well,
    types_that_follow,
)
from scoring.model import Model


def check_leaks(flow: Flow, model: Model, progress: Progress = silent) -> list[Finding]:
    """Look for what knows how a lead ended.

    Parameters
    ----------
    flow : Flow
    model : Model
        What counts as converted, which leads are excluded, and whose rules are looked at.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.

    Returns
    -------
    list of Finding
        Of kind ``leak``: types of activity that follow the conversion, attributes and rules that know it,
        conversions before creation. Of kind ``hindsight``: attributes of the model's rules that change as
        leads close. ``evidence["rules"]`` names the enabled rules that see it, ``evidence["test"]`` what was
        found; an ``example`` stands beside the counts. Empty when nothing was observed yet.

    Notes
    -----
    Leads, accounts, outcomes and activities are scanned once each; attributes column by column. When the
    model is ``repeatable``, whatever a lead does comes after an earlier conversion, so types of activity are
    not judged.
    """
    until = flow.observed_until
    if until is None:
        return []
    progress(0.0, "Looking at how leads ended")
    lead_ends = find_lead_ends(flow, model, until)
    findings = _check_early_conversions(flow, model, until)
    if not model.conversion.repeatable:
        progress(0.05, "Looking for activities that follow a conversion")
        findings += _check_activities(flow, model, lead_ends, until)
    findings += check_attributes(flow, model, lead_ends, part_of(progress, 0.2, 0.5))
    named = {rule for finding in findings if finding.kind == "leak" for rule in finding.evidence["rules"]}
    return [*findings, *_check_rules(flow, model, named, part_of(progress, 0.5, 1.0))]


def _check_early_conversions(flow: Flow, model: Model, until: datetime) -> list[Finding]:
    counts = find_early_conversions(flow, model, until)
    early, of = counts["before_creation"], counts["conversions"]
    if not early:
        return []
    example = {
        "lead_id": counts["lead_id"],
        "created_at": format_time(counts["created_at"]),
        "occurred_at": format_time(counts["occurred_at"]),
    }
    message = (
        f"{early:,} of {of:,} conversions are dated before their lead was created (lead "
        f"{example['lead_id']!r}: converted {example['occurred_at']}, created {example['created_at']}), so "
        "these leads were entered when the outcome was known already: see what the two dates mean"
    )
    evidence = {"before_creation": early, "conversions": of, "leads": counts["leads"], "example": example}
    return [
        leak("outcome_before_creation", message, evidence, rules=[], table="outcomes", field="occurred_at")
    ]


def _check_activities(flow: Flow, model: Model, lead_ends: pa.Table, until: datetime) -> list[Finding]:
    types, examples = count_follows(flow.engine, lead_ends, until)
    following = types_that_follow(types)
    rules_of = rules_that_see(flow.engine, model, [kind.activity_type for kind in following])
    findings = []
    for kind in following:
        rules, lead_id = rules_of[kind.activity_type], examples[kind.activity_type]
        example = find_follow_example(flow.engine, lead_ends, kind.activity_type, lead_id)
        times = {name: format_time(example[name]) for name in ("occurred_at", "converted_at")}
        evidence = {
            "value": kind.activity_type,
            "activities": kind.activities,
            "after": kind.after,
            "just_before": kind.just_before,
            "leads": kind.leads,
            "example": {"lead_id": lead_id} | times,
        }
        message = _follow_message(kind) + seen_by(model, rules, "counts them: leave this activity out of it")
        findings.append(
            leak("activity_after", message, evidence, rules=rules, table="activities", field="activity_type")
        )
    return findings


def _follow_message(kind: FollowingType) -> str:
    when = "after the lead converted"
    if kind.just_before:
        when += " or in the 24 hours before"
    return (
        f"{kind.after + kind.just_before:,} of {kind.activities:,} activities {kind.activity_type!r} "
        f"({percent(kind.share, 0)}) came {when}: they follow the outcome and cannot foretell it"
    )


def _check_rules(flow: Flow, model: Model, named: set[str], progress: Progress) -> list[Finding]:
    """Rules that rank lead-moments too well, unless what they use was named already."""
    findings = []
    for rule, ranking in rank_rules(flow, model, progress):
        by_attribute = rule.source in ("lead", "account")
        limit = IMPLAUSIBLE_ATTRIBUTE_AUC if by_attribute else IMPLAUSIBLE_ACTIVITY_AUC
        if rule.id in named or ranking is None or not ranks_too_well(ranking, limit):
            continue
        message = (
            f"The rule {rule.shown_label!r} alone picks the lead that converts over one that does not "
            f"{100 * ranking.strength:.0f} times in 100, which is more than honest rules do: see whether "
            "what it looks at is entered when the outcome is known already"
        )
        table = {"lead": "leads", "account": "accounts"}.get(rule.source, "activities")
        evidence = ranking_evidence(ranking)
        findings.append(
            leak("rule_ranks_too_well", message, evidence, rules=[rule.id], table=table, rule=rule.id)
        )
    return findings

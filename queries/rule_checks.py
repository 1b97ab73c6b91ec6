"""What looks wrong about a model's rules on these data."""

from __future__ import annotations

from queries.catalogue import stages
from queries.conditions import TABLE_OF_SOURCE
from queries.findings import Finding
from queries.flow import Flow, Progress, silent
from queries.kept_checks import kept_leads_matched
from scoring.model import Model
from scoring.never_holds import NeverHolds, never_holds
from scoring.reach import out_of_reach

MOST_STAGES = 8
"""Named where none of them is a conversion."""


def check_rules(flow: Flow, model: Model, progress: Progress = silent) -> list[Finding]:
    """What is wrong with the model's rules and tiers on these data.

    A warning for each enabled rule whose conditions match no lead at all, each range that no number lies in,
    and each tier out of reach; an error when no outcome has a stage that counts as a conversion.
    """
    rules = model.enabled_rules
    findings = [
        *_without_conversions(flow, model),
        *(Finding("tier_out_of_reach", "warning", sentence) for sentence in out_of_reach(model)),
    ]
    impossible = never_holds(model)
    for one in impossible:
        findings.append(
            Finding("never_holds", "warning", one.sentence, _table(model, one), one.field, one.rule)
        )
    named = {one.rule for one in impossible}
    for place, rule in enumerate(rules):
        progress(place / len(rules), "Looking for rules that match nothing")
        if rule.id in named or kept_leads_matched(flow, rule):
            continue
        findings.append(
            Finding(
                kind="rule_matches_nothing",
                severity="warning",
                table=TABLE_OF_SOURCE[rule.source],
                field=rule.where[0].field if rule.where else None,
                rule=rule.id,
                message=(
                    f"{rule.shown_label} matches no lead; see that its conditions name values the data have"
                ),
                evidence={"leads": 0},
            )
        )
    return findings


def _table(model: Model, one: NeverHolds) -> str:
    return "leads" if one.rule is None else TABLE_OF_SOURCE[model.rule(one.rule).source]


def _without_conversions(flow: Flow, model: Model) -> list[Finding]:
    """An error when there are outcomes and none of them is a conversion, with the stages that there are."""
    there = stages(flow.engine)
    wanted = {stage.lower() for stage in model.conversion.stages}
    if not there or any(stage.lower() in wanted for stage, _ in there):
        return []
    most = ", ".join(f"{stage!r} ({rows:,})" for stage, rows in there[:MOST_STAGES])
    more = ", ..." if len(there) > MOST_STAGES else ""
    successes = " or ".join(map(repr, model.conversion.stages))
    return [
        Finding(
            kind="no_conversions",
            severity="error",
            table="outcomes",
            field="stage",
            message=(
                f"No outcome has the stage {successes}, which counts as converted; there are {most}{more}: "
                "name the stage of success in the model (conversion.stages), or translate it when the "
                "outcomes are loaded"
            ),
            evidence={"stages": dict(there[:MOST_STAGES])},
        )
    ]

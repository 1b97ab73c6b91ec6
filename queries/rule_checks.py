"""What looks wrong about a model's rules on these data."""

from __future__ import annotations

from queries.conditions import TABLE_OF_SOURCE
from queries.findings import Finding
from queries.flow import Flow, Progress, silent
from queries.kept_checks import kept_leads_matched
from scoring.model import Model
from scoring.reach import out_of_reach


def check_rules(flow: Flow, model: Model, progress: Progress = silent) -> list[Finding]:
    """A warning for each enabled rule whose conditions match no lead at all, and each tier out of reach."""
    rules = model.enabled_rules
    findings = [Finding("tier_out_of_reach", "warning", sentence) for sentence in out_of_reach(model)]
    for place, rule in enumerate(rules):
        progress(place / len(rules), "Looking for rules that match nothing")
        if kept_leads_matched(flow, rule):
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

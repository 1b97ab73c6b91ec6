"""What looks wrong about a model's rules on these data."""

from __future__ import annotations

from queries.catalogue import unmatched_rules
from queries.checks import Finding
from queries.conditions import TABLE_OF_SOURCE
from queries.engine import Engine
from scoring.model import Model


def check_rules(engine: Engine, model: Model) -> list[Finding]:
    """A warning for each enabled rule whose conditions match no lead at all."""
    return [
        Finding(
            kind="rule_matches_nothing",
            severity="warning",
            table=TABLE_OF_SOURCE[rule.source],
            field=rule.where[0].field if rule.where else None,
            rule=rule.id,
            message=f"{rule.shown_label} matches no lead; see that its conditions name values the data have",
            evidence={"leads": 0},
        )
        for rule in unmatched_rules(engine, model)
    ]

"""What findings about leaks have in common: their form, and the words about rules that see the leak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from queries.findings import Finding
from scoring.cohort_ranking import Ranking
from scoring.leakage import FillGap
from scoring.model import Model


def leak(
    test: str,
    message: str,
    evidence: dict[str, Any],
    *,
    rules: Sequence[str],
    table: str,
    field: str | None = None,
    rule: str | None = None,
    kind: str = "leak",
) -> Finding:
    """A finding whose evidence says which test found it and which enabled rules see it."""
    found = {"test": test, **evidence, "rules": list(rules)}
    return Finding(kind, "warning", message, table=table, field=field, rule=rule, evidence=found)


def rule_names(model: Model, rules: Sequence[str]) -> str:
    """The labels of some rules, quoted."""
    return ", ".join(repr(model.rule(rule).shown_label) for rule in rules)


def seen_by(model: Model, rules: Sequence[str], advice: str) -> str:
    """The end of a message: which rules see the leak and what to do."""
    if not rules:
        return "; no rule uses this now, leave it that way"
    plural = "rules" if len(rules) > 1 else "rule"
    return f"; the {plural} {rule_names(model, rules)} {advice}"


def gap_evidence(gap: FillGap) -> dict[str, Any]:
    """The figures of a gap in how often a column is filled."""
    return {
        "leads": gap.leads,
        "filled": gap.filled,
        "filled_share": gap.share,
        "other_leads": gap.other_leads,
        "other_filled": gap.other_filled,
        "other_share": gap.other_share,
    }


def ranking_evidence(ranking: Ranking) -> dict[str, Any]:
    """The figures of a ranking."""
    return {"auc": ranking.auc, "converted": ranking.converted, "others": ranking.others}

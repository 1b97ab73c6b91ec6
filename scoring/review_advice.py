"""What a review recommends: from suggested points, from what the rules did, from drift and from findings."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.drift import Change, DriftReport
from scoring.model import Model
from scoring.review import Recommendation, ReviewFinding
from scoring.rule_evidence import Evidence, RuleEvidence
from scoring.rule_report import RuleLine, RuleReport
from scoring.suggestion import Suggestions
from scoring.suggestion_words import change_words, gain_words, spare_words


def recommend(
    model: Model,
    findings: Sequence[ReviewFinding],
    drift: DriftReport | None,
    rules: RuleReport | None,
    suggestions: Suggestions | None,
) -> tuple[Recommendation, ...]:
    """What to change next, the most pressing first: data that lie, a model that declined, points, rules."""
    labels = {rule.id: rule.shown_label for rule in model.rules}
    found = [
        Recommendation("data", _subject(finding, labels), finding.message)
        for finding in findings
        if finding.severity == "error"
    ]
    found += _from_drift(drift)
    if suggestions is not None:
        found += _from_suggestions(suggestions, labels)
    if rules is not None:
        found += [one for line in rules.rules if (one := _about_rule(line, labels)) is not None]
    return tuple(found)


def _subject(finding: ReviewFinding, labels: dict[str, str]) -> str:
    return f"Mend the rule “{labels.get(finding.rule, finding.rule)}”." if finding.rule else "Mend the data."


def _from_drift(drift: DriftReport | None) -> list[Recommendation]:
    if drift is None:
        return []
    if drift.change in (Change.MODEL_DECLINED, Change.BOTH):
        return [
            Recommendation("model", "Tune the model anew: it ranks leads worse than before.", drift.sentence)
        ]
    if drift.change == Change.LEADS_CHANGED:
        return [
            Recommendation(
                "model", "Look at where leads come from before changing points: they changed.", drift.sentence
            )
        ]
    return []


def _from_suggestions(found: Suggestions, labels: dict[str, str]) -> list[Recommendation]:
    if found.refusal:
        reason = f"{found.refusal[:1].upper()}{found.refusal[1:].rstrip('.')}."
        return [Recommendation("points", "No other points are suggested.", reason)]
    advice = [
        Recommendation(
            "points",
            f"Change “{labels.get(change.rule, change.rule)}”: {change_words(change)}.",
            f"By itself, out of time: {gain_words(change.alone, found.goal)}.",
        )
        for change in found.changes
    ]
    if advice:
        advice.append(
            Recommendation(
                "points",
                "Take these changes together.",
                f"All together, out of time: {gain_words(found.together, found.goal)}.",
            )
        )
    spare = spare_words(found, labels)
    return [*advice, Recommendation("points", "Drop rules that add nothing.", spare)] if spare else advice


def _about_rule(line: RuleLine, labels: dict[str, str]) -> Recommendation | None:
    """What to do about a rule that is worth nothing or whose points have the wrong sign."""
    name, figures = labels.get(line.rule, line.rule), line.evidence
    reason = f"It tells nothing about who buys{_rates(figures)}."
    if figures.evidence is Evidence.NEVER_FIRES:
        return Recommendation("rule", f"Mend or drop “{name}”.", "It never counts for anybody.")
    if figures.evidence is Evidence.NOTHING and line.points:
        return Recommendation("rule", f"Drop “{name}”, or give it fewer points.", reason)
    if figures.evidence is Evidence.HARMS and line.points > 0:
        reason = f"It gives points to leads that buy less{_rates(figures)}."
        return Recommendation("rule", f"Turn “{name}” round, or drop it.", reason)
    if figures.evidence is Evidence.HELPS and line.points < 0:
        reason = f"It takes points from leads that buy more{_rates(figures)}."
        return Recommendation("rule", f"Turn “{name}” round, or drop it.", reason)
    return None


def _rates(figures: RuleEvidence) -> str:
    if figures.rate_with is None or figures.rate_without is None:
        return ""
    return f" ({100 * figures.rate_with:.1f} % convert with it, {100 * figures.rate_without:.1f} % without)"

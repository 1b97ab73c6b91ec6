"""What ``tierline backtest`` prints: figures and evidence, as JSON for programs or as text for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.percent import likely_text, percent_text
from scoring.backtest import Backtest, PeriodFigures, subtract, to_json
from scoring.comparison_evidence import ComparisonEvidence, comparison_sentences
from scoring.evidence import ModelEvidence, evidence_sentences
from scoring.model import Model
from scoring.plain_json import to_plain
from scoring.rule_report import RuleReport, rule_sentences
from scoring.worked import WorkedShare, beside_rates, of_period, pooled
from scoring.worked_words import worked_words

BEFORE_TIERS = 56
"""Width of what stands before the tiers in a row."""

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, eq=False)
class ModelFigures:
    """One model's back-test, whole and by segment, with what sales worked, and the evidence on it.

    `worked` and `worked_parts`, by segment, are empty where the data do not tell what sales worked.
    """

    model: Model
    whole: Backtest
    segments: Mapping[str, Backtest] | None
    evidence: ModelEvidence
    rules: RuleReport
    worked: tuple[WorkedShare, ...]
    worked_parts: Mapping[str, tuple[WorkedShare, ...]]

    def worked_sentence(self) -> str:
        """How much of each tier sales worked, highest first; '' where no lead is complete."""
        labels = {tier.name: tier.shown_label for tier in reversed(self.model.tiers)}
        return worked_words(labels, pooled(self.worked))

    def sentences(self) -> tuple[str, ...]:
        """What the evidence comes to, in words."""
        labels = {rule.id: rule.label or rule.id for rule in self.model.rules}
        return evidence_sentences(self.evidence) + rule_sentences(self.rules, labels)


def figures_json(figures: ModelFigures) -> dict[str, Any]:
    """The figures as section 6 of the design has them, beside each rate what sales worked; no evidence."""
    document = beside_rates(to_json(figures.whole), figures.worked)
    if figures.segments is not None:
        parts = figures.worked_parts
        document["segments"] = {
            value: beside_rates(to_json(one), parts.get(value, ())) for value, one in figures.segments.items()
        }
    return document


def evidence_json(figures: ModelFigures) -> dict[str, Any]:
    """The evidence on one model, its sentences first."""
    document: dict[str, Any] = {"sentences": list(figures.sentences())}
    return document | dict(to_plain(figures.evidence)) | {"rules": to_plain(figures.rules)}


def compared_json(
    first: ModelFigures, second: ModelFigures, comparison: ComparisonEvidence
) -> dict[str, Any]:
    """Both models' figures, their difference, and what the comparison comes to."""
    a, b = figures_json(first), figures_json(second)
    document = {"model_a": a, "model_b": b, "difference": subtract(a, b)}
    if "segments" in a and "segments" in b:
        document["difference"]["segments"] = {
            value: subtract(figures, b["segments"][value]) for value, figures in a["segments"].items()
        }
    verdicts = {"sentences": list(comparison_sentences(comparison))} | to_plain(comparison)
    evidence = {"model_a": evidence_json(first), "model_b": evidence_json(second)}
    return document | {"comparison": verdicts, "evidence": evidence}


def figures_text(figures: ModelFigures) -> str:
    """A table of the periods, and below it what they come to."""
    whole = figures.whole
    until = whole.observed_until.strftime(TIME_FORMAT)
    tiers = "".join(f"{tier.tier:>14}" for tier in whole.pooled.tiers)
    lines = [
        f"{whole.model}: {whole.horizon_days} days to convert, data until {until}",
        f"{'period':<10}{'leads':>11}{'won':>9}{'open':>9}{'rate':>9}{'AUC':>8}{tiers}",
        *(_row(period) for period in (*whole.periods, whole.pooled)),
        *_worked_rows(figures.worked, whole),
        *_listed([figures.worked_sentence()] if figures.worked_sentence() else []),
        *_listed(figures.sentences()),
        *_segment_rows(figures),
    ]
    return "\n".join(lines)


def comparison_text(comparison: ComparisonEvidence) -> str:
    """The verdicts, one a line."""
    return "\n".join(
        [
            f"{comparison.model_b} (your draft) beside {comparison.model_a} (in use)",
            *_listed(comparison_sentences(comparison)),
        ]
    )


def _listed(sentences: Sequence[str]) -> list[str]:
    return [f"- {sentence}" for sentence in sentences]


def _worked_rows(shares: Sequence[WorkedShare], whole: Backtest) -> list[str]:
    """Under the rates, in the same columns: what sales worked of them; nothing if nobody knows."""
    rows = []
    for period in (*whole.periods, whole.pooled) if shares else ():
        found = of_period(shares, period.period)
        cells = [
            percent_text(found[tier.tier].share if tier.tier in found else None) for tier in period.tiers
        ]
        rows.append(f"{period.period:<{BEFORE_TIERS}}" + "".join(f"{cell:>14}" for cell in cells))
    return ["of these sales worked", *rows] if rows else []


def _segment_rows(figures: ModelFigures) -> list[str]:
    """All complete leads of each segment, and under its rates what sales worked."""
    lines = []
    for value, one in (figures.segments or {}).items():
        whole = one.pooled
        lines.append(f"{value}: {whole.leads:,} leads, {whole.conversions:,} won, {percent_text(whole.rate)}")
        found = pooled(figures.worked_parts.get(value, ()))
        for tier in reversed(whole.tiers):
            likely = "" if tier.rate is None else f" (likely {likely_text(tier.low, tier.high)})"
            share = f", sales worked {percent_text(found[tier.tier].share)}" if tier.tier in found else ""
            lines.append(f"  {tier.tier}: {percent_text(tier.rate)} of {tier.leads:,}{likely}{share}")
    return lines


def _row(period: PeriodFigures) -> str:
    auc = "-" if period.auc is None else f"{period.auc:.4f}"
    row = f"{period.period:<10}{period.leads:>11,}{period.conversions:>9,}{period.immature_leads:>9,}"
    row += f"{percent_text(period.rate):>9}{auc:>8}"
    return row + "".join(f"{percent_text(tier.rate):>14}" for tier in period.tiers)

"""The tables behind the evidence: numbers as computed, to show and to download."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components.evidence.chart import SHARE, THREE_DECIMALS, TWO_DECIMALS, WHOLE, numbers
from scoring.backtest import PeriodFigures
from scoring.calibration_evidence import CalibrationEvidence
from scoring.drift import DriftReport
from scoring.entry import EntryFigures, EntryView
from scoring.rule_evidence import Evidence, RuleEvidence
from scoring.rule_report import RuleReport

LEADS, CONVERSIONS, RATE, LOW, HIGH = "Leads", "Converted", "Converted (share)", "Likely from", "Likely to"
VERDICT, PICKS, PICKS_LOW, PICKS_HIGH = "What happened", "Picks the buyer", "Likely from ", "Likely to "
SCORE_SHIFT, MIX_SHIFT = "Scores changed (PSI)", "Sources changed (PSI)"
PICKS_BEFORE, PICKS_OLD_MIX = "Picks the buyer, before", "Picks the buyer, had the sources stayed"
PROMISED, CAME, RATIO = "Conversions promised", "Conversions that came", "Came over promised"
RULE, FIRES, WITH, WITHOUT = "Rule", "Leads it fires for", "Convert with it", "Convert without it"
LIFT, POINTS_SHARE, COMES_TO = "Times the average", "Share of all points", "What it comes to"
TODAY, FIRED_SHARE = "Known today", "Share of leads"
WEIGHT, INFORMATION, SHIFT = "Weight of evidence", "Information value", "Changed (PSI)"
ENTRIES, OPEN, A_WEEK = "Leads that entered", "Still open", "A week"
DAYS_LOW, DAYS_MEDIAN, DAYS_HIGH = (
    "Days: a quarter within",
    "Days: half within",
    "Days: three quarters within",
)

CONFIG: dict[str, Any] = (
    dict.fromkeys((RATE, LOW, HIGH, PICKS, PICKS_LOW, PICKS_HIGH, PICKS_BEFORE, PICKS_OLD_MIX), SHARE)
    | dict.fromkeys((WITH, WITHOUT, POINTS_SHARE, FIRED_SHARE), SHARE)
    | dict.fromkeys((LEADS, CONVERSIONS, CAME, FIRES, ENTRIES, OPEN), WHOLE)
    | dict.fromkeys((SCORE_SHIFT, MIX_SHIFT, SHIFT, INFORMATION, WEIGHT), THREE_DECIMALS)
    | {RATIO: TWO_DECIMALS, LIFT: TWO_DECIMALS, PROMISED: WHOLE, A_WEEK: TWO_DECIMALS}
)
LIFT_CONFIG: Mapping[str, Any] = {**CONFIG, LOW: TWO_DECIMALS, HIGH: TWO_DECIMALS}
"""Where the likely range is that of a ratio."""

TEXTS: dict[Evidence, str] = {
    Evidence.HELPS: "finds leads that buy more often",
    Evidence.HARMS: "finds leads that buy less often",
    Evidence.NOTHING: "worthless: tells nothing about who buys",
    Evidence.NEVER_FIRES: "never fires",
    Evidence.ALWAYS_FIRES: "fires for every lead: tells nobody apart",
    Evidence.TOO_LITTLE_DATA: "too little data",
}
"""What the outcomes say about a rule, on screen."""

PERIOD_TEXTS: Mapping[Evidence, str] = TEXTS | {Evidence.NOTHING: "no more than chance"}
"""The same within one period, whose few conversions prove no rule worthless."""


def drift_table(periods: Sequence[PeriodFigures], reports: Sequence[DriftReport], word: str) -> pd.DataFrame:
    """Each period with complete leads: what happened, how the score ranks, how far the leads changed."""
    judged = {report.period: report for report in reports}
    rows = []
    for figures in periods:
        report = judged.get(figures.period)
        rows.append(
            {
                word.capitalize(): figures.period,
                VERDICT: report.change.value if report else "nothing before it",
                PICKS: figures.auc,
                PICKS_LOW: figures.auc_low,
                PICKS_HIGH: figures.auc_high,
                PICKS_BEFORE: report.auc_before if report else None,
                PICKS_OLD_MIX: report.auc_on_old_mix if report else None,
                LEADS: figures.leads,
                CONVERSIONS: figures.conversions,
                RATE: figures.rate,
                SCORE_SHIFT: report.score_shift.psi if report else None,
                MIX_SHIFT: report.mix_shift.psi if report and report.mix_shift else None,
            }
        )
    some = (PICKS, PICKS_LOW, PICKS_HIGH, PICKS_BEFORE, PICKS_OLD_MIX, RATE, SCORE_SHIFT, MIX_SHIFT)
    return numbers(pd.DataFrame(rows), *some)


def calibration_table(calibration: CalibrationEvidence, word: str) -> pd.DataFrame:
    """Each period's conversions against what earlier ones promised; empty without enough conversions."""
    rows = [
        {
            word.capitalize(): label,
            PROMISED: check.expected,
            CAME: check.observed,
            RATIO: check.ratio,
            LOW: check.low,
            HIGH: check.high,
        }
        for label, check in calibration.by_period
    ]
    return numbers(pd.DataFrame(rows), RATIO, LOW, HIGH)


def rule_table(report: RuleReport, labels: Mapping[str, str], known_today: Collection[str]) -> pd.DataFrame:
    """One row a rule, in the model's order."""
    rows = [
        {RULE: labels.get(line.rule, line.rule), COMES_TO: TEXTS[line.evidence.evidence]}
        | _rule_figures(line.evidence)
        | {POINTS_SHARE: line.points_share, TODAY: "yes" if line.rule in known_today else ""}
        for line in report.rules
    ]
    return numbers(pd.DataFrame(rows), FIRED_SHARE, WITH, WITHOUT, LIFT, LOW, HIGH, POINTS_SHARE)


def rule_period_table(report: RuleReport, rule: str, word: str) -> pd.DataFrame:
    """One rule in each period."""
    line = next(line for line in report.rules if line.rule == rule)
    rows = [
        {word.capitalize(): label, COMES_TO: PERIOD_TEXTS[figures.evidence]} | _rule_figures(figures)
        for label, figures in line.by_period
    ]
    return numbers(pd.DataFrame(rows), FIRED_SHARE, WITH, WITHOUT, LIFT, LOW, HIGH)


def rule_detail_table(report: RuleReport, labels: Mapping[str, str]) -> pd.DataFrame:
    """Information value, weight of evidence and change of each rule."""
    rows = [
        {
            RULE: labels.get(line.rule, line.rule),
            INFORMATION: line.evidence.information_value,
            WEIGHT: line.evidence.weight_of_evidence,
            SHIFT: line.shift.psi if line.shift else None,
        }
        for line in report.rules
    ]
    return numbers(pd.DataFrame(rows), INFORMATION, WEIGHT, SHIFT)


def entry_table(view: EntryView, place: int, word: str) -> pd.DataFrame:
    """One tier (its place in the model) by period of entry, and over all of them."""
    rows = [
        {word.capitalize(): period.period} | _entry_figures(period.tiers[place]) for period in view.periods
    ]
    rows.append({word.capitalize(): f"All {word}s"} | _entry_figures(view.pooled.tiers[place]))
    return numbers(pd.DataFrame(rows), A_WEEK, RATE, LOW, HIGH, DAYS_LOW, DAYS_MEDIAN, DAYS_HIGH)


def _rule_figures(figures: RuleEvidence) -> dict[str, Any]:
    return {
        LIFT: figures.lift,
        LOW: figures.lift_low,
        HIGH: figures.lift_high,
        FIRES: figures.fired,
        FIRED_SHARE: figures.fired_share,
        WITH: figures.rate_with,
        WITHOUT: figures.rate_without,
    }


def _entry_figures(figures: EntryFigures) -> dict[str, Any]:
    return {
        ENTRIES: figures.entries,
        A_WEEK: figures.entries_per_week,
        CONVERSIONS: figures.conversions,
        RATE: figures.rate,
        LOW: figures.low,
        HIGH: figures.high,
        OPEN: figures.open_entries,
        DAYS_LOW: figures.days_low,
        DAYS_MEDIAN: figures.days_median,
        DAYS_HIGH: figures.days_high,
    }

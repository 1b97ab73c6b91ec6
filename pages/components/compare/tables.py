"""The tables behind the Compare page: numbers as computed, to show and to download."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from pages.components.evidence.chart import SHARE, TWO_DECIMALS, WHOLE, numbers
from pages.components.worked import WORKED
from scoring.backtest import PeriodFigures
from scoring.comparison import Comparison, Level
from scoring.comparison_evidence import TopTier
from scoring.evidence import ModelEvidence
from scoring.joint_cells import SwapSet
from scoring.work_thresholds import Thresholds

VERDICT, REASON, LEADS, CONVERSIONS, RATE = "Verdict", "Reason", "Leads", "Converted", "Converted (share)"
PICKS_DRAFT, PICKS_IN_USE = "Picks the buyer: draft", "Picks the buyer: in use"
DIFFERENCE, LOW, HIGH = "Difference", "Likely from", "Likely to"
TIER_IN_USE, TIER_IN_DRAFT = "Tier in use", "Tier in your draft"
RATE_DRAFT, RATE_IN_USE = "Convert: draft", "Convert: in use"
CAUGHT_DRAFT, CAUGHT_IN_USE = "Wins caught: draft", "Wins caught: in use"
RATES, WINS = "Verdict on the rate", "Verdict on the wins caught"
MODEL, DRAFT, IN_USE = "Model", "Your draft", "Model in use"
LEADS_SHARE, WINS_SHARE = "Share of leads worked", "Share of wins caught"
TENTH, LIFT, FROM_SCORE, SCORE = "Tenth of the leads", "Times the average", "From score", "Score"
WORTH = "Converted (share, fitted)"
WORKED_DRAFT, WORKED_IN_USE = "Sales worked: draft", "Sales worked: in use"
THRESHOLD, THRESHOLD_LOW, THRESHOLD_HIGH = "Threshold", "Threshold from", "Threshold to"
A_WEEK, CAUGHT, LEFT, PROFIT = "Leads a week", "Wins caught", "Wins left", "Profit"

CONFIG: Mapping[str, Any] = (
    dict.fromkeys((PICKS_DRAFT, PICKS_IN_USE, DIFFERENCE, LOW, HIGH, RATE, WORTH), SHARE)
    | dict.fromkeys((RATE_DRAFT, RATE_IN_USE, CAUGHT_DRAFT, CAUGHT_IN_USE, LEADS_SHARE, WINS_SHARE), SHARE)
    | dict.fromkeys((LEADS, CONVERSIONS, CAUGHT, LEFT, PROFIT), WHOLE)
    | {LIFT: TWO_DECIMALS, A_WEEK: TWO_DECIMALS}
    | dict.fromkeys((WORKED, WORKED_DRAFT, WORKED_IN_USE), SHARE)
)


def verdict_table(comparison: Comparison, word: str) -> pd.DataFrame:
    """One row a period, and one for all of them."""
    rows = [
        {
            word.capitalize(): f"All {word}s compared" if period is comparison.pooled else period.period,
            VERDICT: period.verdict.level.value,
            DIFFERENCE: period.auc.difference,
            LOW: period.auc.low,
            HIGH: period.auc.high,
            PICKS_DRAFT: period.auc.auc_b,
            PICKS_IN_USE: period.auc.auc_a,
            LEADS: period.leads,
            CONVERSIONS: period.conversions,
            REASON: period.verdict.reason,
        }
        for period in (*comparison.periods, comparison.pooled)
    ]
    return numbers(pd.DataFrame(rows), DIFFERENCE, LOW, HIGH, PICKS_DRAFT, PICKS_IN_USE)


def top_tier_table(by_period: Sequence[tuple[str, TopTier]], few: Collection[str], word: str) -> pd.DataFrame:
    """Rate and share of wins caught of the highest tier under both models; no verdict in `few` periods."""
    rows = [
        {
            word.capitalize(): label,
            RATE_DRAFT: top.rate.b,
            RATE_IN_USE: top.rate.a,
            RATES: _level(top.rate_level, label in few),
            CAUGHT_DRAFT: top.capture.b,
            CAUGHT_IN_USE: top.capture.a,
            WINS: _level(top.capture_level, label in few),
        }
        for label, top in by_period
    ]
    return numbers(pd.DataFrame(rows), RATE_DRAFT, RATE_IN_USE, CAUGHT_DRAFT, CAUGHT_IN_USE)


def swap_table(swap: SwapSet, rows: Mapping[str, str], columns: Mapping[str, str]) -> pd.DataFrame:
    """One row for each pair of tiers that has leads, highest tiers first."""
    found = [
        {
            TIER_IN_USE: rows.get(name_a, name_a),
            TIER_IN_DRAFT: columns.get(name_b, name_b),
            LEADS: int(swap.leads[a, b]),
            CONVERSIONS: int(swap.conversions[a, b]),
            RATE: swap.conversions[a, b] / swap.leads[a, b],
        }
        for a, name_a in reversed(list(enumerate(swap.tiers_a)))
        for b, name_b in reversed(list(enumerate(swap.tiers_b)))
        if swap.leads[a, b]
    ]
    return numbers(pd.DataFrame(found), RATE)


def moved_table(moved: pa.Table, word: str) -> pd.DataFrame:
    """The leads that change tier, as `queries.comparison.swap_list` found them."""
    frame: pd.DataFrame = moved.to_pandas()
    names = ["Lead", word.capitalize(), "Scored on", TIER_IN_USE, TIER_IN_DRAFT]
    frame.columns = [*names, "Score in use", "Score in your draft", CONVERSIONS]
    frame[CONVERSIONS] = frame[CONVERSIONS].map({True: "yes", False: "no"})
    return frame


def gains_table(draft: ModelEvidence, in_use: ModelEvidence) -> pd.DataFrame:
    """The points of both gains curves."""
    parts = [
        pd.DataFrame(
            {
                MODEL: name,
                LEADS_SHARE: evidence.curves.gains.leads_share,
                WINS_SHARE: evidence.curves.gains.conversions_share,
            }
        )
        for name, evidence in _both(draft, in_use)
        if evidence.curves.gains is not None
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def tenths_table(draft: ModelEvidence, in_use: ModelEvidence) -> pd.DataFrame:
    """The tenths of the leads under both models; counts are expected ones."""
    rows = [
        {MODEL: name, TENTH: part.number, LIFT: part.lift, RATE: part.rate, LEADS: part.leads}
        for name, evidence in _both(draft, in_use)
        for part in evidence.curves.parts
    ]
    return pd.DataFrame(rows)


def thresholds_table(draft: ModelEvidence, in_use: ModelEvidence) -> pd.DataFrame:
    """What working every lead from a score up gives, under both models."""
    parts = []
    for name, evidence in _both(draft, in_use):
        curve = evidence.curves.precision_recall
        columns = {FROM_SCORE: curve.threshold, RATE: curve.precision, WINS_SHARE: curve.recall}
        parts.append(
            pd.DataFrame({MODEL: name} | columns | {LEADS: curve.leads, CONVERSIONS: curve.conversions})
        )
    return pd.concat(parts, ignore_index=True)


def probability_table(draft: ModelEvidence, in_use: ModelEvidence) -> pd.DataFrame:
    """What each score has been worth, under both models."""
    parts = [
        pd.DataFrame(
            {MODEL: name, SCORE: evidence.calibration.scores, WORTH: evidence.calibration.probability}
        )
        for name, evidence in _both(draft, in_use)
        if evidence.calibration.probability is not None
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def capacity_table(thresholds: Thresholds, word: str) -> pd.DataFrame:
    """The threshold that each period alone would have asked for, given what sales can work."""
    rows = [
        {
            word.capitalize(): label,
            THRESHOLD: one.threshold,
            THRESHOLD_LOW: one.low,
            THRESHOLD_HIGH: one.high,
            A_WEEK: one.leads_per_week,
            RATE: one.rate,
            CAUGHT: one.conversions,
            LEFT: one.missed_conversions,
        }
        for label, one in thresholds.capacity_by_period
    ]
    return numbers(pd.DataFrame(rows), RATE)


def profit_table(thresholds: Thresholds, word: str) -> pd.DataFrame:
    """The threshold of greatest profit of each period alone."""
    rows = [
        {
            word.capitalize(): label,
            THRESHOLD: one.threshold,
            THRESHOLD_LOW: one.low,
            THRESHOLD_HIGH: one.high,
            PROFIT: one.profit,
            LEADS: one.leads,
            CAUGHT: one.conversions,
            LEFT: one.missed_conversions,
        }
        for label, one in thresholds.profit_by_period
    ]
    return numbers(pd.DataFrame(rows), THRESHOLD, THRESHOLD_LOW, THRESHOLD_HIGH)


def detail_table(models: Mapping[str, tuple[PeriodFigures, ModelEvidence]]) -> pd.DataFrame:
    """The technical figures of each model, pooled over the periods compared; a column a model."""
    rows = {
        "AUC": [figures.auc for figures, _ in models.values()],
        "AUC, lower end": [figures.auc_low for figures, _ in models.values()],
        "AUC, upper end": [figures.auc_high for figures, _ in models.values()],
        "AUC, mean of the periods": [evidence.simpson.mean_of_periods for _, evidence in models.values()],
        "KS": [figures.ks for figures, _ in models.values()],
        "Brier score": [evidence.calibration.brier for _, evidence in models.values()],
        "Brier score of the average rate": [
            evidence.calibration.brier_of_base_rate for _, evidence in models.values()
        ],
    }
    frame = pd.DataFrame([[name, *values] for name, values in rows.items()], columns=["Statistic", *models])
    return numbers(frame, *models)


def _level(level: Level, is_few: bool) -> str:
    return (Level.TOO_LITTLE_DATA if is_few else level).value


def _both(draft: ModelEvidence, in_use: ModelEvidence) -> tuple[tuple[str, ModelEvidence], ...]:
    return (DRAFT, draft), (IN_USE, in_use)

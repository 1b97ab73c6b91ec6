"""The tables of the Alignment page: numbers as computed, to show and to download."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components.evidence.chart import SHARE, WHOLE, numbers
from pages.components.figures.style import tier_labels
from queries.alignment import AlignmentView
from scoring.alignment_words import STEP_NAMES
from scoring.model import Model
from scoring.sales_answers import AnswerShare, ReasonAnswers, RuleAnswers

RATE, LOW, HIGH = "Rate", "Likely from", "Likely to"
REJECTED, ANSWERS = "Rejected", "Answers"
REJECTED_SHARE = "Rejected (share)"
WORKED = "Sales worked (share)"
HOURS = st.column_config.NumberColumn(format="%.1f")

CONFIG = {
    **dict.fromkeys(
        [
            RATE, LOW, HIGH, REJECTED_SHARE, WORKED, "Kept (share)", "Converted (share)", "Without the rule",
            "Difference", "Of all rejections", "Counted for", "Of the accepted",
        ],
        SHARE,
    ),
    **dict.fromkeys(
        [
            "Reached", "Had the days", "Passed", "Still open", "Passed already", ANSWERS, REJECTED, "Leads",
            "Due", "Kept", "In hands already", "Worked", "Converted",
        ],
        WHOLE,
    ),
    **dict.fromkeys(["Median hours", "Quarter within", "Three quarters within", "Leads a week"], HOURS),
}  # fmt: skip
"""How the columns are shown."""


def funnel_table(views: Sequence[tuple[str, AlignmentView]]) -> pd.DataFrame:
    """One row for each model and step."""
    rows = [
        {
            "Model": name,
            "Step": STEP_NAMES[step.step],
            "Reached": step.reached,
            "Had the days": step.complete,
            "Passed": step.passed,
            RATE: step.rate,
            LOW: step.low,
            HIGH: step.high,
            "Median days": step.days_median,
            "Still open": step.still_open,
            "Passed already": step.open_passed,
        }
        for name, view in views
        if view.funnel is not None
        for step in view.funnel.steps
    ]
    return numbers(pd.DataFrame(rows), RATE, LOW, HIGH, "Median days")


def tiers_table(view: AlignmentView) -> pd.DataFrame:
    """Each tier's rate beside the share that sales worked, where the data tell it, highest first."""
    labels = tier_labels(view.model)
    rows = [
        {
            "Tier": labels[one.figures.tier],
            "Leads": one.figures.leads,
            "Converted": one.figures.conversions,
            "Converted (share)": one.figures.rate,
            LOW: one.figures.low,
            HIGH: one.figures.high,
        }
        | ({} if one.worked is None else {"Worked": one.worked.worked, WORKED: one.worked.share})
        | {"Leads a week": one.entries.entries_per_week}
        for one in reversed(view.tiers)
    ]
    known = [WORKED] if view.worked else []
    return numbers(pd.DataFrame(rows), "Converted (share)", LOW, HIGH, *known, "Leads a week")


def responses_table(view: AlignmentView) -> pd.DataFrame:
    """Each tier's promise and how it was kept, highest first."""
    labels = tier_labels(view.model)
    rows = [
        {
            "Tier": labels[one.tier],
            "Promise": one.promise or "none",
            "Reached": one.entered,
            "In hands already": one.in_hands,
            "Due": one.due,
            "Kept": one.kept,
            "Kept (share)": one.kept_rate,
            LOW: one.low,
            HIGH: one.high,
            "Had the days": one.complete,
            "Worked": one.worked,
            "Quarter within": one.hours_low,
            "Median hours": one.hours_median,
            "Three quarters within": one.hours_high,
        }
        for one in reversed(view.responses)
    ]
    floats = ("Kept (share)", LOW, HIGH, "Quarter within", "Median hours", "Three quarters within")
    return numbers(pd.DataFrame(rows), *floats)


def answers_table(shares: Sequence[AnswerShare], what: str) -> pd.DataFrame:
    """One row for each part of the leads."""
    rows = [
        {
            what: one.name,
            ANSWERS: one.answers,
            REJECTED: one.rejected,
            REJECTED_SHARE: one.rate,
            LOW: one.low,
            HIGH: one.high,
        }
        for one in shares
    ]
    return numbers(pd.DataFrame(rows), REJECTED_SHARE, LOW, HIGH)


def rules_table(rules: Sequence[RuleAnswers], model: Model) -> pd.DataFrame:
    """One row for each enabled rule, the one that brings the most rejected leads first."""
    known = {rule.id: rule for rule in model.enabled_rules}
    rows = [
        {
            "Rule": known[one.rule].shown_label,
            "Points": known[one.rule].points,
            ANSWERS: one.fired.answers,
            REJECTED: one.fired.rejected,
            REJECTED_SHARE: one.fired.rate,
            "Without the rule": one.silent.rate,
            "Difference": one.difference,
            LOW: one.low,
            HIGH: one.high,
            "It": one.bring.value,
        }
        for one in rules
    ]
    return numbers(pd.DataFrame(rows), REJECTED_SHARE, "Without the rule", "Difference", LOW, HIGH)


def reasons_table(reasons: Sequence[ReasonAnswers], labels: dict[str, str]) -> pd.DataFrame:
    """One row for each reason, with the rule that these leads have in common."""
    rows = [
        {
            "Reason": one.reason,
            REJECTED: one.rejected,
            "Of all rejections": one.share,
            "Rule in common": "none more than chance" if one.rule is None else labels[one.rule],
            "Counted for": one.with_rule,
            LOW: one.low,
            HIGH: one.high,
            "Of the accepted": one.accepted_with_rule,
        }
        for one in reasons
    ]
    return numbers(pd.DataFrame(rows), "Counted for", LOW, HIGH, "Of the accepted")

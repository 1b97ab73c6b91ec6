"""What rules add, by period: the table behind the chart and the chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components.compare.verdict_figure import JudgedPeriod, periods_figure
from pages.components.evidence.chart import SHARE, WHOLE, numbers
from pages.components.format import period_word
from pages.components.theme import Theme
from scoring.comparison import Level
from scoring.nested import Added

WITHOUT, WITH = "Picks the buyer: without them", "Picks the buyer: with them"
DIFFERENCE, LOW, HIGH = "Difference", "Likely from", "Likely to"
CAUGHT_WITHOUT, CAUGHT_WITH = "Wins caught: without them", "Wins caught: with them"
CAUGHT_DIFFERENCE, CAUGHT_LOW, CAUGHT_HIGH = "Wins caught: difference", "Wins: likely from", "Wins: likely to"
LEADS, CONVERSIONS, WORKED, VERDICT = "Leads", "Converted", "Leads worked", "Verdict"
SHARES = (
    *(WITHOUT, WITH, DIFFERENCE, LOW, HIGH),
    *(CAUGHT_WITHOUT, CAUGHT_WITH, CAUGHT_DIFFERENCE, CAUGHT_LOW, CAUGHT_HIGH),
)
CONFIG: Mapping[str, Any] = dict.fromkeys(SHARES, SHARE) | dict.fromkeys((LEADS, CONVERSIONS, WORKED), WHOLE)

VERDICTS = {
    Level.BETTER: "better with them",
    Level.NO_DIFFERENCE: "no more than chance",
    Level.WORSE: "worse with them",
    Level.TOO_LITTLE_DATA: "too little data",
}


def added_table(added: Added) -> pd.DataFrame:
    """One row a period, and one for all of them."""
    word = period_word([part.period for part in added.periods])
    rows = [
        {
            word.capitalize(): f"All {word}s" if part is added.pooled else part.period,
            VERDICT: VERDICTS[part.level],
            WITHOUT: part.auc.auc_a,
            WITH: part.auc.auc_b,
            DIFFERENCE: part.auc.difference,
            LOW: part.auc.low,
            HIGH: part.auc.high,
            CAUGHT_WITHOUT: part.caught_without,
            CAUGHT_WITH: part.caught.value,
            CAUGHT_DIFFERENCE: part.caught.difference,
            CAUGHT_LOW: part.caught.low,
            CAUGHT_HIGH: part.caught.high,
            WORKED: part.worked_leads,
            LEADS: part.leads,
            CONVERSIONS: part.conversions,
        }
        for part in (*added.periods, added.pooled)
    ]
    return numbers(pd.DataFrame(rows), *SHARES)


def added_figure(added: Added, theme: Theme) -> go.Figure:
    """The difference that the rules make in picking the buyer, by period."""
    parts = [JudgedPeriod(part.period, part.conversions, part.auc, part.level) for part in added.periods]
    note = "At 0: the model without these rules."
    return periods_figure(parts, _title(added), note, "with less without", theme)


def _title(added: Added) -> str:
    word = period_word([part.period for part in added.periods], plural=added.judged != 1)
    difference = added.pooled.auc.difference
    if difference is None or not added.judged:
        return f"Too few conversions in every {word.removesuffix('s')} for a verdict"
    if difference == 0:
        return "The model ranks the leads as it does without these rules"
    better = "better" if difference > 0 else "worse"
    return f"With them the model ranks {better} in {added.agreeing} of {added.judged} {word} judged"

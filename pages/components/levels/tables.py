"""The tables behind the figures of the Levels page: numbers as computed, to show and to download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.evidence.chart import SHARE, WHOLE
from scoring.levels import Distances, Level, Quest
from scoring.model import Model
from scoring.rule_evidence import Evidence

SAYS = {
    Evidence.HELPS: "buys more often",
    Evidence.HARMS: "buys less often",
    Evidence.NOTHING: "says nothing",
    Evidence.NEVER_FIRES: "never completed",
    Evidence.ALWAYS_FIRES: "completed by all",
    Evidence.TOO_LITTLE_DATA: "too little data",
}

LEVELS_CONFIG: dict[str, Any] = {
    "Share of open leads": SHARE,
    "Leads": WHOLE,
    "Points missing (half need fewer)": st.column_config.NumberColumn(format="%.0f"),
}
QUESTS_CONFIG: dict[str, Any] = dict.fromkeys(
    (
        "Completed (share)",
        "Converted with it",
        "Likely from",
        "Likely to",
        "Converted without",
        "Likely from ",
        "Likely to ",
    ),
    SHARE,
)
DISTANCES_CONFIG: dict[str, Any] = {"Leads": WHOLE}


def levels_table(levels: Sequence[Level]) -> pd.DataFrame:
    """One row for each level, highest first."""
    return pd.DataFrame(
        {
            "Level": level.tier.shown_label,
            "From points": level.tier.threshold,
            "Perk": level.tier.perk or "",
            "Leads": level.leads,
            "Share of open leads": level.share,
            "Points missing (half need fewer)": level.median_missing,
        }
        for level in levels[::-1]
    )


def distances_table(model: Model, distances: Distances) -> pd.DataFrame:
    """One row for each next level and range of missing points."""
    return pd.DataFrame(
        {
            "Next level": tier.shown_label,
            "Missing from": low,
            "Missing to": high,
            "Leads": int(leads),
        }
        for tier, row in zip(model.tiers[1:], distances.leads, strict=True)
        for (low, high), leads in zip(distances.ranges, row, strict=True)
    )


def quests_table(quests: Sequence[Quest]) -> pd.DataFrame:
    """One row for each quest, in the model's order."""
    return pd.DataFrame(
        {
            "Quest": quest.rule.shown_label,
            "Who completes it": SAYS[quest.evidence],
            "Times": quest.times,
            "Points": quest.points,
            "Completed": quest.progress.done,
            "Begun": quest.progress.begun,
            "Open leads": quest.progress.leads,
            "Completed (share)": quest.progress.done / quest.progress.leads if quest.progress.leads else None,
            "Scored with it": quest.with_it.leads,
            "Converted with it": quest.with_it.rate,
            "Likely from": quest.with_it.low,
            "Likely to": quest.with_it.high,
            "Scored without": quest.without.leads,
            "Converted without": quest.without.rate,
            "Likely from ": quest.without.low,
            "Likely to ": quest.without.high,
        }
        for quest in quests
    )

"""The tables behind the charts of the Back-test page: numbers as computed, to show and to download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.explain import explanation
from pages.components.figures.style import Labels, is_small, tier_named
from pages.components.table import percent_column
from pages.components.worked import WORKED
from scoring.backtest import Backtest, PeriodFigures, TierFigures
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, MIN_LEADS_FOR_RATE, enough_for_verdict
from scoring.model import Model, Tier

ALL_LEADS = "All leads"
STILL_OPEN = "still open"
FEW_LEADS = f"fewer than {MIN_LEADS_FOR_RATE} leads"
FEW_CONVERSIONS = f"fewer than {MIN_CONVERSIONS_FOR_VERDICT} conversions"

RATE, LOW, HIGH = "Converted (share)", "Likely from", "Likely to"
LEADS, CONVERSIONS = "Leads", "Converted"
LIFT, CAPTURE, AMOUNT, NOTE = "Times the average", "Share of wins caught", "Amount", "Note"
PICKS, PICKS_LOW, PICKS_HIGH = "Picks the buyer", "Likely from ", "Likely to "
OPEN, NEVER_SCORED = "Leads still open", "Wins never scored"
FROM_SCORE, CELLS = "From score", "Cells"
UNIQUE_LEADS, UNIQUE_CONVERTED = "Different leads", "Different leads converted"
PART_LEADS, PART_RATE = "All leads of this part", "Average of this part"
SHIFT, DISTANCE = "Leads changed (PSI)", "Distance (KS)"


def _begins(model: Model, tier: Tier) -> dict[str, Any]:
    """Where a tier lies: its threshold, or its cells in the grid."""
    if model.grid is None:
        return {FROM_SCORE: tier.threshold}
    cells = zip(model.grid.cell_names, model.grid.tier_of_place, strict=True)
    return {CELLS: ", ".join(cell for cell, name in cells if name == tier.name) or "none"}


def tier_table(
    model: Model, figures: PeriodFigures, unique: Mapping[str | None, tuple[int, int]] | None
) -> pd.DataFrame:
    """One row for each tier, highest first, and one for all leads."""
    rows = []
    for tier, computed in zip(model.tiers[::-1], figures.tiers[::-1], strict=True):
        rows.append({"Tier": tier.shown_label} | _begins(model, tier) | _tier_cells(computed))
    whole = {
        "Tier": ALL_LEADS,
        **({FROM_SCORE: model.min_score} if model.grid is None else {CELLS: ""}),
        LEADS: figures.leads,
        CONVERSIONS: figures.conversions,
    }
    rows.append(whole | {RATE: figures.rate, AMOUNT: figures.amount, NOTE: ""})
    frame = _frame(rows)
    if unique is not None:
        names = [*(tier.name for tier in model.tiers[::-1]), None]
        place = list(frame.columns).index(LEADS) + 1
        frame.insert(place, UNIQUE_LEADS, [unique[name][0] for name in names])
        frame.insert(place + 2, UNIQUE_CONVERTED, [unique[name][1] for name in names])
    return frame


def tier_by_period_table(backtest: Backtest, tier_name: str, word: str) -> pd.DataFrame:
    """One row for each period and one for all complete ones, of one tier."""
    rows = []
    for figures in (*backtest.periods, backtest.pooled):
        tier = tier_named(figures, tier_name)
        if tier is not None:
            row = {word.capitalize(): period_name(figures, backtest, word)} | _tier_cells(tier)
            rows.append(row | {NOTE: _notes(figures, backtest, row[NOTE])})
    return _frame(rows)


def ranking_table(backtest: Backtest, word: str) -> pd.DataFrame:
    """How well the score ranks, by period and pooled."""
    rows = []
    for figures in (*backtest.periods, backtest.pooled):
        few = figures.auc is not None and not enough_for_verdict(figures.conversions, figures.leads)
        rows.append(
            {
                word.capitalize(): period_name(figures, backtest, word),
                LEADS: figures.leads,
                CONVERSIONS: figures.conversions,
                PICKS: figures.auc,
                PICKS_LOW: figures.auc_low,
                PICKS_HIGH: figures.auc_high,
                NOTE: _notes(figures, backtest, FEW_CONVERSIONS if few else ""),
            }
        )
    return _frame(rows)


def leads_table(backtest: Backtest, labels: Labels, word: str) -> pd.DataFrame:
    """Complete leads of every period, in all and by tier, and those that are still open."""
    rows = []
    for figures in (*backtest.periods, backtest.pooled):
        row: dict[str, Any] = {word.capitalize(): period_name(figures, backtest, word), LEADS: figures.leads}
        row |= {labels[tier.tier]: tier.leads for tier in figures.tiers[::-1]}
        rows.append(row | {OPEN: figures.immature_leads, NOTE: _notes(figures, backtest, "")})
    return _frame(rows)


def wins_table(backtest: Backtest, labels: Labels, word: str) -> pd.DataFrame:
    """Conversions of every period, in all and by tier, and the wins that no score had seen."""
    rows = []
    for figures in (*backtest.periods, backtest.pooled):
        row: dict[str, Any] = {word.capitalize(): period_name(figures, backtest, word)}
        row |= {CONVERSIONS: figures.conversions, RATE: figures.rate}
        row |= {labels[tier.tier]: tier.conversions for tier in figures.tiers[::-1]}
        row |= {NEVER_SCORED: figures.unscored_conversions, AMOUNT: figures.amount}
        rows.append(row | {NOTE: _notes(figures, backtest, "")})
    return _frame(rows)


def detail_table(backtest: Backtest, word: str) -> pd.DataFrame:
    """PSI and KS by period."""
    return _frame(
        [
            {
                word.capitalize(): period_name(figures, backtest, word),
                SHIFT: figures.psi,
                DISTANCE: figures.ks,
                NOTE: _notes(figures, backtest, ""),
            }
            for figures in (*backtest.periods, backtest.pooled)
        ]
    )


def segment_table(backtests: Mapping[str, Backtest], tier_name: str, column: str) -> pd.DataFrame:
    """One tier's figures in every part of the leads, the largest part first."""
    rows = []
    ordered = sorted(backtests.items(), key=lambda item: (-item[1].pooled.leads, item[0]))
    for value, backtest in ordered:
        tier = tier_named(backtest.pooled, tier_name)
        if tier is not None:
            cells = _tier_cells(tier)
            # What the reader came for stands first: a phone shows three or four columns.
            first = {name: cells.pop(name) for name in (RATE, LOW, HIGH, LEADS, NOTE)}
            whole = {PART_LEADS: backtest.pooled.leads, PART_RATE: backtest.pooled.rate}
            rows.append({column: value} | first | cells | whole)
    return _frame(rows)


def period_name(figures: PeriodFigures, backtest: Backtest, word: str) -> str:
    """A period's label; the pooled row is all complete periods."""
    return f"All complete {word}s" if figures is backtest.pooled else figures.period


def column_config() -> dict[str, Any]:
    """How the columns of these tables are shown; the numbers themselves keep every digit."""
    share = percent_column()
    whole = st.column_config.NumberColumn(format="localized")
    config: dict[str, Any] = dict.fromkeys((LOW, HIGH, PICKS_LOW, PICKS_HIGH), share)
    config |= dict.fromkeys((LEADS, CONVERSIONS, UNIQUE_LEADS, UNIQUE_CONVERTED), whole)
    config |= {
        RATE: percent_column(explanation("rate")),
        CAPTURE: percent_column(explanation("capture")),
        PICKS: percent_column(explanation("auc")),
        LIFT: st.column_config.NumberColumn(format="%.2f", help=explanation("lift")),
        OPEN: st.column_config.NumberColumn(format="localized", help=explanation("still_open")),
        NEVER_SCORED: st.column_config.NumberColumn(format="localized", help=explanation("never_scored")),
        AMOUNT: st.column_config.NumberColumn(format="localized", help=explanation("amount")),
        SHIFT: st.column_config.NumberColumn(format="%.3f", help=explanation("drift")),
        DISTANCE: st.column_config.NumberColumn(format="%.3f", help=explanation("ks")),
        PART_RATE: share,
        PART_LEADS: whole,
        WORKED: percent_column(explanation("worked")),
    }
    return config


def _tier_cells(tier: TierFigures) -> dict[str, Any]:
    return {
        LEADS: tier.leads,
        CONVERSIONS: tier.conversions,
        RATE: tier.rate,
        LOW: tier.low,
        HIGH: tier.high,
        LIFT: tier.lift,
        CAPTURE: tier.capture,
        AMOUNT: tier.amount,
        NOTE: FEW_LEADS if tier.leads > 0 and is_small(tier) else "",
    }


def _notes(figures: PeriodFigures, backtest: Backtest, note: str) -> str:
    still_open = STILL_OPEN if figures is not backtest.pooled and figures.immature_leads else ""
    return ", ".join(part for part in (still_open, note) if part)


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A table whose missing figures are missing numbers, not objects."""
    frame = pd.DataFrame(rows)
    for name in (
        RATE,
        LOW,
        HIGH,
        LIFT,
        CAPTURE,
        PICKS,
        PICKS_LOW,
        PICKS_HIGH,
        SHIFT,
        DISTANCE,
        AMOUNT,
        PART_RATE,
    ):
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame

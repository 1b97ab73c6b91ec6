"""The tables of the Review page: numbers as computed, to show and to download."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.components.backtest.tables import (
    AMOUNT,
    CONVERSIONS,
    FEW_LEADS,
    HIGH,
    LEADS,
    LOW,
    NOTE,
    RATE,
    column_config,
)
from pages.components.explain import explanation
from pages.components.figures.style import is_small
from pages.components.format import count, likely_range, percent
from pages.components.table import percent_column
from pages.components.worked import WORKED
from scoring.backtest import TierFigures
from scoring.forecast_draws import Range
from scoring.rate_change import RateChange
from scoring.review import PartReview, QuarterReview, VersionEffect
from scoring.worked import WorkedShare

TIER, PERIOD, SCORED, SHARE = "Tier", "Period", "Leads scored", "Share of leads"
ALL_LEADS = "All leads"
WORKED_LEADS = "Sales worked"
CHANGE, CHANGE_LOW, CHANGE_HIGH = "Change (points)", "Likely from (points)", "Likely to (points)"
MORE = "More than chance?"
KNOWN, EXPECTED, LEAST, MOST = "Converted by now", "Expected", "At least", "At most"
RATE_EXPECTED, RATE_LEAST, RATE_MOST = "Expected (share)", "At least (share)", "At most (share)"
AMOUNT_EXPECTED, AMOUNT_LEAST, AMOUNT_MOST = "Expected amount", "At least (amount)", "At most (amount)"
VERSION, SINCE, AUTHOR, WHAT, WHY = "Version", "In use since", "Recorded by", "What changed", "Note"
BEFORE_CHANGE, AFTER_CHANGE = "Top tier before", "Top tier after"


def tiers_table(review: QuarterReview) -> pd.DataFrame:
    """One row for each tier and period: this one, the one before, a year ago."""
    rows = []
    for tier in reversed(review.tiers):
        for label, figures, scored, share, change in (
            (review.period, tier.this, tier.scored, tier.share, tier.change),
            (review.before_label, tier.before, tier.scored_before, tier.share_before, None),
            (
                review.year_before_label,
                tier.year_before,
                tier.scored_year_before,
                tier.share_year_before,
                None,
            ),
        ):
            if figures is not None:
                row = {TIER: tier.label, PERIOD: label, SCORED: scored, SHARE: share} | _rate_cells(figures)
                if review.tells_worked:
                    row |= _worked(tier.worked.get(label))
                rows.append(row | _other_cells(figures) | _change(change))
    frame = pd.DataFrame(rows)
    return _as_numbers(frame, (SHARE, RATE, LOW, HIGH, WORKED, AMOUNT, CHANGE, CHANGE_LOW, CHANGE_HIGH))


def parts_table(review: QuarterReview, part: PartReview, name: str) -> pd.DataFrame:
    """One row for each source or campaign: leads of the three periods, and what became of this one's."""
    before, year = f"Leads {review.before_label}", f"Leads {review.year_before_label}"
    rows: list[dict[str, Any]] = []
    for row in part.rows:
        cells = {name: row.value, SCORED: row.scored} | _rate_cells(row.all) | _other_cells(row.all)
        cells |= {
            f"{review.top.label}: leads": row.scored_top,
            f"{review.top.label}: converted": row.top.rate,
            **(
                {_top_worked(review): row.worked.share if row.worked else None} if review.tells_worked else {}
            ),
            before: row.scored_before,
            f"Converted {review.before_label}": row.all_before.rate,
            year: row.scored_year_before,
            f"Converted {review.year_before_label}": row.all_year_before.rate,
        }
        rows.append(cells)
    frame = pd.DataFrame(rows)
    shares = [f"{review.top.label}: converted", _top_worked(review)]
    shares += [f"Converted {label}" for label in (review.before_label, review.year_before_label)]
    return _as_numbers(frame, (RATE, LOW, HIGH, AMOUNT, *shares))


def _top_worked(review: QuarterReview) -> str:
    return f"{review.top.label}: sales worked"


def forecast_table(review: QuarterReview) -> pd.DataFrame:
    """One row for each open period and tier: known, expected, and the interval; or why there is none."""
    labels = {tier.tier: tier.label for tier in review.tiers}
    rows = []
    for period, found in review.forecasts.items():
        for one in found:
            row: dict[str, Any] = {PERIOD: period, TIER: labels[one.tier] if one.tier else ALL_LEADS}
            row |= {LEADS: one.leads, KNOWN: one.known}
            row |= _range(one.conversions, EXPECTED, LEAST, MOST)
            row[EXPECTED] = None if one.conversions is None else round(one.conversions.expected, 1)
            row |= _range(one.rate, RATE_EXPECTED, RATE_LEAST, RATE_MOST)
            amounts = _range(one.amount, AMOUNT_EXPECTED, AMOUNT_LEAST, AMOUNT_MOST)
            # Parts of a unit mean nothing in an estimate.
            row |= {name: None if amount is None else round(amount) for name, amount in amounts.items()}
            rows.append(row | {NOTE: one.refusal or ""})
    frame = pd.DataFrame(rows)
    numbers = (EXPECTED, LEAST, MOST, RATE_EXPECTED, RATE_LEAST, RATE_MOST)
    return _as_numbers(frame, (*numbers, AMOUNT_EXPECTED, AMOUNT_LEAST, AMOUNT_MOST))


def changes_table(review: QuarterReview) -> pd.DataFrame:
    """One row for each version that came into use, and the period's top tier under it and the one before."""
    rows = []
    for change in review.changes:
        rows.append(
            {
                VERSION: change.version,
                SINCE: change.at,
                AUTHOR: change.author,
                WHAT: "; ".join(change.changes),
                WHY: change.note,
                BEFORE_CHANGE: effect_words(change.before),
                AFTER_CHANGE: effect_words(change.after),
                NOTE: change.problem or "",
            }
        )
    return pd.DataFrame(rows)


def advice_table(review: QuarterReview) -> pd.DataFrame:
    """Recommendations, then findings."""
    rows = [{"Kind": one.kind, "What": one.text, "Why": one.reason} for one in review.recommendations]
    rows += [{"Kind": one.severity, "What": one.message, "Why": ""} for one in review.findings]
    return pd.DataFrame(rows)


def effect_words(effect: VersionEffect | None) -> str:
    """A version's top tier in the period: ``12.0 % of 130 leads (likely 7.5 to 18.7 %)``."""
    if effect is None or effect.top.rate is None:
        return ""
    top = effect.top
    worked = effect.worked
    known = "" if worked is None or worked.share is None else f", sales worked {percent(worked.share, 0)}"
    return f"{percent(top.rate)} of {count(top.leads)} leads ({likely_range(top.low, top.high)}{known})"


def review_config(review: QuarterReview) -> dict[str, Any]:
    """How the columns of these tables are shown; the numbers themselves keep every digit."""
    share = percent_column()
    whole = st.column_config.NumberColumn(format="localized")
    config = column_config()
    config[SHARE] = share
    points = st.column_config.NumberColumn(format="%+.1f")
    config |= dict.fromkeys((CHANGE, CHANGE_LOW, CHANGE_HIGH), points)
    config |= dict.fromkeys((RATE_EXPECTED, RATE_LEAST, RATE_MOST, f"{review.top.label}: converted"), share)
    config |= dict.fromkeys((SCORED, WORKED_LEADS, KNOWN, LEAST, MOST), whole)
    config |= dict.fromkeys((AMOUNT_EXPECTED, AMOUNT_LEAST, AMOUNT_MOST), whole)
    for label in (review.before_label, review.year_before_label):
        config |= {f"Leads {label}": whole, f"Converted {label}": share}
    config[EXPECTED] = st.column_config.NumberColumn(format="localized", help=explanation("forecast"))
    config[SINCE] = st.column_config.DatetimeColumn(format="D MMM YYYY")
    config[f"{review.top.label}: leads"] = whole
    config[_top_worked(review)] = percent_column(help=explanation("worked"))
    return config


def _rate_cells(figures: TierFigures) -> dict[str, Any]:
    return {
        LEADS: figures.leads,
        CONVERSIONS: figures.conversions,
        RATE: figures.rate,
        LOW: figures.low,
        HIGH: figures.high,
    }


def _worked(worked: WorkedShare | None) -> dict[str, Any]:
    """A period without complete leads has no share."""
    return {WORKED_LEADS: worked.worked if worked else 0, WORKED: worked.share if worked else None}


def _other_cells(figures: TierFigures) -> dict[str, Any]:
    return {AMOUNT: figures.amount, NOTE: FEW_LEADS if figures.leads and is_small(figures) else ""}


def _change(change: RateChange | None) -> dict[str, Any]:
    if change is None:
        return {CHANGE: None, CHANGE_LOW: None, CHANGE_HIGH: None, MORE: ""}
    values = (change.difference, change.low, change.high)
    points = [100 * value for value in values]
    return dict(zip((CHANGE, CHANGE_LOW, CHANGE_HIGH), points, strict=True)) | {MORE: change.move.value}


def _range(figure: Range | None, expected: str, low: str, high: str) -> dict[str, float | None]:
    if figure is None:
        return {expected: None, low: None, high: None}
    return {expected: figure.expected, low: figure.low, high: figure.high}


def _as_numbers(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Missing figures as missing numbers, not objects."""
    for name in names:
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame

"""The first row of the Back-test page: four figures, each with its likely range and its change."""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components.backtest.view import BacktestView, lead_periods
from pages.components.explain import explanation
from pages.components.figures.style import tier_named


def show_headline(view: BacktestView) -> None:
    """What the highest tier converts and catches, how well the score ranks, and on how many leads."""
    pooled = view.backtest.pooled
    old = view.old.pooled if view.old else None
    top = pooled.tiers[-1]
    old_top = tier_named(old, top.tier) if old else None
    old_rate = old_top.rate if old_top else None
    old_capture = old_top.capture if old_top else None
    label = view.labels[top.tier]
    rate, caught, picks, leads = st.columns(4)
    with rate:
        _show(
            f"{label} leads convert",
            shown.percent(top.rate),
            shown.signed_points(_minus(top.rate, old_rate)) if old else None,
            f"{shown.likely_range(top.low, top.high)}; {shown.times(top.lift)}",
            "rate",
        )
    with caught:
        _show(
            "Share of wins caught",
            shown.percent(top.capture),
            shown.signed_points(_minus(top.capture, old_capture)) if old else None,
            f"{shown.count(top.conversions)} of {shown.count(pooled.conversions)}; "
            f"{shown.count(pooled.unscored_conversions)} more wins were never scored",
            "capture",
        )
    with picks:
        _show(
            "Picks the buyer over the non-buyer",
            shown.times_in_100(pooled.auc),
            shown.signed_times(_minus(pooled.auc, old.auc)) if old else None,
            shown.likely_times(pooled.auc_low, pooled.auc_high),
            "auc",
        )
    with leads:
        _show(
            f"{lead_periods(view).capitalize()} judged",
            shown.count(pooled.leads),
            None,
            _leads_caption(view),
            "lead_quarters",
        )


def _leads_caption(view: BacktestView) -> str:
    pooled = view.backtest.pooled
    parts = [f"{shown.count(view.unique[None][0])} different leads"] if view.unique else []
    if pooled.immature_leads:
        parts.append(f"{shown.count(pooled.immature_leads)} more are still open")
    return "; ".join(parts) or "none is still open"


def _show(label: str, value: str, delta: str | None, caption: str, topic: str) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(
            label,
            value,
            delta=f"{delta} against the model in use" if delta else None,
            delta_color="off",
            delta_arrow="off",
            help=explanation(topic),
        )
        st.caption(caption)


def _minus(new: float | None, old: float | None) -> float | None:
    return None if new is None or old is None else new - old

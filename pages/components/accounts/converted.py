"""What accounts converted: the back-test of accounts with its evidence."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import format as shown
from pages.components.accounts.explained import explanation
from pages.components.evidence.chart import SHARE, TWO_DECIMALS, WHOLE
from pages.components.figures import (
    CHART_CONFIG,
    auc_by_period_figure,
    tier_by_period_figure,
    tier_rates_figure,
)
from pages.components.figures.style import tier_labels
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.worked import (
    WORKED,
    account_worked_sentence,
    add_worked,
    add_worked_by,
    load_worked_accounts,
)
from queries.account_backtest import account_backtest
from queries.flow import Flow
from scoring import worked
from scoring.account_backtest import AccountBacktest
from scoring.account_scoring import account_model
from scoring.backtest import PeriodFigures
from scoring.model import Model

UNIT = "accounts"
SHARES = ("Converted (share)", "Likely from", "Likely to", "Share of wins caught")
CONFIG = (
    dict.fromkeys(SHARES, SHARE)
    | dict.fromkeys(("Picks the buyer", "Likely from ", "Likely to "), TWO_DECIMALS)
    | {"Times the average": TWO_DECIMALS}
    | dict.fromkeys(("Accounts", "Converted", "Still open", "Amount"), WHOLE)
    | {WORKED: SHARE}
)


def show_converted(flow: Flow, model: Model) -> None:
    """Draw figures, charts and tables."""
    place = st.empty()

    def tell(share: float, text: str) -> None:
        place.progress(share, f"{text} …")

    found = account_backtest(flow, model, None, tell)
    place.empty()
    pooled, days = found.backtest.pooled, model.conversion.horizon_days
    if not pooled.leads:
        st.info(
            f"No account is complete yet: {shown.count(pooled.immature_leads)} were scored, and none has had "
            f"all of its {days} days to convert. Allow fewer days on the page *Tune*, or load older data.",
            icon=":material/hourglass_empty:",
        )
        return
    accounts = account_model(model)
    labels, theme = tier_labels(accounts), current_theme()
    st.markdown(when_sentence(model))
    _show_headline(found, accounts)
    shares = load_worked_accounts(flow, model)
    left, right = st.columns(2)
    with left:
        figure = tier_rates_figure(pooled, theme, labels=labels, unit=UNIT)
        table = add_worked(tier_table(pooled, accounts), worked.pooled(shares), accounts)
        _show_chart(figure, "account_tiers", "Tiers of accounts", table)
        st.caption(account_worked_sentence(shares, model))
    with right:
        figure = auc_by_period_figure(found.backtest, theme)
        _show_chart(figure, "account_ranking", "How well accounts are ranked", period_table(found))
    names = [tier.name for tier in reversed(accounts.tiers)]
    chosen = st.selectbox("Tier over time", names, format_func=labels.__getitem__, key="accounts_tier_chosen")
    figure = tier_by_period_figure(found.backtest, chosen or names[0], theme, labels=labels, unit=UNIT)
    by_period = worked.of_tier(shares, chosen or names[0])
    table = add_worked_by(tier_by_period(found, chosen or names[0]), "Period", by_period)
    _show_chart(figure, "account_tier_by_period", f"{labels[chosen or names[0]]} by period", table)


def when_sentence(model: Model) -> str:
    """What was scored when and what counts as converted, as Markdown."""
    conversion = model.conversion
    stages = shown.as_markdown(" or ".join(f"“{stage}”" for stage in conversion.stages))
    again = "" if conversion.repeatable else " An account that was won before is left out."
    return (
        f"Every account is scored as it stood on the first day of each {model.observation.period}. It counts "
        f"as converted when any of its people reaches {stages} within {conversion.horizon_days} days, also "
        f"somebody who was not known then.{again}"
    )


def _show_headline(found: AccountBacktest, accounts: Model) -> None:
    pooled = found.backtest.pooled
    top = pooled.tiers[-1]
    label = tier_labels(accounts)[top.tier]
    word = f"account-{shown.period_word([one.period for one in found.backtest.periods])}s"
    others, never = found.through_others[pooled.period], pooled.unscored_conversions
    figures = (
        (
            f"{label} accounts convert",
            shown.percent(top.rate),
            f"{shown.count(top.conversions)} of {shown.count(top.leads)}, "
            f"{shown.likely_range(top.low, top.high)}; {shown.times(top.lift)}",
            "rate",
        ),
        (
            "Share of wins caught",
            shown.percent(top.capture),
            f"{shown.count(top.conversions)} of {shown.count(pooled.conversions)}; {shown.count(never)} more "
            "wins were of accounts never scored",
            "capture",
        ),
        (
            "Picks the buyer over the non-buyer",
            shown.times_in_100(pooled.auc),
            shown.likely_times(pooled.auc_low, pooled.auc_high),
            "auc",
        ),
        (
            f"{word.capitalize()} judged",
            shown.count(pooled.leads),
            f"{shown.count(pooled.conversions)} won, {shown.count(others)} of them only through people who "
            "were not scored then",
            "through_others",
        ),
    )
    for column, (name, value, caption, topic) in zip(st.columns(4), figures, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(name, value, help=explanation(topic))
            st.caption(caption)


def _show_chart(figure: object, key: str, name: str, table: pd.DataFrame) -> None:
    alternative = f"{name}. All figures stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key=key, alt=alternative)
    with st.expander(f"{name}: the table behind this chart"):
        table_with_download(table, name, f"{key}_figures", CONFIG)


def tier_table(figures: PeriodFigures, accounts: Model) -> pd.DataFrame:
    """One row for each tier, highest first, and one for all accounts."""
    rows: list[dict[str, object]] = [
        {
            "Tier": tier.shown_label,
            "From score": tier.threshold,
            "Accounts": one.leads,
            "Converted": one.conversions,
            "Converted (share)": one.rate,
            "Likely from": one.low,
            "Likely to": one.high,
            "Times the average": one.lift,
            "Share of wins caught": one.capture,
            "Amount": one.amount,
        }
        for tier, one in zip(accounts.tiers[::-1], figures.tiers[::-1], strict=True)
    ]
    rows.append(
        {
            "Tier": "All accounts",
            "From score": accounts.min_score,
            "Accounts": figures.leads,
            "Converted": figures.conversions,
            "Converted (share)": figures.rate,
            "Amount": figures.amount,
        }
    )
    return _numbers(pd.DataFrame(rows))


def period_table(found: AccountBacktest) -> pd.DataFrame:
    """One row for each period, and one for all complete ones."""
    return _numbers(
        pd.DataFrame(
            [
                {
                    "Period": one.period,
                    "Accounts": one.leads,
                    "Converted": one.conversions,
                    "Only through people not scored then": found.through_others[one.period],
                    "Wins of accounts never scored": one.unscored_conversions,
                    "Still open": one.immature_leads,
                    "Converted (share)": one.rate,
                    "Picks the buyer": one.auc,
                    "Likely from ": one.auc_low,
                    "Likely to ": one.auc_high,
                    "Amount": one.amount,
                }
                for one in (*found.backtest.periods, found.backtest.pooled)
            ]
        )
    )


def tier_by_period(found: AccountBacktest, name: str) -> pd.DataFrame:
    """One tier, one row for each period and one for all complete ones."""
    rows = []
    for figures in (*found.backtest.periods, found.backtest.pooled):
        tier = next(one for one in figures.tiers if one.tier == name)
        rows.append(
            {
                "Period": figures.period,
                "Accounts": tier.leads,
                "Converted": tier.conversions,
                "Converted (share)": tier.rate,
                "Likely from": tier.low,
                "Likely to": tier.high,
                "Times the average": tier.lift,
                "Share of wins caught": tier.capture,
                "Amount": tier.amount,
            }
        )
    return _numbers(pd.DataFrame(rows))


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    for name in (*SHARES, "Picks the buyer", "Likely from ", "Likely to ", "Times the average"):
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame

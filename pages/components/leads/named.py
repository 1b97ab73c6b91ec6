"""The lists that judge a model first, and who moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from pages.components.figures.lead import signed
from pages.components.figures.style import tier_labels
from pages.components.format import NO_DATA, as_markdown, count, day
from pages.components.leads.load import load_high, load_movers, load_won
from pages.components.leads.opened import open_selected
from pages.components.leads.ranked import DATE
from pages.components.leads.table import LongList, show_list
from pages.components.table import csv_bytes, offer_csv
from queries.flow import Flow
from queries.movers import LIMITS, Mover
from queries.named_lists import low_tiers
from scoring.lead_words import started_anew_words
from scoring.model import Model

MOST_MOVERS = 100
ALL = "All of them"

LABELS = {
    "lead_id": "Lead",
    "period": "Period",
    "moment": "Scored on",
    "score": "Score",
    "tier": "Tier",
    "ended_at": "Ended on",
    "ended_as": "Ended as",
    "last_stage": "Sales' last entry",
    "owner": "Owner",
    "reason": "Reason",
}
CONFIG = {"Scored on": DATE, "Ended on": DATE}
BLANKS = {"tier": "never scored", "ended_as": "still open", "last_stage": "none"}


def show_high(flow: Flow, model: Model) -> None:
    """Scored high, went nowhere."""
    if len(model.tiers) == 1:
        st.info("Your draft has a single tier, so no lead scores higher than another.")
        return
    top = as_markdown(model.tiers[-1].shown_label)
    st.markdown(
        f"Leads that were **{top}** on a past day, had all of their {model.conversion.horizon_days} days, "
        "and did not convert. The score is the one they had on that day; what became of them came later, and "
        "some were won after their days. The reason is why they ended; of a lead that is still open it is "
        "the last one that sales gave, which may be older than the score."
    )
    _show(
        load_high(flow, model),
        "Scored high, went nowhere",
        "high",
        f"Every lead that was {top} converted.",
        tier_labels(model),
    )


def show_won(flow: Flow, model: Model) -> None:
    """Won, but scored low."""
    names = tier_labels(model)
    low = " or ".join(as_markdown(names[tier.name]) for tier in low_tiers(model)) or "a low tier"
    st.markdown(
        f"Leads that converted within {model.conversion.horizon_days} days although they were **{low}** on "
        "the day they were scored. After them stand wins that came before a lead was ever scored, with the "
        "day of the win instead of a day they were scored on."
    )
    _show(load_won(flow, model), "Won, but scored low", "won", "No win came from a low score.", names)


def _show(table: pa.Table, name: str, key: str, nobody: str, tiers: Mapping[str, str]) -> None:
    if not table.num_rows:
        st.info(nobody, icon=":material/check:")
        return
    periods = sorted(table.column("period").unique().to_pylist(), reverse=True)
    period = st.selectbox("Period", [ALL, *periods], key=f"{key}_period")
    if period != ALL:
        table = table.filter(pc.equal(table.column("period"), period))
    leads, never = len(table.column("lead_id").unique()), table.column("score").null_count
    unscored = f", {count(never)} of them never scored" if never else ""
    st.markdown(f"**{count(table.num_rows)}** rows, {count(leads)} different leads{unscored}")
    show_list(
        LongList(
            name if period == ALL else f"{name} {period}",
            f"{key}_{period}",
            table.num_rows,
            lambda start, end: table.slice(start, end - start),
            LABELS,
            CONFIG,
            tiers,
            BLANKS,
        )
    )


def show_movers(flow: Flow, model: Model, at: datetime) -> None:
    """Who rose or fell most, and why."""
    days = st.radio("Within", (7, 30), horizontal=True, format_func=lambda n: f"{n} days", key="movers_days")
    movers = load_movers(flow, model, days, at, MOST_MOVERS)
    st.markdown(
        f"From {day(movers.before)} to {day(movers.at)} **{count(movers.risen_count)}** leads rose "
        f"and **{count(movers.fallen_count)}** fell, of {count(movers.compared)} that were open on both "
        "days. A rule gives more where something was done; it gives less where what was done has faded, is "
        "too old for the rule by now, or ended by a silence."
    )
    labels = {rule.id: rule.shown_label for rule in model.rules} | {LIMITS: "limits"}
    tiers = tier_labels(model)
    for name, key, group, moved in (
        ("Rose most", "risen", movers.risen, movers.risen_count),
        ("Fell most", "fallen", movers.fallen, movers.fallen_count),
    ):
        st.subheader(name, anchor=False)
        if not group:
            st.markdown("Nobody.")
            continue
        if len(group) < moved:
            st.caption(f"The {len(group)} that moved most, of {count(moved)}.")
        rows = [_row(one, labels, tiers, model.inactivity_reset_days) for one in group]
        _show_moved(pd.DataFrame(rows), name, key, at)


def _show_moved(frame: pd.DataFrame, name: str, key: str, at: datetime) -> None:
    lead_ids = frame["Lead"].tolist()
    table_key = f"{key}_table"

    def choose() -> None:
        open_selected(table_key, lead_ids, [at] * len(lead_ids))

    st.dataframe(
        frame,
        hide_index=True,
        key=table_key,
        height=420 if len(frame) > 11 else "content",
        on_select=choose,
        selection_mode="single-row",
        placeholder=NO_DATA,
        alt=f"{name}. Choose a row to see why the lead scores what it does.",
    )
    offer_csv(name, key, lambda: csv_bytes(frame))


def _row(
    mover: Mover, labels: dict[str, str], tiers: dict[str, str], reset_days: int | None
) -> dict[str, object]:
    why = [f"{labels[name]} {signed(points)}" for name, points in mover.reasons.items()]
    anew = [started_anew_words(reset_days)] if mover.started_anew and reset_days else []
    return {
        "Lead": mover.lead_id,
        "Score before": mover.score_before,
        "Score": mover.score,
        "Change": mover.change,
        "Why": ": ".join([*anew, ", ".join(why)]),
        "Tier before": tiers[mover.tier_before],
        "Tier": tiers[mover.tier],
        "Owner": mover.owner,
    }

"""The leads behind a figure of the review: chosen by a row of a table or by hand, opened one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.figures.style import tier_labels
from pages.components.format import NO_DATA, count
from pages.components.leads.ranked import DATE
from pages.components.leads.table import LongList, show_list
from pages.components.review.load import load_leads
from pages.components.table import csv_bytes, offer_csv, with_percents
from queries.flow import Flow
from queries.review_leads import OUTCOMES, LeadsAsked
from scoring.model import Model
from scoring.review import PartReview, QuarterReview

ANY_TIER, ANY_OUTCOME, ANYWHERE = "All tiers", "Whatever became of them", "From anywhere"
PERIOD_KEY, TIER_KEY, OUTCOME_KEY, PART_KEY = (
    "review_leads_period",
    "review_leads_tier",
    "review_leads_outcome",
    "review_leads_part",
)
OF_KEY = "review_leads_of"
LABELS = {
    "lead_id": "Lead",
    "moment": "Scored on",
    "score": "Score",
    "tier": "Tier",
    "outcome": "What became of it",
    "converted_at": "Converted on",
    "amount": "Amount",
}
CONFIG = {
    "Scored on": DATE,
    "Converted on": DATE,
    "Amount": st.column_config.NumberColumn(format="localized"),
}
ANCHOR = "leads-behind"


def followed_table(
    frame: pd.DataFrame,
    name: str,
    key: str,
    config: Mapping[str, Any],
    rows: Sequence[LeadsAsked],
) -> None:
    """A table with its download, of which choosing a row lists the leads behind it.

    Parameters
    ----------
    rows : sequence of LeadsAsked
        For each row of `frame` the leads that it counts.
    """
    table_key = f"{key}_table"

    def follow() -> None:
        chosen = st.session_state[table_key].selection.rows
        if chosen:
            _ask_for(rows[chosen[0]])
            st.toast("The leads behind this row stand at the end of the page.", icon=":material/group:")

    shown, columns = with_percents(frame, config)
    st.dataframe(
        shown,
        hide_index=True,
        key=table_key,
        height="content" if len(frame) <= 15 else 420,
        column_config=columns,
        on_select=follow,
        selection_mode="single-row",
        placeholder=NO_DATA,
        alt=f"{name}. Choose a row to list the leads behind it.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(name, key, lambda: csv_bytes(frame))
        st.caption(f"Choose a row to list [the leads behind it](#{ANCHOR}).")


def show_leads_behind(flow: Flow, model: Model, review: QuarterReview) -> None:
    """The list, with what it is about to choose by hand."""
    st.subheader("The leads behind a figure", anchor=ANCHOR)
    parts = _parts(review)
    periods = [figures.period for figures in review.backtest.periods][::-1]
    labels = tier_labels(model)
    if st.session_state.get(OF_KEY) != review.period:
        st.session_state[OF_KEY] = st.session_state[PERIOD_KEY] = review.period
    # What was asked for of another period or model may not exist here.
    _keep_known(PERIOD_KEY, periods, review.period)
    _keep_known(TIER_KEY, [ANY_TIER, *labels], ANY_TIER)
    _keep_known(PART_KEY, list(parts), ANYWHERE)
    columns = st.columns(4)
    period = columns[0].selectbox(review.word.capitalize(), periods, key=PERIOD_KEY)
    tier = columns[1].selectbox(
        "Tier", [ANY_TIER, *labels], format_func=lambda name: labels.get(name, name), key=TIER_KEY
    )
    columns[2].selectbox("Outcome", [ANY_OUTCOME, *OUTCOMES], key=OUTCOME_KEY)
    outcome = next((one for one in OUTCOMES if one == st.session_state[OUTCOME_KEY]), None)
    part = columns[3].selectbox("Source or campaign", list(parts), key=PART_KEY)
    column, value = parts[part]
    asked = LeadsAsked(
        period,
        None if tier == ANY_TIER else tier,
        outcome,
        column,
        value,
    )
    table = load_leads(flow, model, asked)
    if not table.num_rows:
        st.info("No lead is behind this figure.", icon=":material/filter_alt_off:")
        return
    st.markdown(f"**{count(table.num_rows)}** leads")
    show_list(
        LongList(
            f"Leads of {period}",
            f"review_leads_{period}_{tier}_{outcome}_{part}",
            table.num_rows,
            lambda start, end: table.slice(start, end - start),
            LABELS,
            CONFIG,
            labels,
        )
    )


def _ask_for(asked: LeadsAsked) -> None:
    st.session_state[PERIOD_KEY] = asked.period
    st.session_state[TIER_KEY] = asked.tier or ANY_TIER
    st.session_state[OUTCOME_KEY] = asked.outcome or ANY_OUTCOME
    named = None if asked.column is None or asked.value is None else part_name(asked.column, asked.value)
    st.session_state[PART_KEY] = named or ANYWHERE


def part_name(column: str, value: str) -> str:
    """``source: website``, as the list of sources and campaigns has it."""
    return f"{column.partition('.')[2]}: {value}"


def _parts(review: QuarterReview) -> dict[str, tuple[str | None, str | None]]:
    """The column and value of each source and campaign, by its name."""
    found: dict[str, tuple[str | None, str | None]] = {ANYWHERE: (None, None)}
    both: tuple[PartReview, ...] = (review.sources, review.campaigns)
    for part in both:
        if part.column is not None:
            found |= {part_name(part.column, row.value): (part.column, row.value) for row in part.rows}
    return found


def _keep_known(key: str, known: Sequence[str], usual: str) -> None:
    if st.session_state.get(key) not in known:
        st.session_state[key] = usual

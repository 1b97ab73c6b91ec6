"""Where should the thresholds lie? From what sales can work and what a conversion is worth."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.compare import load, tables
from pages.components.compare.threshold_figure import wins_left_figure
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from pages.components.sales_capacity import ask_capacity
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.tune import changes
from queries.flow import Flow
from scoring.errors import ModelError
from scoring.model import Model
from scoring.work_thresholds import Thresholds, Work


def show_thresholds(flow: Flow, pair: load.Pair, word: str) -> None:
    """The section of the thresholds: inputs, suggestions with their ranges, and one click into the draft."""
    st.header("Where should the thresholds lie?", anchor="thresholds")
    if pair.draft.grid is not None:
        st.markdown(
            "The tiers of your draft come from its grid, so no threshold decides anything. Assign cells "
            "to tiers on the Tune page."
        )
        return
    work = _ask_work()
    if work.leads_per_week is None and work.conversion_value is None:
        st.caption("Fill in what you know: the first alone, the other two together, or all three.")
        return
    found = load.draft_evidence(flow, pair, work).thresholds
    names = [tier.name for tier in pair.draft.tiers[1:]]
    if not names:
        st.markdown("Your draft has one tier only, whose threshold is where the scores begin.")
        return
    tier = st.selectbox(
        "Threshold of",
        names[::-1],
        format_func=lambda name: tier_labels(pair.draft).get(name, name),
        key="compare_threshold_tier",
    )
    _offer(pair.draft, tier if tier in names else names[-1], found)
    _show_periods(found, word)


def _ask_work() -> Work:
    capacity, worth, cost = st.columns(3)
    with capacity:
        leads = ask_capacity()
    with worth:
        value = st.number_input(
            "What a conversion is worth",
            min_value=0.01,
            max_value=1e9,
            value=None,
            step=100.0,
            format="%g",
            key="work_value",
            persist_state="session",
        )
    with cost:
        price = st.number_input(
            "What working a lead costs",
            min_value=0.01,
            max_value=1e9,
            value=None,
            step=10.0,
            format="%g",
            key="work_cost",
            persist_state="session",
            help="In the same currency: calls, time, gifts.",
        )
    if value is None or price is None:
        return Work(leads_per_week=leads)
    return Work(leads, value, price)


def _offer(draft: Model, tier: str, found: Thresholds) -> None:
    """Each suggestion in words, and a button that puts it into the draft."""
    suggestions = {
        key: one.threshold
        for key, one in (("capacity", found.capacity), ("profit", found.profit))
        if one is not None
    }
    now = next(one.threshold for one in draft.tiers if one.name == tier)
    for (key, threshold), sentence in zip(suggestions.items(), found.sentences(), strict=True):
        st.markdown(as_markdown(sentence))
        if threshold is None:
            continue
        changed = _with_threshold(draft, tier, threshold)
        st.button(
            f"Put {threshold} in the place of {now}",
            key=f"compare_use_{key}",
            icon=":material/move_down:",
            disabled=threshold == now or changed is None,
            on_click=state.set_draft,
            args=(changed, f"threshold of {tier_labels(draft)[tier]}"),
            help=None if changed else "It does not lie between the thresholds of the neighbouring tiers.",
        )
    if suggestions:
        explain_evidence("How are these found?", *suggestions, key="thresholds_explained")


def _with_threshold(draft: Model, tier: str, threshold: int) -> Model | None:
    """The draft with this threshold; None where it does not fit beside the others."""
    try:
        return changes.change_tier(draft, tier, threshold=threshold)
    except ModelError:
        return None


def _show_periods(found: Thresholds, word: str) -> None:
    if found.capacity is not None:
        show_evidence_chart(
            wins_left_figure(found, current_theme()),
            tables.capacity_table(found, word),
            f"Wins left on the table by {word}",
            "capacity",
            ("capacity",),
            tables.CONFIG,
        )
    if found.profit is not None:
        with st.expander(f"The threshold of greatest profit, {word} by {word}"):
            table_with_download(
                tables.profit_table(found, word), f"Profit by {word}", "profit", tables.CONFIG
            )
            explain_evidence("How is it found?", "profit", key="profit_explained")

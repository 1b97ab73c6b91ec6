"""Which leads change tier, and were those the right ones?"""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components.compare import load, tables
from pages.components.compare.verdict_figure import swap_figure
from pages.components.compare.worked import beside_moves
from pages.components.evidence.chart import show_evidence_chart
from pages.components.figures.style import tier_labels
from pages.components.handover.lists import show_swap_list
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.flow import Flow
from scoring.comparison_evidence import ComparisonEvidence
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.joint_cells import MovedLeads


def show_swap(flow: Flow, pair: load.Pair, evidence: ComparisonEvidence, word: str) -> None:
    """The section of the swap set."""
    swap = evidence.swap
    st.header("Which leads change tier, and were those the right ones?", anchor="swap")
    if swap.up is None or swap.down is None:
        st.markdown("The two models do not have the same tiers, so no move is up or down.")
    else:
        total = int(swap.leads.sum())
        average = int(swap.conversions.sum()) / total if total else None
        st.markdown(_sentence(swap.up, "up", average))
        st.markdown(_sentence(swap.down, "down", average))
    st.caption(f"A lead counts once for every {word} in which it was scored.")
    in_use, draft = tier_labels(pair.in_use), tier_labels(pair.draft)
    show_evidence_chart(
        swap_figure(swap, in_use, draft, current_theme()),
        beside_moves(flow, pair, evidence.left_out, tables.swap_table(swap, in_use, draft)),
        "Tier by tier",
        "swap",
        ("swap",),
        tables.CONFIG,
    )
    show_swap_list(flow, pair.in_use, pair.draft)
    if st.toggle("List the leads that change tier", key="compare_list"):
        table = tables.moved_table(load.moved_leads(flow, pair), word)
        if table.empty:
            st.markdown("No lead changes tier.")
            return
        table_with_download(table, "Leads that change tier", "moved")


def _sentence(moved: MovedLeads, way: str, average: float | None) -> str:
    if moved.rate is None:
        return f"**No lead moves {way}** a tier."
    text = (
        f"**{shown.count(moved.leads)} leads move {way}**; {shown.count(moved.conversions)} of them "
        f"converted: {shown.percent(moved.rate)} ({shown.likely_range(moved.low, moved.high)})"
    )
    if moved.leads < MIN_LEADS_FOR_RATE or moved.low is None or moved.high is None or average is None:
        return f"{text}. Too few to judge."
    return f"{text}, {_judged(moved.low, moved.high, average)}"


def _judged(low: float, high: float, average: float) -> str:
    against = f"the average of {shown.percent(average)}"
    if low > average:
        return f"more than {against}."
    if high < average:
        return f"less than {against}."
    return f"no more than chance from {against}."

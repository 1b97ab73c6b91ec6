"""Is your draft better? The verdict, pooled and by period, its figures, and the final check."""

from __future__ import annotations

import streamlit as st

from pages.components import format as shown
from pages.components.compare import load, tables
from pages.components.compare.verdict_figure import difference_figure
from pages.components.compare.worked import WorkedOfBoth
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.flow import Flow
from scoring.comparison import Level, PeriodComparison
from scoring.comparison_evidence import ComparisonEvidence, TopTier
from scoring.jackknife import Difference

VERDICTS = {
    Level.BETTER: ("Your draft is better", ":material/trending_up:"),
    Level.NO_DIFFERENCE: ("No real difference", ":material/trending_flat:"),
    Level.WORSE: ("Your draft is worse", ":material/trending_down:"),
    Level.TOO_LITTLE_DATA: ("Too little data for a verdict", ":material/hourglass_empty:"),
}
LEVELS = {
    Level.BETTER: "higher, more than chance",
    Level.NO_DIFFERENCE: "no more than chance",
    Level.WORSE: "lower, more than chance",
    Level.TOO_LITTLE_DATA: "too little data to say",
}
"""Of a single figure, where "better" would be too much: a smaller tier converts better by itself."""


def show_verdict(flow: Flow, evidence: ComparisonEvidence, pair: load.Pair, word: str) -> None:
    """The section of the verdict."""
    st.header("Is your draft better?", anchor="verdict")
    for note in evidence.notes:
        st.info(as_markdown(note), icon=":material/info:")
    pooled = evidence.comparison.pooled
    title, icon = VERDICTS[pooled.verdict.level]
    with st.container(border=True, key="compare_verdict"):
        st.subheader(f"{icon} {title}", anchor=False)
        st.markdown(as_markdown(pooled.verdict.reason))
        st.caption(f"{shown.count(pooled.leads)} lead-{word}s, {shown.count(pooled.conversions)} conversions")
        if evidence.warning:
            st.warning(as_markdown(evidence.warning), icon=":material/casino:")
    worked = WorkedOfBoth.load(flow, pair)
    _show_figures(pooled, evidence.top_tier, pair)
    worked.show_sentences(evidence.left_out)
    if evidence.comparison.periods:
        show_evidence_chart(
            difference_figure(evidence.comparison, current_theme()),
            tables.verdict_table(evidence.comparison, word),
            f"Verdict by {word}",
            "verdicts",
            ("verdict",),
            tables.CONFIG,
        )
    if evidence.top_tier_by_period:
        _show_top_tier_by_period(evidence, worked, word)


def show_final_check(flow: Flow, evidence: ComparisonEvidence, pair: load.Pair, word: str) -> None:
    """The newest complete period, shown for the draft only when it is asked for."""
    if not evidence.left_out:
        return
    newest = evidence.left_out[-1]
    st.header(f"Does it hold in a {word} that it has not seen?", anchor="final-check")
    if evidence.final_check is None:
        st.markdown(
            f"{newest} is kept back: nothing on this page has seen it. When your draft is finished, look "
            "once."
        )
        st.button(
            f"Final check on {newest}",
            key="compare_final_check_button",
            icon=":material/verified:",
            on_click=load.ask_final_check,
            args=(pair,),
        )
    else:
        final = evidence.final_check
        title, icon = VERDICTS[final.period.verdict.level]
        with st.container(border=True, key="compare_final_verdict"):
            st.subheader(f"{icon} Final check on {newest}: {title.lower()}", anchor=False)
            st.markdown(as_markdown(final.period.verdict.reason))
        _show_figures(final.period, final.top_tier, pair)
        WorkedOfBoth.load(flow, pair).show_sentences_of(final.period.period)
    st.caption(_looks(evidence.final_checks))
    explain_evidence("Why only once?", "final_check", key="final_check_explained")


def _looks(number: int) -> str:
    if number == 0:
        return "Nobody has looked at it with these data yet."
    times = "once" if number == 1 else f"{number} times"
    return f"The final check was looked at {times} with these data, for whatever draft."


def _show_figures(period: PeriodComparison, top: TopTier, pair: load.Pair) -> None:
    label = _tier_label(top, pair)
    picks, rate, capture = st.columns(3)
    auc = period.auc
    with picks:
        _show_figure(
            "Picks the buyer over the non-buyer",
            shown.times_in_100(auc.auc_b, 1),
            f"{shown.signed_times(auc.difference)} (model in use {shown.times_in_100(auc.auc_a, 1)})",
            _range(auc.low, auc.high, "times"),
            None,
        )
    few = period.verdict.level is Level.TOO_LITTLE_DATA
    with rate:
        _show_points(f"{label} leads convert", top.rate, period.verdict.level if few else top.rate_level)
    with capture:
        level = period.verdict.level if few else top.capture_level
        _show_points(f"{label}: share of wins caught", top.capture, level)


def _show_points(label: str, figure: Difference, level: Level) -> None:
    change = f"{shown.signed_points(figure.difference)} (model in use {shown.percent(figure.a)})"
    likely = _range(figure.low, figure.high, "points")
    _show_figure(label, shown.percent(figure.b), change, likely, LEVELS[level])


def _show_figure(label: str, value: str, change: str, likely: str, level: str | None) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(label, value, delta=change, delta_color="off", delta_arrow="off")
        st.caption("; ".join(part for part in (likely, level) if part))


def _range(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return ""
    signed = [f"{100 * bound:+.1f}".replace("-", shown.MINUS) for bound in (low, high)]
    return f"difference likely {signed[0]} to {signed[1]} {unit}"


def _tier_label(top: TopTier, pair: load.Pair) -> str:
    draft, in_use = tier_labels(pair.draft)[top.tier_b], tier_labels(pair.in_use)[top.tier_a]
    return draft if top.tier_a == top.tier_b else f"{draft} (in use: {in_use})"


def _show_top_tier_by_period(evidence: ComparisonEvidence, worked: WorkedOfBoth, word: str) -> None:
    with st.expander(f"The highest tier {word} by {word}"):
        few = [p.period for p in evidence.comparison.periods if p.verdict.level is Level.TOO_LITTLE_DATA]
        table = tables.top_tier_table(evidence.top_tier_by_period, few, word)
        table = worked.beside_top_tier(table, word)
        table_with_download(table, f"Highest tier by {word}", "top_tier", tables.CONFIG)
        explain_evidence("How to read this table?", "top_tier", key="top_tier_explained")

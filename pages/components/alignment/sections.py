"""What a model means for sales: definition, funnel, answers, promises, disagreement, capacity, selection."""

from __future__ import annotations

import streamlit as st

from pages.components.alignment import tables
from pages.components.alignment.load import load_view
from pages.components.backtest.chart import alternative_text
from pages.components.figures import CHART_CONFIG
from pages.components.figures.alignment import funnel_figure, rejections_figure
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown, count
from pages.components.leads.ranked import DATE
from pages.components.sales_capacity import ask_capacity
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.alignment import PRECISION, AlignmentView
from queries.flow import Flow
from scoring.alignment_words import (
    capacity_sentence,
    funnel_sentence,
    holdout_sentence,
    promise_sentence,
    reason_sentence,
    rule_sentence,
    selection_sentence,
    speed_sentence,
)
from scoring.definition import Definition
from scoring.sales_answers import NOT_KNOWN, AnswerShare
from scoring.worked_words import NOT_TOLD

MOST_LISTED = 500
IN_USE = "model in use"


def show_definition(words: Definition) -> None:
    """What MQL and SQL mean, in sentences made from the model."""
    st.header("What do we mean by MQL and SQL?", anchor="definition")
    st.markdown("\n".join(f"- {as_markdown(one.sentence)}" for one in words.tiers[1:] or words.tiers))
    st.caption(as_markdown(f"{words.score} {words.success}"))


def show_funnel(view: AlignmentView, other: tuple[str, AlignmentView] | None) -> None:
    """From lead to win, under the model in use and what stands beside it."""
    st.header("How far do leads get?", anchor="funnel")
    if view.funnel is None:
        st.info("The model in use has a single tier, so there is no MQL to follow. Add a tier on *Tune*.")
        return
    for note in view.stages.notes:
        st.info(as_markdown(note), icon=":material/info:")
    name, beside = other if other is not None else ("", None)
    figure = funnel_figure(view.funnel, current_theme(), beside.funnel if beside else None, name)
    st.plotly_chart(
        figure, theme=None, config=CHART_CONFIG, key="alignment_funnel", alt=alternative_text(figure)
    )
    st.markdown(as_markdown(funnel_sentence(view.funnel)))
    if beside is not None and beside.funnel is not None:
        st.markdown(f"With {as_markdown(name)}: {as_markdown(funnel_sentence(beside.funnel))}")
    st.caption(
        "A lead is an MQL from the moment its score first reached the tier, as it stood then; sales' steps "
        "are outcomes from then on. A step's rate counts leads that have had "
        f"{view.funnel.horizon_days} days since the step before; the others stand apart, as still open. "
        f"{count(view.funnel.wins_before_mql)} leads were won before they were ever an MQL and are in no "
        "step."
    )
    models = [(IN_USE, view), *([other] if other is not None else [])]
    with st.expander("The funnel as a table, with what is still open"):
        table_with_download(
            tables.funnel_table(models), "Funnel from lead to win", "alignment_funnel_data", tables.CONFIG
        )


def show_answers(view: AlignmentView) -> None:
    """What sales accepted and rejected, and why."""
    st.header("What does sales send back, and why?", anchor="answers")
    if not view.stages.has_answers:
        st.info(
            "The data do not say which leads sales accepted and which it rejected. Load outcomes with stages "
            "such as “accepted” and “rejected”, with a reason, on the page *Data*.",
            icon=":material/database:",
        )
        return
    labels = {rule.id: rule.shown_label for rule in view.model.rules}
    figure = rejections_figure(view.by_rule, labels, current_theme())
    st.plotly_chart(
        figure, theme=None, config=CHART_CONFIG, key="alignment_rules", alt=alternative_text(figure)
    )
    st.markdown(as_markdown(rule_sentence(view.by_rule, labels)))
    if found := [line for one in view.by_reason if (line := reason_sentence(one, labels))]:
        st.markdown("\n".join(f"- {as_markdown(line)}" for line in found))
    st.caption(
        "Every acceptance and rejection counts once, with the score that the lead had just before it. The "
        "ranges by rule are so wide that all of them hold together; a rule that brings rejected leads may do "
        "so because of who comes that way, not because of itself."
    )
    views = {
        "Tier": (tables.answers_table(_labelled(view), "Tier"), "Answers of sales by tier"),
        "Rule": (tables.rules_table(view.by_rule, view.model), "Answers of sales by rule"),
        "Reason": (tables.reasons_table(view.by_reason, labels), "Rejections by reason"),
        "Source": (tables.answers_table(view.by_source, "Source"), "Answers of sales by source"),
        "Campaign": (tables.answers_table(view.by_campaign, "Campaign"), "Answers of sales by campaign"),
    }
    chosen = st.radio("Rejected, by", list(views), horizontal=True, key="alignment_answers_by")
    frame, name = views[chosen]
    if chosen in ("Source", "Campaign") and set(frame[chosen]) == {NOT_KNOWN}:
        st.caption(f"The data name no {chosen.lower()}.")
        return
    table_with_download(frame, name, f"alignment_answers_{chosen.lower()}", tables.CONFIG)
    if chosen == "Campaign":
        st.caption(as_markdown(view.campaign_words))


def show_promises(view: AlignmentView) -> None:
    """Each tier's action, owner and response time, and whether it was kept."""
    st.header("Is what we promised kept?", anchor="promises")
    if not view.stages.tells_worked:
        st.info(as_markdown(NOT_TOLD), icon=":material/database:")
        return
    labels = tier_labels(view.model)
    promised = [promise_sentence(one, labels[one.tier]) for one in reversed(view.responses)]
    speeds = [speed_sentence(one, labels[one.tier]) for one in reversed(view.responses)]
    if lines := [line for line in [*promised, *speeds] if line]:
        st.markdown("\n".join(f"- {as_markdown(line)}" for line in lines))
    if not any(promised):
        st.caption("No tier of the model in use has a response time; set one on *Tune*.")
    table_with_download(
        tables.responses_table(view), "Promises and how they were kept", "alignment_promises", tables.CONFIG
    )
    st.caption(
        "From reaching the tier to the first outcome that sales recorded, in hours; a call that nobody wrote "
        "down is not seen. A lead that reaches two tiers at once counts for the higher one, and one that "
        "sales had accepted before is in hands already."
    )


def show_disagreement(view: AlignmentView) -> None:
    """High score rejected, low score won."""
    st.header("Where do the score and sales disagree?", anchor="disagreement")
    labels = tier_labels(view.model)
    top = as_markdown(view.model.tiers[-1].shown_label)
    rejected, won = view.high_rejected, view.won_low
    st.markdown(
        f"- **{count(rejected.num_rows)}** times sales rejected a lead that was {top} just before\n"
        f"- **{count(won.num_rows)}** wins came from a low score, or from no score"
    )
    with st.expander("Scored high, and rejected"):
        frame = rejected.slice(0, MOST_LISTED).to_pandas()
        frame.columns = ["Lead", "Rejected on", "Score", "Reason", "Owner", "Source", "Campaign"]
        table_with_download(frame, "Scored high and rejected", "alignment_high", {"Rejected on": DATE})
        _say_cut(rejected.num_rows)
    with st.expander("Won, but scored low"):
        names = ["lead_id", "period", "moment", "score", "tier", "ended_at", "owner"]
        frame = won.select(names).slice(0, MOST_LISTED).to_pandas()
        frame["tier"] = [labels.get(name, "never scored") for name in frame["tier"]]
        frame.columns = ["Lead", "Period", "Scored on", "Score", "Tier", "Ended on", "Owner"]
        table_with_download(
            frame, "Won but scored low", "alignment_low", {"Scored on": DATE, "Ended on": DATE}
        )
        _say_cut(won.num_rows)
    st.page_link("pages/leads_page.py", label="All of them, and each lead explained", icon=":material/group:")


def show_capacity(view: AlignmentView, other: tuple[str, AlignmentView] | None) -> None:
    """What each threshold sends in a week, against what sales can work."""
    st.header("Can sales work what the thresholds send?", anchor="capacity")
    can = ask_capacity()
    lines = []
    for name, one in [(IN_USE, view), *([other] if other is not None else [])]:
        labels = tier_labels(one.model)
        for work in reversed(one.tiers[1:]):
            sent = capacity_sentence(labels[work.figures.tier], work.entries.entries_per_week, can)
            if sent:
                lines.append(f"- {as_markdown(name)}: {as_markdown(sent)}")
    st.markdown("\n".join(lines) or "No lead reached a tier yet.")
    if can is None:
        st.caption("Fill in what sales can work to see what share of it each threshold takes.")
    st.page_link("pages/compare_page.py", label="Find the threshold that fits", icon=":material/balance:")


def show_selection(flow: Flow, view: AlignmentView) -> None:
    """Which leads sales worked, and what it takes to know the others."""
    st.header("What can these rates not tell?", anchor="selection")
    st.markdown(as_markdown(selection_sentence(view.worked)))
    table_with_download(
        tables.tiers_table(view), "Rates and the share that sales worked", "alignment_tiers", tables.CONFIG
    )
    counted = "A lead is scored anew in every period, so one lead can count in several."
    worked = (
        "Worked: sales recorded something about the lead within the days allowed to convert, other than the "
        f"hand-over. {counted}"
    )
    st.caption(worked if view.worked else counted)
    points = st.slider(
        "How precisely to know the rate of leads below the threshold, in percentage points to either side",
        min_value=0.5,
        max_value=5.0,
        value=100 * PRECISION,
        step=0.5,
        key="alignment_precision",
    )
    precise = view if points == 100 * PRECISION else load_view(flow, view.model, points / 100)
    if precise.holdout is not None:
        st.markdown(as_markdown(holdout_sentence(precise.holdout, view.model.observation.period)))


def _labelled(view: AlignmentView) -> tuple[AnswerShare, ...]:
    labels = tier_labels(view.model)
    return tuple(
        AnswerShare(labels[one.name], one.answers, one.rejected, one.rate, one.low, one.high)
        for one in reversed(view.by_tier)
    )


def _say_cut(rows: int) -> None:
    if rows > MOST_LISTED:
        st.caption(f"The newest {count(MOST_LISTED)} of {count(rows)}.")

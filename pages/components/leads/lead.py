"""One lead explained: the way to its score, what it did, its score over time, and what to do next."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.figures import CHART_CONFIG
from pages.components.figures.lead import history_figure, waterfall_figure
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown, bold, day
from pages.components.leads.load import LeadView
from pages.components.leads.opened import close_lead
from pages.components.leads.ranked import DATE, shown_name
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.one_lead import LeadExplanation
from scoring.lead_state import LeadState
from scoring.lead_words import fresh_start_words, next_tier_words, score_band_words
from scoring.model import Model

NOT_SCORED = {
    LeadState.EXCLUDED: "Your draft leaves this lead out; this is what it would score.",
    LeadState.NOT_CREATED: "The lead was not known yet on this day; this is what it would score.",
    LeadState.TOO_OLD: "The lead was too old to be scored on this day; this is what it would score.",
    LeadState.CLOSED: "The lead was closed on this day and so not scored; this is what it would score.",
    LeadState.CONVERTED: "The lead had already converted and so was not scored; this is what it would score.",
}


def show_lead(view: LeadView, model: Model) -> None:
    """Draw everything about one lead."""
    lead = view.lead
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"Lead {as_markdown(lead.lead_id)}", anchor="lead")
        st.button("Close", key="close_lead", icon=":material/close:", on_click=close_lead)
    tier = tier_labels(model)[lead.tier]
    st.markdown(
        f"**{lead.score} points, {as_markdown(tier)}**, as of {day(lead.at)}, {lead.at:%H:%M} UTC. "
        "Nothing later is used, except attributes, which are as known today."
    )
    if lead.state is not LeadState.OPEN:
        st.info(NOT_SCORED[lead.state], icon=":material/info:")
    st.markdown(next_tier_words(view.advice, bold))
    st.markdown(score_band_words(view.band, bold))
    left, right = st.columns(2)
    with left:
        _show_waterfall(lead, model)
    with right:
        _show_history(lead, model)
    _show_activities(lead, model)
    _show_attributes(lead, model)


def _show_waterfall(lead: LeadExplanation, model: Model) -> None:
    figure = waterfall_figure(lead.waterfall, model, current_theme())
    alternative = f"How {lead.score} points come about. All steps stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="lead_waterfall", alt=alternative)
    with st.expander("Every step: the table behind this chart"):
        table_with_download(steps_table(lead), f"Steps of lead {lead.lead_id}", "lead_steps")


def _show_history(lead: LeadExplanation, model: Model) -> None:
    figure = history_figure(lead.history, lead.outcomes, model, current_theme())
    alternative = "The score over time. All scores stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="lead_history", alt=alternative)
    with st.expander("Score over time: the table behind this chart"):
        frame = pd.DataFrame({"On": lead.history.moments, "Score": lead.history.scores})
        table_with_download(frame, f"Score over time of lead {lead.lead_id}", "lead_scores")
    if lead.outcomes:
        with st.expander(f"What happened in sales: {len(lead.outcomes)} entries"):
            table_with_download(outcomes_table(lead), f"Outcomes of lead {lead.lead_id}", "lead_outcomes")


def _show_activities(lead: LeadExplanation, model: Model) -> None:
    st.subheader("What it did that counts", anchor=False)
    if lead.fresh_start is not None and model.inactivity_reset_days is not None:
        st.markdown(fresh_start_words(lead.fresh_start, model.inactivity_reset_days))
    frame = activities_table(lead, model)
    if frame.empty:
        st.markdown("No activity gives points on this day.")
        return
    table_with_download(
        frame, f"Activities of lead {lead.lead_id} that count", "lead_activities", {"When": DATE}
    )


def _show_attributes(lead: LeadExplanation, model: Model) -> None:
    st.subheader("Who it is", anchor=False)
    rows = [
        {
            "Rule": model.rule(fact.rule_id).shown_label,
            "Holds": "yes" if fact.holds else "no",
            "Because": ", ".join(f"{name}: {value or 'missing'}" for name, value in fact.values.items()),
        }
        for fact in lead.facts
    ]
    if rows:
        table_with_download(pd.DataFrame(rows), f"Rules on attributes, lead {lead.lead_id}", "lead_facts")
    with st.expander("All attributes, as known today"):
        known = [
            {"Attribute": shown_name(name), "Value": value}
            for name, value in lead.attributes.items()
            if value is not None
        ]
        table_with_download(
            pd.DataFrame(known, columns=["Attribute", "Value"]),
            f"Attributes of lead {lead.lead_id}",
            "lead_attributes",
        )


def steps_table(lead: LeadExplanation) -> pd.DataFrame:
    """One row a step, rules that give nothing included."""
    return pd.DataFrame(
        [
            {
                "Step": step.label,
                "Points": step.points,
                "Score so far": step.total,
                "Cap": step.cap,
                "Without its cap": step.uncapped,
                "Times": None if step.count is None else step.count / 20,
            }
            for step in lead.waterfall.steps
        ]
    ).astype({"Cap": "Int64", "Without its cap": "Int64", "Times": "float64"})


def activities_table(lead: LeadExplanation, model: Model) -> pd.DataFrame:
    """One row for each activity and rule that it counts for, newest first."""
    counting = sorted((one for one in lead.seen if one.counts), key=lambda one: one.activity)
    rows = []
    for one in counting:
        activity = lead.activities[one.activity]
        details = [value for name, value in activity.properties.items() if name != "activity_type"]
        rows.append(
            {
                "When": activity.occurred_at,
                "Rule": model.rule(one.rule_id).shown_label,
                "What": activity.properties.get("activity_type"),
                "Details": ", ".join(details),
                "Days ago": one.age_days,
                "Still worth %": one.factor / 10,
                "Who": "the lead" if activity.lead_id == lead.lead_id else activity.lead_id,
            }
        )
    return pd.DataFrame(rows)


def outcomes_table(lead: LeadExplanation) -> pd.DataFrame:
    """One row an outcome."""
    return pd.DataFrame(
        [
            {"On": one.occurred_at, "Stage": one.stage, "Amount": one.amount}
            | {"Owner": one.owner, "Reason": one.reason}
            for one in lead.outcomes
        ]
    )

"""How a rule's points fade, in the rule editor: in words, of one activity, and of a typical lead."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.figures import CHART_CONFIG
from pages.components.figures.rule_course import course_figure, typical_figure
from pages.components.format import as_markdown, count
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.counting import counting_key
from queries.errors import QueryError
from queries.flow import Flow
from queries.typical_lead import TypicalLead, typical_lead
from scoring.model import Model, Rule
from scoring.rule_course import Course, course_sentence, has_course, rule_course


def show_course(flow: Flow, model: Model, rule: Rule) -> None:
    """Draw both charts; nothing for a rule whose points do not grow old."""
    if not has_course(rule):
        return
    course = rule_course(rule, model.inactivity_reset_days)
    sentence = course_sentence(course)
    with st.expander(f"How the points fade: {sentence[0].lower()}{sentence[1:]}", expanded=False):
        figure = course_figure(rule, course, current_theme())
        st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="rule_course", alt=sentence)
        try:
            typical = _load(flow, model, rule)
        except QueryError:
            st.caption("The conditions cannot be looked up in these data.")
            return
        if typical is None:
            st.caption("No activity in these data matches, so there is no typical lead to show.")
        else:
            _show_typical(typical, model)
        with st.popover("The numbers behind these charts", key="rule_course_numbers"):
            table_with_download(course_table(course), "Points by days after the activity", "rule_course_days")
            if typical is not None:
                table_with_download(typical_table(typical), "Points of a typical lead", "rule_course_lead")


def course_table(course: Course) -> pd.DataFrame:
    """One row for each age from which on the points are others."""
    changed = [
        age for age in range(len(course.points)) if age == 0 or course.points[age] != course.points[age - 1]
    ]
    return pd.DataFrame({"From day": changed, "Points": [int(course.points[age]) for age in changed]})


def typical_table(typical: TypicalLead) -> pd.DataFrame:
    """One row for each moment at which the points are others than before."""
    points = typical.points
    changed = [place for place in range(len(points)) if place == 0 or points[place] != points[place - 1]]
    return pd.DataFrame(
        {
            "From": [typical.moments[place] for place in changed],
            "Points": [points[place] for place in changed],
        }
    )


def _show_typical(typical: TypicalLead, model: Model) -> None:
    figure = typical_figure(typical, current_theme())
    who = (
        f"Lead {as_markdown(typical.lead_id)}: {count(typical.matches)} matching "
        f"{'activity' if typical.matches == 1 else 'activities'}, the median of the {count(typical.leads)} "
        "leads that have any."
    )
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="rule_typical", alt=who)
    if model.inactivity_reset_days is not None:
        days = f"{model.inactivity_reset_days} days"
        who += (
            f" It was silent for {days}, and what it had done before counts no longer."
            if typical.resets
            else f" It was never silent for {days}, after which it would start anew."
        )
    st.caption(who)


def _load(flow: Flow, model: Model, rule: Rule) -> TypicalLead | None:
    key = (state.data_version(), repr(counting_key(rule)), rule.points, rule.max_points)
    return _typical(flow, (*key, model.inactivity_reset_days), model, rule)


@st.cache_resource(max_entries=50, show_spinner=False)
def _typical(_flow: Flow, key: tuple[Any, ...], _model: Model, _rule: Rule) -> TypicalLead | None:
    return typical_lead(_flow, _model, _rule)

"""What the user wants suggested: the goal, how many changes, and how far each rule may go."""

from __future__ import annotations

import hashlib

import pandas as pd
import streamlit as st

from pages.components.evidence.load import document
from pages.components.format import as_markdown
from scoring.errors import ScoringError
from scoring.model import Model
from scoring.suggestion import MOST_POINTS, USUAL_SHARE, Aim, Goal, Limits

GOALS = {
    Goal.WINS: "Catch more wins: every rule's points are tried",
    Goal.RANKING: "Put leads into a better order: points from what wins teach",
}
FEWEST, MOST = "Fewest points", "Most points"


def limits_key(model: Model) -> str:
    """The key of the table of limits; another model has another, so that no old edit falls on a new rule."""
    return f"suggest_limits_{hashlib.sha256(document(model).encode()).hexdigest()[:12]}"


def ask(model: Model) -> Aim | None:
    """Draw the request; what is asked for when the button was just pressed, None otherwise.

    A limit that makes no sense is said below the form.
    """
    with st.form("suggest_form"):
        goal = st.radio(
            "What the points are to be better at",
            list(GOALS),
            format_func=GOALS.__getitem__,
            key="suggest_goal",
        )
        first, second = st.columns(2)
        rule_count = len(model.enabled_rules)
        most_changes = first.number_input(
            "How many rules may change", 1, rule_count, min(5, rule_count), key="suggest_most_changes"
        )
        leads_per_week = second.number_input(
            "New leads a week that sales can work",
            min_value=0.1,
            value=None,
            placeholder=f"as many as {model.tiers[-1].shown_label} holds",
            key="suggest_leads_per_week",
        )
        with st.expander("How far each rule may go"):
            st.caption(
                "A sign is a limit at 0: fewest 0 for a rule that must never cost points, most 0 for one "
                "that must never give any. Without a change of yours no rule alone takes a lead further than "
                f"{100 * USUAL_SHARE:.0f} % of the way to the top tier, unless it does so today."
            )
            edited = st.data_editor(
                _usual_limits(model),
                hide_index=True,
                disabled=["Rule", "Points now"],
                column_config={
                    name: st.column_config.NumberColumn(
                        name, min_value=-MOST_POINTS, max_value=MOST_POINTS, step=1
                    )
                    for name in (FEWEST, MOST)
                },
                key=limits_key(model),
            )
        if not st.form_submit_button("Suggest points", key="suggest_start", icon=":material/lightbulb:"):
            return None
    try:
        return Aim(Goal(goal), int(most_changes), _limits(model, edited), leads_per_week)
    except ScoringError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return None


def _usual_limits(model: Model) -> pd.DataFrame:
    usual = [Limits.usual(model, rule) for rule in model.enabled_rules]
    return pd.DataFrame(
        {
            "Rule": [rule.shown_label for rule in model.enabled_rules],
            "Points now": [rule.points for rule in model.enabled_rules],
            FEWEST: [one.low for one in usual],
            MOST: [one.high for one in usual],
        }
    )


def _limits(model: Model, edited: pd.DataFrame) -> dict[str, Limits]:
    """Of the rules whose limits are not the usual ones; an emptied cell is no limit of its own."""
    limits = {}
    for rule, low, high in zip(model.enabled_rules, edited[FEWEST], edited[MOST], strict=True):
        usual = Limits.usual(model, rule)
        try:
            chosen = Limits(
                usual.low if pd.isna(low) else int(low), usual.high if pd.isna(high) else int(high)
            )
        except ScoringError as error:
            raise ScoringError(f"{rule.shown_label}: {error}") from None
        if chosen != usual:
            limits[rule.id] = chosen
    return limits

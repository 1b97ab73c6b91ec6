"""Is this the model that our CRM runs?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import format as shown
from pages.components import state
from pages.components.evidence.load import document
from pages.components.table import table_with_download
from pages.components.tune import catalogue
from queries.flow import Flow
from queries.live_score import compare_live_score
from scoring.live_score import LiveComparison, verdict
from scoring.model import Model

_KEYS = ("lead_id", "account_id", "created_at")


def show_live_score(flow: Flow, model: Model) -> None:
    """The model in use beside the score that the CRM gave, where the leads have it in a column.

    Nothing is drawn when no column of the leads holds numbers.
    """
    columns = [name for name in catalogue.columns(flow, "lead") if name not in _KEYS]
    numeric = [name for name in columns if catalogue.holds_numbers(flow, "lead", name)]
    if not numeric:
        return
    st.header("Is this the model that our CRM runs?", anchor="live")
    column = st.selectbox(
        "Column of the leads with the CRM's own score",
        numeric,
        index=None,
        placeholder="Choose a column",
        key="live_column",
        help="As it stood when the leads were exported; ours is worked out for the end of the data.",
    )
    if column is None:
        return
    comparison = _compare(flow, state.data_version(), document(model), column, model)
    st.markdown(shown.as_markdown(verdict(comparison)))
    st.caption(
        f"{shown.count(comparison.compared)} of {shown.count(comparison.leads)} open leads have a number in "
        f"this column; {shown.percent(comparison.equal_share)} have the same score in both."
    )
    if comparison.equal == comparison.compared:
        return
    with st.expander("The rules where they part"):
        table_with_download(_rules(comparison), "Rules where the scores part", "live_rules")
    with st.expander("The leads that differ most"):
        table_with_download(_examples(comparison, model), "Leads that differ most", "live_examples")


@st.cache_data(show_spinner="Scoring every open lead …", max_entries=20)
def _compare(_flow: Flow, version: str | None, text: str, column: str, _model: Model) -> LiveComparison:
    """Kept by data version, model and column."""
    return compare_live_score(_flow, _model, column)


def _rules(comparison: LiveComparison) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": [rule.label for rule in comparison.rules],
            "leads it fires for": [rule.fired for rule in comparison.rules],
            "differ where it fires": [rule.differs_with for rule in comparison.rules],
            "differ where it does not": [rule.differs_without for rule in comparison.rules],
            "share of the differences it explains": [rule.explained for rule in comparison.rules],
        }
    )


def _examples(comparison: LiveComparison, model: Model) -> pd.DataFrame:
    rows = [
        {"lead": example.lead_id, "in the CRM": example.live, "by this model": example.ours}
        | {model.rule(rule_id).shown_label: points for rule_id, points in example.points.items()}
        for example in comparison.examples
    ]
    return pd.DataFrame(rows)

"""The evidence on the Back-test page: each section is titled by the question that it answers."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.adds.section import show_added
from pages.components.evidence import load, tables
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.evidence.drift_figure import drift_figure
from pages.components.evidence.entry import show_entries
from pages.components.evidence.rules import show_rules
from pages.components.format import as_markdown
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.tune.figures import compute_figures
from queries.flow import Flow
from scoring.backtest import PeriodFigures
from scoring.drift import Change
from scoring.evidence import ModelEvidence
from scoring.model import Model


def show_evidence(flow: Flow, model: Model) -> None:
    """Every section, over all leads; a draft's newest complete period is kept back.

    Parameters
    ----------
    flow : Flow
    model : Model
        The draft, or the model in use.

    Raises
    ------
    QueryError
        The data lack a column that the model names.
    """
    left_out = load.kept_back(flow, model) if model != state.model_in_use() else ()
    if left_out:
        st.info(
            f"What follows leaves out {left_out[0]}: it is kept back for the final check of your draft on "
            "the page *Compare*.",
            icon=":material/lock:",
        )
    if state.current_part().values:
        st.info(
            "What follows looks at all leads, whatever part was chosen.", icon=":material/filter_alt_off:"
        )
    evidence = load.model_evidence(flow, model, left_out)
    if not evidence.periods:
        return
    pooled = compute_figures(flow, model, state.Part(), st.empty()).backtest
    periods = [figures for figures in pooled.periods if figures.period in evidence.periods]
    word = model.observation.period
    show_drift(evidence, periods, word)
    show_certainty(evidence, word)
    show_rules(flow, model, left_out)
    show_added(flow, model, left_out)
    show_entries(flow, model)


def show_drift(evidence: ModelEvidence, periods: list[PeriodFigures], word: str) -> None:
    """Did the leads change, or did the model get worse?"""
    st.header("Did the leads change, or did the model get worse?", anchor="drift")
    if not evidence.drift:
        st.markdown(f"Only one {word} is complete: there is nothing to compare it with.")
        return
    newest = evidence.drift[-1]
    told = [r for r in evidence.drift[:-1] if r.change not in (Change.STEADY, Change.TOO_LITTLE_DATA)]
    for report in (newest, *told[::-1]):
        st.markdown(f"**{report.period}:** {as_markdown(report.sentence)}")
    show_evidence_chart(
        drift_figure(periods, evidence.drift, current_theme()),
        tables.drift_table(periods, evidence.drift, word),
        f"Leads and model by {word}",
        "drift",
        ("drift", "leads_changed", "base_rate"),
        tables.CONFIG,
    )


def show_certainty(evidence: ModelEvidence, word: str) -> None:
    """How sure are we?"""
    st.header("How sure are we?", anchor="certainty")
    st.markdown(as_markdown(evidence.signal.sentence))
    if evidence.simpson.warning:
        st.warning(as_markdown(evidence.simpson.warning), icon=":material/warning:")
    show_tier_order(evidence)
    for note in evidence.notes:
        st.caption(as_markdown(note))
    calibration = evidence.calibration
    with st.expander("Details: do scores mean the same as before?"):
        if not calibration.by_period:
            st.markdown("Too few conversions to say what a score promises.")
            return
        st.markdown(as_markdown(calibration.sentence))
        table = tables.calibration_table(calibration, word)
        table_with_download(
            table, f"Promised and real conversions by {word}", "calibration", tables.LIFT_CONFIG
        )
        if calibration.brier is not None and calibration.brier_of_base_rate is not None:
            st.caption(
                f"Brier score {calibration.brier:.5f}; giving every lead the average rate "
                f"{calibration.brier_of_base_rate:.5f}."
            )
        explain_evidence("What do these mean?", "calibration", "brier", key="calibration_explained")


def show_tier_order(evidence: ModelEvidence) -> None:
    """Whether higher tiers convert more, in a sentence (belongs beside the tiers' rates)."""
    order = evidence.tier_order
    if order.holds is False:
        st.warning(as_markdown(order.sentence), icon=":material/swap_vert:")
        return
    st.markdown(f"**Do higher tiers convert more?** {as_markdown(order.sentence)}")

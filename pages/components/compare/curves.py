"""Where does your draft find more wins? The curves, with the model in use in grey."""

from __future__ import annotations

import streamlit as st

from pages.components.compare import curve_figures as figures
from pages.components.compare import tables
from pages.components.compare.load import Pair
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.explain import explain
from pages.components.figures.style import tiers_by_score
from pages.components.format import as_markdown
from pages.components.state import Part
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.tune.figures import compute_figures
from queries.flow import Flow
from scoring.backtest import compute_backtest
from scoring.evidence import ModelEvidence
from scoring.signal_strength import Strength

SILENT = (Strength.TOO_LITTLE_DATA, Strength.NONE, Strength.WEAK)
"""Where a chart would look like a signal that is not there."""


def show_curves(flow: Flow, pair: Pair, draft: ModelEvidence, in_use: ModelEvidence) -> None:
    """The section of the curves; a sentence in place of charts when the draft's score carries no signal."""
    st.header("Where does your draft find more wins?", anchor="curves")
    if draft.signal.strength in SILENT:
        st.info(as_markdown(draft.signal.sentence), icon=":material/signal_disconnected:")
        return
    theme, tiers = current_theme(), tiers_by_score(pair.draft)
    left, right = st.columns(2)
    with left:
        show_evidence_chart(
            figures.gains_figure(draft, in_use, theme),
            tables.gains_table(draft, in_use),
            "Wins caught by leads worked",
            "gains",
            ("gains",),
            tables.CONFIG,
        )
        show_evidence_chart(
            figures.threshold_figure(draft, in_use, tiers, theme),
            tables.thresholds_table(draft, in_use),
            "What each threshold gives",
            "by_threshold",
            ("threshold_curves",),
            tables.CONFIG,
        )
    with right:
        show_evidence_chart(
            figures.tenths_figure(draft, in_use, theme),
            tables.tenths_table(draft, in_use),
            "Lift by tenth",
            "tenths",
            ("tenths",),
            tables.CONFIG,
        )
        show_evidence_chart(
            figures.probability_figure(draft, in_use, tiers, theme),
            tables.probability_table(draft, in_use),
            "What a score is worth",
            "probability",
            ("probability", "calibration"),
            tables.CONFIG,
        )
    _show_details(flow, pair, draft, in_use)


def _show_details(flow: Flow, pair: Pair, draft: ModelEvidence, in_use: ModelEvidence) -> None:
    with st.expander("Details: KS, Brier score and their like"):
        columns = {}
        for name, model, evidence in (
            (tables.DRAFT, pair.asked, draft),
            (tables.IN_USE, pair.in_use, in_use),
        ):
            cells = compute_figures(flow, model, Part(), st.empty()).cells
            pooled = compute_backtest(cells.only(evidence.periods), model).pooled
            columns[name] = (pooled, evidence)
        table_with_download(tables.detail_table(columns), "Statistics of both models", "compare_details")
        explain("What is KS?", "ks", "auc", key="compare_ks_explained")
        explain_evidence("What is the Brier score?", "brier", key="compare_brier_explained")

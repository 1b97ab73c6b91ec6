"""The figures that pages and reports share: plain functions from computed figures to Plotly figures."""

from pages.components.figures.periods import (
    auc_by_period_figure,
    leads_by_period_figure,
    tier_by_period_figure,
    wins_by_period_figure,
)
from pages.components.figures.scores import score_distribution_figure
from pages.components.figures.style import CHART_CONFIG, tier_labels
from pages.components.figures.tiers import tier_rates_figure

__all__ = [
    "CHART_CONFIG",
    "auc_by_period_figure",
    "leads_by_period_figure",
    "score_distribution_figure",
    "tier_by_period_figure",
    "tier_labels",
    "tier_rates_figure",
    "wins_by_period_figure",
]

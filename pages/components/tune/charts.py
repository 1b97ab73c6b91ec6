"""Charts of the draft beside the plain inputs."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.components import figures
from pages.components.figures import style
from pages.components.figures.style import CHART_CONFIG, tier_labels
from pages.components.format import period_word
from pages.components.theme import current_theme
from pages.components.tune.figures import ModelFigures
from scoring.model import Model

DISTRIBUTION_HEIGHT = 315
CHART_HEIGHT = 330
_TIER = "chosen_tier"
_TOP = "chosen_tier_when_highest"
_ALTERNATIVES = {
    "chart_distribution": "How many leads have which score, those that converted apart from the others",
    "chart_tiers": "Conversion rate of each tier with its likely range",
    "chart_periods": "Conversion rate of one tier in every period, the model in use beside it",
}


def show_charts(now: ModelFigures, before: ModelFigures | None) -> None:
    """Distribution, rate of each tier, and one tier by period; the model in use behind."""
    theme, model = current_theme(), now.model
    labels = tier_labels(model)
    same_range = before is not None and (before.model.min_score, before.model.max_score) == (
        model.min_score,
        model.max_score,
    )
    distribution = figures.score_distribution_figure(
        now.distribution,
        style.tiers_by_score(model),
        theme,
        before.distribution if before and same_range else None,
    )
    _draw(distribution, "chart_distribution", DISTRIBUTION_HEIGHT)
    left, right = st.columns(2)
    with left:
        rates = figures.tier_rates_figure(
            now.backtest.pooled, theme, before.backtest.pooled if before else None, labels
        )
        _draw(rates, "chart_tiers", CHART_HEIGHT)
    with right:
        by_period = figures.tier_by_period_figure(
            now.backtest, _chosen_tier(model), theme, before.backtest if before else None, labels
        )
        _draw(by_period, "chart_periods", CHART_HEIGHT)
        st.selectbox(
            f"Tier by {period_word(now.cells.periods)}",
            _tier_names(model),
            key=_TIER,
            format_func=lambda name: labels[name],
            label_visibility="collapsed",
        )


def _tier_names(model: Model) -> list[str]:
    return [tier.name for tier in model.tiers][::-1]


def _chosen_tier(model: Model) -> str:
    """The tier whose history is shown: the highest one, whichever that is, until the user chooses."""
    names = _tier_names(model)
    if st.session_state.get(_TIER) not in names or st.session_state.get(_TIER) == st.session_state.get(_TOP):
        st.session_state[_TIER] = names[0]
    st.session_state[_TOP] = names[0]
    return str(st.session_state[_TIER])


def _draw(figure: go.Figure, key: str, height: int) -> None:
    # Lower than elsewhere: all of them are to be seen beside the inputs.
    figure.update_layout(height=height)
    # The alternative text says what the chart is, not what it says: a text that changes makes a new chart,
    # which flashes with every change of a value. The figures stand above as text.
    st.plotly_chart(figure, key=key, theme=None, config=CHART_CONFIG, alt=_ALTERNATIVES[key])

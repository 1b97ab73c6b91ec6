"""The right side of the Tune page: what the draft would have done, against the model in use."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.components import figures
from pages.components.evidence.tune import show_findings, show_resting_verdict
from pages.components.explain import explain
from pages.components.figures.style import CHART_CONFIG, tier_labels
from pages.components.format import as_markdown, period_word
from pages.components.state import Part
from pages.components.theme import current_theme
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune import changes
from pages.components.tune.figure_row import show_figure_row, top_tier_figures
from pages.components.tune.figures import ModelFigures, compute_figures
from pages.components.tune.part import describe_part, show_part_choice, show_part_table
from pages.components.tune.summary import Names, describe_change, find_warnings
from queries.catalogue import check_model
from queries.errors import QueryError
from queries.flow import Flow
from scoring.model import Model, Rule

DISTRIBUTION_HEIGHT = 315
CHART_HEIGHT = 330
_TIER = "chosen_tier"
_ALTERNATIVES = {
    "chart_distribution": "How many leads have which score, those that converted apart from the others",
    "chart_tiers": "Conversion rate of each tier with its likely range",
    "chart_periods": "Conversion rate of one tier in every period, the model in use beside it",
}


def show_results(flow: Flow, draft: Model, in_use: Model) -> None:
    """Figures, charts, what the change does, and warnings."""
    part = show_part_choice(flow)
    check_model(flow.engine, draft, changes.SOURCE)
    now = compute_figures(flow, draft, part, st.empty())
    before = _figures_in_use(flow, in_use, draft, part)
    if part_text := describe_part(part):
        st.caption(as_markdown(part_text))
    show_figure_row(top_tier_figures(draft, now.backtest.pooled, before.backtest.pooled if before else None))
    _show_charts(now, before)
    _show_words(flow, now, before)
    show_resting_verdict(flow, draft, in_use)
    explain(
        "What do these charts show?",
        "distribution",
        "rate",
        "likely_range",
        "lead_quarters",
        "still_open",
        "as_of",
        key="explain_tune",
    )
    show_part_table(flow, draft, part)
    show_findings(flow, draft)


def _figures_in_use(flow: Flow, in_use: Model, draft: Model, part: Part) -> ModelFigures | None:
    """The model in use judged by the draft's idea of success, so that both are about the same wins.

    None when the data lack what the model in use names.
    """
    same_success = in_use.model_copy(
        update={"conversion": draft.conversion, "observation": draft.observation}
    )
    try:
        return compute_figures(flow, same_success, part, st.empty())
    except QueryError:
        st.caption("The model in use names columns that these data do not have, so nothing is compared.")
        return None


def _show_charts(now: ModelFigures, before: ModelFigures | None) -> None:
    theme, model = current_theme(), now.model
    labels = tier_labels(model)
    same_range = before is not None and (before.model.min_score, before.model.max_score) == (
        model.min_score,
        model.max_score,
    )
    distribution = figures.score_distribution_figure(
        now.distribution, model.tiers, theme, before.distribution if before and same_range else None
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
    """The tier whose history is shown: the highest one until the user chooses."""
    names = _tier_names(model)
    if st.session_state.get(_TIER) not in names:
        st.session_state[_TIER] = names[0]
    return str(st.session_state[_TIER])


def _draw(figure: go.Figure, key: str, height: int) -> None:
    # Lower than elsewhere: all of them are to be seen beside the inputs.
    figure.update_layout(height=height)
    # The alternative text says what the chart is, not what it says: a text that changes makes a new chart,
    # which flashes with every change of a value. The figures stand above as text.
    st.plotly_chart(figure, key=key, theme=None, config=CHART_CONFIG, alt=_ALTERNATIVES[key])


def _show_words(flow: Flow, now: ModelFigures, before: ModelFigures | None) -> None:
    top = now.model.tiers[-1].shown_label
    if before is not None and now.model != before.model:
        names = Names(top, period_word(now.cells.periods))
        text = describe_change(now.backtest.pooled, before.backtest.pooled, names)
        st.info(as_markdown(text), icon=":material/compare_arrows:")
    unmatched = [rule for rule in now.model.enabled_rules if _matches_nothing(flow, rule)]
    for warning in find_warnings(now.model, now.backtest.pooled, unmatched, top):
        st.caption(f":material/warning: {as_markdown(warning)}")


def _matches_nothing(flow: Flow, rule: Rule) -> bool:
    # A rule on what did not happen matches everybody who never did it.
    return rule.counting != "absent" and tune_catalogue.leads_matched(flow, rule) == 0

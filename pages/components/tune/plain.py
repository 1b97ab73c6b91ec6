"""The Tune page with plain inputs: Streamlit's own inputs and charts, which need no script of ours.

A model with a grid is shown this way always: handles on the score axis would move nothing.
"""

from __future__ import annotations

import streamlit as st

from pages.components.failures import shown_on_page
from pages.components.format import as_markdown, period_word
from pages.components.grid.section import show_cuts, show_grid
from pages.components.grid.start import show_grid_start
from pages.components.tune.charts import show_charts
from pages.components.tune.compared import compared_tier
from pages.components.tune.figure_row import show_figure_row, top_tier_figures
from pages.components.tune.input_choice import show_input_choice
from pages.components.tune.open_editor import is_editor_open, show_open_editor
from pages.components.tune.part import describe_part, show_part_choice
from pages.components.tune.results import figures_of_both, show_words
from pages.components.tune.rules import show_rules, show_thresholds
from pages.components.tune.success import show_scale, show_success
from queries.flow import Flow
from scoring.model import Model


def show_plain(flow: Flow, draft: Model, in_use: Model) -> None:
    """Inputs on the left, figures, charts and words on the right."""
    inputs, results = st.columns([5, 8], gap="medium")
    with inputs, st.container(key="tune_inputs"), shown_on_page():
        if draft.grid is None:
            show_input_choice()
        if is_editor_open():
            show_open_editor(flow, draft)
        else:
            if draft.grid is None:
                show_thresholds(draft, in_use)
            show_cuts(draft)
            show_rules(draft, in_use)
            show_success(flow, draft)
            show_scale(draft)
            show_grid_start(flow, draft)
    with results, st.container(key="tune_results"), shown_on_page():
        part = show_part_choice(flow)
        now, before = figures_of_both(flow, draft, in_use, part)
        if part_text := describe_part(part):
            st.caption(as_markdown(part_text))
        pooled_before = before.backtest.pooled if before else None
        compared = compared_tier(draft, in_use)
        if before and compared.note:
            st.caption(as_markdown(compared.note))
        noun = period_word(now.cells.periods)
        show_figure_row(top_tier_figures(draft, now.backtest.pooled, pooled_before, compared, noun))
        show_grid(now, in_use)
        show_charts(now, before)
        show_words(flow, in_use, now, before, part)

"""What the draft would have done, against the model in use: the figures of both, and words for them."""

from __future__ import annotations

import streamlit as st

from pages.components.evidence.tune import show_resting_verdict
from pages.components.explain import explain
from pages.components.format import as_markdown, period_word
from pages.components.state import Part
from pages.components.tune import changes
from pages.components.tune.checks import show_checks
from pages.components.tune.compared import compared_tier
from pages.components.tune.figures import ModelFigures, compute_figures
from pages.components.tune.part import show_part_table
from pages.components.tune.sensitivity import show_sensitivity
from pages.components.tune.summary import Names, describe_change, find_warnings
from pages.components.tune.worked import show_tune_worked
from queries.catalogue import check_model
from queries.errors import QueryError
from queries.flow import Flow
from scoring.model import Model


def figures_of_both(
    flow: Flow, draft: Model, in_use: Model, part: Part
) -> tuple[ModelFigures, ModelFigures | None]:
    """The draft's figures and those of the model in use, None when the data lack what that names.

    Raises
    ------
    QueryError
        The data lack what the draft names.
    """
    check_model(flow.engine, draft, changes.SOURCE)
    now = compute_figures(flow, draft, part, st.empty())
    return now, _figures_in_use(flow, in_use, draft, part)


def show_words(flow: Flow, in_use: Model, now: ModelFigures, before: ModelFigures | None, part: Part) -> None:
    """What the change does in two sentences, warnings, whether it is more than chance, and explanations."""
    _show_change(now, before)
    # Next to the console, whose knobs it is about; drawn last, as nobody waits for it.
    which_matters = st.container()
    _show_warnings(now)
    show_resting_verdict(flow, now.model, in_use)
    show_tune_worked(flow, now.model, part)
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
    show_part_table(flow, now.model, part)
    with which_matters:
        show_sensitivity(flow, now.model, part)
    show_checks(flow, now.model)


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


def _show_change(now: ModelFigures, before: ModelFigures | None) -> None:
    top = now.model.tiers[-1].shown_label
    if before is not None and now.model != before.model:
        names = Names(top, period_word(now.cells.periods), compared_tier(now.model, before.model))
        text = describe_change(now.backtest.pooled, before.backtest.pooled, names)
        st.info(as_markdown(text), icon=":material/compare_arrows:")


def _show_warnings(now: ModelFigures) -> None:
    top = now.model.tiers[-1].shown_label
    for warning in find_warnings(now.model, now.backtest.pooled, top):
        st.caption(f":material/warning: {as_markdown(warning)}")

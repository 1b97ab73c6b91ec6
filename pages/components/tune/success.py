"""What counts as success, how many days it may take, and the scale of the scores."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.format import as_markdown, percent
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune import changes, widgets
from queries.flow import Flow
from queries.win_delays import wins_by_days
from scoring.model import Model


def show_success(flow: Flow, model: Model) -> None:
    """The stages that count as success, the days allowed to convert, and what share of wins these catch."""
    conversion = model.conversion
    with st.expander("What counts as success", icon=":material/flag:", key="success"):
        widgets.several(
            "A lead has converted when it reaches",
            "success_stages",
            conversion.stages,
            tune_catalogue.stages(flow),
            lambda draft, value: changes.change_conversion(draft, stages=tuple(value)),
            "what counts as success",
        )
        widgets.number(
            "Days allowed to convert",
            "success_days",
            conversion.horizon_days,
            lambda draft, value: changes.change_conversion(draft, horizon_days=value),
            "days allowed to convert",
            low=1,
            high=36_500,
            help="A win counts for a score when it comes within so many days after the lead was scored.",
        )
        wins, total = wins_by_days(flow, model)
        st.caption(describe_wins_caught(wins, total, conversion.horizon_days))
        closing = ", ".join(as_markdown(stage) for stage in conversion.closing_stages)
        if closing:
            st.caption(f"No longer scored after: {closing}.")


def describe_wins_caught(wins: np.ndarray[tuple[int], np.dtype[np.int64]], total: int, days: int) -> str:
    """The share of all wins that come within some days after the lead was last scored.

    Examples
    --------
    >>> describe_wins_caught(np.array([3, 1, 0, 2]), 8, 2).replace("\\u00a0", " ")
    '50 % of the 8 wins came within 2 days after the last score; 2 came later, 2 had no score before.'
    """
    if total == 0:
        return "The data hold no such outcome: nothing converts."
    within = int(wins[:days].sum())
    later, unscored = int(wins.sum()) - within, total - int(wins.sum())
    return (
        f"{percent(within / total, 0)} of the {total:,} wins came within {days:,} days after the last score; "
        f"{later:,} came later, {unscored:,} had no score before."
    )


def show_scale(model: Model) -> None:
    """Starting points, the range of scores, and after which silence a lead begins anew."""
    with st.expander("Scale and silence", icon=":material/straighten:", key="scale"):
        widgets.number(
            "Starting points of every lead",
            "scale_base",
            model.base_points,
            lambda draft, value: changes.change_model(draft, base_points=value),
            "starting points",
            low=-1000,
            high=1000,
        )
        lowest, highest = st.columns(2, wrap=False)
        with lowest:
            widgets.number(
                "Lowest score",
                "scale_low",
                model.min_score,
                lambda draft, value: changes.change_range(draft, value, draft.max_score),
                "lowest score",
                low=-1000,
                high=min(1000, model.max_score - 1),
            )
        with highest:
            widgets.number(
                "Highest score",
                "scale_high",
                model.max_score,
                lambda draft, value: changes.change_range(draft, draft.min_score, value),
                "highest score",
                low=max(-1000, model.tiers[-1].threshold, model.min_score + 1),
                high=1000,
            )
        widgets.number(
            "A lead begins anew after so many silent days",
            "scale_reset",
            model.inactivity_reset_days,
            lambda draft, value: changes.change_model(draft, inactivity_reset_days=value),
            "silence after which a lead begins anew",
            low=1,
            high=36_500,
            placeholder="never",
        )

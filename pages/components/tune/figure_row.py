"""The row of figures about the top tier, each against the model in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.components.explain import explanation
from pages.components.format import (
    NO_DATA,
    count,
    likely_range,
    likely_times,
    percent,
    signed_count,
    signed_points,
    signed_times,
    times_in_100,
)
from pages.components.tune.compared import Compared
from pages.components.tune.labels import as_label
from scoring.backtest import PeriodFigures
from scoring.model import Model
from scoring.statistics import wilson_interval

WIDTHS = [5, 5, 5, 4, 6]
AS_IN_USE = "as in use"


@dataclass(frozen=True)
class Figure:
    """One figure of the row.

    Attributes
    ----------
    change : str
        Against the model in use, with its sign; '' when nothing is compared.
    direction : int
        Sign of the change.
    more_is_better : bool
        Whether a rise deserves praise; the size of a tier does not, nor what another tier does.
    note : str
        Its likely range, or of how many.
    """

    label: str
    value: str
    change: str
    direction: int
    note: str
    topic: str
    more_is_better: bool = True


def top_tier_figures(
    model: Model,
    pooled: PeriodFigures,
    in_use: PeriodFigures | None,
    compared: Compared | None = None,
    period: str = "quarter",
) -> list[Figure]:
    """The figures of a model's top tier.

    Parameters
    ----------
    model : Model
    pooled : PeriodFigures
        Of the draft.
    in_use : PeriodFigures or None
        Of the model in use over the same leads; None when it cannot be computed.
    compared : Compared, optional
        Which tier of the model in use is compared; its highest when not given.
    period : str
        What a period is called.
    """
    top = pooled.tiers[-1]
    old = in_use.tiers[compared.place if compared else -1] if in_use else None
    is_same = compared is None or compared.is_same
    more_leads = None if old is None else top.leads - old.leads
    more_rate = _less(top.rate, old.rate if old else None)
    more_caught = _less(top.capture, old.capture if old else None)
    more_lift = _less(top.lift, old.lift if old else None)
    more_auc = _less(pooled.auc, in_use.auc if in_use else None)
    caught_low, caught_high = wilson_interval(top.conversions, pooled.conversions)
    lift = NO_DATA if top.lift is None else f"{top.lift:.1f} times"
    lift_change = NO_DATA if more_lift is None else f"{more_lift:+.1f}".replace("-", "\u2212")
    return [
        Figure(
            model.tiers[-1].shown_label,
            count(top.leads),
            *_change(more_leads, signed_count(more_leads), old is not None),
            f"of {count(pooled.leads)} lead-{period}s",
            "lead_quarters",
            more_is_better=False,
        ),
        Figure(
            "of them converted",
            percent(top.rate),
            *_change(more_rate, signed_points(more_rate), old is not None),
            f"{count(top.conversions)}, {likely_range(top.low, top.high)}" if top.leads else "no leads",
            "rate",
            more_is_better=is_same,
        ),
        Figure(
            "share of wins caught",
            percent(top.capture),
            *_change(more_caught, signed_points(more_caught), old is not None),
            likely_range(caught_low, caught_high),
            "capture",
            more_is_better=is_same,
        ),
        Figure(
            "vs the average",
            lift,
            *_change(more_lift, lift_change, old is not None),
            f"average {percent(pooled.rate)}",
            "lift",
            more_is_better=is_same,
        ),
        Figure(
            "picks the buyer",
            times_in_100(pooled.auc),
            *_change(more_auc, signed_times(more_auc).replace(" times in\u00a0100", ""), old is not None),
            likely_times(pooled.auc_low, pooled.auc_high),
            "auc",
        ),
    ]


def show_figure_row(figures: list[Figure]) -> None:
    """Draw the figures beside each other."""
    with st.container(key="figure_row"):
        for column, figure in zip(st.columns(WIDTHS), figures, strict=True):
            with column:
                _show_figure(figure)


def _show_figure(figure: Figure) -> None:
    arrow: Literal["up", "down", "off"] = (
        "off" if figure.direction == 0 else ("up" if figure.direction > 0 else "down")
    )
    praise: Literal["green", "red"] = "green" if figure.direction > 0 else "red"
    colour: Literal["green", "red", "off"] = praise if figure.more_is_better and figure.direction else "off"
    st.metric(
        as_label(figure.label),
        figure.value,
        figure.change or None,
        delta_color=colour,
        delta_arrow=arrow,
        help=explanation(figure.topic),
    )
    st.caption(figure.note)


def _change(difference: float | None, text: str, is_compared: bool) -> tuple[str, int]:
    """The words and the sign of a change; what rounds to nothing is no change."""
    if not is_compared:
        return "", 0
    if difference is None or not any(digit in text for digit in "123456789"):
        return AS_IN_USE if difference is not None else NO_DATA, 0
    return text, 1 if difference > 0 else -1


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other

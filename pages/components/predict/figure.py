"""How well periods were foretold by what was known before them, beside the points model."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_times, times_in_100
from pages.components.theme import Theme, palette
from scoring.prediction import PeriodPrediction, Prediction

HEIGHT = 380
MOST_TICKS = 8
ROOM = 0.01
"""Above the highest and below the lowest mark."""

LEARNED, POINTS = "learned from the wins", "your draft's points"


def foretold_figure(prediction: Prediction, theme: Theme) -> go.Figure:
    """How often each picks the buyer over the non-buyer, by period.

    Parameters
    ----------
    prediction : Prediction
        With at least one period.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Traces `POINTS` and `LEARNED`; below and above the learned one the likely range of the difference.
    """
    colours, periods = palette(theme), prediction.periods
    labels = [period.period for period in periods]
    learned = [period.ranking.auc_b for period in periods]
    points = [period.ranking.auc_a for period in periods]
    figure = go.Figure()
    figure.add_scatter(
        name=POINTS,
        mode="lines+markers",
        x=labels,
        y=points,
        line={"color": colours.reference, "width": 1.5},
        customdata=[times_in_100(value, 1) for value in points],
        hovertemplate="%{x}: points %{customdata}<extra></extra>",
    )
    low, high = ([_on_points(period, bound) for period in periods] for bound in ("low", "high"))
    figure.add_scatter(
        name=LEARNED,
        mode="markers",
        x=labels,
        y=learned,
        marker={"size": 9, "color": colours.converted},
        error_y=style.error_bars(learned, low, high, colours.converted),
        customdata=[
            [times_in_100(value, 1), likely_times(*_bounds(period)), count(period.conversions)]
            for value, period in zip(learned, periods, strict=True)
        ],
        hovertemplate=(
            "%{x}: learned %{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]} wins<extra></extra>"
        ),
    )
    last = periods[-1]
    title = (
        f"{last.period}: what wins teach picks the buyer {times_in_100(last.ranking.auc_b)}, "
        f"points {times_in_100(last.ranking.auc_a)}"
    )
    note = "Bars: likely range of the difference to the points."
    style.house_figure(figure, theme, HEIGHT, title, note)
    figure.update_xaxes(style.period_axis(labels))
    shown = [value for value in (*learned, *low, *high, *points) if value is not None]
    room = {"range": [min(shown) - ROOM, min(1.0, max(shown) + ROOM)]} if shown else {}
    figure.update_yaxes(title={"text": "picks the buyer, times in 100"}, **_ticks(shown), **room)
    return figure


def _ticks(shown: Sequence[float]) -> dict[str, Any]:
    """Rates as times in 100, at whole numbers."""
    if not shown:
        return {}
    low, high = floor(100 * min(shown)) - 1, ceil(100 * max(shown)) + 1
    step = next((size for size in (1, 2, 5, 10) if high - low <= MOST_TICKS * size), 20)
    times = [value for value in range(low, high + 1) if value % step == 0]
    return {"tickvals": [value / 100 for value in times], "ticktext": [str(value) for value in times]}


def _on_points(period: PeriodPrediction, bound: str) -> float | None:
    """A bound of the difference, put where the points stand."""
    reach: float | None = getattr(period.ranking, bound)
    return None if reach is None or period.ranking.auc_a is None else period.ranking.auc_a + reach


def _bounds(period: PeriodPrediction) -> tuple[float | None, float | None]:
    return _on_points(period, "low"), _on_points(period, "high")

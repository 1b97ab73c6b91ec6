"""Wins caught and left on the table when sales works only as many leads as it can, by period."""

from __future__ import annotations

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, period_word
from pages.components.theme import Theme, palette
from scoring.work_thresholds import Thresholds

HEIGHT = 400
CAUGHT, LEFT = "caught", "left on the table"


def wins_left_figure(thresholds: Thresholds, theme: Theme) -> go.Figure:
    """Conversions of each complete period, above and below the threshold that it alone asked for.

    Parameters
    ----------
    thresholds : Thresholds
        With a capacity.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Bars "caught" and "left on the table" (hollow); each is named with its threshold.
    """
    colours = palette(theme)
    labels = [label for label, _ in thresholds.capacity_by_period]
    found = [one for _, one in thresholds.capacity_by_period]
    figure = go.Figure()
    for name, values, marker in (
        (CAUGHT, [one.conversions for one in found], {"color": colours.converted}),
        (LEFT, [one.missed_conversions for one in found], style.hollow(colours.converted)),
    ):
        figure.add_bar(
            name=name,
            x=labels,
            y=values,
            marker=marker,
            customdata=[[one.threshold, one.low, one.high] for one in found],
            hovertemplate=f"%{{x}}: %{{y:,}} {name}<br>threshold %{{customdata[0]}}, likely "
            "%{customdata[1]} to %{customdata[2]}<extra></extra>",
        )
    style.house_figure(figure, theme, HEIGHT, _title(thresholds, labels))
    figure.update_layout(barmode="stack")
    figure.update_xaxes(style.period_axis(labels))
    top = max([1, *(one.conversions + one.missed_conversions for one in found)])
    figure.update_yaxes(title={"text": "leads that converted"}, range=[0, 1.06 * top], nticks=6)
    return figure


def _title(thresholds: Thresholds, labels: list[str]) -> str:
    one = thresholds.capacity
    if one is None:
        return f"No {period_word(labels)} is complete yet"
    wins = one.conversions + one.missed_conversions
    return (
        f"{count(one.leads_per_week)} leads a week, from {one.threshold} up: "
        f"{count(one.missed_conversions)} of {count(wins)} wins are left on the table"
    )

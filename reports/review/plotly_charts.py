"""Charts of a document in Plotly: template white, nothing sent anywhere, text drawn as it is."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from reports.review.content import Chart, Number, Series
from reports.review.style import GRID, INK, MUTED, chart_colours, range_colour

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "scrollZoom": False,
    "responsive": True,
}
HEIGHT, ROW_HEIGHT, BAR_HEIGHT, LEGEND_HEIGHT = 340, 16, 18, 36
NAME_WIDTH = 26
"""Letters in a line of a name beside lying bars."""


def chart_html(chart: Chart) -> str:
    """The chart as a part of a page that holds Plotly's library."""
    return str(
        pio.to_html(
            chart_figure(chart),
            config=CONFIG,
            include_plotlyjs=False,
            full_html=False,
            div_id=f"chart-{chart.key}",
            default_height=f"{_height(chart)}px",
        )
    )


def chart_figure(chart: Chart) -> go.Figure:
    """The chart as a figure."""
    figure = go.Figure()
    categories = [_name(chart, name) for name in chart.categories]
    for series, colour in zip(chart.series, chart_colours(chart), strict=True):
        trace = _line if chart.kind == "lines" else _bar
        figure.add_trace(trace(chart, series, categories, colour))
    numbers = {
        "tickformat": ".1~%" if chart.axis == "rate" else ",d",
        "rangemode": "tozero",
        "gridcolor": GRID,
    }
    names = {"type": "category", "showgrid": False, "automargin": True}
    lying = chart.kind == "bars"
    if lying:
        names["ticksuffix"] = "  "
    figure.update_layout(
        template="plotly_white",
        height=_height(chart),
        margin={"l": 8, "r": 16, "t": 12, "b": 72 if len(chart.series) > 1 else 36},
        barmode="stack" if chart.kind == "stack" else "group",
        bargap=0.3,
        font={"family": "system-ui, -apple-system, 'Segoe UI', Arial, sans-serif", "color": INK, "size": 13},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        showlegend=len(chart.series) > 1,
        xaxis=(numbers if lying else names) | {"fixedrange": True, "tickfont": {"color": MUTED}},
        yaxis=(names if lying else numbers) | {"fixedrange": True, "automargin": True},
        hoverlabel={"bgcolor": "#fff"},
    )
    return figure


def plain(text: str) -> str:
    """Text that Plotly draws as it is."""
    return escape(text, quote=False)


def _height(chart: Chart) -> int:
    if chart.kind != "bars":
        return HEIGHT
    each = ROW_HEIGHT + BAR_HEIGHT * len(chart.series)
    return 70 + each * len(chart.categories) + (LEGEND_HEIGHT if len(chart.series) > 1 else 0)


def _name(chart: Chart, name: str) -> str:
    """A category as it is drawn: a long one beside lying bars in several lines."""
    lines = textwrap.wrap(name, NAME_WIDTH) if chart.kind == "bars" else []
    return "<br>".join(map(plain, lines or [name]))


def _bar(chart: Chart, series: Series, categories: list[str], colour: str) -> go.Bar:
    lying = chart.kind == "bars"
    along, across = ("y", "x") if lying else ("x", "y")
    shape: dict[str, Any] = {along: categories, across: list(series.values)}
    if series.low:
        shape[f"error_{across}"] = _errors(chart, series)
    if lying:
        shape["orientation"] = "h"
    marker: dict[str, Any] = {"color": colour}
    if chart.kind == "stack":
        marker["line"] = {"color": "#fff", "width": 1}
    return go.Bar(name=plain(series.name), marker=marker, hovertemplate=_hover(chart, lying), **shape)


def _line(chart: Chart, series: Series, categories: list[str], colour: str) -> go.Scatter:
    return go.Scatter(
        name=plain(series.name),
        x=categories,
        y=list(series.values),
        mode="lines+markers",
        line={"color": colour, "width": 2.5 if series.low else 1.5},
        marker={"size": 7},
        error_y=_errors(chart, series) if series.low else None,
        hovertemplate=_hover(chart, lying=False),
    )


def _hover(chart: Chart, lying: bool) -> str:
    value, name = ("x", "y") if lying else ("y", "x")
    shown = ".1%" if chart.axis == "rate" else ",.0f"
    return f"%{{{name}}}: %{{{value}:{shown}}}<extra>%{{fullData.name}}</extra>"


def _errors(chart: Chart, series: Series) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [distance(value, high) for value, high in zip(series.values, series.high, strict=True)],
        "arrayminus": [distance(low, value) for low, value in zip(series.low, series.values, strict=True)],
        "thickness": 1.5,
        "width": 4,
        "color": range_colour(chart),
    }


def distance(low: Number | None, high: Number | None) -> float | None:
    """How far apart two ends are, at least 0; None where one is missing."""
    return None if low is None or high is None else max(0.0, float(high) - float(low))

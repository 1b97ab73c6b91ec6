"""The house style of every figure: template, title, axes, marks for small numbers and open periods."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from pages.components.format import whole
from pages.components.theme import Theme, palette
from scoring.backtest import PeriodFigures, TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.model import Model, Tier

TITLE_WIDTH = 42
"""Letters in a line of a title that fit a phone of 390 pixels."""

SUBTITLE_LINE = 16
"""Pixels of each further line of a subtitle."""

SUBTITLE_WIDTH = 54
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MODEL_IN_USE = "model in use"
MOST_TICKS = 10
ROW_NAME_RAISED = 0.38
NICE_TOPS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

CHART_CONFIG = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "scrollZoom": False}
"""Configuration for ``st.plotly_chart`` and HTML exports."""

Labels = Mapping[str, str]
Bounds = Sequence[float | None]


def tier_labels(model: Model) -> dict[str, str]:
    """The shown label of each tier by its name."""
    return {tier.name: tier.shown_label for tier in model.tiers}


def tiers_by_score(model: Model) -> tuple[Tier, ...]:
    """The tiers to draw along an axis of scores: none where a grid decides them."""
    return model.tiers if model.grid is None else ()


def plain(text: str) -> str:
    """Text from a model or the data, so that Plotly draws it as it is."""
    return html.escape(text, quote=False)


def label_of(name: str, labels: Labels | None) -> str:
    """A tier's shown label, ready to be drawn."""
    return plain((labels or {}).get(name, name))


def house_figure(figure: go.Figure, theme: Theme, height: int, title: str, subtitle: str = "") -> go.Figure:
    """Give a figure the house style, a fixed height and a title that says what it shows.

    Two lines are kept for the title whether it needs them or not, so that the plot stays where it is when the
    figures change. A subtitle of more than one line makes the room that it needs.
    """
    colours = palette(theme)
    notes = _wrapped(subtitle, SUBTITLE_WIDTH)
    figure.update_layout(
        template=_template(theme),
        height=height,
        margin={"l": 8, "r": 12, "t": 88 + SUBTITLE_LINE * notes.count("<br>"), "b": 64},
        title={
            "text": _wrapped(title, TITLE_WIDTH),
            "subtitle": {
                "text": notes,
                "font": {"size": 12.5, "color": colours.muted},
            },
        },
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
        },
    )
    # Dragging scrolls the page on a phone; there is nothing to zoom into in a figure of a few bars.
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def rate_axis(top: float) -> dict[str, Any]:
    """An axis of rates from 0 to `top`, in percent."""
    return {"range": [0, top], "tickformat": ".1~%", "nticks": 6, "rangemode": "tozero"}


def nice_top(values: Bounds) -> float:
    """A round end for an axis of rates, so that it stands still while small changes come and go."""
    largest = max((value for value in values if value is not None), default=0.0)
    return next((top for top in NICE_TOPS if largest <= top), 1.0)


def period_axis(labels: Sequence[str]) -> dict[str, Any]:
    """A category axis of quarters or months: at most ten ticks, the year below the first of its ticks.

    Examples
    --------
    >>> period_axis(["2024-Q4", "2025-Q1"])["ticktext"]
    ['Q4<br>2024', 'Q1<br>2025']
    """
    step = max(1, -(-len(labels) // MOST_TICKS))
    shown = list(labels[::step])
    texts, year_before = [], ""
    for label in shown:
        year, _, part = label.partition("-")
        short = MONTHS[int(part) - 1] if part.isdecimal() else part
        texts.append(short if year == year_before else f"{short}<br>{year}")
        year_before = year
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(labels),
        "range": [-0.6, max(len(labels), 1) - 0.4],
        "tickvals": shown,
        "ticktext": texts,
        "tickangle": 0,
    }


def is_small(figures: TierFigures | PeriodFigures) -> bool:
    """Whether there are too few leads for the rate to be more than a hint."""
    return figures.leads < MIN_LEADS_FOR_RATE


def small_note(figures: Sequence[TierFigures | PeriodFigures]) -> str:
    """The note that explains grey marks; '' when there are none."""
    any_small = any(one.leads > 0 and is_small(one) for one in figures)
    return f"Grey: fewer than {MIN_LEADS_FOR_RATE} leads." if any_small else ""


def error_bars(values: Bounds, low: Bounds, high: Bounds, colour: str | None = None) -> dict[str, Any]:
    """Asymmetric error bars from bounds; none where a value or a bound is missing."""
    up = [_distance(value, bound) for value, bound in zip(values, high, strict=True)]
    down = [_distance(bound, value) for value, bound in zip(values, low, strict=True)]
    bars: dict[str, Any] = {"type": "data", "symmetric": False, "array": up, "arrayminus": down}
    bars |= {"thickness": 1.5, "width": 4}
    return bars | ({"color": colour} if colour else {})


def name_row(figure: go.Figure, place: int, text: str, theme: Theme) -> None:
    """Words above the bar or point in a row of a figure, where every width holds them."""
    figure.add_annotation(
        x=0,
        y=place - ROW_NAME_RAISED,
        text=text,
        showarrow=False,
        xanchor="left",
        font={"size": 13},
        xshift=-2,
        bgcolor=palette(theme).page,
        borderpad=1,
    )


def tier_named(figures: PeriodFigures, name: str) -> TierFigures | None:
    """A period's figures of one tier; None when the model has no such tier."""
    return next((tier for tier in figures.tiers if tier.tier == name), None)


def add_open_band(figure: go.Figure, periods: Sequence[PeriodFigures], theme: Theme) -> None:
    """Hatch the periods without any complete lead, over the whole height, behind everything else."""
    labels = [figures.period for figures in periods if figures.immature_leads and not figures.leads]
    if not labels:
        return
    colours = palette(theme)
    figure.add_bar(
        x=labels,
        y=[1] * len(labels),
        yaxis="y2",
        name="still open",
        width=0.9,
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}, "pattern": _hatch(colours.muted)},
        hovertemplate="%{x}: still open, no rate yet<extra></extra>",
    )
    # y2 lies below y, so that the band never covers a figure.
    figure.update_layout(
        # An overlaying axis would take its ticks from the other one.
        yaxis={"overlaying": "y2", "tickmode": "auto"},
        yaxis2={"range": [0, 1], "visible": False, "fixedrange": True},
    )


def add_reference_line(
    figure: go.Figure, labels: Sequence[str], values: Bounds, theme: Theme, shown: str
) -> None:
    """The model in use as a thin grey line; `shown` is how the hover text formats its value."""
    figure.add_scatter(
        name=MODEL_IN_USE,
        mode="lines",
        x=list(labels),
        y=list(values),
        line={"width": 1.5, "color": palette(theme).reference},
        hovertemplate=f"model in use: {shown}<extra></extra>",
    )


def open_note(periods: Sequence[PeriodFigures]) -> str:
    """The note that explains hollow and hatched marks; '' when nothing is open."""
    still_open = [figures for figures in periods if figures.immature_leads]
    if not still_open:
        return ""
    partly = any(figures.leads for figures in still_open)
    return "Hollow or hatched: still open." if partly else "Hatched: still open."


def hatched(colour: str) -> dict[str, Any]:
    """A hollow, hatched bar: leads or periods that are still open."""
    return {
        "color": "rgba(0,0,0,0)",
        "line": {"width": 1, "color": colour},
        "pattern": _hatch(colour),
    }


def hollow(colour: str) -> dict[str, Any]:
    """A bar without a filling."""
    return {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour}}


def _hatch(colour: str) -> dict[str, Any]:
    return {"shape": "/", "fgcolor": colour, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.12}


def _distance(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else max(0.0, high - low)


def _wrapped(text: str, width: int) -> str:
    return "<br>".join(textwrap.wrap(text, width, break_on_hyphens=False)) if text else ""


@cache
def _template(theme: Theme) -> go.layout.Template:
    # Plotly checks each of its values, which takes half of a figure's time; a figure gets a copy.
    colours = palette(theme)
    template = go.layout.Template(pio.templates["plotly_white"])
    axis = {
        "gridcolor": colours.grid,
        "linecolor": colours.grid,
        "zerolinecolor": colours.grid,
        "tickfont": {"color": colours.muted, "size": 12},
        "title": {"font": {"color": colours.muted, "size": 12.5}, "standoff": 6},
    }
    template.layout.update(
        font={"family": "'Source Sans', 'Source Sans Pro', system-ui, sans-serif", "color": colours.ink},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        title={
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 20, "l": 8},
            "font": {"size": 15, "color": colours.ink, "weight": 600},
        },
        legend={"font": {"color": colours.muted, "size": 12}, "itemclick": False, "itemdoubleclick": False},
        hoverlabel={"bgcolor": colours.page, "bordercolor": colours.muted, "font": {"color": colours.ink}},
        xaxis=axis | {"showgrid": False},
        yaxis=axis,
        bargap=0.25,
    )
    return template


def tier_range_text(tiers: Sequence[Tier], place: int) -> str:
    """A tier and where it begins: ``Sales-ready (SQL) from 100``."""
    return f"{plain(tiers[place].shown_label)} from {whole(tiers[place].threshold)}"

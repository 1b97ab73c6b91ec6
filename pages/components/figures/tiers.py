"""The conversion rate of each tier."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent, times
from pages.components.theme import Theme, palette, tier_colours
from scoring.backtest import PeriodFigures, TierFigures


def tier_rates_figure(
    period_figures: PeriodFigures,
    theme: Theme,
    reference: PeriodFigures | None = None,
    labels: style.Labels | None = None,
    unit: str = "leads",
) -> go.Figure:
    """The conversion rate of each tier with its likely range, beside the average of all leads.

    Parameters
    ----------
    period_figures : PeriodFigures
        Of one period, or pooled.
    theme : {"light", "dark"}
    reference : PeriodFigures, optional
        Of the model in use: a grey stroke at each of its tiers' rates.
    labels : mapping of tier name to shown label, optional
    unit : str, default "leads"
        What is counted: leads or accounts.

    Returns
    -------
    plotly Figure
        Trace "conversion rate" with one bar for each tier, highest first; "likely range" with the points.
    """
    colours = palette(theme)
    tiers = period_figures.tiers[::-1]
    names = [tier.tier for tier in tiers]
    places = list(range(len(tiers)))
    figure = go.Figure()
    _add_rates(figure, tiers, labels, theme)
    for place, tier in zip(places, tiers, strict=True):
        size = f"{percent(tier.rate)} of {count(tier.leads)} {unit}" if tier.leads else f"no {unit}"
        text = f"<b>{style.label_of(tier.tier, labels)}</b> {size}"
        style.name_row(figure, place, text, theme)
    # Only what is drawn: a tier that is not among these would stretch the axis for nothing.
    old = {tier.tier: tier.rate for tier in reference.tiers if tier.tier in names} if reference else {}
    if reference is not None:
        figure.add_scatter(
            name=style.MODEL_IN_USE,
            mode="markers",
            x=[old.get(name) for name in names],
            y=places,
            marker={"symbol": "line-ns", "size": 26, "line": {"width": 2.5, "color": colours.reference}},
            hovertemplate="model in use: %{x:.1%}<extra></extra>",
        )
    title = _tier_rates_title(period_figures, labels, unit)
    style.house_figure(figure, theme, 182 + 66 * len(tiers), title, style.small_note(tiers))
    top = style.nice_top([*(tier.high for tier in tiers), *old.values()])
    figure.update_xaxes(style.rate_axis(top), title={"text": f"{unit} that converted"}, showgrid=True)
    figure.update_yaxes(visible=False, range=[len(tiers) - 0.55, -0.7])
    if period_figures.rate is not None:
        _add_average(figure, period_figures.rate, len(tiers), theme)
    return figure


def _add_rates(
    figure: go.Figure, tiers: Sequence[TierFigures], labels: style.Labels | None, theme: Theme
) -> None:
    """A bar for each tier, and its point with the likely range."""
    colours, scale = palette(theme), tier_colours(len(tiers), theme)[::-1]
    places, rates = list(range(len(tiers))), [tier.rate for tier in tiers]
    marks = [
        colours.small if style.is_small(tier) else colour for tier, colour in zip(tiers, scale, strict=True)
    ]
    figure.add_bar(
        name="conversion rate",
        orientation="h",
        x=rates,
        y=places,
        width=0.3,
        # Pale, so that the likely range can be seen on it; the point carries the figure.
        marker={"color": marks, "opacity": 0.3, "line": {"width": 0}},
        customdata=[
            [style.label_of(tier.tier, labels), likely_range(tier.low, tier.high), times(tier.lift)]
            for tier in tiers
        ],
        hovertemplate="%{customdata[0]}: %{x:.1%}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        showlegend=False,
    )
    figure.add_scatter(
        name="likely range",
        mode="markers",
        x=rates,
        y=places,
        marker={"size": 12, "color": marks},
        error_x=style.error_bars(
            rates,
            [tier.low for tier in tiers],
            [tier.high for tier in tiers],
            colours.ink,
        ),
        hoverinfo="skip",
        showlegend=False,
    )


def _add_average(figure: go.Figure, rate: float, rows: int, theme: Theme) -> None:
    """A line at the rate of all tiers together."""
    colour = palette(theme).muted
    figure.add_vline(x=rate, line={"dash": "dot", "width": 1.5, "color": colour})
    figure.add_annotation(
        x=rate,
        y=rows - 0.55,
        text=f"average {percent(rate)}",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        xshift=4,
        font={"size": 12, "color": colour},
    )


def _tier_rates_title(figures: PeriodFigures, labels: style.Labels | None, unit: str) -> str:
    top = figures.tiers[-1]
    label = style.label_of(top.tier, labels)
    if top.rate is None and figures.leads:
        return f"None of the {count(figures.leads)} complete {unit} is in {label}"
    if top.rate is None:
        return f"No complete {unit} in {label} yet"
    if len(figures.tiers) == 1:
        return f"{label} holds all {unit}: {percent(top.rate)} convert"
    if top.lift is None:
        return f"{label}: none of {count(top.leads)} {unit} converted yet"
    return f"{label}: {percent(top.rate)} convert, {times(top.lift)}"

"""The score distribution: leads that converted and leads that did not, by score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.components.figures import style
from pages.components.format import whole
from pages.components.theme import Theme, palette, tier_colours
from scoring.cells import IntArray
from scoring.distribution import ScoreDistribution
from scoring.model import Tier

HEIGHT = 440


def score_distribution_figure(
    distribution: ScoreDistribution,
    tiers: Sequence[Tier],
    theme: Theme,
    reference: ScoreDistribution | None = None,
) -> go.Figure:
    """How many leads have which score: those that converted above, the others below, thresholds through both.

    Each half has an axis of its own, since far more leads do not convert.

    Parameters
    ----------
    distribution : ScoreDistribution
        Complete leads.
    tiers : sequence of Tier
        Lowest first; none where no score decides them.
    theme : {"light", "dark"}
    reference : ScoreDistribution, optional
        Of the model in use, drawn as a thin grey line behind.

    Returns
    -------
    plotly Figure
        Traces "converted" and "did not convert" hold the counts; two lines more with a reference.
    """
    colours = palette(theme)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06)
    halves = [
        ("converted", distribution.converted, colours.converted),
        ("did not convert", distribution.not_converted, colours.not_converted),
    ]
    middle = distribution.low + (distribution.width - 1) / 2
    ranges = [_score_range(int(low), distribution.width) for low in distribution.low]
    for row, (name, leads, colour) in enumerate(halves, start=1):
        figure.add_bar(
            x=middle,
            y=leads,
            width=distribution.width * 0.86,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            customdata=ranges,
            hovertemplate="score %{customdata}: %{y:,} leads<extra>%{fullData.name}</extra>",
            row=row,
            col=1,
        )
    if reference is not None:
        for row, leads in enumerate((reference.converted, reference.not_converted), start=1):
            _add_outline(figure, reference, leads, theme, row)
    style.house_figure(figure, theme, HEIGHT, _distribution_title(distribution))
    figure.update_layout(margin={"t": 78 + 18 * max(1, len(tiers) - 1)})
    lowest, highest = int(distribution.low[0]), int(distribution.low[-1]) + distribution.width - 1
    figure.update_xaxes(range=[lowest - 0.5, highest + 0.5])
    figure.update_xaxes(title={"text": "score (points)"}, row=2, col=1)
    figure.update_yaxes(title={"text": "leads"}, rangemode="tozero", nticks=4, tickformat="~s")
    _add_thresholds(figure, tiers, (lowest, highest), theme)
    return figure


def _score_range(low: int, width: int) -> str:
    return f"{low}" if width == 1 else f"{low} to {low + width - 1}"


def _add_outline(
    figure: go.Figure, reference: ScoreDistribution, leads: IntArray, theme: Theme, row: int
) -> None:
    """The upper edge of the bars of the model in use."""
    edges = np.append(reference.low, reference.low[-1] + reference.width) - 0.5
    figure.add_scatter(
        x=edges,
        y=np.append(leads, leads[-1:]),
        name=style.MODEL_IN_USE,
        mode="lines",
        line={"shape": "hv", "width": 1.2, "color": palette(theme).reference},
        hoverinfo="skip",
        showlegend=row == 1,
        row=row,
        col=1,
    )


def _add_thresholds(figure: go.Figure, tiers: Sequence[Tier], ends: tuple[int, int], theme: Theme) -> None:
    if not tiers:
        return
    colours = palette(theme)
    scale = tier_colours(len(tiers), theme)
    starts = [tier.threshold for tier in tiers] + [ends[1] + 1]
    for place, tier in enumerate(tiers):
        # A strip in the tiers' colours above the plot ties the scores to the other figures.
        figure.add_shape(
            type="rect",
            xref="x",
            yref="paper",
            x0=starts[place] - 0.5,
            x1=starts[place + 1] - 0.5,
            y0=1.005,
            y1=1.025,
            fillcolor=scale[place],
            line={"width": 0},
        )
        if place == 0:
            continue
        figure.add_shape(
            type="line",
            xref="x",
            yref="paper",
            x0=tier.threshold - 0.5,
            x1=tier.threshold - 0.5,
            y0=0,
            y1=1.02,
            line={"width": 1.2, "dash": "dot", "color": colours.ink},
        )
        beyond_middle = tier.threshold > (ends[0] + ends[1]) / 2
        figure.add_annotation(
            x=tier.threshold - 0.5,
            xref="x",
            y=1.025,
            yref="paper",
            yshift=18 * (len(tiers) - 1 - place),
            yanchor="bottom",
            xanchor="right" if beyond_middle else "left",
            text=style.tier_range_text(tiers, place),
            showarrow=False,
            font={"size": 12, "color": colours.muted},
        )


def _distribution_title(distribution: ScoreDistribution) -> str:
    converted, others = distribution.converted_half, distribution.not_converted_half
    if converted is None or others is None:
        return "No complete leads of both kinds yet"
    if converted == others:
        return f"Half of the leads score {whole(converted)} or more, converted or not"
    reach = f"{whole(converted)} or more, half of the others {whole(others)} or more"
    return f"Half of the leads that converted score {reach}"

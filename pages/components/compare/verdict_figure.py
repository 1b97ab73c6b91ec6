"""By how much the draft ranks better or worse in each period, and who changes tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import NO_BREAK, count, percent, period_word
from pages.components.theme import Theme, palette, tier_colours
from scoring.auc_difference import AucDifference
from scoring.comparison import Comparison, Level
from scoring.joint_cells import SwapSet

HEIGHT = 380
FIELD_HEIGHT = 92


def difference_figure(comparison: Comparison, theme: Theme) -> go.Figure:
    """The difference in picking the buyer, draft less model in use, by period with its likely range.

    Returns
    -------
    plotly Figure
        Trace "difference" in times in 100; grey where there is too little data for a verdict.
    """
    judged = [
        JudgedPeriod(period.period, period.conversions, period.auc, period.verdict.level)
        for period in comparison.periods
    ]
    title = _difference_title(comparison, [period.period for period in judged])
    return periods_figure(judged, title, "At 0: the model in use.", "draft less in use", theme)


class JudgedPeriod(NamedTuple):
    """A period with the difference of two AUCs, and what it comes to."""

    period: str
    conversions: int
    auc: AucDifference
    level: Level


def periods_figure(
    periods: Sequence[JudgedPeriod], title: str, note: str, axis: str, theme: Theme
) -> go.Figure:
    """Differences in picking the buyer by period, each with its likely range.

    Parameters
    ----------
    periods : sequence of JudgedPeriod
    title, note, axis : str
        What the chart shows; what stands at 0; which is subtracted from which.
    theme : {"light", "dark"}
    """
    colours = palette(theme)
    strong = tier_colours(1, theme)[0]
    few = [period.level is Level.TOO_LITTLE_DATA for period in periods]
    values, low, high = (
        [_times(getattr(period.auc, name)) for period in periods] for name in ("difference", "low", "high")
    )
    labels = [period.period for period in periods]
    figure = go.Figure()
    figure.add_scatter(
        name="difference",
        mode="markers",
        x=labels,
        y=values,
        error_y=style.error_bars(values, low, high, colours.muted),
        marker={"size": 11, "color": [colours.small if grey else strong for grey in few]},
        customdata=[[period.level.value, count(period.conversions)] for period in periods],
        hovertemplate="%{x}: %{y:+.1f} times in 100<br>%{customdata[0]}<br>%{customdata[1]} conversions"
        "<extra></extra>",
        showlegend=False,
    )
    grey = " Grey: too few conversions." if any(few) else ""
    style.house_figure(figure, theme, HEIGHT, title, note + grey)
    figure.update_xaxes(style.period_axis(labels))
    reach = max([1.0, *(abs(bound) for bound in (*values, *low, *high) if bound is not None)])
    figure.update_layout(
        yaxis={
            "range": [-1.08 * reach, 1.08 * reach],
            "tickformat": "+.3~g",
            "nticks": 7,
            "title": {"text": f"times in 100, {axis}"},
        }
    )
    figure.add_hline(
        y=0,
        line={"width": 1.5, "color": colours.reference},
    )
    return figure


def swap_figure(
    swap: SwapSet, rows: Mapping[str, str], columns: Mapping[str, str], theme: Theme
) -> go.Figure:
    """Tier by tier, where the leads of the model in use stand under the draft.

    Parameters
    ----------
    swap : SwapSet
    rows, columns : mapping of tier name to shown label
        Of the model in use and of the draft.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        A heat map, highest tier first in both directions; its values are the conversion rates of the leads
        that change tier, missing where nothing changes or nobody stands.
    """
    colours = palette(theme)
    names_a, names_b = swap.tiers_a[::-1], swap.tiers_b[::-1]
    leads, conversions = swap.leads[::-1, ::-1], swap.conversions[::-1, ::-1]
    rates = [
        [
            float(conversions[a][b] / leads[a][b]) if leads[a][b] and name_a != name_b else None
            for b, name_b in enumerate(names_b)
        ]
        for a, name_a in enumerate(names_a)
    ]
    figure = go.Figure()
    figure.add_heatmap(
        z=rates,
        x=list(range(len(names_b))),
        y=list(range(len(names_a))),
        colorscale=[[0, colours.page], [1, colours.converted]],
        zmin=0,
        zmax=2 * style.nice_top([rate for row in rates for rate in row]),
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )
    for a, name_a in enumerate(names_a):
        for b, name_b in enumerate(names_b):
            same = name_a == name_b
            figure.add_annotation(
                x=b,
                y=a,
                text=_field(int(leads[a][b]), int(conversions[a][b])),
                showarrow=False,
                font={"size": 12.5, "color": colours.muted if same else colours.ink},
            )
    title = _swap_title(swap)
    style.house_figure(
        figure, theme, 190 + FIELD_HEIGHT * len(names_a), title, "Rows: model in use. Columns: your draft."
    )
    figure.update_xaxes(
        side="bottom",
        tickvals=list(range(len(names_b))),
        ticktext=[_broken(columns.get(name, name)) for name in names_b],
        title={"text": "under your draft"},
        showline=False,
        zeroline=False,
    )
    figure.update_yaxes(
        autorange="reversed",
        tickvals=list(range(len(names_a))),
        ticktext=[_broken(rows.get(name, name)) for name in names_a],
        showgrid=False,
        zeroline=False,
    )
    return figure


def _times(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _difference_title(comparison: Comparison, labels: list[str]) -> str:
    pooled = comparison.pooled.auc.difference
    word = period_word(labels, plural=comparison.judged != 1)
    if pooled is None or not comparison.judged:
        return f"Too few conversions in every {period_word(labels)} for a verdict"
    if pooled == 0:
        return "Your draft ranks the leads as the model in use does"
    better = "better" if pooled > 0 else "worse"
    return f"Your draft ranks {better} in {comparison.agreeing} of {comparison.judged} {word} judged"


def _swap_title(swap: SwapSet) -> str:
    moved = int(swap.leads.sum() - swap.leads.trace()) if swap.tiers_a == swap.tiers_b else None
    if moved is None:
        return "Where the leads of each tier stand under your draft"
    if moved == 0:
        return "No lead changes tier"
    return f"{count(moved)} of {count(int(swap.leads.sum()))} leads change tier"


def _field(leads: int, conversions: int) -> str:
    if not leads:
        return "–"
    return (
        f"<b>{count(leads)}</b> leads<br>{percent(conversions / leads)}<br>{count(conversions)}{NO_BREAK}wins"
    )


def _broken(label: str) -> str:
    """A label over several lines, since a phone has room for some ten letters a column."""
    return style.plain(label).replace(" ", "<br>").replace("-", "-<br>")

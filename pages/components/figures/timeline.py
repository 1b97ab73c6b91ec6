"""Tiers week by week: how many leads each holds, and who came into one of them or left it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count
from pages.components.theme import Palette, Theme, palette, tier_colours
from scoring.tier_moves import Cause
from scoring.tier_timeline import Move, TierTimeline
from scoring.timeline_words import cause_group

LEVELS_HEIGHT, MOVES_HEIGHT = 400, 480


def levels_figure(
    timeline: TierTimeline, labels: style.Labels, theme: Theme, with_lowest: bool = True
) -> go.Figure:
    """Stacked areas: the leads of each tier at each instant, the highest tier at the bottom.

    Parameters
    ----------
    timeline : TierTimeline
    labels : mapping of tier name to shown label
    theme : {"light", "dark"}
    with_lowest : bool
        The lowest tier holds most leads, and hides what the others do.

    Returns
    -------
    plotly Figure
        One trace a tier, by its label.
    """
    scale = tier_colours(len(timeline.tiers), theme)
    figure = go.Figure()
    lowest = 0 if with_lowest else 1
    for place in range(len(timeline.tiers) - 1, lowest - 1, -1):
        label = style.label_of(timeline.tiers[place], labels)
        figure.add_scatter(
            name=label,
            mode="lines",
            x=list(timeline.instants),
            y=timeline.leads[:, place].tolist(),
            stackgroup="tiers",
            line={"width": 1, "color": scale[place]},
            fillcolor=scale[place],
            hovertemplate=f"{label}, %{{x|%d %b %Y}}: %{{y:,}}<extra></extra>",
        )
    style.house_figure(figure, theme, LEVELS_HEIGHT, _levels_title(timeline, labels))
    figure.update_xaxes(nticks=8)
    figure.update_yaxes(title={"text": "open leads"}, rangemode="tozero", nticks=6, tickformat=",")
    figure.update_layout(legend={"traceorder": "normal"}, margin={"b": 84})
    return figure


def moves_figure(timeline: TierTimeline, tier: str, labels: style.Labels, theme: Theme) -> go.Figure:
    """Bars for each week: leads that came into a tier above the line, those that left it below.

    Returns
    -------
    plotly Figure
        One trace for each cause and direction; those of exits are negative.
    """
    colours = palette(theme)
    place = timeline.tiers.index(tier)
    figure = go.Figure()
    _add_bars(figure, timeline, timeline.entering(tier), 1, _marks(colours, theme))
    _add_bars(figure, timeline, timeline.leaving(tier), -1, _marks(colours, theme))
    came, left = int(timeline.entries[:, place].sum()), int(timeline.exits[:, place].sum())
    weeks = len(timeline.instants) - 1
    title = (
        f"{style.label_of(tier, labels)}: {count(round(came / weeks))} leads a week come in, "
        f"{count(round(left / weeks))} leave"
    )
    style.house_figure(figure, theme, MOVES_HEIGHT, title, "Above the line: came in. Below: left.")
    figure.update_xaxes(nticks=8)
    # Exits are drawn below the line and are still so many leads, not less than none.
    figure.update_yaxes(
        title={"text": "leads in a week"},
        **_plain_ticks(timeline.entries[:, place].max(), timeline.exits[:, place].max()),
        zeroline=True,
        zerolinecolor=colours.ink,
    )
    figure.update_layout(barmode="relative", margin={"b": 100})
    return figure


def _add_bars(
    figure: go.Figure,
    timeline: TierTimeline,
    moves: Iterable[Move],
    sign: int,
    marks: dict[Cause, dict[str, Any]],
) -> None:
    by_cause: dict[Cause, list[int]] = {}
    for move in moves:
        by_cause.setdefault(move.cause, [0] * len(timeline.instants))[move.week] += move.leads
    word = "came in" if sign > 0 else "left"
    for cause in (one for one in Cause if one in by_cause):
        weekly = by_cause[cause][1:]
        figure.add_bar(
            name=f"{word}: {cause_group(cause)}",
            x=list(timeline.instants[1:]),
            y=[sign * leads for leads in weekly],
            marker=marks[cause],
            customdata=weekly,
            hovertemplate=f"week to %{{x|%d %b %Y}}: %{{customdata:,}} {word}, {cause_group(cause)}"
            "<extra></extra>",
        )


def _marks(colours: Palette, theme: Theme) -> dict[Cause, dict[str, Any]]:
    """Told apart by colour and, where the colours are alike, by hatching."""
    low, middle, high = tier_colours(3, theme)
    return {
        Cause.NEW: {"color": low},
        Cause.REOPENED: style.hatched(middle),
        Cause.ACTIVITY: {"color": high},
        Cause.SILENCE: style.hatched(colours.ink),
        Cause.FADED: {"color": colours.not_converted},
        Cause.RESET: style.hatched(colours.reference),
        Cause.WON: {"color": colours.converted},
        Cause.CLOSED: {"color": colours.reference},
        Cause.TOO_OLD: style.hatched(colours.not_converted),
    }


def _plain_ticks(most_came: int, most_left: int) -> dict[str, Any]:
    """Ticks at round numbers, those below the line without a sign."""
    largest = max(int(most_came), int(most_left), 1)
    step = next(
        (n * 10**power for power in range(10) for n in (1, 2, 5) if largest <= 3 * n * 10**power), largest
    )
    values = [step * times for times in range(-(most_left // step) - 1, most_came // step + 2)]
    return {"tickvals": values, "ticktext": [count(abs(value)) for value in values]}


def _levels_title(timeline: TierTimeline, labels: style.Labels) -> str:
    first, last = int(timeline.leads[0, -1]), int(timeline.leads[-1, -1])
    weeks = len(timeline.instants) - 1
    label = style.label_of(timeline.tiers[-1], labels)
    if first == last:
        return f"{label}: {count(last)} leads, as many as {weeks} weeks before"
    word = "up" if last > first else "down"
    return f"{label}: {count(last)} leads, {word} from {count(first)} {weeks} weeks before"

"""Figures of levels and quests."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, percent
from pages.components.theme import Theme, palette, tier_colours
from scoring.levels import Distances, Level, Quest, RateOf
from scoring.model import Model
from scoring.rule_evidence import Evidence

ROW_PIXELS = 66
OTHER_PIXELS = 150


def levels_figure(levels: Sequence[Level], theme: Theme) -> go.Figure:
    """How many leads stand in each level.

    Returns
    -------
    plotly Figure
        Trace "leads" with one bar for each level, highest first.
    """
    shown = levels[::-1]
    places = list(range(len(shown)))
    figure = go.Figure()
    figure.add_bar(
        name="leads",
        orientation="h",
        x=[level.leads for level in shown],
        y=places,
        width=0.3,
        marker={"color": list(tier_colours(len(shown), theme))[::-1], "line": {"width": 0}},
        customdata=[[style.plain(level.tier.shown_label), percent(level.share)] for level in shown],
        hovertemplate="%{customdata[0]}: %{x:,} leads, %{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    for place, level in zip(places, shown, strict=True):
        leads = f"{count(level.leads)} leads, {percent(level.share)}"
        style.name_row(figure, place, f"<b>{style.plain(level.tier.shown_label)}</b> {leads}", theme)
    _finish_rows(figure, theme, len(shown), _levels_title(levels), "leads")
    return figure


def distances_figure(model: Model, distances: Distances, theme: Theme) -> go.Figure:
    """How many points leads miss to their next level, by the level that they would reach.

    Returns
    -------
    plotly Figure
        One trace of bars for each level but the lowest, stacked.
    """
    ranges = [f"{low} to {high}" if low < high else str(low) for low, high in distances.ranges]
    figure = go.Figure()
    colours = tier_colours(len(model.tiers), theme)
    for place, tier in enumerate(model.tiers[1:]):
        name = style.plain(tier.shown_label)
        figure.add_bar(
            name=f"to {name}",
            x=ranges,
            y=distances.leads[place].tolist(),
            marker={"color": colours[place + 1], "line": {"width": 0}},
            hovertemplate=f"%{{y:,}} leads miss %{{x}} points to {name}<extra></extra>",
        )
    title = "Every lead is in the highest level"
    if distances.median is not None:
        title = f"Half of the leads miss {distances.median:.0f} points or fewer to their next level"
    style.house_figure(figure, theme, OTHER_PIXELS + ROW_PIXELS * 4, title)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title={"text": "points missing"}, type="category", tickangle=0, nticks=8)
    figure.update_yaxes(title={"text": "leads"}, tickformat=",", rangemode="tozero")
    return figure


def completion_figure(quests: Sequence[Quest], theme: Theme) -> go.Figure:
    """What share of the open leads has completed each quest, or begun it.

    Returns
    -------
    plotly Figure
        Traces "completed" and "begun", one bar for each quest in the model's order.
    """
    colours = palette(theme)
    places = list(range(len(quests)))
    names = [style.plain(quest.rule.shown_label) for quest in quests]
    figure = go.Figure()
    for name, numbers, colour in (
        ("completed", [quest.progress.done for quest in quests], tier_colours(1, theme)[0]),
        ("begun", [quest.progress.begun for quest in quests], colours.grid),
    ):
        figure.add_bar(
            name=name,
            orientation="h",
            x=[_share(part, quest) for part, quest in zip(numbers, quests, strict=True)],
            y=places,
            width=0.3,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[[label, count(part)] for label, part in zip(names, numbers, strict=True)],
            hovertemplate=f"%{{customdata[0]}}: {name} by %{{customdata[1]}}, %{{x:.1%}}<extra></extra>",
        )
    for place, (name, quest) in enumerate(zip(names, quests, strict=True)):
        done = quest.progress.done
        text = f"<b>{name}</b> {percent(_share(done, quest))}, {count(done)} leads"
        style.name_row(figure, place, text, theme)
    _finish_rows(figure, theme, len(quests), _completion_title(quests), "open leads")
    top = style.nice_top([_share(q.progress.done + q.progress.begun, q) for q in quests])
    figure.update_layout(barmode="stack")
    figure.update_xaxes(style.rate_axis(top))
    return figure


def quest_rates_figure(quests: Sequence[Quest], theme: Theme) -> go.Figure:
    """How often leads converted that had completed each quest when they were scored, and the others.

    Returns
    -------
    plotly Figure
        Traces "completed" and "not completed": points with likely ranges.
    """
    colours = palette(theme)
    figure = go.Figure()
    for name, colour, raised, rates in (
        ("completed", colours.converted, -0.08, [quest.with_it for quest in quests]),
        ("not completed", colours.not_converted, 0.14, [quest.without for quest in quests]),
    ):
        figure.add_scatter(
            name=name,
            mode="markers",
            x=[one.rate for one in rates],
            y=[place + raised for place in range(len(quests))],
            marker={"size": 11, "color": colour},
            error_x=style.error_bars(
                [one.rate for one in rates], [one.low for one in rates], [one.high for one in rates], colour
            ),
            customdata=[[count(one.leads), count(one.conversions)] for one in rates],
            hovertemplate=f"{name}: %{{x:.1%}} of %{{customdata[0]}}<extra></extra>",
        )
    for place, quest in enumerate(quests):
        text = f"<b>{style.plain(quest.rule.shown_label)}</b> {_rate(quest.with_it)}"
        style.name_row(figure, place, text, theme)
    _finish_rows(figure, theme, len(quests), _rates_title(quests), "leads that converted")
    bounds = [one.high for quest in quests for one in (quest.with_it, quest.without)]
    figure.update_xaxes(style.rate_axis(style.nice_top(bounds)))
    return figure


def _finish_rows(figure: go.Figure, theme: Theme, rows: int, title: str, axis: str) -> None:
    style.house_figure(figure, theme, OTHER_PIXELS + 32 + ROW_PIXELS * rows, title)
    figure.update_xaxes(title={"text": axis}, showgrid=True, rangemode="tozero", nticks=6)
    figure.update_yaxes(visible=False, range=[rows - 0.55, -0.7])


def _share(part: int, quest: Quest) -> float | None:
    return part / quest.progress.leads if quest.progress.leads else None


def _rate(one: RateOf) -> str:
    return f"{percent(one.rate)} of {count(one.leads)} that completed it"


def _levels_title(levels: Sequence[Level]) -> str:
    highest, lowest = levels[-1], levels[0]
    if highest.share is None or lowest.share is None:
        return "No lead is open"
    name = style.plain(highest.tier.shown_label)
    return f"{percent(highest.share)} of open leads have reached {name}"


def _completion_title(quests: Sequence[Quest]) -> str:
    best = max(quests, key=lambda quest: quest.progress.done)
    name = style.plain(best.rule.shown_label)
    if not best.progress.done:
        return "No lead has completed a quest yet"
    return f"Completed most: {name}, by {percent(_share(best.progress.done, best))} of open leads"


def _rates_title(quests: Sequence[Quest]) -> str:
    telling = [quest for quest in quests if quest.evidence is Evidence.HELPS]
    if not telling:
        return "No quest tells who buys, as far as these leads can say"
    best = max(telling, key=lambda quest: quest.with_it.rate or 0)
    name = style.plain(best.rule.shown_label)
    return f"{name}: {percent(best.with_it.rate)} convert with it, {percent(best.without.rate)} without"

"""One lead: the way to its score, and its score over time."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from datetime import datetime

import numpy as np
import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import MINUS
from pages.components.theme import Theme, palette, tier_colours
from queries.one_lead import History, LeadOutcome
from scoring.model import Model
from scoring.tiers import tier_names
from scoring.waterfall import Step, Waterfall

STEP_HEIGHT = 44
HISTORY_HEIGHT = 380
LABEL_WIDTH = 46
"""Letters of a step that fit a phone of 390 pixels."""


def waterfall_figure(waterfall: Waterfall, model: Model, theme: Theme) -> go.Figure:
    """From the starting points to the score, one bar for each step that changes something.

    Parameters
    ----------
    waterfall : Waterfall
    model : Model
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Trace "steps" with one bar a step, from the total before to the total after it, top to bottom; trace
        "score" with the sum. Limits are hatched.
    """
    colours = palette(theme)
    scale = tier_colours(3, theme)
    shown = [step for step in waterfall.steps if step.points]
    marks = [scale[1] if step.points > 0 else colours.not_converted for step in shown]
    figure = go.Figure()
    figure.add_bar(
        name="steps",
        orientation="h",
        x=[step.points for step in shown],
        base=[step.total - step.points for step in shown],
        y=list(range(len(shown))),
        width=0.34,
        marker={
            "color": marks,
            "line": {"width": 0},
            "pattern": {"shape": ["" if step.kind in ("base", "rule") else "/" for step in shown], "size": 6},
        },
        customdata=[[style.plain(step.label), signed(step.points), step.total] for step in shown],
        hovertemplate="%{customdata[0]}: %{customdata[1]}, then %{customdata[2]}<extra></extra>",
        showlegend=False,
    )
    figure.add_bar(
        name="score",
        orientation="h",
        x=[waterfall.score],
        y=[len(shown)],
        width=0.34,
        marker={"color": scale[2], "line": {"width": 0}},
        hovertemplate="score %{x}<extra></extra>",
        showlegend=False,
    )
    totals = [0, waterfall.score, *(step.total for step in shown)]
    low, high = min(totals), max(*totals, 10)
    texts = [*map(_step_text, shown), f"<b>Score {waterfall.score}</b>"]
    for place, text in enumerate(texts):
        figure.add_annotation(
            x=low, y=place - 0.38, text=text, showarrow=False, xanchor="left", font={"size": 13}, xshift=-2
        )
    height = 150 + STEP_HEIGHT * (len(shown) + 1)
    note = "Hatched: a limit." if any(step.kind.endswith("_limit") for step in shown) else ""
    style.house_figure(figure, theme, height, _waterfall_title(waterfall, model), note)
    figure.update_xaxes(range=[low, high * 1.03], title={"text": "points"}, showgrid=True)
    figure.update_yaxes(visible=False, range=[len(shown) + 0.5, -0.75])
    return figure


def history_figure(
    history: History, outcomes: Collection[LeadOutcome], model: Model, theme: Theme
) -> go.Figure:
    """The score over time with the tiers as bands and the outcomes as marks.

    Parameters
    ----------
    history : History
    outcomes : collection of LeadOutcome
        Up to the end of the history.
    model : Model
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Trace "score"; trace "outcomes", and "conversions" for those in the model's stages, at the score of
        their time.
    """
    colours = palette(theme)
    top = max(*history.scores, model.tiers[-1].threshold) * 1.12
    figure = go.Figure()
    # In a grid no band of scores is a tier.
    if model.grid is None:
        _add_bands(figure, model, (model.min_score, top), theme)
    figure.add_scatter(
        name="score",
        mode="lines+markers",
        x=list(history.moments),
        y=list(history.scores),
        line={"shape": "hv", "width": 2, "color": tier_colours(1, theme)[0]},
        marker={"size": 5},
        hovertemplate="%{x|%d %b %Y}: %{y} points<extra></extra>",
        showlegend=False,
    )
    stages = {stage.lower() for stage in model.conversion.stages}
    groups = [
        ("outcomes", [one for one in outcomes if one.stage.lower() not in stages], colours.muted, "diamond"),
        ("conversions", [one for one in outcomes if one.stage.lower() in stages], colours.converted, "star"),
    ]
    for name, group, colour, symbol in groups:
        if group:
            figure.add_scatter(
                name=name,
                mode="markers",
                x=[one.occurred_at for one in group],
                y=[_score_at(history, one.occurred_at) for one in group],
                marker={"size": 12, "symbol": symbol, "color": colour},
                customdata=[[style.plain(one.stage), style.plain(one.reason or "")] for one in group],
                hovertemplate="%{x|%d %b %Y}: %{customdata[0]} %{customdata[1]}<extra></extra>",
            )
    style.house_figure(figure, theme, HISTORY_HEIGHT, _history_title(history))
    figure.update_xaxes(nticks=6)
    figure.update_yaxes(range=[model.min_score, top], title={"text": "score (points)"}, nticks=6)
    return figure


def signed(points: int) -> str:
    """Points with their sign."""
    return f"{'+' if points >= 0 else MINUS}{abs(points)}"


def _step_text(step: Step) -> str:
    cut = f", {signed(step.uncapped or 0)} without its cap" if step.is_capped else ""
    label = textwrap.shorten(step.label, LABEL_WIDTH, placeholder=" …")
    return f"<b>{signed(step.points)}</b> {style.plain(label)}{cut}"


def _waterfall_title(waterfall: Waterfall, model: Model) -> str:
    place = None if model.grid is None else np.array([waterfall.place(model.grid)])
    name = str(tier_names(np.array([waterfall.score]), model, place)[0])
    tier = style.tier_labels(model)[name]
    if model.grid is not None:
        tier = f"{model.grid.cell_names[waterfall.place(model.grid)]}, {tier}"
    given = [step for step in waterfall.steps if step.kind == "rule" and step.points > 0]
    if not given:
        return f"{waterfall.score} points, {style.plain(tier)}: no rule gives any"
    most = max(given, key=lambda step: step.points)
    return f"{waterfall.score} points, {style.plain(tier)}: most from “{style.plain(most.label)}”"


def _history_title(history: History) -> str:
    highest = max(history.scores)
    when = history.moments[history.scores.index(highest)]
    now = history.scores[-1]
    if now == highest:
        return f"{now} points, never more before"
    return f"{now} points, down from {highest} in {when:%B %Y}"


def _score_at(history: History, time: datetime) -> int:
    """The score that held at a time; the first one before the history begins."""
    before = [score for at, score in zip(history.moments, history.scores, strict=True) if at <= time]
    return before[-1] if before else history.scores[0]


def _add_bands(figure: go.Figure, model: Model, ends: tuple[float, float], theme: Theme) -> None:
    scale = tier_colours(len(model.tiers), theme)
    starts = [*(tier.threshold for tier in model.tiers), max(ends[1], model.tiers[-1].threshold)]
    for place in range(len(model.tiers)):
        figure.add_shape(
            type="rect",
            xref="paper",
            x0=0,
            x1=1,
            y0=starts[place],
            y1=starts[place + 1],
            fillcolor=scale[place],
            opacity=0.1,
            line={"width": 0},
            layer="below",
        )
        figure.add_annotation(
            xref="paper",
            x=0.01,
            y=starts[place],
            yanchor="bottom",
            xanchor="left",
            text=style.tier_range_text(model.tiers, place),
            showarrow=False,
            font={"size": 12, "color": palette(theme).muted},
            bgcolor=palette(theme).page,
            borderpad=1,
        )

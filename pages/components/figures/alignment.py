"""The funnel from lead to win, and which rules bring the leads that sales rejects."""

from __future__ import annotations

import textwrap

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent
from pages.components.theme import Theme, palette
from scoring.alignment_words import STEP_NAMES, days_words
from scoring.funnel import Funnel
from scoring.sales_answers import Bring, RuleAnswers

ROW = 62
ROW_OF_RULE = 42
MOST_LETTERS = 48
MOST_RULES = 12


def funnel_figure(
    funnel: Funnel, theme: Theme, other: Funnel | None = None, other_name: str = ""
) -> go.Figure:
    """Each step's rate with its likely range; the other model's as a grey stroke.

    Returns
    -------
    plotly Figure
        Trace "rate" with one bar for each step, and `other_name` where there is another model.
    """
    colours = palette(theme)
    places = list(range(len(funnel.steps)))
    rates = [step.rate for step in funnel.steps]
    figure = go.Figure()
    figure.add_bar(
        name="rate",
        orientation="h",
        x=rates,
        y=places,
        width=0.3,
        marker={"color": colours.converted, "opacity": 0.45, "line": {"width": 0}},
        error_x=style.error_bars(
            rates, [step.low for step in funnel.steps], [step.high for step in funnel.steps], colours.ink
        ),
        customdata=[
            [STEP_NAMES[step.step], likely_range(step.low, step.high), count(step.complete)]
            for step in funnel.steps
        ],
        hovertemplate="%{customdata[0]}: %{x:.1%} of %{customdata[2]}<br>%{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    for place, step in zip(places, funnel.steps, strict=True):
        days = "" if step.days_median is None else f", median {days_words(step.days_median)}"
        text = f"<b>{STEP_NAMES[step.step]}</b> {percent(step.rate)}{days}"
        style.name_row(figure, place, text, theme)
    if other is not None:
        figure.add_scatter(
            name=style.plain(other_name),
            mode="markers",
            x=[step.rate for step in other.steps],
            y=places,
            marker={"symbol": "line-ns", "size": 24, "line": {"width": 2.5, "color": colours.reference}},
            hovertemplate="%{x:.1%}<extra></extra>",
        )
    figure = style.house_figure(figure, theme, 182 + ROW * len(places), _funnel_title(funnel))
    top = style.nice_top([*(step.high for step in funnel.steps), *(s.rate for s in (other or funnel).steps)])
    figure.update_xaxes(
        style.rate_axis(top), title={"text": "of the leads at the step before"}, showgrid=True
    )
    figure.update_yaxes(visible=False, range=[len(places) - 0.55, -0.7])
    return figure


def rejections_figure(rules: tuple[RuleAnswers, ...], labels: dict[str, str], theme: Theme) -> go.Figure:
    """How much more often leads are rejected for which a rule fires, with the likely range of the difference.

    Returns
    -------
    plotly Figure
        Trace "difference": one point for each rule with enough answers, the worst first.
    """
    colours = palette(theme)
    shown = [one for one in rules if one.difference is not None and one.bring != Bring.TOO_LITTLE_DATA]
    shown = [*shown[: MOST_RULES // 2], *shown[MOST_RULES // 2 :][-MOST_RULES // 2 :]]
    differences = [one.difference for one in shown]
    places = list(range(len(shown)))
    figure = go.Figure()
    figure.add_scatter(
        name="difference",
        mode="markers",
        x=differences,
        y=places,
        marker={
            "size": 10,
            "color": [colours.small if one.bring == Bring.CHANCE else colours.converted for one in shown],
            "symbol": ["circle-open" if one.bring == Bring.CHANCE else "circle" for one in shown],
        },
        error_x=style.error_bars(
            differences, [one.low for one in shown], [one.high for one in shown], colours.muted
        ),
        customdata=[
            [
                style.label_of(one.rule, labels),
                percent(one.fired.rate),
                percent(one.silent.rate),
                one.bring.value,
            ]
            for one in shown
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} rejected, without it %{customdata[2]}"
        "<br>%{customdata[3]}<extra></extra>",
        showlegend=False,
    )
    worst = next((one for one in shown if one.bring == Bring.REJECTED), None)
    title = (
        "No rule brings rejected leads more than chance would"
        if worst is None
        else f"Leads with “{style.label_of(worst.rule, labels)}” are rejected more often"
    )
    for place, one in zip(places, shown, strict=True):
        # Above its point, so that a long name takes no width from the plot on a phone.
        figure.add_annotation(
            x=0,
            xref="paper",
            y=place - 0.42,
            text=textwrap.shorten(style.label_of(one.rule, labels), MOST_LETTERS, placeholder=" …"),
            showarrow=False,
            xanchor="left",
            font={"size": 12.5},
            bgcolor=colours.page,
            borderpad=1,
        )
    style.house_figure(figure, theme, 190 + ROW_OF_RULE * len(shown), title, "Hollow: no more than chance.")
    figure.add_vline(x=0, line={"width": 1.5, "color": colours.muted})
    figure.update_xaxes(
        tickformat="+.0%", nticks=6, title={"text": "rejected less or more often than others"}, showgrid=True
    )
    figure.update_yaxes(visible=False, range=[len(places) - 0.5, -0.9])
    return figure


def _funnel_title(funnel: Funnel) -> str:
    judged = [step for step in funnel.steps if step.rate is not None]
    if not judged:
        return f"No lead has had all its {funnel.horizon_days} days yet"
    narrow = min(judged, key=lambda step: step.rate or 0.0)
    return f"Fewest get to “{STEP_NAMES[narrow.step]}”: {percent(narrow.rate)}"

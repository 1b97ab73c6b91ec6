"""The tornado chart: what a few points more or fewer of each rule would do, the largest effect on top."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import signed_points, signed_times
from pages.components.theme import Theme, palette, tier_colours
from scoring.sensitivity import Knob, Metric, Sensitivity, Turn
from scoring.sensitivity_words import headline, level_words

MOST_SHOWN = 15
"""Rules that are drawn; the table has all of them."""

ROW_HEIGHT = 54
BAR_WIDTH = 0.26
FEWER, MORE = "points fewer", "points more"

_AXES = {
    Metric.WINS_CAUGHT: "points of the share of wins caught",
    Metric.AUC: "times in 100 that the buyer is picked",
    Metric.TOP_RATE: "points of the rate",
}


def sensitivity_figure(
    found: Sensitivity, metric: Metric, labels: Mapping[str, str], tier: str, theme: Theme
) -> go.Figure:
    """What turning each rule would do to one figure.

    Parameters
    ----------
    found : Sensitivity
        With at least one rule.
    metric : Metric
    labels : mapping of rule id to shown label
    tier : str
        What the top tier is called.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Traces "5 points fewer" and "5 points more" with a bar for each rule, in hundredths; filled where the
        effect is more than chance, hollow where it is not.
    """
    shown = found.ranked(metric)[:MOST_SHOWN]
    low_colour, high_colour = tier_colours(2, theme)
    figure = go.Figure()
    for name, colour, offset, ways in (
        (f"{found.step} {FEWER}", low_colour, -BAR_WIDTH / 2, [knob.fewer for knob in shown]),
        (f"{found.step} {MORE}", high_colour, BAR_WIDTH / 2, [knob.more for knob in shown]),
    ):
        _add_bars(figure, name, colour, offset, shown, ways, metric, labels, theme)
    for place, knob in enumerate(shown):
        figure.add_annotation(
            x=0,
            xref="paper",
            y=place - 0.42,
            text=f"<b>{_short(labels.get(knob.rule, knob.rule))}</b> {knob.points}{_held(knob)}",
            showarrow=False,
            xanchor="left",
            font={"size": 12.5},
            bgcolor=palette(theme).page,
            borderpad=1,
        )
    title = style.plain(headline(found, metric, _all_short(labels), tier))
    subtitle = "Hollow: no more than chance, or too little data."
    style.house_figure(figure, theme, 190 + ROW_HEIGHT * len(shown), title, subtitle)
    # The headline may take three lines.
    figure.update_layout(bargap=0, margin_t=108)
    end = _end(shown, metric)
    figure.update_xaxes(range=[-end, end], showgrid=True, zeroline=True, title={"text": _AXES[metric]})
    figure.update_yaxes(visible=False, range=[len(shown) - 0.4, -0.75])
    figure.add_vline(x=0, line={"width": 1.5, "color": palette(theme).reference})
    return figure


def difference_words(difference: float | None, metric: Metric) -> str:
    """A difference with sign and unit: ``+1.2 points``, ``+1.2 times in 100``."""
    return signed_times(difference) if metric is Metric.AUC else signed_points(difference)


def _add_bars(
    figure: go.Figure,
    name: str,
    colour: str,
    offset: float,
    knobs: tuple[Knob, ...],
    turns: list[Turn],
    metric: Metric,
    labels: Mapping[str, str],
    theme: Theme,
) -> None:
    effects = [turn.effect(metric) for turn in turns]
    values = [_hundredfold(effect.difference) for effect in effects]
    figure.add_bar(
        name=name,
        orientation="h",
        x=values,
        y=[place + offset + 0.12 for place in range(len(knobs))],
        width=BAR_WIDTH * 0.86,
        marker={
            "color": [colour if effect.is_clear else "rgba(0,0,0,0)" for effect in effects],
            "line": {"color": colour, "width": 1.5},
        },
        error_x=style.error_bars(
            values,
            [_hundredfold(effect.low) for effect in effects],
            [_hundredfold(effect.high) for effect in effects],
            palette(theme).muted,
        ),
        customdata=[
            [
                style.label_of(knob.rule, labels),
                f"{knob.points} to {turn.points} points",
                difference_words(turn.effect(metric).difference, metric),
                level_words(turn.effect(metric)),
            ]
            for knob, turn in zip(knobs, turns, strict=True)
        ],
        hovertemplate="%{customdata[0]}, %{customdata[1]}<br>%{customdata[2]}: %{customdata[3]}"
        "<extra></extra>",
        showlegend=False,
    )
    # The bars' own mark in the legend would be hollow or filled as the first of them is.
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=name,
        marker={"symbol": "square", "size": 11, "color": colour},
    )


def _end(shown: tuple[Knob, ...], metric: Metric) -> float:
    """Where the axis ends either way."""
    effects = [turn.effect(metric) for knob in shown for turn in (knob.fewer, knob.more)]
    ends = (bound for effect in effects for bound in (effect.difference, effect.low, effect.high))
    return 1.05 * max((100 * abs(bound) for bound in ends if bound is not None), default=0.0) or 1.0


def _held(knob: Knob) -> str:
    """Beside the name of a rule that more points do not move."""
    return f" · {knob.more.held.value}" if knob.more.held is not None else ""


def _hundredfold(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _all_short(labels: Mapping[str, str]) -> dict[str, str]:
    return {rule: _cut(label, 28) for rule, label in labels.items()}


def _short(text: str) -> str:
    """So long that it fits a phone."""
    return style.plain(_cut(text, 34))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"

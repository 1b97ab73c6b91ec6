"""What each rule brings, drawn: how its leads convert against all leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count
from pages.components.theme import Theme, palette, tier_colours
from scoring.rule_evidence import Evidence
from scoring.rule_report import RuleLine, RuleReport

ROW_HEIGHT = 46
MOST_LIFT = 8.0
"""The axis ends here at the latest: a rule of few leads has a range that would flatten all others."""

KNOWN_TODAY = "known today"


def shown_lines(report: RuleReport) -> tuple[RuleLine, ...]:
    """The rules that have a lift, the best first."""
    lines = [line for line in report.rules if line.evidence.lift is not None]
    return tuple(sorted(lines, key=lambda line: -(line.evidence.lift or 0.0)))


def rule_lift_figure(
    report: RuleReport, labels: Mapping[str, str], known_today: Collection[str], theme: Theme
) -> go.Figure:
    """How many times the average the leads of each rule convert, with its likely range.

    Parameters
    ----------
    report : RuleReport
    labels : mapping of rule id to shown label
    known_today : collection of str
        Ids of rules on attributes, which are marked.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Trace "lift" with a point for each rule that fires, the best first; grey where it tells nothing or
        there is too little data.
    """
    colours = palette(theme)
    lines = shown_lines(report)
    places = list(range(len(lines)))
    figures = [line.evidence for line in lines]
    judged = (Evidence.HELPS, Evidence.HARMS, Evidence.ALWAYS_FIRES)
    marks = [tier_colours(1, theme)[0] if f.evidence in judged else colours.small for f in figures]
    lifts = [f.lift for f in figures]
    figure = go.Figure()
    figure.add_scatter(
        name="lift",
        mode="markers",
        x=lifts,
        y=places,
        marker={"size": 11, "color": marks},
        error_x=style.error_bars(
            lifts, [f.lift_low for f in figures], [f.lift_high for f in figures], colours.ink
        ),
        customdata=[
            [style.label_of(line.rule, labels), count(line.evidence.fired), line.evidence.evidence.value]
            for line in lines
        ],
        hovertemplate="%{customdata[0]}: %{x:.2f}<br>%{customdata[1]} leads<br>%{customdata[2]}"
        "<extra></extra>",
        showlegend=False,
    )
    for place, line in zip(places, lines, strict=True):
        mark = f" · {KNOWN_TODAY}" if line.rule in known_today else ""
        text = f"<b>{_short(labels.get(line.rule, line.rule))}</b> {line.evidence.lift:.1f}{mark}"
        style.name_row(figure, place, text, theme)
    title = rule_title(report, labels)
    any_grey = any(mark == colours.small for mark in marks)
    note = "Grey: no more than chance, or too few leads." if any_grey else ""
    style.house_figure(figure, theme, 160 + ROW_HEIGHT * max(len(lines), 1), title, note)
    top = max([1.5, *(min(f.lift_high or 0.0, MOST_LIFT) for f in figures), *(lift or 0.0 for lift in lifts)])
    figure.update_xaxes(
        range=[-0.03 * top, 1.04 * top], showgrid=True, title={"text": "times the average rate"}
    )
    figure.update_yaxes(visible=False, range=[len(lines) - 0.5, -0.8])
    figure.add_vline(x=1, line={"dash": "dot", "width": 1.5, "color": colours.muted})
    return figure


def rule_title(report: RuleReport, labels: Mapping[str, str]) -> str:
    """How many of the rules find better leads, and which tells nothing."""
    judged = [line for line in report.rules if line.evidence.evidence is not Evidence.TOO_LITTLE_DATA]
    if not judged:
        return "Too few leads or conversions to judge any rule"
    good = sum(line.evidence.evidence is Evidence.HELPS for line in judged)
    worthless = [line.rule for line in judged if line.evidence.evidence is Evidence.NOTHING]
    title = f"{good} of {len(report.rules)} rules find leads that buy more often"
    if len(worthless) == 1:
        return f"{title}; “{_short(labels.get(worthless[0], worthless[0]), 30)}” tells nothing"
    return f"{title}; {len(worthless)} tell nothing" if worthless else title


def _short(text: str, most: int = 38) -> str:
    """So long that it fits a phone."""
    return style.plain(text if len(text) <= most else f"{text[: most - 1]}…")

"""How the points of a rule fade: of one activity by its age, and of a typical lead over time."""

from __future__ import annotations

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.figures.lead import signed
from pages.components.theme import Palette, Theme, palette, tier_colours
from queries.typical_lead import TypicalLead
from scoring.model import Rule
from scoring.rule_course import Course

COURSE_HEIGHT, TYPICAL_HEIGHT = 300, 330


def course_figure(rule: Rule, course: Course, theme: Theme) -> go.Figure:
    """Points by the age of the activity, in steps of whole points, with window and reset marked.

    Returns
    -------
    plotly Figure
        Trace "points".
    """
    colours = palette(theme)
    figure = go.Figure()
    figure.add_scatter(
        name="points",
        mode="lines",
        x=list(range(len(course.points))),
        y=course.points.tolist(),
        line={"shape": "hv", "width": 2.5, "color": tier_colours(1, theme)[0]},
        fill="tozeroy",
        hovertemplate="%{x} days after: %{y} points<extra></extra>",
        showlegend=False,
    )
    what = "one activity" if course.activities == 1 else f"{course.activities} activities at once"
    style.house_figure(figure, theme, COURSE_HEIGHT, f"What {what} gives, day by day")
    last = len(course.points) - 1
    marks: dict[int, list[str]] = {}
    for days, name in ((rule.window_days, "window ends"), (course.reset_days, "reset after silence")):
        if days is not None and days <= last:
            marks.setdefault(days, []).append(name)
    for days, names in marks.items():
        _mark(figure, days, "<br>".join(names), colours, "right")
    figure.update_xaxes(title={"text": "days after it happened"}, range=[0, last], nticks=6)
    figure.update_yaxes(title={"text": "points"}, rangemode="tozero", nticks=5)
    return figure


def typical_figure(typical: TypicalLead, theme: Theme) -> go.Figure:
    """The rule's points of one lead over time, its activities, and where a silence cuts.

    Returns
    -------
    plotly Figure
        Traces "points", "counts for this rule" and, where there are any, "other activities".
    """
    colours = palette(theme)
    figure = go.Figure()
    figure.add_scatter(
        name="points",
        mode="lines",
        x=list(typical.moments),
        y=list(typical.points),
        line={"shape": "hv", "width": 2.5, "color": tier_colours(1, theme)[0]},
        hovertemplate="%{x|%d %b %Y}: %{y} points<extra></extra>",
        showlegend=False,
    )
    for name, times, colour, symbol in (
        ("counts for this rule", typical.activities, colours.converted, "triangle-up"),
        ("other activities", typical.others, colours.not_converted, "line-ns-open"),
    ):
        # Before its first activity that matches there is nothing to see.
        shown = [time for time in times if time >= typical.moments[0]]
        if shown:
            figure.add_scatter(
                name=name,
                mode="markers",
                x=shown,
                y=[0] * len(shown),
                marker={"size": 9, "color": colour, "symbol": symbol},
                cliponaxis=False,
                hovertemplate=f"%{{x|%d %b %Y}}: {name}<extra></extra>",
            )
    for reset in typical.resets:
        _mark(figure, reset, "reset", colours, "left")
    most = max(typical.points, key=abs)
    now = typical.points[-1]
    title = f"A typical lead: at most {signed(most)} points, now {signed(now) if now else 0}"
    style.house_figure(figure, theme, TYPICAL_HEIGHT, title)
    figure.update_xaxes(nticks=5)
    figure.update_yaxes(title={"text": "points"}, rangemode="tozero", nticks=5)
    return figure


def _mark(figure: go.Figure, place: object, text: str, colours: Palette, anchor: str) -> None:
    """A dotted line over the whole height with its name at the top."""
    figure.add_shape(
        type="line",
        x0=place,
        x1=place,
        yref="paper",
        y0=0,
        y1=1,
        line={"dash": "dot", "width": 1.5, "color": colours.ink},
    )
    figure.add_annotation(
        x=place,
        yref="paper",
        y=1,
        yanchor="top",
        xanchor=anchor,
        text=text,
        showarrow=False,
        font={"size": 12, "color": colours.muted},
        bgcolor=colours.page,
    )

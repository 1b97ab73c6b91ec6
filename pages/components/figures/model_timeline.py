"""The history of the model above the top tier's conversion rate: a change and its effect stand together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent
from pages.components.theme import Theme, palette, tier_colours
from scoring.model_timeline import Span, TimelinePoint

HEIGHT = 440
RATE_DOMAIN = (0.0, 0.78)
LANE_DOMAIN = (0.86, 1.0)
CLOSEST_LABELS = 0.18
"""Of the whole width; on a phone, names of versions that came faster would cover each other."""

ROOM_FOR_A_NAME = 0.25
"""Of the whole width; a version that came into use later has its name before its beginning, in full."""

LINE = -0.6
"""Where the versions' line runs, within -1 to 1."""

ABOVE_THE_LINE = 0.5

RATE = "conversion rate"
IN_USE = "in use"
NAMES = "names"
SAVED = "saved"


def model_timeline_figure(
    points: Sequence[TimelinePoint],
    spans: Sequence[Span],
    saves: Sequence[tuple[int, datetime]],
    top_label: str,
    theme: Theme,
) -> go.Figure:
    """Versions as they came into use, above what the top tier converted under them.

    Parameters
    ----------
    points : sequence of TimelinePoint
        Oldest first.
    spans : sequence of Span
        Which version was in use when, oldest first.
    saves : sequence of (version, time)
        When each version was saved.
    top_label : str
        What the top tier is called.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Trace "conversion rate" where the periods begin, hollow where one is still open; above it "in use",
        one line a version, their "names", and "saved", one mark a version. A dotted line marks each change.
    """
    colours = palette(theme)
    figure = go.Figure()
    first, last = _ends(points, spans, saves)
    _add_rates(figure, points, theme)
    _add_lane(figure, spans, saves, first, last, theme)
    for span in spans[1:]:
        if span.starts_at is not None:
            figure.add_vline(x=span.starts_at, line={"dash": "dot", "width": 1.5, "color": colours.muted})
    style.house_figure(figure, theme, HEIGHT, _title(points, top_label), _note(points, spans))
    highest = style.nice_top([point.top.high for point in points])
    figure.update_layout(
        showlegend=False,
        # Nothing stands below the axis: there is no legend.
        margin={"b": 24},
        yaxis=style.rate_axis(highest) | {"domain": RATE_DOMAIN, "title": {"text": "leads that converted"}},
        yaxis2={"domain": LANE_DOMAIN, "range": [-1, 1], "visible": False, "fixedrange": True},
    )
    margin = (last - first) * 0.02
    figure.update_xaxes(type="date", range=[first - margin, last + margin], nticks=8, anchor="y")
    return figure


def _add_rates(figure: go.Figure, points: Sequence[TimelinePoint], theme: Theme) -> None:
    colours = palette(theme)
    accent = tier_colours(1, theme)[0]
    rates = [point.top.rate for point in points]
    marks = [colours.small if style.is_small(point.top) else accent for point in points]
    hollow = [point.figures.immature_leads > 0 for point in points]
    figure.add_scatter(
        name=RATE,
        mode="markers",
        x=[point.period.starts_at for point in points],
        y=rates,
        error_y=style.error_bars(
            rates, [point.top.low for point in points], [point.top.high for point in points], colours.muted
        ),
        marker={
            "size": 11,
            "color": [colours.page if one else mark for one, mark in zip(hollow, marks, strict=True)],
            "line": {"width": 2, "color": marks},
        },
        customdata=[
            [
                point.period.label,
                point.version,
                count(point.top.conversions),
                count(point.top.leads),
                likely_range(point.top.low, point.top.high),
            ]
            for point in points
        ],
        hovertemplate="%{customdata[0]}, version %{customdata[1]}: %{y:.1%}<br>%{customdata[2]} of "
        "%{customdata[3]} leads<br>%{customdata[4]}<extra></extra>",
    )


def _add_lane(
    figure: go.Figure,
    spans: Sequence[Span],
    saves: Sequence[tuple[int, datetime]],
    first: datetime,
    last: datetime,
    theme: Theme,
) -> None:
    colours = palette(theme)
    shades = tier_colours(3, theme)[::2]
    starts = [span.starts_at or first for span in spans]
    for place, (span, start) in enumerate(zip(spans, starts, strict=True)):
        figure.add_scatter(
            name=IN_USE,
            mode="lines",
            x=[start, span.ends_at or last],
            y=[LINE, LINE],
            yaxis="y2",
            line={"width": 8, "color": shades[place % 2]},
            hovertemplate=f"version {span.version} in use<extra></extra>",
        )
    named, sides = _names(starts, first, last)
    figure.add_scatter(
        name=NAMES,
        mode="text",
        x=[starts[place] for place in named],
        y=[ABOVE_THE_LINE] * len(named),
        yaxis="y2",
        text=[f"version {spans[place].version}" for place in named],
        textposition=sides,
        textfont={"color": colours.ink, "size": 12},
        hoverinfo="skip",
    )
    figure.add_scatter(
        name=SAVED,
        mode="markers",
        x=[time for _, time in saves],
        y=[LINE] * len(saves),
        yaxis="y2",
        marker={
            "symbol": "diamond",
            "size": 8,
            "color": colours.page,
            "line": {"width": 1.5, "color": colours.ink},
        },
        customdata=[[version] for version, _ in saves],
        hovertemplate="version %{customdata[0]} saved %{x|%d %b %Y}<extra></extra>",
    )


def _names(starts: Sequence[datetime], first: datetime, last: datetime) -> tuple[list[int], list[str]]:
    """Which spans are named, the newest always, and on which side of its beginning each name stands."""
    width = last - first
    named = _far_enough(starts, width * CLOSEST_LABELS)
    newest = len(starts) - 1
    is_late = newest > 0 and last - starts[newest] < width * ROOM_FOR_A_NAME
    if is_late:
        room = width * (CLOSEST_LABELS + ROOM_FOR_A_NAME)
        named = [place for place in named if place < newest and starts[newest] - starts[place] > room]
        named.append(newest)
    sides = ["middle left" if is_late and place == newest else "middle right" for place in named]
    return named, sides


def _far_enough(starts: Sequence[datetime], distance: timedelta) -> list[int]:
    """Which names can stand at their beginning without covering the one before."""
    named: list[int] = []
    for place, start in enumerate(starts):
        if not named or start - starts[named[-1]] > distance:
            named.append(place)
    return named


def _ends(
    points: Sequence[TimelinePoint], spans: Sequence[Span], saves: Sequence[tuple[int, datetime]]
) -> tuple[datetime, datetime]:
    """The first and last instant shown, at least a day apart."""
    times = [
        *(point.period.starts_at for point in points),
        *(point.period.ends_at for point in points),
        *(span.starts_at for span in spans if span.starts_at is not None),
        *(time for _, time in saves),
    ]
    first, last = min(times, default=datetime(2000, 1, 1)), max(times, default=datetime(2000, 1, 2))
    return (first, last) if (last - first).days else (first.replace(hour=0), last.replace(hour=23, minute=59))


def _title(points: Sequence[TimelinePoint], top_label: str) -> str:
    """The rate under the newest version with complete leads and the one before, over their periods."""
    label = style.plain(top_label)
    versions = list(dict.fromkeys(point.version for point in reversed(points) if point.top.leads))
    if not versions:
        return f"{label}: nothing complete yet under any version"
    said = [f"{percent(_pooled_rate(points, version))} under version {version}" for version in versions[:2]]
    return f"{label} converted {', '.join(said)}"


def _pooled_rate(points: Sequence[TimelinePoint], version: int) -> float:
    tops = [point.top for point in points if point.version == version]
    return sum(top.conversions for top in tops) / sum(top.leads for top in tops)


def _note(points: Sequence[TimelinePoint], spans: Sequence[Span]) -> str:
    is_changed = len(spans) > 1
    is_open = any(point.figures.immature_leads and point.top.rate is not None for point in points)
    notes = [
        "Dotted: another version came into use." if is_changed else "",
        "Hollow: still open." if is_open else "",
        style.small_note([point.top for point in points]),
    ]
    return " ".join(note for note in notes if note)

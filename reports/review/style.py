"""Colours of documents, read on paper and screen: dark on white, apart for every colour blindness."""

from __future__ import annotations

from reports.review.content import Chart

INK, MUTED, GRID = "#1b2430", "#5a6675", "#e4e8ee"
SCALE = ("#7795bd", "#3a6aa6", "#12325a")
"""From the oldest or lowest to the newest or highest, as the pages have it."""

WIDE_SCALE = ("#b4c7e2", "#12325a")
MOST_OF_SCALE = 3
"""The ends for more series than three, which stand farther apart."""


def series_colours(count: int) -> tuple[str, ...]:
    """Colours of so many series, the last one the darkest.

    Examples
    --------
    >>> series_colours(1), series_colours(3)
    (('#12325a',), ('#7795bd', '#3a6aa6', '#12325a'))
    """
    places = [1.0] if count <= 1 else [place / (count - 1) for place in range(count)]
    if count > MOST_OF_SCALE:
        return tuple(_mix(*WIDE_SCALE, place) for place in places)
    return tuple(
        _mix(SCALE[0], SCALE[1], 2 * place) if place <= 0.5 else _mix(SCALE[1], SCALE[2], 2 * place - 1)
        for place in places
    )


def chart_colours(chart: Chart) -> tuple[str, ...]:
    """One for each series; lying bars of one series are light, so that the likely range is seen on them."""
    alone = chart.kind == "bars" and len(chart.series) == 1
    return (SCALE[0],) if alone else series_colours(len(chart.series))


def range_colour(chart: Chart) -> str:
    """Of the lines that show a likely range."""
    return INK if chart.kind == "bars" else MUTED


def _mix(first: str, second: str, share: float) -> str:
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)

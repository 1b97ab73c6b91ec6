"""Colours of documents, read on paper and screen: dark on white, apart for every colour blindness."""

from __future__ import annotations

INK, MUTED, GRID = "#1b2430", "#5a6675", "#e4e8ee"
SCALE = ("#7795bd", "#3a6aa6", "#12325a")
"""From the oldest or lowest to the newest or highest, as the pages have it."""


def series_colours(count: int) -> tuple[str, ...]:
    """Colours of so many series, the last one the darkest.

    Examples
    --------
    >>> series_colours(1), series_colours(3)
    (('#12325a',), ('#7795bd', '#3a6aa6', '#12325a'))
    """
    places = [1.0] if count <= 1 else [place / (count - 1) for place in range(count)]
    return tuple(
        _mix(SCALE[0], SCALE[1], 2 * place) if place <= 0.5 else _mix(SCALE[1], SCALE[2], 2 * place - 1)
        for place in places
    )


def _mix(first: str, second: str, share: float) -> str:
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)

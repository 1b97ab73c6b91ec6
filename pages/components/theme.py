"""Colours of the figures in the light and the dark theme.

One accent for converted leads, neutral grey for the others, one sequential scale of blue for tiers, a thin
grey line for the model in use. Orange against blue and grey stays apart for every common kind of colour
blindness; every colour that carries meaning has a contrast of at least 3 to the page (WCAG 2.2, 1.4.11), text
at least 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from plotly.colors import find_intermediate_color, hex_to_rgb

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as ``#rrggbb``.

    Attributes
    ----------
    ink, muted, grid, page : str
        Text, secondary text, grid lines, and the page that they stand on.
    converted, not_converted : str
        The two outcomes.
    small : str
        A figure of too few leads.
    reference : str
        The model in use.
    tier_scale : tuple of str
        Three stops, lowest tier to highest.
    """

    ink: str
    muted: str
    grid: str
    page: str
    converted: str
    not_converted: str
    small: str
    reference: str
    tier_scale: tuple[str, str, str]


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        ink="#1b2430",
        muted="#5a6675",
        grid="#e4e8ee",
        page="#ffffff",
        converted="#c8500a",
        not_converted="#8590a0",
        small="#8590a0",
        reference="#4e5967",
        tier_scale=("#7795bd", "#3a6aa6", "#12325a"),
    ),
    "dark": Palette(
        ink="#e9edf2",
        muted="#a9b4c1",
        grid="#2c3440",
        page="#0e1117",
        converted="#ff9a4d",
        not_converted="#7d8896",
        small="#7d8896",
        reference="#c3ccd6",
        tier_scale=("#4f7099", "#82abdd", "#d3e5fc"),
    ),
}


def palette(theme: Theme) -> Palette:
    """The colours of a theme."""
    return PALETTES[theme]


def current_theme() -> Theme:
    """The theme that the reader sees; light until the browser has said which."""
    shown = st.context.theme.type
    return "dark" if shown == "dark" else "light"


def tier_colours(count: int, theme: Theme) -> tuple[str, ...]:
    """Colours of `count` tiers, lowest first; a single tier gets the strongest.

    Examples
    --------
    >>> tier_colours(2, "light")
    ('#7795bd', '#12325a')
    """
    low, middle, high = palette(theme).tier_scale
    places = [1.0] if count == 1 else [i / (count - 1) for i in range(count)]
    return tuple(
        _mix(low, middle, 2 * place) if place <= 0.5 else _mix(middle, high, 2 * place - 1)
        for place in places
    )


def _mix(first: str, second: str, share: float) -> str:
    red, green, blue = find_intermediate_color(hex_to_rgb(first), hex_to_rgb(second), share)
    return f"#{round(red):02x}{round(green):02x}{round(blue):02x}"

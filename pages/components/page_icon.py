"""The picture in the browser's tab: drawn here, since a named icon would be fetched from a font server."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image

from pages.components.theme import PALETTES

SIZE = 64
BARS = ((4, 40), (24, 24), (44, 6))
"""Left edge and top of each tier's bar."""

BAR_WIDTH = 16


@cache
def page_icon() -> Image.Image:
    """Three bars in the colours of three tiers on nothing, 64 x 64 points."""
    picture = np.zeros((SIZE, SIZE, 4), dtype=np.uint8)
    for (left, top), colour in zip(BARS, PALETTES["light"].tier_scale, strict=True):
        red_green_blue = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        picture[top : SIZE - 4, left : left + BAR_WIDTH] = [*red_green_blue, 255]
    return Image.fromarray(picture)

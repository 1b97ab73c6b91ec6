"""How much room text takes on a slide, which cannot be asked: the program that shows it sets it.

Letters are taken as wide as those of the widest usual font, so that text fits with any.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from reports.review.typography import set_text

LETTER, BOLD_LETTER = 0.54, 0.63
"""Width of a letter, on average, by its size."""

LINE = 1.2
"""Height of a line by the size of its letters."""


def line_count(text: str, size: int, width: int, bold: bool = False) -> int:
    """How many lines a text takes, at least 1; sizes and widths in the same unit.

    Examples
    --------
    >>> line_count("one two three", 10, 60), line_count("", 10, 60)
    (2, 1)
    """
    letters = _letters(size, width, bold)
    return max(1, len(textwrap.wrap(set_text(text).replace("\u00a0", "_"), letters)))


def text_height(texts: Sequence[str], size: int, width: int, gap: int = 0, bold: bool = False) -> int:
    """The height of paragraphs with a gap after each."""
    return sum(int(line_count(text, size, width, bold) * LINE * size) + gap for text in texts)


def fitting_size(text: str, sizes: Sequence[int], width: int, most_lines: int, bold: bool = False) -> int:
    """The first of these sizes at which a text takes at most so many lines; else the last."""
    fitting = (size for size in sizes if line_count(text, size, width, bold) <= most_lines)
    return next(fitting, sizes[-1])


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters; what is left out shows as an ellipsis.

    Examples
    --------
    >>> shortened("a long name", 8), shortened("short", 8)
    ('a long…', 'short')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _letters(size: int, width: int, bold: bool) -> int:
    return max(1, int(width / (size * (BOLD_LETTER if bold else LETTER))))

"""Figures as text for the screen, and text from the data as Markdown that shows it as it is."""

from __future__ import annotations

import re

from scoring.figure_words import (
    MINUS,
    NO_BREAK,
    NO_DATA,
    auc_in_words,
    count,
    day,
    likely_range,
    likely_times,
    money,
    percent,
    signed_count,
    signed_points,
    signed_times,
    some_of,
    times,
    times_in_100,
    whole,
)

__all__ = [
    "MINUS",
    "NO_BREAK",
    "NO_DATA",
    "as_markdown",
    "auc_in_words",
    "bold",
    "count",
    "day",
    "likely_range",
    "likely_times",
    "money",
    "percent",
    "period_word",
    "signed_count",
    "signed_points",
    "signed_times",
    "some_of",
    "times",
    "times_in_100",
    "whole",
]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^])")


def period_word(labels: tuple[str, ...] | list[str], plural: bool = False) -> str:
    """What the periods with these labels are called: quarter or month.

    Examples
    --------
    >>> period_word(("2025-Q1",)), period_word(("2025-01",), plural=True)
    ('quarter', 'months')
    """
    word = "month" if labels and "Q" not in labels[0] else "quarter"
    return f"{word}s" if plural else word


def as_markdown(text: str) -> str:
    """Text from the data, so that Markdown shows it as it is: no link, no picture, no emphasis."""
    return _MARKDOWN.sub(r"\\\1", text.replace("\n", " ").replace("\r", " "))


def bold(text: str) -> str:
    """Text from the data in bold, as Markdown."""
    return f"**{as_markdown(text)}**"

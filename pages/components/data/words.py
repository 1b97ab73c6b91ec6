"""The words and the spelling of the Data page: names of tables, sizes, times, text from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from pages.components.format import as_markdown

TABLE_TITLES = {
    "leads": "Leads",
    "accounts": "Companies",
    "activities": "Activities",
    "outcomes": "Outcomes",
}
TABLE_NOUNS = {
    "leads": ("lead", "leads"),
    "accounts": ("company", "companies"),
    "activities": ("activity", "activities"),
    "outcomes": ("outcome", "outcomes"),
}
TABLE_WORDS = {name: many for name, (_, many) in TABLE_NOUNS.items()}
TABLE_MEANINGS = {
    "leads": "the people you score",
    "accounts": "the accounts they work for",
    "activities": "what they did: visits, clicks, downloads, forms",
    "outcomes": "what became of them: won, lost, disqualified",
}

# Marks that turn the direction of writing around, so that a name can read as another one.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: object, limit: int = 300) -> str:
    """Text from outside as markdown that shows just that text, cut to `limit` characters.

    Examples
    --------
    >>> shown("a*b", 2)
    'a…'
    """
    flat = _DIRECTION.sub("", str(text))
    return as_markdown(flat if len(flat) <= limit else flat[: limit - 1] + "…")


def show_day(time: datetime) -> str:
    """A day as ``5 Mar 2026``."""
    return f"{time.day} {time:%b %Y}"


def show_moment(time: datetime) -> str:
    """A moment as ``5 Mar 2026, 14:05 UTC``."""
    return f"{show_day(time)}, {time:%H:%M} UTC"


def show_size(size_bytes: int) -> str:
    """A file's size: ``812 bytes``, ``3.4 kB``, ``12.0 MB``."""
    size = float(size_bytes)
    if size < 1000:
        return f"{size_bytes} bytes"
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 1000 or unit == "GB":
            break
    return f"{size:,.1f} {unit}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Words as a sentence names them: ``a, b and c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last

"""Pairs written one a line, ``theirs -> ours``: easy to type, easy to hear."""

from __future__ import annotations

from collections.abc import Mapping

ARROW = "->"


def parse_pairs(text: str) -> tuple[dict[str, str], list[str]]:
    """The pairs of a text, and the lines that are none.

    Returns
    -------
    pairs : dict of str to str
        What stands left of the arrow to what stands right of it; the last line of several with one left side.
    unreadable : list of str

    Examples
    --------
    >>> parse_pairs("Closed Won -> won\\n\\nLost")
    ({'Closed Won': 'won'}, ['Lost'])
    """
    pairs: dict[str, str] = {}
    unreadable = []
    for line in text.splitlines():
        left, arrow, right = (part.strip() for part in line.partition(ARROW))
        if arrow and left and right:
            pairs[left] = right
        elif line.strip():
            unreadable.append(line.strip())
    return pairs, unreadable


def format_pairs(pairs: Mapping[str, str]) -> str:
    """The reverse of `parse_pairs`."""
    return "\n".join(f"{left} {ARROW} {right}" for left, right in pairs.items())

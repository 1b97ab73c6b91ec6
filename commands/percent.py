"""A share as the terminal prints it."""

from __future__ import annotations


def percent_text(share: float | None) -> str:
    """One decimal, as everywhere; a dash for a share of nothing.

    Examples
    --------
    >>> percent_text(0.1423), percent_text(None)
    ('14.2 %', '-')
    """
    return "-" if share is None else f"{100 * share:.1f} %"

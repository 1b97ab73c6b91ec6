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


def likely_text(low: float | None, high: float | None) -> str:
    """A likely range with its one unit; a dash for a share of nothing.

    Examples
    --------
    >>> likely_text(0.129, 0.156), likely_text(None, None)
    ('12.9 to 15.6 %', '-')
    """
    return "-" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f} %"

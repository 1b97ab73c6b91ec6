"""Figures as text: percent, counts, differences and ranges in the words of the screen and of documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

NO_DATA = "–"
"""Stands for a figure of nothing."""

NO_BREAK = "\u00a0"
MINUS = "\u2212"
SMALLEST_SHOWN_RATE = 0.0005


def percent(rate: float | None, decimals: int = 1) -> str:
    """A fraction as percent; a rate that would be rounded to nothing is named as such.

    One decimal is the rule, in sentences as in tables (`pages.components.table.percent_column`); none where a
    sentence or a cell says in passing how much of something was done.

    Examples
    --------
    >>> percent(0.1423).replace(NO_BREAK, " "), percent(None), percent(0.0001).replace(NO_BREAK, " ")
    ('14.2 %', '–', 'under 0.1 %')
    """
    if rate is None:
        return NO_DATA
    if decimals == 1 and 0 < rate < SMALLEST_SHOWN_RATE:
        return f"under 0.1{NO_BREAK}%"
    return f"{100 * rate:.{decimals}f}{NO_BREAK}%"


def whole(points: int) -> str:
    """A score or points, with the sign that numbers have.

    Examples
    --------
    >>> whole(1200), whole(-3)
    ('1200', '−3')
    """
    return str(points).replace("-", MINUS)


def day(at: datetime) -> str:
    """A date as people write it.

    Examples
    --------
    >>> day(datetime(2026, 11, 2))
    '2 November 2026'
    """
    return f"{at.day} {at:%B %Y}"


def count(number: float | None) -> str:
    """A whole number with thousands apart: ``9,870``."""
    return NO_DATA if number is None else f"{number:,.0f}"


def some_of(names: Sequence[str], most: int = 8) -> str:
    """Names with commas between them; of many the first ones and how many more there are."""
    more = len(names) - most
    # "and 1 more" is no shorter than a name.
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:most])} and {more} more"


def money(amount: float | None) -> str:
    """An amount in the currency of the data: whole units from 1,000 on, cents only below."""
    if amount is None:
        return NO_DATA
    decimals = 0 if abs(amount) >= 1000 or float(amount).is_integer() else 2
    return f"{amount:,.{decimals}f}"


def signed_points(delta: float | None) -> str:
    """The difference of two fractions in percentage points, with its sign: ``+1.1 points``."""
    if delta is None:
        return NO_DATA
    return f"{_signed(100 * delta, 1)}{NO_BREAK}points"


def signed_count(delta: int | None) -> str:
    """The difference of two counts, with its sign: ``+35``."""
    return NO_DATA if delta is None else _signed(delta, 0)


def signed_times(delta: float | None) -> str:
    """The difference of two AUCs, with its sign: ``+2.1 times in 100``."""
    if delta is None:
        return NO_DATA
    return f"{_signed(100 * delta, 1)} times in{NO_BREAK}100"


def times(lift: float | None) -> str:
    """A lift in words: ``5.1 times the average``."""
    return NO_DATA if lift is None else f"{lift:.1f}{NO_BREAK}times the average"


def likely_range(low: float | None, high: float | None) -> str:
    """The interval of a rate: ``likely 12.9 to 15.6 %``."""
    if low is None or high is None:
        return NO_DATA
    return f"likely {100 * low:.1f} to {100 * high:.1f}{NO_BREAK}%"


def likely_times(low: float | None, high: float | None) -> str:
    """The interval of an AUC: ``likely 72 to 76``."""
    if low is None or high is None:
        return NO_DATA
    return f"likely {100 * low:.0f} to {100 * high:.0f}"


def times_in_100(auc: float | None, decimals: int = 0) -> str:
    """An AUC as a short figure: ``74 times in 100``."""
    return NO_DATA if auc is None else f"{100 * auc:.{decimals}f} times in{NO_BREAK}100"


def auc_in_words(auc: float | None) -> str:
    """An AUC as a sentence without its subject: ``picks the buyer over the non-buyer 74 times in 100``."""
    return NO_DATA if auc is None else f"picks the buyer over the non-buyer {times_in_100(auc)}"


def _signed(value: float, decimals: int) -> str:
    shown = f"{abs(value):,.{decimals}f}"
    if not shown.strip("0.,"):
        return f"±{shown}"
    return f"{'+' if value > 0 else MINUS}{shown}"

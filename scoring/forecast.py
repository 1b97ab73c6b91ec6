"""What a period that is still open will have converted when its horizon has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LEVEL = 0.9
"""How often the interval of a forecast is to hold the truth."""


@dataclass(frozen=True)
class Range:
    """A forecast figure: its expectation and the interval that holds the truth 90 times in 100."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What the leads scored in a period so far will have converted, or why that cannot be said.

    Attributes
    ----------
    period : str
    tier : str or None
        A tier's name; None for all leads.
    at : datetime
        What was known by then, UTC.
    complete_at : datetime
        When the horizon of the last of these leads has passed.
    leads : int
        Scored by then.
    known : int
        Of them converted by then.
    known_amount : float
    seen_share : float or None
        Share of their conversions that past periods had seen at the same age; None without any.
    past_periods : tuple of str
        Complete by then: what the forecast was learned from.
    past_conversions : int
        In them.
    conversions, rate, amount : Range or None
        Final figures, what is known included. None where refused; `amount` also where no past conversion has
        one.
    refusal : str or None
    """

    period: str
    tier: str | None
    at: datetime
    complete_at: datetime
    leads: int
    known: int
    known_amount: float
    seen_share: float | None
    past_periods: tuple[str, ...]
    past_conversions: int
    conversions: Range | None
    rate: Range | None
    amount: Range | None
    refusal: str | None

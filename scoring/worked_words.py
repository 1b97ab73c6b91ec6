"""What is said about the share of leads that sales worked, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.figure_words import NO_BREAK, percent
from scoring.worked import WorkedShare

THE_COMPLETE = "Of the complete leads"
THE_COMPLETE_ACCOUNTS = "Of the complete accounts"
THE_ENTERED = "Of the leads that it did not have before, and that have had all their days since,"
NOBODY_WORKED = "The rate of those that nobody worked is not known."
NOT_TOLD = (
    "Which leads sales worked is not known: the data hold no outcome of sales but wins. Load what sales "
    "accepted, rejected and lost to see it."
)
WORKED_MEANS = (
    "Worked: the share of these leads about which sales recorded anything within the days allowed to "
    f"convert, other than the hand-over. {NOBODY_WORKED}"
)
NOT_YET = f"…{NO_BREAK}%"
"""Stands for a share that is still looked up."""


def worked_words(
    labels: Mapping[str, str], shares: Mapping[str, WorkedShare], leads: str = THE_COMPLETE
) -> str:
    """How much of each tier sales worked, and that the rate of the others is not known.

    Parameters
    ----------
    labels : mapping of str to str
        Tiers in the order to name them, and how each is shown.
    shares : mapping of str to WorkedShare
        By tier; none at all where the data do not tell it.
    leads : str
        How the sentence begins.

    Returns
    -------
    str
        '' where no tier has a complete lead.

    Examples
    --------
    >>> one = WorkedShare("pooled", "SQL", 10, 9, 0.9, 0.6, 0.98)
    >>> worked_words({"SQL": "Sales-ready"}, {"SQL": one}).replace("\\u00a0", " ")
    'Of the complete leads sales worked: Sales-ready 90 %.'
    """
    if not shares:
        return NOT_TOLD
    named = [
        f"{label} {percent(shares[tier].share, 0)}"
        for tier, label in labels.items()
        if tier in shares and shares[tier].share is not None
    ]
    hardly = any(one.is_hardly_worked for one in shares.values())
    return _sentence(named, leads, hardly) if named else ""


def worked_words_to_come(labels: Mapping[str, str], leads: str = THE_COMPLETE) -> str:
    """The same sentence before its figures are there, about as long."""
    return _sentence([f"{label} {NOT_YET}" for label in labels.values()], leads, hardly=True)


def _sentence(named: Sequence[str], leads: str, hardly: bool) -> str:
    return f"{leads} sales worked: {', '.join(named)}.{f' {NOBODY_WORKED}' if hardly else ''}"

"""One sentence about each figure of the Accounts page, with the technical word in it."""

from __future__ import annotations

EXPLANATIONS = {
    "rate": (
        "Of 100 accounts in this tier, so many converted within the days allowed (conversion rate); chance "
        "alone could have put the rate anywhere in the likely range (Wilson interval, 95 %)."
    ),
    "capture": (
        "Of all scored accounts that converted, the share that stood in this tier (capture). Accounts that "
        "bought before they were ever scored are not among them."
    ),
    "auc": (
        "Take one account that bought and one that did not: so many times in 100 the score ranks the buyer "
        "higher (AUC, ties count half, range by DeLong); 50 is tossing a coin."
    ),
    "through_others": (
        "An account is scored anew in every period while it is open, so one can count in several. It counts "
        "as converted whoever in it bought: also somebody who came after that day, or whom sales had closed."
    ),
}


def explanation(topic: str) -> str:
    """The sentence about a figure, for the ``help`` of a widget; KeyError for a topic that has none."""
    return EXPLANATIONS[topic]

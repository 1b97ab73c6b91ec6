"""Sources and campaigns in words: where their names come from, and which one is the largest."""

from __future__ import annotations

from scoring.cells import MISSING_SEGMENT
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.review import PartReview, PartRow
from scoring.statistics import wilson_interval

FIRST_TOUCH = "activities."
"""What the column of a part begins with when it is a property of the lead's first touch."""


def part_words(
    name: str, column: str | None, moment: str = "it was scored", nothing: str = MISSING_SEGMENT
) -> str:
    """Where the names of sources or campaigns come from, and what they cannot know.

    Parameters
    ----------
    name : str
        ``source`` or ``campaign``.
    column : str or None
        As of a `PartReview`.
    moment : str
        What happened at the moment that the leads are looked at.
    nothing : str
        What leads without one stand under.

    Examples
    --------
    >>> part_words("source", "leads.lead_source")
    "A lead's source is what its own column lead_source says, as known today."
    """
    if column is None:
        nowhere = "Neither activities nor leads have a" if name == "campaign" else "The leads have no"
        return f"{nowhere} column that names their {name}, or it holds too many names to split by."
    if column.startswith(FIRST_TOUCH):
        return (
            f"A lead's {name} is that of its first touch: of its activities before {moment}, the "
            f"earliest that names one. {nothing}: none did by then. Nothing later counts."
        )
    return f"A lead's {name} is what its own column {column.partition('.')[2]} says, as known today."


def part_heading(part: PartReview) -> str:
    """``campaign (first touch)`` or ``source (leads.source)``: a short name for a column of a table."""
    if part.column is None:
        return part.name
    told = "first touch" if part.column.startswith(FIRST_TOUCH) else part.column
    return f"{part.name} ({told})"


def named_rows(part: PartReview) -> tuple[PartRow, ...]:
    """The rows of leads that have a source or campaign, in the part's order."""
    return tuple(row for row in part.rows if row.value != MISSING_SEGMENT)


def judged_rows(part: PartReview) -> tuple[PartRow, ...]:
    """The named rows with enough complete leads for a rate."""
    return tuple(row for row in named_rows(part) if row.all.leads >= MIN_LEADS_FOR_RATE)


def best_row(part: PartReview, rate: float | None) -> PartRow | None:
    """The source or campaign that converted best, where that is more than chance; None where none did.

    Parameters
    ----------
    part : PartReview
    rate : float or None
        Of all complete leads of the period.

    Notes
    -----
    The best of many looks good by chance: the interval of each is so wide that all of them together hold 95
    times in 100 (Bonferroni), and has to lie above the rate of all leads.
    """
    judged = judged_rows(part)
    if rate is None:
        return None
    better = [row for row in judged if _at_least(row, len(judged)) > rate]
    return max(better, key=lambda row: row.all.rate or 0.0, default=None)


def _at_least(row: PartRow, of: int) -> float:
    low, _ = wilson_interval(row.all.conversions, row.all.leads, 1 - 0.05 / of)
    return 0.0 if low is None else low

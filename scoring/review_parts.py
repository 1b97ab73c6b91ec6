"""Sources and campaigns in words: where their names come from, and which one is the largest."""

from __future__ import annotations

from scoring.cells import MISSING_SEGMENT
from scoring.review import PartReview, PartRow

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
        return f"{nowhere} column that names their {name}."
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

"""Leads that are left out, as far as it is the same for every product."""

from __future__ import annotations

from collections.abc import Sequence

from reports.build_sheet.filters import Filter
from reports.build_sheet.sheet import SheetLine, impossible
from scoring.model import Condition
from scoring.model_words import condition_words

LABEL = "Leads that are left out"


def cannot_leave_out(
    filters: Sequence[Filter], lost: Sequence[Condition], filter_word: str, field: str
) -> SheetLine:
    """The line of conditions that the product's filters, as it calls them, cannot ask for."""
    reasons = [f"No {filter_word} asks whether {condition_words(one)}." for one in lost]
    others = "; ".join(one.text for one in filters)
    advice = f"Write a yes-or-no {field} where the record is made and leave out those with yes" + (
        f", beside: {others}." if others else "."
    )
    return impossible("model", "exclude", LABEL, reasons, advice)

"""Which campaign brought a lead: one definition for reviews, alignment and lists."""

from __future__ import annotations

from queries.flow import Flow
from queries.segments import SEGMENT_TABLES, TOUCHED_TABLE, few_values
from scoring.cells import MISSING_SEGMENT

CAMPAIGN_COLUMNS = (
    "campaign",
    "utm_campaign",
    "campaign_name",
    "lead_source_detail",
    "original_source_drill_down_1",
)
"""What exports call the column that says which campaign brought a lead, the usual names first."""


def campaign_column(flow: Flow) -> str | None:
    """The column that names the campaign of a lead, as figures can be split by it; None when there is none.

    Where activities name campaigns it is such as ``activities.campaign``: the campaign of the lead's first
    touch, of its activities before the moment the earliest that names one (see
    `queries.segments.first_touches`). Otherwise it is the lead's own attribute, which is as known today. A
    column of more values than figures can be split by is none, and one that holds nothing but numbers counts
    something and names nothing.
    """
    for table in (TOUCHED_TABLE, SEGMENT_TABLES[0]):
        known = {column.lower(): column for column in flow.engine.columns(table)}
        for name in CAMPAIGN_COLUMNS:
            column = f"{table}.{known.get(name)}"
            if name in known and any(map(_is_name, few_values(flow.engine, column, flow.touches(column)))):
                return column
    return None


def _is_name(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return value != MISSING_SEGMENT
    return False

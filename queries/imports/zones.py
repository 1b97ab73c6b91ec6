"""Local times of a time zone as UTC: a small table of offsets, made from the zone's own rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from queries.imports.errors import ImportRefused

FIRST_YEAR, LAST_YEAR = 1900, 2100
_START, _END = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)


def find_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises
    ------
    ImportRefused
        When there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImportRefused(
            f"the time zone must be an IANA name such as 'UTC' or 'Europe/Berlin', got {name!r}; correct it"
        ) from None


@cache
def zone_offsets(name: str) -> pa.Table:
    """One row per span of local time with one offset from UTC.

    Local times that clocks skipped lie in no span. Those that came twice lie in the first span only and are
    at or
    after its `ambiguous_from`. Before 1900 the first offset holds, after 2100 the last.

    Parameters
    ----------
    name : str
        IANA name.

    Returns
    -------
    pyarrow.Table
        ``local_from``, ``local_until`` (not included), ``ambiguous_from`` (null when no time of the span came
        twice), ``offset_seconds``.

    Raises
    ------
    ImportRefused
        When there is no such zone.
    """
    changes = _offset_changes(find_zone(name))
    spans = []
    local_from = _START
    for position, (_, offset) in enumerate(changes):
        ambiguous_from = None
        local_until, next_from = _END, None
        if position + 1 < len(changes):
            change, next_offset = changes[position + 1]
            local_until = change + offset
            next_from = change + next_offset
            if next_from < local_until:
                ambiguous_from = next_from
        spans.append((local_from, local_until, ambiguous_from, int(offset.total_seconds())))
        if next_from is not None:
            local_from = max(local_until, next_from)
    columns = list(zip(*spans, strict=True))
    time = pa.timestamp("us")
    arrays = [pa.array(column, time) for column in columns[:3]] + [pa.array(columns[3], pa.int64())]
    return pa.table(arrays, names=["local_from", "local_until", "ambiguous_from", "offset_seconds"])


def _offset_changes(zone: ZoneInfo) -> list[tuple[datetime, timedelta]]:
    """The instants (UTC, naive) at which the offset changes, with the offset from then on."""
    day = timedelta(days=1)
    instant = datetime(FIRST_YEAR, 1, 1)
    end = datetime(LAST_YEAR, 1, 1)
    offset = _offset(zone, instant)
    changes = [(instant, offset)]
    while instant < end:
        following = _offset(zone, instant + day)
        if following != offset:
            changes.append((_bisect_change(zone, instant, instant + day), following))
            offset = following
        instant += day
    return changes


def _bisect_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second at or before `high` with the offset of `high`."""
    wanted = _offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == wanted:
            high = middle
        else:
            low = middle
    return high


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset

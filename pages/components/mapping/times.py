"""How times are written in a file, and in which time zone: two choices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from queries.mapping import TableMapping

FORMATS = {
    "iso": "2026-01-31 or 2026-01-31 09:30 (year first)",
    "%d.%m.%Y": "31.01.2026",
    "%d.%m.%Y %H:%M": "31.01.2026 09:30",
    "%d/%m/%Y": "31/01/2026 (day first)",
    "%d/%m/%Y %H:%M": "31/01/2026 09:30 (day first)",
    "%m/%d/%Y": "01/31/2026 (month first)",
    "%m/%d/%Y %H:%M": "01/31/2026 09:30 (month first)",
    "%m/%d/%Y %I:%M %p": "01/31/2026 09:30 AM (month first)",
    "%Y/%m/%d": "2026/01/31",
    "%Y%m%d": "20260131",
    "%d %b %Y": "31 Jan 2026",
    "%b %d, %Y": "Jan 31, 2026",
    "unix_seconds": "1769851800 (seconds since 1970)",
    "unix_milliseconds": "1769851800000 (milliseconds since 1970)",
}
AS_FOR_ALL = "as for all files"
UTC = "UTC"


@cache
def timezones() -> tuple[str, ...]:
    """The names of all time zones, UTC first."""
    return (UTC, *sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name))


def choose_times(base: TableMapping, start: Sequence[str], key: str) -> dict[str, Any]:
    """Draw the choices.

    Parameters
    ----------
    base : TableMapping
    start : sequence of str
        The formats that are chosen at first.
    key : str
        Prefix of the widgets' keys.

    Returns
    -------
    dict
        ``time_format`` and ``timezone`` of a TableMapping.
    """
    formats, zone = st.columns([3, 2])
    with formats:
        known = list(dict.fromkeys([*FORMATS, *start]))
        chosen = st.multiselect(
            "How are dates written?",
            known,
            default=list(start),
            format_func=lambda written: FORMATS.get(written, written),
            accept_new_options=True,
            key=f"{key}_format",
            help="Several are tried in this order. Another one is written with %Y %m %d %H %M: %d-%m-%y.",
        )
    with zone:
        timezone = choose_timezone(
            "Time zone, if another than below", f"{key}_zone", base.timezone, optional=True
        )
    return {"time_format": tuple(chosen) or ("iso",), "timezone": timezone}


def choose_timezone(label: str, key: str, start: str | None = UTC, *, optional: bool = False) -> str | None:
    """Draw the choice of a time zone for times that name none; None means: as for all files."""
    options: list[str | None] = [None] * optional + list(timezones())
    if start not in options:
        options.insert(1, start)
    return st.selectbox(
        label,
        options,
        index=options.index(start),
        format_func=lambda name: AS_FOR_ALL if name is None else name,
        key=key,
        help="Times such as 09:30 without +01:00 or Z are taken as times in this zone.",
    )

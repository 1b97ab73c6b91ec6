"""One file feeding one table, and what is to be said about its rows."""

from __future__ import annotations

from dataclasses import dataclass

from queries.contract import TableContract
from queries.mapping import TableMapping
from queries.workspace import SourceFile

NAMED_FORMATS = {
    "iso": "2025-01-31 or 2025-01-31T09:30:00Z",
    "unix_seconds": "whole seconds since 1970",
    "unix_milliseconds": "whole milliseconds since 1970",
}


@dataclass(frozen=True)
class Feed:
    """One file feeding one table.

    Attributes
    ----------
    number : int
        Its place among all feeds.
    file_number : int
        Which staged file.
    file : SourceFile
    columns : tuple of str
        The file's columns.
    clustered_by : frozenset of int
        The places of columns by which the file's rows lie together, so that a part can be read alone.
    """

    number: int
    contract: TableContract
    mapping: TableMapping
    file_number: int
    file: SourceFile
    columns: tuple[str, ...]
    timezone: str
    clustered_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Facts:
    """How many rows of one feed could be taken apart, could not, break the contract; what is to be said."""

    rows: int
    broken: int
    unacceptable: int
    without_offset: int
    ambiguous: int
    unmatched: int
    matched_several: int
    last_day: int | None


def expected_time(mapping: TableMapping) -> str:
    """How a table's times are written, for messages."""
    return " or ".join(NAMED_FORMATS.get(time_format, time_format) for time_format in mapping.time_format)


def notes_on(feed: Feed, facts: Facts) -> list[str]:
    """What was assumed about the rows of a feed, in words."""
    zone = feed.mapping.timezone or feed.timezone
    where = f"{feed.file.name}, {feed.contract.name}"
    matched_with = "accounts" if feed.contract.name == "leads" else "leads"
    notes = []
    if facts.without_offset:
        times, were = ("time", "was") if facts.without_offset == 1 else ("times", "were")
        notes.append(f"{where}: {facts.without_offset:,} {times} without an offset {were} taken as {zone}")
    if facts.ambiguous:
        notes.append(
            f"{where}: {facts.ambiguous:,} times came twice when clocks went back in {zone}; the first was "
            "taken"
        )
    if facts.unmatched:
        notes.append(f"{where}: {facts.unmatched:,} rows match none of the {matched_with}")
    if facts.matched_several:
        notes.append(
            f"{where}: {facts.matched_several:,} rows match several {matched_with}; the earliest was taken"
        )
    return notes


def ambiguous_formats(feed: Feed, facts: Facts) -> list[str]:
    """The formats of days and months as numbers, when no day above 12 shows which is which."""
    if facts.last_day is None or facts.last_day > 12:
        return []
    return [
        time_format
        for time_format in feed.mapping.time_format
        if ("%d" in time_format or "%-d" in time_format) and ("%m" in time_format or "%-m" in time_format)
    ]

"""Times: ISO 8601, formats, offsets and time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.importing import ImportRefused, load_files, load_tables
from queries.imports.zones import zone_offsets
from queries.mapping_file import parse_mapping
from queries.workspace import Workspace
from tests.loading import rows_of


def read_time(folder: Path, text: str, timezone: str = "UTC") -> datetime | None:
    """The time that an import makes of a text, None when it is rejected."""
    workspace = Workspace.open(folder / "workspace")
    leads = pa.table({"lead_id": ["a"], "created_at": [text]})
    load_tables(workspace, {"leads": leads}, timezone=timezone, max_rejected=1.0)
    rows = rows_of(workspace, "select created_at from leads")
    return rows[0][0] if rows else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-31", datetime(2025, 1, 31)),
        (" 2025-01-31\t", datetime(2025, 1, 31)),
        ("2025-01-31T09:30", datetime(2025, 1, 31, 9, 30)),
        ("2025-01-31 09:30:15", datetime(2025, 1, 31, 9, 30, 15)),
        ("2025-01-31t09:30:15.5z", datetime(2025, 1, 31, 9, 30, 15, 500_000)),
        ("2025-01-31T09:30:15.123456789Z", datetime(2025, 1, 31, 9, 30, 15, 123_456)),
        ("2025-01-31T09:30:15,25Z", datetime(2025, 1, 31, 9, 30, 15, 250_000)),
        ("2025-01-31T02:30:00+05:00", datetime(2025, 1, 30, 21, 30)),
        ("2025-01-31T02:30:00-0530", datetime(2025, 1, 31, 8, 0)),
        ("2025-01-31T02:30+05", datetime(2025, 1, 30, 21, 30)),
        ("2025-01-31 02:30:00 +00:00", datetime(2025, 1, 31, 2, 30)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2025-02-29", None),
        ("2025-13-01", None),
        ("2025-01-31T24:00:00", None),
        ("2025-01-31T10:00:60", None),
        ("2025-01-31T10", None),
        ("2025-1-31", None),
        ("20250131", None),
        ("01/31/2025", None),
        ("0000-01-01", None),
        ("0024-01-01", None),
        ("2025-01-31+02:00", None),
        ("2025-01-31T10:00:00+25:00", None),
        ("2025-01-31T10:00:00 Europe/Berlin", None),
        ("yesterday", None),
        ("infinity", None),
    ],
)
def test_iso_times_become_utc_and_all_else_is_rejected(
    tmp_path: Path, text: str, expected: datetime | None
) -> None:
    assert read_time(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2025-01-31 12:00", "Europe/Berlin", datetime(2025, 1, 31, 11)),
        ("2025-07-31 12:00", "Europe/Berlin", datetime(2025, 7, 31, 10)),
        ("2025-07-31 12:00Z", "Europe/Berlin", datetime(2025, 7, 31, 12)),
        ("2025-07-31", "America/New_York", datetime(2025, 7, 31, 4)),
        ("2025-03-30 02:30", "Europe/Berlin", None),  # clocks went forward
        ("2025-03-30 03:00", "Europe/Berlin", datetime(2025, 3, 30, 1)),
        ("2025-10-26 02:30", "Europe/Berlin", datetime(2025, 10, 26, 0, 30)),  # came twice: the first
        ("2025-10-26 03:00", "Europe/Berlin", datetime(2025, 10, 26, 2)),
        ("1850-01-01 00:00", "Etc/GMT-3", datetime(1849, 12, 31, 21)),
        ("2300-07-01 00:00", "Etc/GMT-3", datetime(2300, 6, 30, 21)),
    ],
)
def test_times_without_offset_are_taken_in_the_given_zone(
    tmp_path: Path, text: str, zone: str, expected: datetime | None
) -> None:
    assert read_time(tmp_path, text, zone) == expected


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    for zone in ("Mars/Base", "../../etc/passwd", ""):
        with pytest.raises(ImportRefused, match="IANA name"):
            read_time(tmp_path, "2025-01-01", zone)


@settings(max_examples=300)
@given(
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]
    ),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),
)
def test_the_table_of_offsets_agrees_with_the_zone(zone: str, local: datetime) -> None:
    spans = [row for row in zone_offsets(zone).to_pylist() if row["local_from"] <= local < row["local_until"]]
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    exists = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    assert len(spans) == exists
    if exists:
        [span] = spans
        assert local - timedelta(seconds=span["offset_seconds"]) == first.replace(tzinfo=None)
        second = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
        twice = span["ambiguous_from"] is not None and local >= span["ambiguous_from"]
        assert twice == (second != first)


@pytest.mark.parametrize(
    ("time_format", "text", "expected"),
    [
        ("%d.%m.%Y", "3.2.2025", datetime(2025, 2, 3)),
        ("%m/%d/%Y %I:%M %p", "12/31/2024 1:05 PM", datetime(2024, 12, 31, 13, 5)),
        ("%Y%m%d", "20250203", datetime(2025, 2, 3)),
        ("%d/%b/%Y:%H:%M:%S %z", "03/Feb/2025:10:00:00 +0200", datetime(2025, 2, 3, 8)),
        ("unix_seconds", "1738540800", datetime(2025, 2, 3)),
        ("unix_milliseconds", "1738540800123", datetime(2025, 2, 3, 0, 0, 0, 123_000)),
        ("%d.%m.%Y", "30.2.2025", None),
        ("%d.%m.%Y", "3.2.25", None),
        ("%d.%m.%Y", "3.2.2025 10:00", None),
        ("unix_seconds", "99999999999999999999", None),
    ],
)
def test_formats_of_a_mapping_are_followed_exactly(
    tmp_path: Path, time_format: str, text: str, expected: datetime | None
) -> None:
    (tmp_path / "leads.csv").write_text(f"lead_id,created_at\na,{text}\n")
    mapping = parse_mapping(f"[[leads]]\ntime_format = '{time_format}'\n")
    workspace = Workspace.open(tmp_path / "workspace")
    load_files(workspace, [tmp_path / "leads.csv"], mapping=mapping, max_rejected=1.0)
    assert rows_of(workspace, "select created_at from leads") == ([(expected,)] if expected else [])


def test_what_was_assumed_about_times_is_said(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    times = ["2025-10-26 02:30", "2025-10-27", "2025-10-27T00:00Z"]
    leads = pa.table({"lead_id": ["a", "b", "c"], "created_at": times})
    report = load_tables(workspace, {"leads": leads}, timezone="Europe/Berlin")
    assert report.notes == (
        "demo leads, leads: 2 times without an offset were taken as Europe/Berlin",
        "demo leads, leads: 1 times came twice when clocks went back in Europe/Berlin; the first was taken",
    )

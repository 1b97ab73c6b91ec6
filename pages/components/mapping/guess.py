"""Guesses that a mapping starts from: which column is likely to be what, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

# The likeliest name first.
_ALIASES = {
    "lead_id": "lead_id leadid contact_id contactid record_id person_id customer_id id email opportunity_id "
    "deal_id",
    "account_id": "account_id accountid company_id companyid account company account_name id",
    "created_at": "created_at createdat createdate create_date created_date created date_created entered "
    "open_date engage_date signup_date",
    "occurred_at": "occurred_at timestamp event_time occurred datetime date time close_date",
    "activity_type": "activity_type event_type event activity type action",
    "stage": "stage status outcome deal_stage lead_status result",
    "amount": "amount deal_amount value revenue close_value",
    "deal_id": "deal_id opportunity_id dealid opportunityid",
    "reason": "reason lost_reason closed_lost_reason loss_reason",
    "owner": "owner owner_name sales_rep sales_agent contact_owner lead_owner",
}
# Words of a file's name that tell what it holds.
_TABLE_NAMES = {
    "leads": {"lead", "leads", "contact", "contacts"},
    "accounts": {"account", "accounts", "company", "companies", "organizations", "organisations"},
    "activities": {"activity", "activities", "event", "events"},
    "outcomes": {"outcome", "outcomes"},
}
_STAGE_SIGNS = {"won": {"won", "customer"}, "lost": {"lost"}, "disqualified": {"disqualified", "unqualified"}}
_DAY_MONTH = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)\d{4}"
    r"(?P<clock> \d{1,2}:\d{2})?(?P<seconds>:\d{2})?(?P<half> [AaPp][Mm])?"
)
# Ways that say by themselves which part is which.
_PLAIN_WAYS = ("%Y%m%d", "%Y/%m/%d", "%Y/%m/%d %H:%M", "%d %b %Y", "%b %d, %Y")
_UNIX_WAYS = {"unix_seconds": re.compile(r"1\d{9}"), "unix_milliseconds": re.compile(r"1\d{12}")}
_STAGE_WORDS = (
    "won",
    "customer",
    "closed_won",
    "lost",
    "disqualified",
    "opportunity",
    "sql",
    "mql",
    "converted",
)


def plain_name(name: str) -> str:
    """A column's name with words apart by ``_``: ``Create Date`` and ``CreateDate`` are ``create_date``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")


def guess_column(wanted: str, columns: Sequence[str]) -> str | None:
    """The column that is most likely to hold `wanted`, None when no name suggests it.

    Examples
    --------
    >>> guess_column("created_at", ["Record ID", "Create Date"])
    'Create Date'
    """
    names = {plain_name(column): column for column in reversed(columns)}
    return next((names[alias] for alias in _ALIASES[wanted].split() if alias in names), None)


def guess_stage(column: str) -> str:
    """The stage that a date column stands for: ``Became a Customer Date`` is ``won``."""
    name = plain_name(column)
    for stage, signs in _STAGE_SIGNS.items():
        if signs & set(name.split("_")):
            return stage
    name = re.sub(r"_?(date|time|timestamp|at|on)$", "", name)
    return re.sub(r"^(hs_lifecyclestage|became_an?|became|date_entered|entered|date)_", "", name)


def guess_date_columns(columns: Sequence[str]) -> list[str]:
    """The columns that look like one date for each stage."""
    named = [column for column in columns if re.search(r"date|_at$|_on$|\bon\b", plain_name(column))]
    return [column for column in named if any(word in plain_name(column) for word in _STAGE_WORDS)]


def guess_hindsight(columns: Sequence[str]) -> list[str]:
    """The columns of a lead export that are only filled in once it is known how the lead ended."""
    dates = guess_date_columns(columns)
    ended = guess_column("occurred_at", columns) if guess_column("stage", columns) else None
    known_later = [guess_column(name, columns) for name in ("stage", "amount", "reason")]
    found = [*dates, *([ended, *known_later] if dates or ended else [])]
    return list(dict.fromkeys(column for column in found if column is not None))


def guess_time_format(examples: Sequence[str]) -> str:
    """How the examples write their times; ``iso`` when they fit nothing or could be read in two ways.

    Examples
    --------
    >>> guess_time_format(["01.02.2025", "13.02.2025"]), guess_time_format(["02/13/2025 10:00"])
    ('%d.%m.%Y', '%m/%d/%Y %H:%M')
    """
    written = [_DAY_MONTH.fullmatch(example.strip()) for example in examples]
    found = [match for match in written if match is not None]
    if not found or len(found) < len(written):
        return _plain_way([example.strip() for example in examples])
    mark, clocks = found[0]["mark"], {_clock(match) for match in found}
    if len(clocks) > 1:
        return "iso"
    first, second = (max(int(match[part]) for match in found) for part in ("first", "second"))
    if mark == "." or (first > 12 >= second):
        order = f"%d{mark}%m{mark}%Y"
    elif second > 12 >= first:
        order = f"%m{mark}%d{mark}%Y"
    else:
        return "iso"
    return order + clocks.pop()


def _clock(match: re.Match[str]) -> str:
    """How the time of day is written behind a date; empty when it is not there."""
    if not match["clock"]:
        return ""
    seconds = ":%S" if match["seconds"] else ""
    return f" %I:%M{seconds} %p" if match["half"] else f" %H:%M{seconds}"


def _plain_way(examples: Sequence[str]) -> str:
    """The way that reads all examples, of those that cannot be mistaken for each other; else ``iso``."""
    if not examples:
        return "iso"
    for name, pattern in _UNIX_WAYS.items():
        if all(pattern.fullmatch(example) for example in examples):
            return name
    return next((way for way in _PLAIN_WAYS if all(_reads(way, example) for example in examples)), "iso")


def _reads(way: str, example: str) -> bool:
    try:
        datetime.strptime(example, way)
    except ValueError:
        return False
    return True


def guess_tables(columns: Sequence[str], file_name: str = "") -> list[str]:
    """The tables that a file of unknown shape is likely to feed."""
    found = {name: guess_column(name, columns) is not None for name in _ALIASES}
    named = set(plain_name(file_name).split("_"))
    if found["account_id"] and _TABLE_NAMES["accounts"] & named:
        return ["accounts"]
    tables = []
    if found["created_at"] or guess_date_columns(columns):
        tables.append("leads")
    if found["activity_type"] and found["occurred_at"] and not found["created_at"]:
        tables.append("activities")
    if guess_date_columns(columns) or (found["stage"] and found["occurred_at"]):
        tables.append("outcomes")
    return tables or [table for table, names in _TABLE_NAMES.items() if names & named]

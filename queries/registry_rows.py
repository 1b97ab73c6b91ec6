"""The statements of the registry over one connection: rows to versions and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from queries.versions import RegistryError, SavedFigures, State, Transition, Version
from queries.workspace import format_time, parse_time
from scoring.model_file import format_model, parse_model

FIND = "select * from saved_versions where number = :number"
NEWEST_FIRST = "select * from saved_versions order by number desc limit :limit"
CHAMPION = "select * from saved_versions where number = (select version from champion)"
NEWEST_OF_LINE = "select * from saved_versions where line = :line order by number desc limit 1"
SAVED_BEFORE = """
select * from saved_versions
where parent = :parent and content_sha256 = :content_sha256 and author = :author and note = :note
order by number
limit 1
"""
INSERT = """
insert into versions
  (number, parent, line, text, content_sha256, author, saved_at, note, data_version, backtest)
values
  (:number, :parent, :line, :text, :content_sha256, :author, :saved_at, :note, :data_version, :backtest)
"""
TRANSITIONS = """
select
  version, state, author, at, note,
  state = 'champion' and 2 = (
    select count(*) from signatures
    where proposal = (
      select max(id) from transitions as proposals
      where proposals.version = transitions.version
        and proposals.state = 'proposed' and proposals.id < transitions.id
    )
  ) as is_signed
from transitions
where :number is null or version = :number
order by id
"""
REPLACED_SINCE_PROPOSED = """
select * from saved_versions
where number = (
  select version from transitions
  where state = 'champion'
    and id > (select max(id) from transitions where version = :number and state = 'proposed')
  order by id desc
  limit 1
)
"""
RECORD = """
insert into transitions (version, state, author, at, note) values (:version, :state, :author, :at, :note)
"""
NEXT_NUMBER = "select coalesce(max(number), 0) + 1 from versions"
FILE_READ = "select text_sha256 from model_file"
FILE_WRITTEN = """
insert into model_file (only, text_sha256) values (1, :text_sha256)
on conflict (only) do update set text_sha256 = excluded.text_sha256
"""


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_sha256(text: str, source: str) -> str:
    """SHA-256 of a model file in canonical form; ModelError names the mistake in the file."""
    return sha256(format_model(parse_model(text, source)))


@dataclass(frozen=True)
class NewVersion:
    """What is to be saved; without a line it begins one of its own."""

    text: str
    content_sha256: str
    author: str
    note: str
    parent: int | None = None
    line: int | None = None
    figures: SavedFigures | None = None


class Rows:
    """What stands in the tables, seen through one connection."""

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self.connection = connection
        self.now = now

    def newest_first(self, limit: int | None) -> tuple[Version, ...]:
        rows = self.connection.execute(NEWEST_FIRST, {"limit": -1 if limit is None else limit})
        return tuple(map(_version, rows))

    def find(self, number: int) -> Version:
        """One version; RegistryError when there is none of this number."""
        # SQLite takes no larger number, and no version has one.
        found = self._one(FIND, number=number) if 0 < number < 2**63 else None
        if found is None:
            raise RegistryError(f"version must be one that was saved, got {number}; list them to see which")
        return found

    def champion(self) -> Version:
        champion = self._one(CHAMPION)
        if champion is None:  # the tables do not allow it: somebody else wrote the file
            raise RegistryError("the history of models must have a model in use, got none; put back a copy")
        return champion

    def newest_of(self, version: Version) -> Version:
        """The last version of the line that this one belongs to."""
        return self._one(NEWEST_OF_LINE, line=version.line) or version

    def saved_before(self, new: NewVersion) -> Version | None:
        """The version that an earlier, equal save made."""
        return self._one(
            SAVED_BEFORE,
            parent=new.parent,
            content_sha256=new.content_sha256,
            author=new.author,
            note=new.note,
        )

    def insert(self, new: NewVersion) -> Version:
        """Save a version, which is a draft at first."""
        [number] = self.connection.execute(NEXT_NUMBER).fetchone()
        figures = new.figures
        self.connection.execute(
            INSERT,
            {
                "number": number,
                "parent": new.parent,
                "line": number if new.line is None else new.line,
                "text": new.text,
                "content_sha256": new.content_sha256,
                "author": new.author,
                "saved_at": format_time(self.now()),
                "note": new.note,
                "data_version": None if figures is None else figures.data_version,
                "backtest": None if figures is None else json.dumps(figures.backtest, allow_nan=False),
            },
        )
        self.record(number, "draft", new.author, new.note)
        return self.find(number)

    def record(self, number: int, state: State, author: str, note: str) -> None:
        """Give a version a state; the tables make the champion's the only one."""
        at = format_time(self.now())
        self.connection.execute(
            RECORD, {"version": number, "state": state, "author": author, "at": at, "note": note}
        )

    def replace_champion(self, number: int, author: str, note: str) -> None:
        """Make another version the champion; the old one is retired."""
        old = self.champion()
        self.record(number, "champion", author, note)
        self.record(old.number, "retired", author, f"replaced by version {number}")

    def replaced_since_proposed(self, number: int) -> Version | None:
        """The version that came into use after this one was proposed last; None while the old one is."""
        return self._one(REPLACED_SINCE_PROPOSED, number=number)

    def transitions(self, number: int | None) -> tuple[Transition, ...]:
        rows = self.connection.execute(TRANSITIONS, {"number": number})
        return tuple(
            Transition(row[0], row[1], row[2], recorded_time(row[3]), row[4], bool(row[5])) for row in rows
        )

    @property
    def known_file(self) -> str:
        """SHA-256 of the model file as it was last written or read."""
        [known] = self.connection.execute(FILE_READ).fetchone()
        return str(known)

    def remember_file(self, text: str) -> None:
        """This is what the model file holds."""
        self.connection.execute(FILE_WRITTEN, {"text_sha256": sha256(text)})

    def _one(self, statement: str, **values: Any) -> Version | None:
        row = self.connection.execute(statement, values).fetchone()
        return None if row is None else _version(row)


def _version(row: tuple[Any, ...]) -> Version:
    number, parent, line, text, content, author, saved_at, note, data_version, backtest, state = row
    return Version(
        number=number,
        parent=parent,
        line=line,
        text=text,
        content_sha256=content,
        author=author,
        saved_at=recorded_time(saved_at),
        note=note,
        state=state,
        data_version=data_version,
        backtest=backtest,
    )


def recorded_time(text: str) -> datetime:
    """A time as it stands in the tables."""
    time = parse_time(text)
    if time is None:
        raise RegistryError("the history of models must have times, got none; put back a copy")
    return time


def utc_now() -> datetime:
    """The time, UTC and naive."""
    return datetime.now(UTC).replace(tzinfo=None)

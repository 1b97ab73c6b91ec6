"""The tables of the registry, and how a file of an earlier program gets those that came later.

What was written never changes: every table refuses updates and removals, but for the one row that names the
champion and the one that describes the model file.
"""

from __future__ import annotations

import sqlite3

FORMAT_WITHOUT_AGREEMENT = 1
"""Versions and their states; no signatures, no points."""

FORMAT = 2

SCHEMA = """
create table versions (
  number integer primary key,
  parent integer references versions (number),
  line integer not null,
  text text not null,
  content_sha256 text not null check (length(content_sha256) = 64),
  author text not null check (author <> ''),
  saved_at text not null,
  note text not null,
  data_version text,
  backtest text
) strict;
create index versions_of_line on versions (line, number);

create table transitions (
  id integer primary key,
  version integer not null references versions (number),
  state text not null check (state in ('draft', 'proposed', 'champion', 'retired')),
  author text not null,
  at text not null,
  note text not null
) strict;
create index transitions_of_version on transitions (version, id);

create view saved_versions as
select
  number, parent, line, text, content_sha256, author, saved_at, note, data_version, backtest,
  (select state from transitions where version = number order by id desc limit 1) as state
from versions;

-- One row, which can be changed but not removed: there is never a second champion, and never none.
create table champion (
  only integer primary key check (only = 1),
  version integer not null references versions (number)
) strict;

-- The model file as it was last written or read: a file that differs was edited by somebody else.
create table model_file (
  only integer primary key check (only = 1),
  text_sha256 text not null
) strict;

create trigger versions_stay_as_they_are before update on versions
begin select raise(abort, 'a version never changes'); end;
create trigger versions_stay before delete on versions
begin select raise(abort, 'a version is never removed'); end;
create trigger transitions_stay_as_they_are before update on transitions
begin select raise(abort, 'what happened never changes'); end;
create trigger transitions_stay before delete on transitions
begin select raise(abort, 'what happened is never removed'); end;
create trigger champion_stays before delete on champion
begin select raise(abort, 'there is always a champion'); end;
create trigger champion_is_replaced_only before insert on transitions
when new.state <> 'champion' and new.version = (select version from champion)
begin select raise(abort, 'the champion can only be replaced'); end;
create trigger champion_follows after insert on transitions when new.state = 'champion'
begin
  insert into champion (only, version) values (1, new.version)
  on conflict (only) do update set version = excluded.version;
end;
"""

AGREEMENT = """
-- A signature belongs to one proposal of one version: whoever proposes it anew asks for both again.
create table signatures (
  id integer primary key,
  proposal integer not null references transitions (id),
  version integer not null references versions (number),
  side text not null check (side in ('sales', 'marketing')),
  name text not null check (name <> ''),
  role text not null check (role <> ''),
  comment text not null,
  at text not null,
  unique (proposal, side)
) strict;
create index signatures_of_version on signatures (version, id);

create table points (
  id integer primary key,
  version integer not null references versions (number),
  kind text not null check (kind in ('open', 'decision')),
  author text not null check (author <> ''),
  at text not null,
  text text not null check (text <> '')
) strict;
create index points_of_version on points (version, id);

create table resolutions (
  point integer primary key references points (id),
  author text not null check (author <> ''),
  at text not null,
  note text not null check (note <> '')
) strict;

create trigger signatures_stay_as_they_are before update on signatures
begin select raise(abort, 'a signature never changes'); end;
create trigger signatures_stay before delete on signatures
begin select raise(abort, 'a signature is never removed'); end;
create trigger only_a_proposal_is_signed before insert on signatures
when not exists (
  select 1 from transitions
  where id = new.proposal and version = new.version and state = 'proposed'
    and id = (select max(id) from transitions where version = new.version)
)
begin select raise(abort, 'only a version that is proposed can be signed'); end;
create trigger points_stay_as_they_are before update on points
begin select raise(abort, 'a point never changes'); end;
create trigger points_stay before delete on points
begin select raise(abort, 'a point is never removed'); end;
create trigger resolutions_stay_as_they_are before update on resolutions
begin select raise(abort, 'a resolution never changes'); end;
create trigger resolutions_stay before delete on resolutions
begin select raise(abort, 'a resolution is never removed'); end;
create trigger only_open_points_are_resolved before insert on resolutions
when (select kind from points where id = new.point) <> 'open'
begin select raise(abort, 'a decision is not resolved'); end;
"""

NOTHING_AGREED = """
create temp view signatures as
select 0 as id, 0 as proposal, 0 as version, '' as side, '' as name, '' as role, '' as comment, '' as at
where false;
create temp view points as
select 0 as id, 0 as version, '' as kind, '' as author, '' as at, '' as text
where false;
create temp view resolutions as
select 0 as point, '' as author, '' as at, '' as note
where false;
"""


def found_format(connection: sqlite3.Connection) -> int:
    """The format that a file was written in; 0 for one without tables."""
    [found] = connection.execute("pragma user_version").fetchone()
    return int(found)


def bring_up_to_date(connection: sqlite3.Connection) -> bool:
    """Make the tables that are missing, as a part of the transaction that is open.

    Returns
    -------
    bool
        Whether there were none at all.
    """
    found = found_format(connection)
    if found == 0:
        _run(connection, SCHEMA)
    if found != FORMAT:
        _run(connection, AGREEMENT)
        connection.execute(f"pragma user_version = {FORMAT}")
    return found == 0


def look_as_if_migrated(connection: sqlite3.Connection) -> None:
    """Let a file of an earlier program be read without writing to it: nothing was agreed yet."""
    if found_format(connection) == FORMAT_WITHOUT_AGREEMENT:
        _run(connection, NOTHING_AGREED)


def _run(connection: sqlite3.Connection, script: str) -> None:
    # Not executescript: it would commit first.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""

"""The SQLite file behind the registry: its tables, its settings, and its errors in words.

WAL with full synchronisation: what was committed outlives a killed program and a power cut. Every write takes
the lock when it begins, so what it has read cannot have changed when it commits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from queries.registry_schema import FORMAT, FORMAT_WITHOUT_AGREEMENT, found_format, look_as_if_migrated
from queries.versions import RegistryError

SECONDS_TO_WAIT = 30.0
"""For another process that writes."""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the lock from its beginning; all of it or nothing.

    Creates the file when it is missing; the tables are made by `registry_schema.bring_up_to_date`.

    Raises
    ------
    RegistryError
        In words: no room, no permission, damaged, locked for too long.
    """
    with _in_words(path), closing(_connect(path, "rwc")) as connection:
        _use_wal(connection)
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("rollback")
            raise


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to read from; None while there is no history yet.

    Reading needs a little room in the folder, too. Where there is none, or no permission, and nothing is
    under way, the file is read as it stands.
    """
    if not path.exists():
        yield None
        return
    with _in_words(path), closing(_connect_to_read(path)) as connection:
        begun = has_tables(connection, path)
        look_as_if_migrated(connection)
        yield connection if begun else None


def has_tables(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the history has begun; RegistryError when a later program wrote it."""
    found = found_format(connection)
    if found not in (0, FORMAT_WITHOUT_AGREEMENT, FORMAT):
        raise RegistryError(
            f"{path}: format must be {FORMAT}, got {found}; it was written by another version of the program"
        )
    return found != 0


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=SECONDS_TO_WAIT, isolation_level=None)
    try:
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        # Opening looks at nothing yet: whether the file can be read shows here.
        connection.execute("select count(*) from sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path, "rw")
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if _code(error) == sqlite3.SQLITE_BUSY or (log.exists() and log.stat().st_size):
            raise
        return _connect(path, "ro&immutable=1")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, once; while several begin at once SQLite does not wait by itself."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise RegistryError(_words(path, error)) from error


def _words(path: Path, error: sqlite3.Error) -> str:
    code = _code(error)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return f"{path} must have room to grow, got {error}; nothing was saved: make room and try again"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{path} must be a file that you may write, got {error}; see to the folder's permissions"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{path} must be free within {SECONDS_TO_WAIT:.0f} s, got another program writing; try again"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{path} must be a history of models, got a damaged file; put back a copy, or move it away"
    return f"{path}: {error}"


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; errors of the module itself have none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF

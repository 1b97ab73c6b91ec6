"""What was computed from a data version, kept by what it depends on: in memory and beside the workspace."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from queries.settings import default_memory

FORMAT = 2
"""Raised when the meaning of a stored structure changes, so that older files are not read."""

DISK_BYTES = 4_000_000_000


class Kept(Protocol):
    """Anything that knows how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        ...


Derived = TypeVar("Derived", bound=Kept)


def structure_key(kind: str, depends_on: Any) -> str:
    """A name for a structure: equal exactly when everything that it depends on is equal."""
    text = json.dumps([FORMAT, kind, depends_on], sort_keys=True, default=str)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


class StructureStore:
    """Arrow tables, and what is derived from them, by key.

    Computed once however many ask; what was used least recently is let go first.

    Parameters
    ----------
    folder : Path, optional
        Where tables are kept for the next start, as Parquet. A folder that cannot be written costs only
        time: nothing here is the only copy of anything.
    memory_bytes : int, optional
        What the tables in memory may hold together; a share of the machine's memory when not given. The
        newest one stays, however large.
    """

    def __init__(self, folder: Path | None = None, memory_bytes: int | None = None) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes or default_memory().structures_bytes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._key_locks: dict[Hashable, threading.Lock] = {}

    def get(self, key: str, compute: Callable[[], pa.Table]) -> pa.Table:
        """The table of this key: from memory, from disk, or computed now."""

        def read_or_compute() -> pa.Table:
            table = self._read(key)
            if table is None:
                table = compute()
                self._write(key, table)
            return table

        return self.derive(key, read_or_compute)

    def derive(self, key: Hashable, compute: Callable[[], Derived]) -> Derived:
        """What follows quickly from tables that are kept: from memory, or computed now; never on disk."""
        with self._lock:
            kept = self._recall(key)
            if kept is not None:
                return cast(Derived, kept)
            key_lock = self._key_locks.setdefault(key, threading.Lock())
        with key_lock:
            with self._lock:
                kept = self._recall(key)
            if kept is not None:
                return cast(Derived, kept)
            value = compute()
            self._remember(key, value)
            return value

    def find(self, key: str) -> pa.Table | None:
        """The table of this key if there is one, without computing it."""
        with self._lock:
            kept = self._recall(key)
        if kept is not None:
            return kept
        table = self._read(key)
        if table is not None:
            self._remember(key, table)
        return table

    def put(self, key: str, table: pa.Table) -> None:
        """Keep a table that was computed together with others."""
        self._write(key, table)
        self._remember(key, table)

    def _recall(self, key: Hashable) -> Kept | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def _remember(self, key: Hashable, value: Kept) -> None:
        with self._lock:
            self._kept[key] = value
            self._key_locks.pop(key, None)
            while len(self._kept) > 1 and self._kept_bytes() > self._memory_bytes:
                self._kept.popitem(last=False)

    def _kept_bytes(self) -> int:
        return sum(kept.nbytes for kept in self._kept.values())

    def _read(self, key: str) -> pa.Table | None:
        if self._folder is None:
            return None
        try:
            return pq.read_table(self._folder / f"{key}.parquet", memory_map=True)
        except (OSError, pa.ArrowException):
            return None

    def _write(self, key: str, table: pa.Table) -> None:
        if self._folder is None:
            return
        with contextlib.suppress(OSError, pa.ArrowException):
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = self._folder / f".{key}.{os.getpid()}.{threading.get_ident()}.partial"
            try:
                pq.write_table(table, partial, compression="zstd")
                partial.replace(self._folder / f"{key}.parquet")
            finally:
                partial.unlink(missing_ok=True)
            self._trim()

    def _trim(self) -> None:
        assert self._folder is not None
        files = sorted(self._folder.glob("*.parquet"), key=lambda file: file.stat().st_atime, reverse=True)
        used = 0
        for file in files:
            used += file.stat().st_size
            if used > DISK_BYTES:
                file.unlink(missing_ok=True)

"""The workspace: a folder with immutable data versions, a manifest naming the current one, and the model."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from queries.errors import QueryError
from queries.settings import Memory, find_memory

FORMAT = 1
VERSION_PATTERN = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")


@dataclass(frozen=True)
class SourceFile:
    """What a table was loaded from: name, SHA-256 (hex) and size in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class TableSummary:
    """What one table holds.

    Attributes
    ----------
    read, accepted, rejected : int
        Rows; ``read == accepted + rejected`` always.
    first, last : datetime or None
        Earliest and latest `created_at` or `occurred_at` (UTC, naive); None for accounts and empty tables.
    columns : tuple of str
        The columns that rules may name, in the table's order.
    ambiguous_times : tuple of str
        Time formats under which every day was 12 or less, so that days and months may be exchanged.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    first: datetime | None = None
    last: datetime | None = None
    sources: tuple[SourceFile, ...] = ()
    columns: tuple[str, ...] = ()
    ambiguous_times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The current data version: what it holds, since when, and what was said when it was imported."""

    version: str
    imported_at: datetime
    observed_until: datetime | None
    tables: Mapping[str, TableSummary]
    notes: tuple[str, ...] = ()


class Workspace:
    """A folder of data and a model.

    Making one reads and writes nothing: a folder that is empty or missing is an empty workspace.

    Parameters
    ----------
    path : Path or str
        The folder.
    memory : str, optional
        How much memory may be used, such as ``2GB``; see `queries.settings` for what holds when not given.
    """

    def __init__(self, path: Path | str, memory: str | None = None) -> None:
        self.path = Path(path)
        self._given_memory = memory
        self._manifest: Manifest | None = None
        self._seen: tuple[int, int, int] | None = None

    @classmethod
    def open(cls, path: Path | str, memory: str | None = None) -> Workspace:
        """The workspace in this folder; creates nothing.

        Raises
        ------
        QueryError
            When the path is something else than a folder.
        """
        workspace = cls(path, memory)
        if workspace.path.exists() and not workspace.path.is_dir():
            raise QueryError(f"a workspace must be a folder, got the file {workspace.path}; name a folder")
        return workspace

    @property
    def memory(self) -> Memory:
        """How much memory the program may use; QueryError where the setting cannot be understood."""
        return find_memory(self.path, self._given_memory)

    @property
    def data_folder(self) -> Path:
        return self.path / "data"

    @property
    def manifest_path(self) -> Path:
        return self.path / "manifest.json"

    @property
    def model_path(self) -> Path:
        """Where the model in use stands; the file need not exist."""
        return self.path / "model.toml"

    @property
    def manifest(self) -> Manifest | None:
        """What the current data version holds, None before the first import; read again when it changed."""
        try:
            status = self.manifest_path.stat()
        except FileNotFoundError:
            self._manifest, self._seen = None, None
            return None
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen != self._seen:
            self._manifest = parse_manifest(
                self.manifest_path.read_text(encoding="utf-8"), self.manifest_path
            )
            self._seen = seen
        return self._manifest

    @property
    def data_path(self) -> Path:
        """The current data version, a DuckDB file that never changes.

        Raises
        ------
        QueryError
            When nothing was imported yet.
        """
        manifest = self.manifest
        if manifest is None:
            raise QueryError(
                f"the workspace {self.path} must hold data, got none; load files or try the demo"
            )
        return self.version_path(manifest.version)

    def version_path(self, version: str) -> Path:
        return self.data_folder / f"{version}.duckdb"

    def computed_path(self, version: str) -> Path:
        """The folder for what is computed from a data version; removed together with the version."""
        return self.path / "computed" / version

    def read_model_text(self) -> str | None:
        """The text of the model in use, None when the workspace has none."""
        try:
            return self.model_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write_model_text(self, text: str) -> None:
        """Make this text the model in use; readers see the old text or the new one, never a part."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_atomically(self.model_path, text)

    def write_manifest(self, manifest: Manifest) -> None:
        """Make a data version the current one."""
        write_atomically(self.manifest_path, format_manifest(manifest))


def write_atomically(path: Path, text: str) -> None:
    """Replace a file as a whole, and have it on disk before returning."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Have a folder's names on disk, so that a rename outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def format_time(time: datetime | None) -> str | None:
    """A UTC time as ``2025-01-01T00:00:00Z``, with a fraction only where there is one."""
    return None if time is None else f"{time.isoformat()}Z"


def parse_time(text: str | None) -> datetime | None:
    """The reverse of `format_time`."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def format_manifest(manifest: Manifest) -> str:
    """The manifest as JSON."""
    tables = {
        name: {
            "read": table.read,
            "accepted": table.accepted,
            "rejected": table.rejected,
            "first": format_time(table.first),
            "last": format_time(table.last),
            "sources": [vars(source) for source in table.sources],
            "columns": list(table.columns),
            "ambiguous_times": list(table.ambiguous_times),
        }
        for name, table in manifest.tables.items()
    }
    content = {
        "format": FORMAT,
        "version": manifest.version,
        "imported_at": format_time(manifest.imported_at),
        "observed_until": format_time(manifest.observed_until),
        "tables": tables,
        "notes": list(manifest.notes),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def parse_manifest(text: str, path: Path) -> Manifest:
    """The reverse of `format_manifest`.

    Raises
    ------
    QueryError
        When the text is no manifest, or one of a later program.
    """
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise QueryError(
                f"{path}: format must be {FORMAT}, got {content['format']!r}; the workspace was written by "
                "another "
                "version of the program"
            )
        if not VERSION_PATTERN.fullmatch(content["version"]):
            raise ValueError(f"version {content['version']!r}")
        imported_at = parse_time(content["imported_at"])
        if imported_at is None:
            raise ValueError("imported_at is null")
        return Manifest(
            version=content["version"],
            imported_at=imported_at,
            observed_until=parse_time(content["observed_until"]),
            tables={name: _parse_table(table) for name, table in content["tables"].items()},
            notes=tuple(content["notes"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QueryError(
            f"{path} must be a manifest, got {error}; restore it or load the data again"
        ) from None


def _parse_table(content: dict[str, Any]) -> TableSummary:
    return TableSummary(
        read=content["read"],
        accepted=content["accepted"],
        rejected=content["rejected"],
        first=parse_time(content["first"]),
        last=parse_time(content["last"]),
        sources=tuple(SourceFile(**source) for source in content["sources"]),
        columns=tuple(content["columns"]),
        ambiguous_times=tuple(content.get("ambiguous_times", ())),
    )

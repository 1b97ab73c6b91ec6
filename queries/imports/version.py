"""A new data version: one importer at a time, built aside, made the current one in a single step."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from queries.imports.errors import ImportRefused
from queries.workspace import Manifest, Workspace, flush_folder

TEMPORARY_PREFIX = ".import-"


def new_version(imported_at: datetime) -> str:
    """A name that sorts by the time of import and is never given twice."""
    return f"{imported_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


@contextmanager
def importing_folder(workspace: Workspace) -> Iterator[Path]:
    """An empty temporary folder in the workspace, removed at the end, for one importer at a time.

    What an import that was killed left behind is removed first: only one that runs holds the lock.

    Raises
    ------
    ImportRefused
        When another import into the workspace is running.
    """
    data = workspace.data_folder
    missing = [folder for folder in (workspace.path, data) if not folder.exists()]
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportRefused(
                f"one import at a time must run in {workspace.path}, got a second one; wait until the first "
                "has ended"
            ) from None
        sweep(workspace)
        folder = data / f"{TEMPORARY_PREFIX}{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            for created in reversed(missing):
                with suppress(OSError):  # not empty: the import has succeeded
                    created.rmdir()
    finally:
        os.close(descriptor)


def sweep(workspace: Workspace) -> None:
    """Remove what imports that were killed left behind; only for the holder of the lock."""
    for folder in workspace.data_folder.glob(f"{TEMPORARY_PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def publish(workspace: Workspace, built: Path, manifest: Manifest) -> None:
    """Make a finished file the current data version; keep the one before, and remove older ones."""
    before = workspace.manifest
    with built.open("rb") as file:
        os.fsync(file.fileno())
    built.rename(workspace.version_path(manifest.version))
    flush_folder(workspace.data_folder)
    workspace.write_manifest(manifest)
    _remove_others(workspace, {manifest.version} | ({before.version} if before is not None else set()))


def _remove_others(workspace: Workspace, kept: set[str]) -> None:
    for path in workspace.data_folder.glob("*.duckdb"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)
    computed = workspace.computed_path("any").parent
    for folder in computed.glob("*") if computed.is_dir() else ():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)

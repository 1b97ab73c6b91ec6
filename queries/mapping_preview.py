"""What a mapping would make of some files, before anything is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from queries.imports.build import MAX_SOURCE_BYTES, Options, build_tables, read_sources
from queries.imports.files import plan_import
from queries.imports.staging import Staging
from queries.imports.tables import BuiltTable, RejectedRow
from queries.imports.zones import find_zone
from queries.mapping import Mapping
from queries.workspace import Workspace

SAMPLE_ROWS = 20_000


@dataclass(frozen=True)
class TablePreview:
    """A table as it would become.

    Attributes
    ----------
    rows : pyarrow.Table
        Its first rows.
    read, rejected : int
        Among the rows that were looked at.
    rejected_rows : tuple of RejectedRow
        The first of them.
    notes : tuple of str
        What was assumed.
    """

    rows: pa.Table
    read: int
    rejected: int
    rejected_rows: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


def preview(
    paths: Path | Sequence[Path],
    mapping: Mapping,
    rows: int = 20,
    *,
    workspace: Workspace | None = None,
    timezone: str = "UTC",
    sample_rows: int = SAMPLE_ROWS,
) -> dict[str, TablePreview]:
    """Try a mapping on the first rows of some files.

    Parameters
    ----------
    paths : Path or sequence of Path
        The files.
    mapping : Mapping
    rows : int, default 20
        How many rows of each table to return.
    workspace : Workspace, optional
        Where leads and accounts that the mapping matches with may stand already.
    timezone : str, default "UTC"
        For times without an offset.
    sample_rows : int
        About how many rows of each file to look at.

    Returns
    -------
    dict of table name to TablePreview
        Only the tables that the mapping feeds.

    Raises
    ------
    ImportRefused
        When the files cannot be read or the mapping does not fit them. Rejected rows, however many, are
        counted.
    """
    find_zone(timezone)
    options = Options(timezone=timezone, max_rejected=1.0)
    sources = [paths] if isinstance(paths, Path) else list(paths)
    plan = plan_import(sources, {}, mapping, MAX_SOURCE_BYTES)
    before = workspace.manifest if workspace is not None else None
    previous = workspace.data_path if workspace is not None and before is not None else None
    with TemporaryDirectory(prefix="tierline-preview-") as folder:
        staging = Staging(Path(folder), previous, (workspace or Workspace(folder)).memory)
        try:
            read_sources(staging, plan, options, sample_rows)
            built, _ = build_tables(staging, plan, before, options)
            return {name: _describe(staging, name, table, rows) for name, table in built.items()}
        finally:
            staging.close()


def _describe(staging: Staging, name: str, table: BuiltTable, rows: int) -> TablePreview:
    return TablePreview(
        staging.first_rows(name, table.summary.columns, rows),
        table.summary.read,
        table.summary.rejected,
        table.rejected_rows,
        table.notes,
    )

"""What the tests of imports share: a workspace with data in it, and looking into it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from queries.importing import load_tables
from queries.workspace import Workspace

IMPORTED_AT = datetime(2025, 6, 1)


def loaded_workspace(folder: Path) -> Workspace:
    """A workspace that holds two leads, an account, an activity and an outcome."""
    workspace = Workspace.open(folder / "workspace")
    tables = {
        "accounts": pa.table({"account_id": ["acme"], "industry": ["software"]}),
        "leads": pa.table(
            {
                "lead_id": ["old-1", "old-2"],
                "created_at": ["2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"],
                "account_id": ["acme", None],
                "email": ["Ann@acme.example", "bob@other.example"],
            }
        ),
        "activities": pa.table(
            {"lead_id": ["old-2"], "occurred_at": ["2025-02-01T00:00:00Z"], "activity_type": ["visit"]}
        ),
        "outcomes": pa.table(
            {
                "lead_id": ["old-1"],
                "occurred_at": ["2025-03-01T00:00:00Z"],
                "stage": ["won"],
                "amount": ["9.5"],
            }
        ),
    }
    load_tables(workspace, tables, imported_at=IMPORTED_AT)
    return workspace


def rows_of(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the current data version."""
    with duckdb.connect(workspace.data_path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def files_in(workspace: Workspace) -> set[str]:
    """Every file and folder of the workspace, by its path inside."""
    return {str(path.relative_to(workspace.path)) for path in workspace.path.rglob("*")}

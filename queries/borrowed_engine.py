"""An engine that runs its statements on another one: the ground of engines that see or wait otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from queries.engine import Engine, Parameters
from queries.statements import Statement


class BorrowedEngine(Engine):
    """Another engine, which stays open when this one is done with.

    Parameters
    ----------
    whole : Engine
        Runs the statements.
    """

    def __init__(self, whole: Engine) -> None:
        self.memory = whole.memory
        self.first_created_at = whole.first_created_at
        self.first_activity_at = whole.first_activity_at
        self._whole = whole

    def columns(self, table: str) -> tuple[str, ...]:
        """As of the whole."""
        return self._whole.columns(table)

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run one statement, see `Engine.fetch`."""
        return self._whole.fetch(statement, parameters, tables)

    def pattern_problem(self, pattern: str) -> str | None:
        """As of the whole."""
        return self._whole.pattern_problem(pattern)

    def cancel(self) -> None:
        """What runs, runs to its end: others may wait for it."""

    def close(self) -> None:
        """The whole stays open."""

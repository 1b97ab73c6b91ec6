"""Checks that read all data, kept beside them: worked out once, also over a new start."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from queries.borrowed_engine import BorrowedEngine
from queries.catalogue import leads_matched
from queries.checks import check_data
from queries.engine import Engine, Parameters
from queries.findings import Finding, findings_from_json, findings_to_json
from queries.flow import Flow, Progress, silent
from queries.guard.leaks import check_leaks
from queries.statements import Statement
from queries.structures import structure_key
from queries.workspace import Workspace, format_time
from scoring.any_points import without_points
from scoring.model import Model, Rule

EDITION = 2
"""Raised when the guard or a check judges otherwise, so that older findings are not shown."""


def kept_data_findings(workspace: Workspace, flow: Flow) -> list[Finding]:
    """What `check_data` finds; it depends on the data version alone."""
    manifest = workspace.manifest
    key = structure_key("data_findings", [EDITION, None if manifest is None else manifest.version])
    text = flow.store.get(key, lambda: _one("json", _as_text(check_data(workspace))))
    return findings_from_json(json.loads(text.column("json")[0].as_py()))


def kept_leaks(
    flow: Flow, model: Model, wait: Callable[[], None] | None = None, progress: Progress = silent
) -> list[Finding]:
    """What `check_leaks` finds; equal for all points, limits and thresholds.

    Parameters
    ----------
    flow : Flow
    model : Model
    wait : callable, optional
        Is called before each statement, and returns when its turn has come.
    progress : callable, optional
        As of `check_leaks`; hears nothing of findings that are kept.
    """
    asking = flow if wait is None else replace(flow, engine=PatientEngine(flow.engine, wait))
    asked = without_points(model)
    until = None if flow.observed_until is None else format_time(flow.observed_until)
    key = structure_key("leaks", [EDITION, until, asked.model_dump(mode="json")])
    text = flow.store.get(key, lambda: _one("json", _as_text(check_leaks(asking, asked, progress))))
    return findings_from_json(json.loads(text.column("json")[0].as_py()))


def kept_leads_matched(flow: Flow, rule: Rule, wait: Callable[[], None] | None = None) -> int:
    """What `leads_matched` counts; `wait` as for `kept_leaks`."""
    engine = flow.engine if wait is None else PatientEngine(flow.engine, wait)
    key = structure_key("leads_matched", [rule.source, rule.match, rule.model_dump(mode="json")["where"]])
    table = flow.store.get(key, lambda: _one("leads", leads_matched(engine, rule)))
    return int(table.column("leads")[0].as_py())


class PatientEngine(BorrowedEngine):
    """An engine that waits for its turn before each statement, so that somebody at work is not held up.

    Parameters
    ----------
    whole : Engine
        Runs the statements.
    wait : callable
        Returns when the turn has come.
    """

    def __init__(self, whole: Engine, wait: Callable[[], None]) -> None:
        super().__init__(whole)
        self._wait = wait

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run one statement when its turn has come, see `Engine.fetch`."""
        self._wait()
        return super().fetch(statement, parameters, tables)


def _one(name: str, value: Any) -> pa.Table:
    return pa.table({name: [value]})


def _as_text(findings: Sequence[Finding]) -> str:
    return json.dumps(findings_to_json(findings))

"""Everything that looks wrong about a workspace's data and a model on them, in one list."""

from __future__ import annotations

from queries.checks import check_data
from queries.findings import Finding, worst_first
from queries.flow import Flow
from queries.kept_checks import kept_leaks
from queries.rule_checks import check_rules
from queries.workspace import Workspace
from scoring.model import Model


def inspect_workspace(workspace: Workspace, flow: Flow, model: Model) -> list[Finding]:
    """What is wrong with the data, what knows the outcome, and which rules match nothing; the worst first."""
    return worst_first([*check_data(workspace), *inspect_model(flow, model)])


def inspect_model(flow: Flow, model: Model) -> list[Finding]:
    """Leaks, hindsight and rules that match nothing, as the model sees the data; the worst first."""
    return worst_first([*kept_leaks(flow, model), *check_rules(flow.engine, model)])

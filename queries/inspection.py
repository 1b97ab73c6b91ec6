"""Everything that looks wrong about a workspace's data and a model on them, in one list."""

from __future__ import annotations

from queries.findings import Finding, worst_first
from queries.flow import Flow, Progress, part_of, silent
from queries.kept_checks import kept_data_findings, kept_leaks
from queries.rule_checks import check_rules
from queries.workspace import Workspace
from scoring.model import Model


def inspect_workspace(
    workspace: Workspace, flow: Flow, model: Model, progress: Progress = silent
) -> list[Finding]:
    """What is wrong with the data, what knows the outcome, and which rules match nothing; the worst first.

    All of it is kept beside the data, so that it is looked for once.

    Parameters
    ----------
    workspace : Workspace
    flow : Flow
        Over its data.
    model : Model
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.
    """
    progress(0.0, "Looking through the data")
    found = kept_data_findings(workspace, flow)
    return worst_first([*found, *inspect_model(flow, model, part_of(progress, 0.1, 1.0))])


def inspect_model(flow: Flow, model: Model, progress: Progress = silent) -> list[Finding]:
    """Leaks, hindsight and rules that match nothing, as the model sees the data; the worst first."""
    leaks = kept_leaks(flow, model, progress=part_of(progress, 0.0, 0.9))
    return worst_first([*leaks, *check_rules(flow, model, part_of(progress, 0.9, 1.0))])

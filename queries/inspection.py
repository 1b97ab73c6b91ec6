"""Everything that looks wrong about a workspace's data and a model on them, in one list."""

from __future__ import annotations

from queries.catalogue import check_model
from queries.errors import ModelMisfitError
from queries.findings import Finding, worst_first
from queries.flow import Flow, Progress, part_of, silent
from queries.kept_checks import kept_data_findings, kept_leaks
from queries.model_needs import missing_needs, without_missing_fields
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
    """Leaks, hindsight and rules that match nothing, as the model sees the data; the worst first.

    What of the model does not fit the data is an error among them. The rest of it is looked at all the
    same: a column that knows the outcome must not stay unnoticed because a rule asks for one that is not
    there.
    """
    misfits = _misfits(flow, model)
    if misfits:
        model = without_missing_fields(model, missing_needs(flow.engine, model))
        if _misfits(flow, model):
            return misfits
    leaks = kept_leaks(flow, model, progress=part_of(progress, 0.0, 0.9))
    return worst_first([*misfits, *leaks, *check_rules(flow, model, part_of(progress, 0.9, 1.0))])


def _misfits(flow: Flow, model: Model) -> list[Finding]:
    """An error for each thing that the model names and the data do not have."""
    try:
        check_model(flow.engine, model, "The model in use")
    except ModelMisfitError as mistakes:
        advice = "edit it on the Tune page, or load files that have the column"
        return [Finding("model", "error", f"{mistake}; {advice}") for mistake in str(mistakes).splitlines()]
    return []

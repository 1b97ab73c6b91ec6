"""A workspace's history of models, and the figures that are saved with a version."""

from __future__ import annotations

from queries.dataset import DEFAULT_MODEL, ready_models
from queries.flow import Flow, Progress, silent
from queries.registry import Registry
from queries.versions import SavedFigures
from queries.worked import known_worked
from queries.workspace import Workspace
from scoring.backtest import compute_backtest, to_json
from scoring.model import Model
from scoring.worked import beside_rates


def open_history(workspace: Workspace) -> Registry:
    """The registry of a workspace; writes nothing, see `Registry.follow_file`."""
    return Registry(workspace, ready_models()[DEFAULT_MODEL])


def measure(flow: Flow, data_version: str, model: Model, progress: Progress = silent) -> SavedFigures:
    """The back-test of a model on the data of a flow, with what sales worked, to be saved with it."""
    cells = flow.cells(model, None, None, progress)
    figures = beside_rates(to_json(compute_backtest(cells, model)), known_worked(flow, model))
    return SavedFigures(data_version, figures)

"""A workspace's data and model, opened for work: what pages and commands start from."""

from __future__ import annotations

import threading
from functools import cache
from importlib.resources import files

from queries.engine import Engine
from queries.flow import Flow
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.model import Model
from scoring.model_file import format_model, parse_model

DEFAULT_MODEL = "b2b_guideline"

_flows: dict[tuple[str, str], Flow] = {}
_lock = threading.Lock()


def open_flow(workspace: Workspace) -> Flow | None:
    """The computation over the workspace's current data version, one for the whole process.

    Returns
    -------
    Flow or None
        None before anything was loaded. An older version's flow stays usable for whoever still holds it.
    """
    manifest = workspace.manifest
    if manifest is None:
        return None
    key = (str(workspace.path.resolve()), manifest.version)
    with _lock:
        if key not in _flows:
            memory = workspace.memory
            computed = workspace.computed_path(manifest.version)
            engine = Engine(workspace.data_path, memory, computed)
            store = StructureStore(computed, memory.structures_bytes)
            for stale in [other for other in _flows if other[0] == key[0]]:
                del _flows[stale]
            _flows[key] = Flow(engine, store, manifest.observed_until)
        return _flows[key]


def model_in_use(workspace: Workspace) -> Model:
    """The model of the workspace, or the default one where it has none; ModelError names the mistake."""
    text = workspace.read_model_text()
    if text is None:
        return ready_models()[DEFAULT_MODEL]
    return parse_model(text, str(workspace.model_path))


def save_model_in_use(workspace: Workspace, model: Model) -> None:
    """Make a model the one in use; the file is replaced whole or not at all."""
    workspace.write_model_text(format_model(model))


@cache
def ready_models() -> dict[str, Model]:
    """The models that come with the program, by the name of their file."""
    folder = files("models")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): parse_model(folder.joinpath(name).read_text(encoding="utf-8"), name)
        for name in names
    }

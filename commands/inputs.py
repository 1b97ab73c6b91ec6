"""What commands read: a workspace with data, a model, an instant."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path

import click

from commands.errors import BadInput
from queries.catalogue import check_model
from queries.dataset import model_in_use, open_flow
from queries.errors import QueryError
from queries.flow import Flow
from queries.settings import MEMORY_OPTION
from queries.workspace import Workspace
from scoring.model import Model
from scoring.model_file import parse_model

WIDTH = 60
"""Letters of what a progress bar says."""

workspace_option = click.option(
    "--workspace",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder that holds the data and the model in use.",
)
model_option = click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path),
    help="A model file; the model in use when not given.",
)
memory_option = click.option(
    MEMORY_OPTION,
    help="How much memory to use, such as 2GB; goes before TIERLINE_MEMORY and the folder's settings.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def open_data(folder: Path, memory: str | None) -> tuple[Workspace, Flow]:
    """The workspace and the computation over its data; BadInput when nothing was loaded."""
    workspace = Workspace.open(folder, memory)
    flow = open_flow(workspace)
    if flow is None:
        raise BadInput(
            f"{folder}: a workspace must hold data, got none; run 'tierline load' or 'tierline demo'"
        )
    return workspace, flow


def read_model(workspace: Workspace, flow: Flow, path: Path | None) -> Model:
    """The model of a file, or the model in use, seen to fit the data."""
    if path is None:
        model, source = model_in_use(workspace), str(workspace.model_path)
        if not workspace.model_path.exists():
            source = f"{model.name} (used while {workspace.path} has no model.toml; --model names another)"
    else:
        model, source = read_model_file(path), str(path)
    try:
        check_model(flow.engine, model, source)
    except QueryError as error:
        mistakes = str(error).replace(f"\n{source}: ", "\n")  # the source is named once
        advice = "change or remove these rules, or load files with these columns"
        # A pattern that cannot be read says itself what to do, and no column would mend it.
        raise BadInput(f"{mistakes}\n{advice}" if "must be a column" in mistakes else mistakes) from None
    return model


def read_model_file(path: Path) -> Model:
    """The model of a file, whatever the data are."""
    try:
        return parse_model(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise BadInput(f"{path}: a model must be a UTF-8 text file, got other bytes") from None


@dataclass(frozen=True)
class Asked:
    """The data and the model that a command is asked about, not opened yet."""

    folder: Path
    memory: str | None
    model_path: Path | None

    def open(self) -> tuple[Workspace, Flow, Model]:
        """Both, seen to fit each other; as `open_data` and `read_model`."""
        workspace, flow = open_data(self.folder, self.memory)
        return workspace, flow, read_model(workspace, flow, self.model_path)

    def open_in_use(self) -> tuple[Workspace, Flow, Model]:
        """The data and the model in use, whether they fit each other or not."""
        workspace, flow = open_data(self.folder, self.memory)
        return workspace, flow, model_in_use(workspace)

    def model_alone(self) -> Model:
        """The model, seen to fit the data where there are any."""
        workspace = Workspace.open(self.folder, self.memory)
        if workspace.manifest is not None:
            return self.open()[2]
        return model_in_use(workspace) if self.model_path is None else read_model_file(self.model_path)


def asks_about_model(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name data and model; they come to it as one, `Asked`."""

    @workspace_option
    @memory_option
    @model_option
    @wraps(command)
    def asked(folder: Path, memory: str | None, model_path: Path | None, **others: object) -> None:
        command(Asked(folder, memory, model_path), **others)

    return asked


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; UTC when it names no zone."""

    name = "timestamp"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"must be a time such as 2026-01-31T00:00:00Z, got {value!r}", param, ctx)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


at_option = click.option(
    "--at", type=Instant(), help="The instant to score at; the end of the data when not given."
)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to; what was written takes its place as a whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or Path())
    except OSError as error:
        # The name that was asked for, not the one of the file that was to hold the first part.
        raise OSError(error.errno, error.strerror, str(path)) from None
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def progress_bar() -> Callable[[float, str], None]:
    """Progress on standard error, when somebody sits in front of it."""
    if not sys.stderr.isatty():
        return lambda _share, _text: None

    def show(share: float, text: str) -> None:
        # As wide as the widest, so that nothing of a longer text before is left behind it.
        click.echo(f"\r{share:4.0%}  {text[:WIDTH]:<{WIDTH}}", err=True, nl=share >= 1)

    return show

"""``tierline models``: the history of the model, from the command line."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import (
    Asked,
    json_option,
    memory_option,
    open_data,
    progress_bar,
    workspace_option,
    written_whole,
)
from commands.models_output import state_text, version_text, versions_text
from commands.ready_made import ready_made
from queries.errors import QueryError
from queries.model_history import measure, open_history
from queries.registry import Registry
from queries.version_report import changes_json, version_json, versions_json, whole_version_json
from queries.versions import SavedFigures, Version, VersionConflict
from queries.workspace import Workspace
from scoring.model import Model
from scoring.model_changes import model_changes


def _login() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


author_option = click.option(
    "--author", required=True, default=_login, help="Who records this; your login name when not given."
)
note_option = click.option("--note", default="", help="What it is for.")
number_argument = click.argument("number", type=int)


@click.group()
def models() -> None:
    """Versions of the model: what was saved, by whom and why, and which one is in use."""


@models.command("list")
@workspace_option
@json_option
@plain_errors
def list_versions(folder: Path, as_json: bool) -> None:
    """All versions, newest first, with what each changed."""
    registry = open_registry(folder)
    click.echo(_json(versions_json(registry)) if as_json else versions_text(registry))


@models.command()
@workspace_option
@number_argument
@json_option
@plain_errors
def show(folder: Path, number: int, as_json: bool) -> None:
    """One version: what it changed, its figures when it was saved, and what became of it."""
    registry = open_registry(folder)
    version = registry.version(number)
    click.echo(_json(whole_version_json(registry, version)) if as_json else version_text(registry, version))


@models.command()
@workspace_option
@click.argument("first", type=int)
@click.argument("second", type=int)
@json_option
@plain_errors
def diff(folder: Path, first: int, second: int, as_json: bool) -> None:
    """What differs between two versions."""
    registry = open_registry(folder)
    changes = model_changes(registry.version(first).model, registry.version(second).model)
    if as_json:
        click.echo(_json({"from": first, "to": second, "changes": [changes_json(one) for one in changes]}))
        return
    click.echo("\n".join(change.words for change in changes) or "the models are equal")


@models.command()
@workspace_option
@memory_option
@click.option("--model", "path", required=True, type=click.Path(path_type=Path), help="The model file.")
@author_option
@click.option("--note", required=True, help="What the change is for.")
@click.option("--parent", type=int, help="The version it was made from; the model in use when not given.")
@click.option("--merge", is_flag=True, help="Take in what others saved on the parent since.")
@click.option("--fork", is_flag=True, help="Begin a line beside what others saved on the parent since.")
@json_option
@plain_errors
def save(
    folder: Path,
    memory: str | None,
    path: Path,
    author: str,
    note: str,
    parent: int | None,
    merge: bool,
    fork: bool,
    as_json: bool,
) -> None:
    """Save a model file as a new version, with its figures on the data as they are now."""
    if merge and fork:
        raise BadInput("--merge must stand without --fork, got both; leave one out")
    registry = open_registry(folder, memory)
    model = Asked(folder, memory, path).model_alone()
    try:
        figures = _measure(registry.workspace, memory, model)
        version = registry.save(model, author=author, note=note, parent=parent, fork=fork, figures=figures)
    except VersionConflict as conflict:
        if not merge:
            raise BadInput(f"{conflict} (--merge or --fork, with --parent {conflict.base.number})") from None
        merged = _merged(conflict, model, path)
        figures = _measure(registry.workspace, memory, merged)
        version = registry.save(
            merged, author=author, note=note, parent=conflict.newest.number, figures=figures
        )
    say_version(registry, version, as_json)


def step_with_version(step: Callable[[Registry, int, str, str], Version]) -> Callable[..., None]:
    """A command that takes a step with a version and says what came of it."""

    @workspace_option
    @number_argument
    @author_option
    @note_option
    @json_option
    @plain_errors
    @wraps(step)
    def command(folder: Path, number: int, author: str, note: str, as_json: bool) -> None:
        registry = open_registry(folder)
        say_version(registry, step(registry, number, author, note), as_json)

    return command


@models.command()
@step_with_version
def propose(registry: Registry, number: int, author: str, note: str) -> Version:
    """Put a draft forward to become the model in use."""
    return registry.propose(number, author=author, note=note)


@models.command()
@step_with_version
def champion(registry: Registry, number: int, author: str, note: str) -> Version:
    """Make a version the model in use without sign-off; the one before is retired."""
    return registry.make_champion(number, author=author, note=note)


@models.command()
@step_with_version
def retire(registry: Registry, number: int, author: str, note: str) -> Version:
    """Put a draft or a proposal aside."""
    return registry.retire(number, author=author, note=note)


@models.command()
@step_with_version
def restore(registry: Registry, number: int, author: str, note: str) -> Version:
    """Save an old version's content as a new version."""
    try:
        figures = _measure(registry.workspace, None, registry.version(number).model)
    except QueryError:  # the data have not all that it names any more
        figures = None
    return registry.restore(number, author=author, note=note, figures=figures)


@models.command()
@workspace_option
@number_argument
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.toml")
@plain_errors
def export(folder: Path, number: int, out: Path) -> None:
    """Write a version's model file."""
    version = open_registry(folder).version(number)
    with written_whole(out) as partial:
        partial.write_text(version.text, encoding="utf-8")
    click.echo(f"version {number} written to {out}")


models.add_command(ready_made)


def open_registry(folder: Path, memory: str | None = None) -> Registry:
    """The history of a workspace, brought together with its model file."""
    registry = open_history(Workspace.open(folder, memory))
    if (problem := registry.follow_file()) is not None:
        click.echo(f"tierline: note: {'; '.join(problem.splitlines())}", err=True)
    return registry


def _measure(workspace: Workspace, memory: str | None, model: Model) -> SavedFigures | None:
    manifest = workspace.manifest
    if manifest is None:
        return None
    _, flow = open_data(workspace.path, memory)
    return measure(flow, manifest.version, model, progress_bar())


def _merged(conflict: VersionConflict, mine: Model, path: Path) -> Model:
    merge = conflict.merge(mine)
    if merge.conflicts:
        number = conflict.newest.number
        both = "; ".join(f"{one.name}: {one.mine} here, {one.theirs} there" for one in merge.conflicts)
        raise BadInput(
            f"{path}: a merge must not have to choose, got changes of the same parts in version {number}: "
            f"{both}; settle them in the file and save with --parent {number}"
        )
    return merge.model


def say_version(registry: Registry, version: Version, as_json: bool) -> None:
    """Print what has become of a version."""
    if as_json:
        parent = None if version.parent is None else registry.version(version.parent)
        changes = () if parent is None else model_changes(parent.model, version.model)
        click.echo(_json(version_json(version, changes)))
    else:
        click.echo(f"version {version.number}: {state_text(version.state)}")


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, allow_nan=False)

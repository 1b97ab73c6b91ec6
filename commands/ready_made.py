"""``tierline models ready-made``: the models that come with the program, and when to use each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import json_option, open_data, written_whole
from queries.dataset import ready_models
from queries.model_needs import Need, missing_needs
from scoring.model import Model
from scoring.model_file import format_model
from scoring.model_kinds import model_kinds


@click.command("ready-made")
@click.argument("name", required=False)
@click.option(
    "--workspace",
    "folder",
    type=click.Path(path_type=Path),
    help="Also say what the data of this folder lack for each model.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the model NAME to this file (TOML)."
)
@json_option
@plain_errors
def ready_made(name: str | None, folder: Path | None, out: Path | None, as_json: bool) -> None:
    """The models that come with the program: all of them, or the one called NAME."""
    models = _chosen(name)
    if out is not None:
        if name is None:
            raise BadInput(f"--out must go with the name of a model, got none; there are {_names()}")
        with written_whole(out) as partial:
            partial.write_text(format_model(models[name]), encoding="utf-8")
        click.echo(f"{models[name].name} written to {out}", err=as_json)
    needs: dict[str, tuple[Need, ...]] = {}
    if folder is not None:
        engine = open_data(folder, None)[1].engine
        needs = {key: missing_needs(engine, model) for key, model in models.items()}
    if as_json:
        entries = [_entry(key, model, needs.get(key)) for key, model in models.items()]
        click.echo(json.dumps({"models": entries}, indent=2))
    elif out is None:
        click.echo("\n\n".join(_text(key, model, needs.get(key)) for key, model in models.items()))


def _chosen(name: str | None) -> dict[str, Model]:
    models = ready_models()
    if name is None:
        return models
    if name not in models:
        raise BadInput(f"the model must be one of {_names()}, got {name!r}")
    return {name: models[name]}


def _names() -> str:
    return ", ".join(ready_models())


def _entry(key: str, model: Model, needs: tuple[Need, ...] | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": key,
        "name": model.name,
        "description": model.description,
        "kinds": list(model_kinds(model)),
        "rules": len(model.rules),
        "tiers": [tier.name for tier in model.tiers],
    }
    if needs is not None:
        entry["missing"] = [
            {"kind": need.kind, "name": need.name, "rules": list(need.rules)} for need in needs
        ]
    return entry


def _text(key: str, model: Model, needs: tuple[Need, ...] | None) -> str:
    lines = [f"{key}: {model.name}", f"  {model.description}", f"  {', '.join(model_kinds(model))}"]
    lines += [f"  the data lack: {need.words}" for need in needs or ()]
    return "\n".join(lines)

"""``tierline models sign``, ``note``, ``points`` and ``resolve``: what sales and marketing agree on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.errors import plain_errors
from commands.inputs import json_option, workspace_option
from commands.models import author_option, number_argument, open_registry, say_version
from commands.models_output import point_text
from queries.agreement import Agreement
from queries.signatures import SIDES, Point, PointKind, Side
from queries.version_report import point_json, signature_json
from queries.workspace import format_time


@click.command()
@workspace_option
@number_argument
@click.option("--side", required=True, type=click.Choice(SIDES), help="For whom it is signed.")
@click.option("--name", required=True, help="Who signs, as it is to be recorded.")
@click.option("--role", required=True, help="What that person is.")
@click.option("--comment", default="", help="What goes with the signature.")
@json_option
@plain_errors
def sign(folder: Path, number: int, side: Side, name: str, role: str, comment: str, as_json: bool) -> None:
    """Sign a proposed version for sales or marketing; with both signatures it is the model in use."""
    registry = open_registry(folder)
    version = Agreement(registry).sign(number, side=side, name=name, role=role, comment=comment)
    say_version(registry, version, as_json)
    if version.state == "proposed" and not as_json:
        missing = next(one.missing for one in Agreement(registry).proposals() if one.version == version)
        click.echo(f"still to sign: {' and '.join(missing)}")


@click.command()
@workspace_option
@click.option("--text", required=True, help="What is open or decided.")
@click.option("--version", "number", type=int, help="The version it belongs to; the model in use else.")
@click.option("--decision", is_flag=True, help="It is a decision, not an open point.")
@author_option
@json_option
@plain_errors
def note(folder: Path, text: str, number: int | None, decision: bool, author: str, as_json: bool) -> None:
    """Write down an open point or a decision, with the version that it belongs to."""
    kind: PointKind = "decision" if decision else "open"
    agreement = Agreement(open_registry(folder))
    _say(agreement.add_point(text, author=author, kind=kind, version=number), as_json)


@click.command()
@workspace_option
@click.option("--version", "number", type=int, help="Only those of this version.")
@click.option("--open", "only_open", is_flag=True, help="Only what is still open.")
@json_option
@plain_errors
def points(folder: Path, number: int | None, only_open: bool, as_json: bool) -> None:
    """Open points and decisions, oldest first."""
    registry = open_registry(folder)
    if number is not None:
        registry.version(number)
    found = Agreement(registry).points(number, only_open=only_open)
    if as_json:
        click.echo(json.dumps({"points": [point_json(point) for point in found]}, indent=2))
        return
    click.echo("\n".join(map(point_text, found)) or "nothing was written down")


@click.command()
@workspace_option
@click.argument("point", type=int)
@click.option("--note", required=True, help="How it was resolved.")
@author_option
@json_option
@plain_errors
def resolve(folder: Path, point: int, note: str, author: str, as_json: bool) -> None:
    """Write down how an open point was resolved."""
    _say(Agreement(open_registry(folder)).resolve(point, author=author, note=note), as_json)


def _say(point: Point, as_json: bool) -> None:
    click.echo(json.dumps(point_json(point), indent=2) if as_json else point_text(point))


def proposals_json(agreement: Agreement) -> list[dict[str, Any]]:
    """What is proposed and who signed it, for programs."""
    return [
        {
            "version": one.version.number,
            "author": one.author,
            "at": format_time(one.at),
            "note": one.note,
            "signatures": [signature_json(signature) for signature in one.signatures],
            "missing": list(one.missing),
            "superseded_by": None if one.superseded_by is None else one.superseded_by.number,
        }
        for one in agreement.proposals()
    ]


AGREEMENT = (sign, note, points, resolve)
"""Joins the commands about versions."""

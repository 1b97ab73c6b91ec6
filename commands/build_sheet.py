"""``tierline build-sheet``: the model in the words of the product that shall run it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import (
    memory_option,
    model_option,
    open_data,
    read_model,
    workspace_option,
    written_whole,
)
from queries.dataset import model_in_use
from queries.workspace import Workspace
from reports.build_sheet.products import PRODUCTS, sheet_for
from reports.build_sheet.writing import to_csv, to_html, to_markdown
from scoring.model import Model
from scoring.model_file import parse_model

ENDINGS = (".md", ".csv", ".html")


@click.command("build-sheet")
@workspace_option
@memory_option
@model_option
@click.option("--for", "product", required=True, type=click.Choice(list(PRODUCTS)), help="Who shall run it.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.md, F.csv or F.html"
)
@plain_errors
def build_sheet(folder: Path, memory: str | None, model_path: Path | None, product: str, out: Path) -> None:
    """Write what to enter in HubSpot or Salesforce to build the model, and what they cannot do."""
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"{out}: --out must end in .md, .csv or .html, got {out.suffix or 'no ending'!r}")
    sheet = sheet_for(product, _model(folder, memory, model_path))
    content = (
        to_csv(sheet) if ending == ".csv" else (to_html if ending == ".html" else to_markdown)(sheet).encode()
    )
    with written_whole(out) as partial:
        partial.write_bytes(content)
    click.echo(f"{sheet.summary} Written to {out}")


def _model(folder: Path, memory: str | None, path: Path | None) -> Model:
    """The model, seen to fit the data where there are any: a sheet needs none."""
    workspace = Workspace.open(folder, memory)
    if workspace.manifest is not None:
        return read_model(*open_data(folder, memory), path)
    if path is None:
        return model_in_use(workspace)
    try:
        return parse_model(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise BadInput(f"{path}: a model must be a UTF-8 text file, got other bytes") from None

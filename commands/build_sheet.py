"""``tierline build-sheet``: the model in the words of the product that shall run it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, written_whole
from reports.build_sheet.products import PRODUCTS, sheet_for
from reports.build_sheet.writing import to_csv, to_html, to_markdown

ENDINGS = (".md", ".csv", ".html")


@click.command("build-sheet")
@asks_about_model
@click.option("--for", "product", required=True, type=click.Choice(list(PRODUCTS)), help="Who shall run it.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.md, F.csv or F.html"
)
@plain_errors
def build_sheet(asked: Asked, product: str, out: Path) -> None:
    """Write what to enter in HubSpot or Salesforce to build the model, and what they cannot do."""
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"{out}: --out must end in .md, .csv or .html, got {out.suffix or 'no ending'!r}")
    sheet = sheet_for(product, asked.model_alone())
    content = (
        to_csv(sheet) if ending == ".csv" else (to_html if ending == ".html" else to_markdown)(sheet).encode()
    )
    with written_whole(out) as partial:
        partial.write_bytes(content)
    click.echo(f"{sheet.summary} Written to {out}")

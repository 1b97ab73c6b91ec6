"""``tierline report``: a quarter's review as a document to send."""

from __future__ import annotations

from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, progress_bar, written_whole
from queries.review import quarter_review
from reports.review.document import review_document
from reports.review.formats import FORMATS
from scoring.definition import definition


@click.command()
@asks_about_model
@click.option("--period", help="Such as 2026-Q1; the newest complete one when not given.")
@click.option("--company", default="", help="Whose review it is; stands on the first page.")
@click.option("--suggest", is_flag=True, help="Search for better points, too; takes its time.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.html or F.pptx"
)
@plain_errors
def report(asked: Asked, period: str | None, company: str, suggest: bool, out: Path) -> None:
    """Write a quarter's review as a page that opens anywhere, or as slides to edit."""
    ending = out.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise BadInput(f"{out}: --out must end in .html or .pptx, got {out.suffix or 'no ending'!r}")
    workspace, flow, model = asked.open()
    review = quarter_review(workspace, flow, model, period, suggested=suggest, progress=progress_bar())
    content = FORMATS[ending].write(review_document(review, definition(model), company))
    with written_whole(out) as partial:
        partial.write_bytes(content)
    click.echo(f"review of {review.period} ({review.state.value}) written to {out}, {len(content):,} bytes")

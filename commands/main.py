"""The command ``tierline``."""

from __future__ import annotations

import click

from commands.data import check, demo, load
from commands.figures import backtest, score
from commands.serve import app


@click.group()
@click.version_option(package_name="tierline")
def main() -> None:
    """Tune a lead-scoring model and back-test it on what really converted."""


for command in (app, demo, load, check, score, backtest):
    main.add_command(command)

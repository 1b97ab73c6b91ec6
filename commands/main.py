"""The command ``tierline``."""

from __future__ import annotations

import click

from commands.accounts import account, accounts
from commands.adds import adds_command
from commands.agreement import AGREEMENT
from commands.alignment import alignment
from commands.build_sheet import build_sheet
from commands.data import check, demo, load
from commands.errors import OneLineGroup
from commands.fading import fading
from commands.figures import backtest, score
from commands.grid import grid_command
from commands.grid_start import grid_start
from commands.handover import handover
from commands.leads import lead, leads
from commands.levels import levels_command
from commands.live_score import compare_live
from commands.models import models
from commands.models_timeline import models_timeline
from commands.predict import predict_command
from commands.report import report
from commands.review import review
from commands.sensitivity import sensitivity
from commands.serve import app
from commands.suggest import suggest_command
from commands.timeline import timeline


@click.group(cls=OneLineGroup)
@click.version_option(package_name="tierline")
def main() -> None:
    """Tune a lead-scoring model and back-test it on what really converted."""


for command in (
    app,
    demo,
    load,
    check,
    score,
    lead,
    leads,
    timeline,
    fading,
    account,
    accounts,
    backtest,
    grid_command,
    grid_start,
    sensitivity,
    compare_live,
    models,
    predict_command,
    suggest_command,
    adds_command,
    levels_command,
    alignment,
    review,
    build_sheet,
    handover,
    report,
):
    main.add_command(command)
for command in (*AGREEMENT, models_timeline):
    models.add_command(command)

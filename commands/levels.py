"""``tierline levels``: the leaderboard, quests and whether a level tells who buys."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, at_option, json_option, progress_bar, written_whole
from commands.levels_output import Game, game_json, game_text
from commands.notes import note_instant
from queries.dataset import model_in_use
from queries.flow import Flow
from queries.lead_filter import LeadFilter
from queries.levels import Board, Players, find_players, list_players, rank_players
from queries.quests import find_quests, level_evidence
from queries.safe_csv import write_safe_parts
from queries.worked import known_worked
from queries.workspace import Workspace
from scoring.evidence import kept_back
from scoring.levels import describe_levels
from scoring.model import Model
from scoring.quests import quests_of
from scoring.worked import pooled

PART_ROWS = 100_000
"""Rows that are looked up at a time for a file."""


@click.command("levels")
@asks_about_model
@at_option
@click.option(
    "--by",
    "board",
    type=click.Choice(["current", "lifetime"]),
    default="current",
    show_default=True,
    help="The points that the leaderboard goes by.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Leads at most.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="F.csv, the whole leaderboard.")
@json_option
@plain_errors
def levels_command(
    asked: Asked, at: datetime | None, board: Board, limit: int, out: Path | None, as_json: bool
) -> None:
    """Levels, quests and badges: who leads, and whether the level tells who buys."""
    workspace, flow, model = asked.open()
    if not quests_of(model):
        raise BadInput(
            f"{model.name}: a model must have quests for levels, got none; give a category quests = true "
            'and its rules on activities count = "once" or max_count, or write one that has them with '
            "'tierline models ready-made gamified --out gamified.toml' and name it with --model"
        )
    note_instant(flow, at)
    players = find_players(flow, model, at, progress_bar())
    places = rank_players(flow, model, players, LeadFilter(), board)
    if out is not None:
        _write(flow, model, players, board, out)
        click.echo(f"{len(places):,} rows written to {out}", err=as_json)
        if not as_json:
            return
    left_out = _left_out(workspace, flow, model)
    game = Game(
        model=model,
        at=players.leads.at,
        levels=describe_levels(model, players.leads.scores, players.leads.tiers),
        quests=find_quests(flow, model, players, left_out),
        evidence=level_evidence(flow, model, left_out),
        leaders=list_players(flow, model, players, places[:limit], board),
        leads=len(places),
        worked=pooled(known_worked(flow, model), left_out),
    )
    click.echo(json.dumps(game_json(game), indent=2, allow_nan=False) if as_json else game_text(game))


def _left_out(workspace: Workspace, flow: Flow, model: Model) -> tuple[str, ...]:
    """What is kept back for the final check, where the model is a draft beside a model in use."""
    if workspace.read_model_text() is None or model == model_in_use(workspace):
        return ()
    return kept_back(flow.cells(model), model)


def _write(flow: Flow, model: Model, players: Players, board: Board, out: Path) -> None:
    places = rank_players(flow, model, players, LeadFilter(), board)
    starts = range(0, max(len(places), 1), PART_ROWS)
    with written_whole(out) as partial:
        parts = (
            list_players(flow, model, players, places[start : start + PART_ROWS], board) for start in starts
        )
        write_safe_parts(parts, partial)

"""``tierline sensitivity``: which rule matters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from commands.errors import plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar
from queries.sensitivity import rule_sensitivity, sensitivity_by_segment
from queries.worked import known_worked, known_worked_parts
from scoring.comparison import Level
from scoring.evidence import kept_back
from scoring.model import Model
from scoring.paired_effects import Effect
from scoring.plain_json import to_plain
from scoring.sensitivity import Knob, Metric, Question, Sensitivity, Turn
from scoring.sensitivity_words import room_words, sensitivity_sentences
from scoring.worked import WorkedShare, pooled, worked_json
from scoring.worked_words import worked_words

NAME_WIDTH = 38
COLUMN_WIDTH = 25
NO_DATA = "-"


@click.command()
@asks_about_model
@click.option("--points", type=int, default=5, show_default=True, help="How many points more and fewer.")
@click.option(
    "--leads-per-week",
    type=float,
    help="New leads that sales can work; as many as the top tier holds when not given.",
)
@click.option("--segment", help="Split by this column of leads or accounts.")
@json_option
@plain_errors
def sensitivity(
    asked: Asked, points: int, leads_per_week: float | None, segment: str | None, as_json: bool
) -> None:
    """Which rule matters: what a few points more or fewer of each would do."""
    question = Question(points, leads_per_week)
    _, flow, model = asked.open()
    found = rule_sensitivity(flow, model, question, progress=progress_bar())
    left_out = kept_back(flow.cells(model), model)
    worked = pooled(known_worked(flow, model), left_out)
    parts, worked_parts = None, {}
    if segment is not None:
        parts = sensitivity_by_segment(flow, model, segment, question, progress=progress_bar())
        found_parts = known_worked_parts(flow, model, segment)
        worked_parts = {value: pooled(shares, left_out) for value, shares in found_parts.items()}
    if as_json:
        document = _document(found, model, worked)
        if parts is not None:
            document["segments"] = {
                value: _document(one, model, worked_parts.get(value, {})) for value, one in parts.items()
            }
        click.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    _print_whole(found, model, worked)
    for value, one in (parts or {}).items():
        click.echo(f"\n{segment}: {value}")
        _print_whole(one, model, worked_parts.get(value, {}))


def _document(found: Sensitivity, model: Model, worked: Mapping[str, WorkedShare]) -> dict[str, Any]:
    beside = worked_json(worked.get(model.tiers[-1].name))
    return {"sentences": list(_sentences(found, model)), **to_plain(found), "top_tier_worked": beside}


def _sentences(found: Sensitivity, model: Model) -> tuple[str, ...]:
    return sensitivity_sentences(found, _labels(model), model.tiers[-1].name)


def _labels(model: Model) -> dict[str, str]:
    return {rule.id: rule.shown_label for rule in model.rules}


def _print_whole(found: Sensitivity, model: Model, worked: Mapping[str, WorkedShare]) -> None:
    _print_table(found, model, _labels(model))
    for sentence in _sentences(found, model):
        click.echo(f"- {sentence}")
    top = model.tiers[-1]
    if sentence := worked_words({top.name: top.shown_label}, worked):
        click.echo(f"- {sentence}")


def _print_table(found: Sensitivity, model: Model, labels: dict[str, str]) -> None:
    top = model.tiers[-1].name
    click.echo(f"{found.model}: {found.step} points more or fewer for one rule at a time")
    click.echo(f"{found.leads:,} leads, of which {found.conversions:,} converted")
    click.echo(f"wins caught are those among {room_words(found.room, top)}")
    heads = "".join(f"{head:>{COLUMN_WIDTH}}" for head in ("wins caught, %", "AUC, in 100", f"{top} rate, %"))
    click.echo(f"{'rule':<{NAME_WIDTH}}{'points':>12}{heads}")
    now = "".join(f"{_hundredfold(found.now(metric)):>{COLUMN_WIDTH - 1}} " for metric in Metric)
    click.echo(f"{'now':<{NAME_WIDTH}}{'':>12}{now}")
    for knob in found.knobs:
        click.echo(_row(knob, knob.fewer, labels.get(knob.rule, knob.rule)))
        click.echo(_row(knob, knob.more, ""))
    click.echo(
        "+ or -: the difference, its likely range behind it; * more than chance; ? too few wins to tell"
    )


def _row(knob: Knob, turn: Turn, name: str) -> str:
    effects = "".join(f"{_effect(turn.effect(metric)):>{COLUMN_WIDTH}}" for metric in Metric)
    return f"{name[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{f'{knob.points} to {turn.points}':>12}{effects}"


def _effect(effect: Effect) -> str:
    if effect.difference is None:
        return f"{NO_DATA} "
    text = f"{100 * effect.difference:+.2f}"
    if effect.low is not None and effect.high is not None:
        text += f" ({100 * effect.low:+.2f} to {100 * effect.high:+.2f})"
    if effect.is_clear:
        return f"{text}*"
    return f"{text}?" if effect.level is Level.TOO_LITTLE_DATA else f"{text} "


def _hundredfold(value: float | None) -> str:
    return NO_DATA if value is None else f"{100 * value:.2f}"

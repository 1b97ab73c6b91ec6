"""``tierline suggest``: better points, with what such suggestions gained out of time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar, written_whole
from queries.suggestion import suggest, take_points
from scoring.errors import ScoringError
from scoring.model_file import format_model
from scoring.plain_json import to_plain
from scoring.suggestion import Aim, Goal, Limits, Suggestions
from scoring.suggestion_words import change_words, gain_words, goal_words, suggestion_sentences

NAME_WIDTH = 38
CHANGE_WIDTH = 34
LIMIT = re.compile(r"([^=]+)=([+-]?\d+)\.\.([+-]?\d+)")


class RuleLimits(click.ParamType[tuple[str, Limits]]):
    """``RULE=LOW..HIGH``."""

    name = "rule=low..high"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Limits]:
        if isinstance(value, tuple):
            return value
        found = LIMIT.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"must be RULE=LOW..HIGH, such as pricing_page=0..40, got {value!r}", param, ctx)
        try:
            return found[1].strip(), Limits(int(found[2]), int(found[3]))
        except ScoringError as error:
            self.fail(f"{found[1].strip()}: {error}", param, ctx)


@click.command("suggest")
@asks_about_model
@click.option(
    "--goal",
    type=click.Choice([goal.value for goal in Goal]),
    default=Goal.WINS.value,
    show_default=True,
    help="wins: search every rule's points for more wins caught; ranking: take them from a regression.",
)
@click.option("--most-changes", type=int, default=5, show_default=True, help="How many rules may change.")
@click.option(
    "--limit",
    "limits",
    type=RuleLimits(),
    multiple=True,
    help="Fewest and most points of a rule, such as pricing_page=0..40; may be repeated.",
)
@click.option(
    "--leads-per-week",
    type=float,
    help="New leads that sales can work; as many as the top tier holds when not given.",
)
@click.option("--out", "out_path", type=click.Path(path_type=Path), help="Write the suggested model, .toml.")
@json_option
@plain_errors
def suggest_command(
    asked: Asked,
    goal: str,
    most_changes: int,
    limits: tuple[tuple[str, Limits], ...],
    leads_per_week: float | None,
    out_path: Path | None,
    as_json: bool,
) -> None:
    """Suggest other points for a few rules, and which rules could go."""
    aim = Aim(Goal(goal), most_changes, dict(limits), leads_per_week)
    _, flow, model = asked.open()
    found = suggest(flow, model, aim, progress_bar())
    labels = {rule.id: rule.shown_label for rule in model.rules}
    sentences = suggestion_sentences(found, labels)
    if as_json:
        click.echo(json.dumps({"sentences": list(sentences)} | to_plain(found), indent=2, allow_nan=False))
    else:
        _print(found, labels)
        for sentence in sentences:
            click.echo(f"- {sentence}")
    if out_path is not None:
        if found.refusal:
            raise BadInput(f"{out_path}: nothing was written, since nothing is suggested: {found.refusal}")
        suggested = take_points(flow, model, found, found.points)
        suggested = suggested.model_copy(update={"name": f"{model.name}, suggested"[:200]})
        with written_whole(out_path) as partial:
            partial.write_text(format_model(suggested), encoding="utf-8")


def _print(found: Suggestions, labels: dict[str, str]) -> None:
    click.echo(f"{found.model}: points for {goal_words(found)}")
    click.echo(f"{found.leads:,} leads, of which {found.conversions:,} converted")
    if not found.changes:
        return
    if found.refusal:
        click.echo("tried, and not suggested:")
    click.echo(f"{'rule':<{NAME_WIDTH}}{'change':<{CHANGE_WIDTH}}by itself, out of time")
    for change in found.changes:
        name = labels.get(change.rule, change.rule)[: NAME_WIDTH - 1]
        words = change_words(change)
        click.echo(f"{name:<{NAME_WIDTH}}{words:<{CHANGE_WIDTH}}{gain_words(change.alone, found.goal)}")
    click.echo(f"{'all together':<{NAME_WIDTH + CHANGE_WIDTH}}{gain_words(found.together, found.goal)}")

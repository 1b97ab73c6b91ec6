"""``tierline timeline``: how many leads are in each tier week by week, who came and who left."""

from __future__ import annotations

import json
from datetime import datetime

import click

from commands.errors import plain_errors
from commands.inputs import Asked, Instant, asks_about_model, json_option, progress_bar
from queries.tier_timeline import MOST_WEEKS, USUAL_WEEKS, tier_timeline
from scoring.model import Model
from scoring.tier_timeline import TierTimeline, summed
from scoring.timeline_words import cause_words, timeline_sentence

MOST_CAUSES = 8


@click.command("timeline")
@asks_about_model
@click.option(
    "--weeks",
    type=click.IntRange(1, MOST_WEEKS),
    default=USUAL_WEEKS,
    show_default=True,
    help="How far back.",
)
@click.option("--at", type=Instant(), help="The last instant; the end of the data when not given.")
@json_option
@plain_errors
def timeline(asked: Asked, weeks: int, at: datetime | None, as_json: bool) -> None:
    """Count the leads of each tier week by week, who came in, who left, and what drove it."""
    _, flow, model = asked.open()
    found = tier_timeline(flow, model, weeks, at, progress_bar())
    if as_json:
        click.echo(json.dumps({"model": model.name} | found.to_json(), indent=2))
        return
    click.echo(timeline_sentence(found, model))
    click.echo("")
    click.echo(_table(found))
    for line in _causes(found, model):
        click.echo(line)


def _table(found: TierTimeline) -> str:
    heads = [f"{'as of':<12}"] + [f"{tier[:16]:>16}{'in':>8}{'out':>8}" for tier in found.tiers]
    lines = ["".join(heads)]
    for week, at in enumerate(found.instants):
        cells = [f"{at:%Y-%m-%d}  "]
        for place in range(len(found.tiers)):
            moves = (found.entries[week, place], found.exits[week, place])
            shown = [f"{'+' if sign == 0 else '-'}{n:,}" if week else "" for sign, n in enumerate(moves)]
            cells.append(f"{found.leads[week, place]:>16,}{shown[0]:>8}{shown[1]:>8}")
        lines.append("".join(cells))
    return "\n".join(lines)


def _causes(found: TierTimeline, model: Model) -> list[str]:
    tier = found.tiers[-1]
    lines = []
    for title, moves in (("came into", found.entering(tier)), ("left", found.leaving(tier))):
        lines += ["", f"What {title} {tier}, all weeks together:"]
        lines += [
            f"  {leads:>8,}  {cause_words(cause, rule, model)}"
            + f"  ({source or 'not scored'} -> {target or 'not scored'})"
            for cause, rule, source, target, leads in summed(moves)[:MOST_CAUSES]
        ]
    return lines

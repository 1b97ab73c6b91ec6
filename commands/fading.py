"""``tierline fading``: what one activity is worth day by day under a rule, and a typical lead."""

from __future__ import annotations

import json

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, json_option
from queries.typical_lead import TypicalLead, typical_lead
from scoring.rule_course import course_sentence, has_course, rule_course

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@click.command()
@asks_about_model
@click.argument("rule_id")
@json_option
@plain_errors
def fading(asked: Asked, rule_id: str, as_json: bool) -> None:
    """Say what one activity is worth day by day under a rule, and show a typical lead's points over time."""
    _, flow, model = asked.open()
    rules = {rule.id: rule for rule in model.rules if has_course(rule)}
    if rule_id not in rules:
        known = ", ".join(rules) or "none"
        raise BadInput(f"the rule must be one on what the lead did, of {known}, got {rule_id!r}")
    rule = rules[rule_id]
    course = rule_course(rule, model.inactivity_reset_days)
    typical = typical_lead(flow, model, rule)
    if as_json:
        words = {
            "rule": rule_id,
            "sentence": course_sentence(course),
            "points_by_day": course.points.tolist(),
        }
        lead = None if typical is None else _lead_json(typical)
        click.echo(json.dumps(words | {"typical_lead": lead}, indent=2))
        return
    click.echo(f"{rule.shown_label}: {course_sentence(course)}")
    if typical is None:
        click.echo("No activity matches, so there is no typical lead.")
        return
    click.echo(
        f"A typical lead, {typical.lead_id}: {typical.matches} matching activities, the median of the "
        f"{typical.leads:,} leads that have any."
    )
    before = None
    for at, points in zip(typical.moments, typical.points, strict=True):
        if points != before:
            click.echo(f"  from {at:%Y-%m-%d}{points:>8} points")
        before = points
    for at in typical.resets:
        click.echo(f"  {at:%Y-%m-%d}: silent for {model.inactivity_reset_days} days, reset")


def _lead_json(typical: TypicalLead) -> dict[str, object]:
    return {
        "lead_id": typical.lead_id,
        "matches": typical.matches,
        "leads": typical.leads,
        "activities": [at.strftime(TIME_FORMAT) for at in typical.activities],
        "resets": [at.strftime(TIME_FORMAT) for at in typical.resets],
        "history": [
            {"at": at.strftime(TIME_FORMAT), "points": points}
            for at, points in zip(typical.moments, typical.points, strict=True)
        ],
    }

"""``tierline adds``: what a group of rules adds to the rest of the model."""

from __future__ import annotations

import json

import click

from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, asks_about_model, json_option, progress_bar
from commands.percent import percent_text
from queries.nested import rules_add
from scoring.nested import Added, AddedIn, social_rules
from scoring.nested_words import added_sentences, added_title
from scoring.plain_json import to_plain


@click.command("adds")
@asks_about_model
@click.option("--category", "categories", multiple=True, help="All rules of this category; may be repeated.")
@click.option("--rule", "rules", multiple=True, help="The rule with this id; may be repeated.")
@json_option
@plain_errors
def adds_command(asked: Asked, categories: tuple[str, ...], rules: tuple[str, ...], as_json: bool) -> None:
    """What rules add to the rest of the model: with them and without, by period. Else the social ones."""
    _, flow, model = asked.open()
    if not (categories or rules):
        rules = social_rules(model)
        if not rules:
            names = ", ".join(dict.fromkeys(rule.category for rule in model.enabled_rules)) or "none"
            raise BadInput(
                f"{model.name}: --category or --rule must say which rules, got none, and the model has no "
                f"social ones; its categories are {names}"
            )
    added = rules_add(flow, model, categories=categories, rules=rules, progress=progress_bar())
    if as_json:
        words = {"verdict": added_title(added), "sentences": list(added_sentences(added))}
        click.echo(json.dumps(words | to_plain(added), indent=2, allow_nan=False))
        return
    click.echo(f"{added.model}: {', '.join(added.labels)}")
    click.echo(added_title(added))
    for sentence in added_sentences(added):
        click.echo(f"- {sentence}")
    _print_table(added)


def _print_table(added: Added) -> None:
    click.echo(
        f"{'period':<10}{'leads':>9}{'won':>7}{'without':>9}{'with':>8}{'difference':>26}"
        f"{'wins without':>14}{'with':>8}{'difference':>24}"
    )
    for part in (*added.periods, added.pooled):
        click.echo(_row(part))


def _row(part: AddedIn) -> str:
    auc, caught = part.auc, part.caught
    return (
        f"{part.period:<10}{part.leads:>9,}{part.conversions:>7,}{_number(auc.auc_a):>9}{_number(auc.auc_b):>8}"
        f"{_range(auc.difference, auc.low, auc.high, 3):>26}"
        f"{percent_text(part.caught_without):>14}{percent_text(caught.value):>8}"
        f"{_range(_hundred(caught.difference), _hundred(caught.low), _hundred(caught.high), 1):>24}"
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _range(difference: float | None, low: float | None, high: float | None, decimals: int) -> str:
    if difference is None:
        return "-"
    text = f"{difference:+.{decimals}f}"
    return text if low is None or high is None else f"{text} ({low:+.{decimals}f} to {high:+.{decimals}f})"

"""How a model scores accounts, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from pages.components.format import as_markdown
from scoring.account_changes import lead_part_words
from scoring.account_scoring import account_score_of
from scoring.model import Model
from scoring.model_words import conditions_words

ACCOUNT_BASED = "Account-based"


def scored_how(model: Model) -> str:
    """One sentence, as Markdown: what an account's score starts from and what adds to it."""
    block = account_score_of(model)
    if model.account_score is None:
        return (
            "Your draft does not say how accounts are scored, so each scores what its best lead does, in the "
            f"tiers of leads. Change that below, or open the ready-made model “{ACCOUNT_BASED}” on the page "
            "*Tune*, which also counts engaged people, their departments and what kind of company it is."
        )
    parts = [as_markdown(lead_part_words(block))]
    if block.points_per_person:
        parts.append("points for each engaged person")
    if block.points_per_department:
        parts.append("points for each of their departments")
    if block.enabled_rules:
        parts.append("points for what is known about the company")
    *first, last = parts
    return f"An account scores {', '.join(first) + ' and ' if first else ''}{last}."


def rules_in_words(model: Model) -> Iterator[str]:
    """Every part of an account's score as a line of Markdown."""
    block = account_score_of(model)
    yield f"It starts from {as_markdown(lead_part_words(block))}; only leads that are scored that day count."
    engaged = " or ".join(_engaged(model))
    yield f"A person is engaged {engaged}." if engaged else "Every scored lead is an engaged person."
    if block.points_per_person:
        yield f"Each engaged person gives {block.points_per_person} points{_most(block.max_person_points)}."
    if block.points_per_department:
        yield (
            f"Each different department ({as_markdown(block.department_field or '')}) among them gives "
            f"{block.points_per_department} points{_most(block.max_department_points)}."
        )
    for rule in block.enabled_rules:
        when = as_markdown(conditions_words(rule.where, rule.match))
        yield f"{as_markdown(rule.shown_label)}: {rule.points:+d} points, when {when}."
    yield f"The score lies between {block.min_score} and {block.max_score}."


def _engaged(model: Model) -> Iterator[str]:
    block = account_score_of(model)
    if block.engaged_tier is not None:
        label = next(tier.shown_label for tier in model.tiers if tier.name == block.engaged_tier)
        yield f"from the tier {as_markdown(label)} on"
    if block.engaged_score is not None:
        yield f"from a score of {block.engaged_score} on"
    if block.engaged_within_days is not None:
        yield f"with any activity in the last {block.engaged_within_days} days"


def _most(cap: int | None) -> str:
    return "" if cap is None else f", at most {cap} together"

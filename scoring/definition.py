"""What each tier means, in one sentence made from the model: what sales and marketing agree on."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.grid import Grid
from scoring.model import Model, Rule, Tier

MOST_RULES = 3
"""Rules that are named for each category, those with the most points."""


@dataclass(frozen=True)
class TierDefinition:
    """A tier in one sentence.

    Attributes
    ----------
    tier, label : str
        Its name in the model, and as it is shown.
    sentence : str
        What a lead must have, what is enough by itself, and what is done about it.
    """

    tier: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Definition:
    """A model in words.

    Attributes
    ----------
    tiers : tuple of TierDefinition
        In the model's order.
    score : str
        What the score adds up.
    success : str
        What counts as converted.
    """

    tiers: tuple[TierDefinition, ...]
    score: str
    success: str


def definition(model: Model) -> Definition:
    """The sentences of a model; they change when it does, and only then."""
    return Definition(
        tuple(
            TierDefinition(tier.name, tier.shown_label, _tier_sentence(model, place))
            for place, tier in enumerate(model.tiers)
        ),
        score_sentence(model),
        success_sentence(model),
    )


def score_sentence(model: Model) -> str:
    """What a score is made of: its categories, their limits and the rules that give most."""
    parts = [f"{model.base_points} starting points"] if model.base_points else []
    for name in model.category_names:
        rules = [rule for rule in model.enabled_rules if rule.category == name]
        if rules:
            parts.append(_category_words(model, name, rules))
    if not parts:
        return f"Every score is {max(model.min_score, min(model.max_score, 0))}: no rule is switched on."
    reset = model.inactivity_reset_days
    forgotten = f"; what was done before {reset} days of silence no longer counts" if reset else ""
    grades = f" Its tier follows from the grades of {_grades_words(model.grid)}." if model.grid else ""
    return (
        f"The score ({model.min_score} to {model.max_score} points) adds up {_and(parts)}{forgotten}.{grades}"
    )


def success_sentence(model: Model) -> str:
    """What counts as converted, and within how many days."""
    stages = _or([f"“{stage}”" for stage in model.conversion.stages])
    days = model.conversion.horizon_days
    return f"A lead has converted when it reaches the stage {stages} within {days} days."


def action_words(tier: Tier) -> str:
    """Who does what about a lead of the tier, and how soon; '' where the model says nothing.

    Examples
    --------
    >>> action_words(Tier(name="SQL", threshold=100, action="call", owner="sales", respond_within_hours=4))
    'sales: call, within 4 hours'
    """
    hours = tier.respond_within_hours
    words = ", ".join(
        [
            *([tier.action] if tier.action else []),
            *([f"within {hours:g} {'hour' if hours == 1 else 'hours'}"] if hours is not None else []),
        ]
    )
    return ": ".join(part for part in (tier.owner, words) if part)


def _tier_sentence(model: Model, place: int) -> str:
    tier = model.tiers[place]
    action = action_words(tier)
    return f"{tier.shown_label} is an open lead {_band_words(model, place)}{_alone_words(model, place)}" + (
        f"; {action}." if action else "."
    )


def _band_words(model: Model, place: int) -> str:
    if model.grid is not None:
        return _cells_words(model.grid, model.tiers[place].name)
    low = model.tiers[place].threshold
    if place + 1 == len(model.tiers):
        return f"with {low} points or more" if place else "with any score"
    above = model.tiers[place + 1].threshold
    if place == 0:
        return f"with fewer than {above} points"
    return f"with {low} to {above - 1} points" if above - 1 > low else f"with {low} points"


def _cells_words(grid: Grid, tier: str) -> str:
    """The grades that make a lead one of the tier."""
    cells = [
        name for name, assigned in zip(grid.cell_names, grid.tier_of_place, strict=True) if assigned == tier
    ]
    return f"graded {_or(cells)}" if cells else "of no grade, so that no lead is one"


def _grades_words(grid: Grid) -> str:
    """What each grade of both axes stands for."""
    axes = ((grid.rows, grid.row_labels), (grid.columns, grid.column_labels))
    return " and ".join(
        f"{axis.category} ("
        + ", ".join(f"{label}: {axis.span_words(grade)}" for grade, label in enumerate(labels))
        + ")"
        for axis, labels in axes
    )


def _alone_words(model: Model, place: int) -> str:
    """Which single rules take a lead from nothing right into the tier."""
    if place == 0 or model.grid is not None:
        return ""
    above = model.tiers[place + 1].threshold if place + 1 < len(model.tiers) else None
    enough = [
        rule
        for rule in model.enabled_rules
        if model.tiers[place].threshold <= (once := _once(model, rule)) and (above is None or once < above)
    ]
    if not enough:
        return ""
    enough.sort(key=lambda rule: -rule.points)
    named = [f"“{rule.shown_label}”" for rule in enough[:MOST_RULES]]
    more = len(enough) - len(named)
    return f"; {_or([*named, *([f'one of {more} more'] if more else [])])} alone is enough"


def _once(model: Model, rule: Rule) -> int:
    """The score of a lead for which a rule counts once, fresh, and nothing else does."""
    if rule.required_count > 1:
        return model.min_score
    points = rule.points if rule.max_points is None else min(rule.points, rule.max_points)
    highest = model.category(rule.category).max_points
    return model.base_points + (points if highest is None else min(points, highest))


def _category_words(model: Model, name: str, rules: list[Rule]) -> str:
    limits = model.category(name)
    low, high = limits.min_points, limits.max_points
    if low is not None and high is not None:
        reach = f"{low} to {high} points"
    elif high is not None:
        reach = f"at most {high} points"
    else:
        reach = f"at least {low} points" if low is not None else "any number of points"
    first = sorted(rules, key=lambda rule: -abs(rule.points))[:MOST_RULES]
    named = ", ".join(f"“{rule.shown_label}” {rule.points:+d}" for rule in first)
    most = "most for" if len(rules) > len(first) else "for"
    return f"{name} ({reach} from {len(rules)} {'rule' if len(rules) == 1 else 'rules'}, {most} {named})"


def _and(parts: list[str]) -> str:
    return _listed(parts, "and")


def _or(parts: list[str]) -> str:
    return _listed(parts, "or")


def _listed(parts: list[str], link: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {link} {parts[-1]}"

"""Suggested points: what is asked for, which values are tried, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scoring.errors import ScoringError
from scoring.model import Model, Rule
from scoring.paired_effects import Effect

MOST_POINTS = 1000
FINE_POINTS, COARSE_STEP = 10, 5
"""Up to ten every whole number is tried, beyond that steps of five: nobody can tell 37 points from 35."""

USUAL_SHARE = 0.6


class Goal(StrEnum):
    """What the points are to be better at."""

    WINS = "wins"
    RANKING = "ranking"


LEAST_GAIN = {Goal.WINS: 0.005, Goal.RANKING: 0.001}
"""A change that gains less is not worth explaining: half a win in a hundred, or one pair of leads in a
thousand put into the right order."""

LARGEST_LOSS = {goal: gain / 2 for goal, gain in LEAST_GAIN.items()}
"""What rules may cost that are said to be able to go; the same leads, so that no less would show."""


@dataclass(frozen=True)
class Limits:
    """The fewest and the most points that a rule may be given; a sign is a limit at 0.

    Raises
    ------
    ScoringError
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        if not -MOST_POINTS <= self.low <= self.high <= MOST_POINTS:
            raise ScoringError(
                f"limits must be whole numbers from -{MOST_POINTS} to {MOST_POINTS}, the lower one first, "
                f"got {self.low}..{self.high}"
            )

    @classmethod
    def usual(cls, model: Model, rule: Rule) -> Limits:
        """No rule alone is to take a lead further than `USUAL_SHARE` of the way to the top tier, either way.

        With a cap, or a limit to how often it counts, that is what the rule gives at most, without one what
        it gives once. A rule that gives more already may keep it.
        """
        way = USUAL_SHARE * (model.tiers[-1].threshold - model.min_score)
        limits = [] if rule.max_points is None else [rule.max_points]
        limits += [] if rule.max_count is None else [rule.max_count * abs(rule.points)]
        at_most = max(min(limits, default=0), abs(rule.points))
        times = at_most / abs(rule.points) if rule.points else 1.0
        reach = min(max(abs(rule.points), int(way / times), 1), MOST_POINTS)
        return cls(-reach, reach)

    def nearest(self, points: float) -> int:
        """The whole number of points within the limits that is nearest."""
        return min(max(math.floor(points + 0.5), self.low), self.high)

    def tried(self, points: int) -> tuple[int, ...]:
        """The values a search tries, rising; `points`, those at present, among them where they may be."""
        fine = range(-FINE_POINTS, FINE_POINTS + 1)
        coarse = range(-MOST_POINTS, MOST_POINTS + 1, COARSE_STEP)
        values = {*fine, *coarse, points, self.low, self.high}
        return tuple(sorted(value for value in values if self.low <= value <= self.high))


@dataclass(frozen=True)
class Aim:
    """What is asked for.

    Parameters
    ----------
    goal : Goal
    most_changes : int
        Of rules; from 1 on.
    limits : mapping of rule id to Limits
        Of rules that are not listed, the usual ones.
    leads_per_week : float or None
        New leads that sales can work; None for as many as the top tier holds.
    least_gain : float or None
        What a further change must gain where it is searched; that of `LEAST_GAIN` when not given.

    Raises
    ------
    ScoringError
    """

    goal: Goal = Goal.WINS
    most_changes: int = 5
    limits: Mapping[str, Limits] = field(default_factory=dict)
    leads_per_week: float | None = None
    least_gain: float | None = None

    def __post_init__(self) -> None:
        if self.most_changes < 1:
            raise ScoringError(f"most_changes must be 1 or more, got {self.most_changes}")
        for name in ("leads_per_week", "least_gain"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise ScoringError(f"{name} must be above 0, got {value}")

    @property
    def smallest_gain(self) -> float:
        """What a further change must gain."""
        return LEAST_GAIN[self.goal] if self.least_gain is None else self.least_gain

    def limits_of(self, model: Model, rule: Rule) -> Limits:
        """Of one rule of the model."""
        return self.limits.get(rule.id) or Limits.usual(model, rule)

    def check(self, model: Model) -> None:
        """See that every limit is about a rule that counts; ScoringError names the one that is not."""
        known = [rule.id for rule in model.enabled_rules]
        for rule_id in self.limits:
            if rule_id not in known:
                raise ScoringError(
                    f"limit: the rule must be one that is switched on ({', '.join(known)}), got {rule_id!r}"
                )


@dataclass(frozen=True)
class Suggestion:
    """Other points for one rule.

    Parameters
    ----------
    rule : str
        Its id.
    points_now, points : int
        0 suggested: the rule could go.
    max_points_now, max_points : int or None
        Its cap keeps step with its points: it is reached after as many times as before.
    gain : float or None
        What the change added where it was searched, after those before it; None for a rule that was only
        moved into its limits. Found on these very leads, and so a little too good; `alone` is the honest
        figure.
    alone : Effect
        This rule's change by itself, out of time: for every period the points are those that what was known
        before would have suggested.
    """

    rule: str
    points_now: int
    points: int
    max_points_now: int | None
    max_points: int | None
    gain: float | None
    alone: Effect


@dataclass(frozen=True)
class SpareRules:
    """Rules that can go.

    Parameters
    ----------
    rules : tuple of str
        Ids; the one that costs least comes first.
    wins_caught, auc : Effect or None
        What the model is like without all of them, out of time: for every period those go that could go by
        what was known before. None when there are none.
    """

    rules: tuple[str, ...]
    wins_caught: Effect | None
    auc: Effect | None


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for a model, and how its like did out of time.

    Parameters
    ----------
    model : str
    goal : Goal
    top_tier : str
        As it is shown.
    searched : tuple of str
        Periods that the points were found on.
    judged : tuple of str
        Periods that were foretold: searched on what was known before each, judged on it.
    left_out : tuple of str
        Kept back for the final check of a draft; nothing here has seen them.
    skipped : tuple of (str, str)
        Periods that could not be foretold, and why.
    leads, conversions : int
        Of the periods searched.
    room : float
        Leads that count as worked in the periods searched.
    leads_per_week : float or None
    value_now, value : float or None
        The goal's figure before and after, where it was searched.
    changes : tuple of Suggestion
        The one that gains most comes first. With a `refusal` they were tried, and are not suggested.
    base_points_now, base_points : int
        Starting points that leave as many leads in the top tier as it has now.
    top_leads_now, top_leads : int
        Leads in the top tier, of the periods searched.
    together : Effect or None
        All changes, out of time; None when no period could be judged.
    spare : SpareRules
    refusal : str
        Why nothing is suggested; empty when something is.
    """

    model: str
    goal: Goal
    top_tier: str
    searched: tuple[str, ...]
    judged: tuple[str, ...]
    left_out: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    leads: int
    conversions: int
    room: float
    leads_per_week: float | None
    value_now: float | None
    value: float | None
    changes: tuple[Suggestion, ...]
    base_points_now: int
    base_points: int
    top_leads_now: int
    top_leads: int
    together: Effect | None
    spare: SpareRules
    refusal: str

    @property
    def points(self) -> dict[str, int]:
        """What is suggested for every rule that is to change."""
        return {change.rule: change.points for change in self.changes}

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return 2000 * (1 + len(self.changes))


def with_points(model: Model, points: Mapping[str, int]) -> Model:
    """The model with other points for some rules; their caps keep step."""
    rules = tuple(
        rule.model_copy(update={"points": points[rule.id], "max_points": cap_for(rule, points[rule.id])})
        if rule.id in points
        else rule
        for rule in model.rules
    )
    return model.model_copy(update={"rules": rules})


def cap_for(rule: Rule, points: int) -> int | None:
    """The cap that is reached after as many times as the rule's own, for other points.

    A rule that gives nothing keeps its cap, since nothing says how often it was meant to count.

    Examples
    --------
    >>> rule = Rule(id="a", category="c", source="lead", points=5, max_points=15)
    >>> cap_for(rule, 20), cap_for(rule, -2), cap_for(rule, 0)
    (60, 6, 15)
    """
    if rule.max_points is None or rule.points == 0 or points == 0:
        return rule.max_points
    size = abs(rule.points)
    return max((2 * rule.max_points * abs(points) + size) // (2 * size), 1)


def take(model: Model, points: Mapping[str, int]) -> Model:
    """The model with other points for some rules; one that is to give 0 is switched off and keeps its own.

    A rule that is switched off stays in the model and can be switched on again.
    """
    changed = with_points(model, {rule: value for rule, value in points.items() if value})
    rules = tuple(
        rule.model_copy(update={"enabled": False}) if points.get(rule.id) == 0 else rule
        for rule in changed.rules
    )
    return changed.model_copy(update={"rules": rules})

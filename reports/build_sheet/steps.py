"""A rule's points by the number of times, as steps that a product adds up."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.model import Rule

MOST_STEPS = 10
"""Rules that somebody still enters by hand for one rule of the model."""


@dataclass(frozen=True)
class Step:
    """From each of these numbers of times on, so many points more."""

    first: int
    last: int
    points: int

    @property
    def times_words(self) -> str:
        """``3`` or ``each of 4 to 6``."""
        return str(self.first) if self.first == self.last else f"each of {self.first} to {self.last}"


@dataclass(frozen=True)
class Steps:
    """All steps of a rule.

    Attributes
    ----------
    steps : tuple of Step
        They add up to what the rule gives, up to the last step.
    reached : int
        The points after the last step.
    complete : bool
        False where the rule goes on giving more after the last step.
    """

    steps: tuple[Step, ...]
    reached: int
    complete: bool

    def cut_words(self, rule: Rule) -> list[str]:
        """What the rule would give beyond the last step; nothing where that is the end."""
        if self.complete:
            return []
        most = limit_of(rule)
        limit = "there is no limit" if most is None else f"the limit is {most}"
        return [
            f"Every further time takes a rule of its own: with these it stops at {self.reached:+d} points, "
            f"in Tierline {limit}."
        ]


def points_of(rule: Rule, times: int) -> int:
    """The points of so many fresh activities, none below the rule's number.

    Examples
    --------
    >>> rule = Rule(id="visit", category="web", source="activity", points=-5, max_points=12, at_least=2)
    >>> [points_of(rule, times) for times in range(5)]
    [0, 0, -10, -12, -12]
    """
    if times < rule.required_count:
        return 0
    counted = (
        1 if rule.counting == "once" else times if rule.max_count is None else min(times, rule.max_count)
    )
    size = abs(rule.points) * counted
    size = size if rule.max_points is None else min(size, rule.max_points)
    return size if rule.points > 0 else -size


def limit_of(rule: Rule) -> int | None:
    """The most points, without sign, that the rule's own limits let it give; None where nothing limits it.

    Examples
    --------
    >>> limit_of(Rule(id="visit", category="web", source="activity", points=5, max_count=3))
    15
    """
    limits = [
        *([rule.max_points] if rule.max_points is not None else []),
        *([rule.max_count * abs(rule.points)] if rule.max_count is not None else []),
    ]
    return min(limits, default=None)


def steps_of(rule: Rule) -> Steps:
    """What every further time adds, equal steps together."""
    last = rule.required_count + MOST_STEPS - 1
    steps: list[Step] = []
    for times in range(rule.required_count, last + 1):
        more = points_of(rule, times) - points_of(rule, times - 1)
        if more == 0:
            break
        if steps and steps[-1].points == more:
            steps[-1] = Step(steps[-1].first, times, more)
        else:
            steps.append(Step(times, times, more))
    complete = points_of(rule, last) == points_of(rule, last + 1)
    return Steps(tuple(steps), points_of(rule, last), complete)

"""What one activity is worth day by day after it happened, under the settings of its rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.decay import decay_factor
from scoring.model import Rule
from scoring.response import rule_points
from scoring.rule_counts import to_twentieths

LONGEST_DAYS = 1095
USUAL_DAYS = 365


@dataclass(frozen=True, eq=False)
class Course:
    """Points of a rule by the age of what it counts.

    Attributes
    ----------
    points : int array of shape (days + 1,)
        By age in whole days; what was done together is of one age.
    activities : int
        How many were done together: as many as the rule asks for.
    ends_after : int or None
        The last day on which they are worth anything; None when they are still worth something on the last
        day that is looked at.
    reset_days : int or None
        A silence as long as this makes them worth nothing, whatever the rule says.
    """

    points: npt.NDArray[np.int64]
    activities: int
    ends_after: int | None
    reset_days: int | None


def has_course(rule: Rule) -> bool:
    """Whether the rule gives points for what a lead does, which can grow old."""
    return rule.source == "activity" and rule.counting in ("each", "once")


def rule_course(rule: Rule, reset_days: int | None) -> Course:
    """The points from the day of the activity on, to some days after they end.

    Parameters
    ----------
    rule : Rule
        One for which `has_course` holds.
    reset_days : int or None
        The model's ``inactivity_reset_days``.
    """
    together = rule.required_count
    ages = np.arange(LONGEST_DAYS + 1)
    factors = np.array(
        [1000 if rule.decay is None else decay_factor(rule.decay, int(age)) for age in ages], dtype=np.int64
    )
    is_seen = ages <= (LONGEST_DAYS if rule.window_days is None else rule.window_days)
    thousandths = factors if rule.counting == "once" else factors * together
    counts = to_twentieths(rule, is_seen * together, is_seen * thousandths)
    points = rule_points(counts, rule.points, rule.max_points)
    worth = np.flatnonzero(points)
    last = int(worth[-1]) if len(worth) else 0
    ends = last < LONGEST_DAYS
    shown = last + max(last // 8, 5) if ends else USUAL_DAYS
    if reset_days is not None:
        shown = max(shown, min(reset_days + reset_days // 8, 2 * shown))
    shown = min(shown, LONGEST_DAYS)
    return Course(points[: shown + 1], together, last if ends else None, reset_days)


def course_sentence(course: Course) -> str:
    """The course in words: ``worth 5 points on its day, 2 after 60 days, nothing after 180``."""
    first = int(course.points[0])
    who = "One activity is" if course.activities == 1 else f"{course.activities} activities at once are"
    if first == 0:
        return f"{who} worth no whole point."
    parts = [f"worth {_points(first)} on the day"]
    halved = np.flatnonzero(np.abs(course.points) * 2 <= abs(first))
    if len(halved) and course.points[halved[0]] != 0:
        parts.append(f"{int(course.points[halved[0]])} after {_days(int(halved[0]))}")
    if course.ends_after is not None:
        parts.append(f"nothing after {_days(course.ends_after)}")
    text = f"{who} {', '.join(parts)}"
    if len(parts) == 1:
        text += ", and as much ever after"
    if course.reset_days is not None and (
        course.ends_after is None or course.reset_days <= course.ends_after
    ):
        text += f"; {_days(course.reset_days)} without any activity end it sooner"
    return f"{text}."


def _points(points: int) -> str:
    return f"{points} point" if abs(points) == 1 else f"{points} points"


def _days(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"

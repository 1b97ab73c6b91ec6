"""How far down a model's rules can go, as a product without lowest limits lets them."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from reports.build_sheet.steps import limit_of
from scoring.model import Rule


def lowest_sum(rules: Iterable[Rule]) -> float:
    """The smallest sum of points that the rules can give, minus infinity where nothing limits it.

    Examples
    --------
    >>> lowest_sum([Rule(id="jobs", category="fit", source="lead", points=-5)])
    -5
    """
    return sum(-_most_taken(rule) for rule in rules if rule.points < 0)


def _most_taken(rule: Rule) -> float:
    repeats = rule.source == "account_activity" or (rule.source == "activity" and rule.counting == "each")
    taken = inf if repeats and rule.counting != "once" else abs(rule.points)
    limit = limit_of(rule)
    return taken if limit is None else min(taken, limit)

"""From its leads to one account's score, step by step; the steps add up exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scoring.account_scoring import AccountScore
from scoring.waterfall import Step, Waterfall, add_up

MOST_LEADS = 10
"""Leads with a step of their own; the others share one."""


def account_waterfall(
    block: AccountScore,
    people: Sequence[tuple[str, int]],
    engaged: int,
    departments: int,
    holds: Mapping[str, bool],
) -> Waterfall:
    """The steps to the score of an account.

    Parameters
    ----------
    block : AccountScore
    people : sequence of (name, score)
        Its scored leads, the highest score first; at least one.
    engaged, departments : int
        Engaged ones, and distinct departments of these.
    holds : mapping of str to bool
        By the id of each enabled rule, whether the account satisfies it.

    Examples
    --------
    >>> from scoring.model_parts import Tier
    >>> block = AccountScore(lead_part="top", top=2, tiers=(Tier(name="all", threshold=0),), max_score=40,
    ...     engaged_score=10, points_per_person=5)
    >>> [(step.label, step.points) for step in account_waterfall(block, [("Ada", 30), ("Bo", 9), ("Cy", 4)],
    ...     engaged=1, departments=0, holds={}).steps]
    [('Ada', 30), ('Bo', 9), ('Engaged people: 1', 5), ('Highest score 40', -4)]
    """
    steps = _unadded(block, people, engaged, departments, holds)
    return add_up(steps, block.min_score, block.max_score)


def _unadded(
    block: AccountScore,
    people: Sequence[tuple[str, int]],
    engaged: int,
    departments: int,
    holds: Mapping[str, bool],
) -> Iterator[Step]:
    yield from _lead_steps(block, people)
    counted = (
        ("people", "Engaged people", engaged, block.points_per_person, block.max_person_points),
        (
            "departments",
            "Their departments",
            departments,
            block.points_per_department,
            block.max_department_points,
        ),
    )
    for name, label, number, each, cap in counted:
        if each:
            uncapped = each * number
            points = uncapped if cap is None else min(uncapped, cap)
            yield Step("rule", name, f"{label}: {number}", None, points, 0, 20 * number, cap, uncapped)
    for rule in block.enabled_rules:
        points = rule.points if holds[rule.id] else 0
        yield Step("rule", rule.id, rule.shown_label, None, points, 0, 20 * holds[rule.id])


def _lead_steps(block: AccountScore, people: Sequence[tuple[str, int]]) -> Iterator[Step]:
    if block.lead_part == "mean":
        count, total = len(people), sum(score for _, score in people)
        mean = (2 * total + count) // (2 * count)
        word = "person" if count == 1 else "people"
        yield Step("rule", "leads", f"Average of {count} {word}", None, mean, 0)
        return
    most = {"max": 1, "top": block.top, "sum": None}[block.lead_part]
    counted = people[:most]
    for name, score in counted[:MOST_LEADS]:
        yield Step("rule", name, name, None, score, 0)
    if others := counted[MOST_LEADS:]:
        points = sum(score for _, score in others)
        yield Step("rule", "others", f"{len(others)} more", None, points, 0)

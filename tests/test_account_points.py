"""Scores of accounts: hand-computed cases, a plain loop over random ones, steps that add up."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from scoring.account_points import Members, account_points
from scoring.account_scoring import AccountScore
from scoring.account_waterfall import MOST_LEADS, account_waterfall
from scoring.model_parts import Tier

ACCOUNTS = 40


def block(**keys) -> AccountScore:
    given = {"lead_part": "sum", "min_score": -10_000, "max_score": 10_000, "engaged_score": 0} | keys
    return AccountScore(tiers=(Tier(name="all", threshold=given["min_score"]),), **given)


def members(accounts, scores, engaged=None, departments=None, count=None) -> Members:
    scores = np.array(scores, dtype=np.int64)
    return Members(
        np.array(accounts, dtype=np.int64),
        scores,
        np.ones(len(scores), dtype=bool) if engaged is None else np.array(engaged),
        np.full(len(scores), -1) if departments is None else np.array(departments),
        max(accounts, default=-1) + 1 if count is None else count,
    )


def nothing(count) -> np.ndarray:
    return np.zeros(count, dtype=np.int64)


@pytest.mark.parametrize(
    ("keys", "scores", "expected"),
    [
        ({}, [30, 5, 10], 45),
        ({"lead_part": "max"}, [30, 5, 10], 30),
        ({"lead_part": "max"}, [-30, -5], -5),
        ({"lead_part": "top", "top": 2}, [5, 30, 10], 40),
        ({"lead_part": "top", "top": 9}, [5, 30, 10], 45),
        ({"lead_part": "mean"}, [1, 2], 2),  # 1.5: halves go up
        ({"lead_part": "mean"}, [-1, -2], -1),  # -1.5: up, too
        ({"lead_part": "mean"}, [1, 1, 2], 1),
        ({"lead_part": "mean"}, [1, 2, 2], 2),
        ({"max_score": 20}, [30, 5], 20),
        ({"min_score": 50}, [30, 5], 50),
        ({"points_per_person": 7, "engaged_score": 10}, [30, 5], 35 + 14),
        ({"points_per_person": 7, "max_person_points": 9, "engaged_score": 10}, [30, 5], 35 + 9),
    ],
)
def test_each_way_to_a_score_by_hand(keys, scores, expected):
    found = account_points(block(**keys), members([0] * len(scores), scores), nothing(1))
    assert found.score.tolist() == [expected]


def test_a_department_counts_once_and_only_where_somebody_is_engaged():
    people = members([0] * 5, [1] * 5, [True, True, False, True, True], [3, 3, 4, -1, 9])
    rules = block(points_per_department=10, department_field="department")
    found = account_points(rules, people, nothing(1))
    assert found.departments.tolist() == [2]
    assert found.department_points.tolist() == [20]
    capped = block(points_per_department=10, max_department_points=15, department_field="department")
    assert account_points(capped, people, nothing(1)).department_points.tolist() == [15]


def test_nobody_at_all_is_no_account():
    found = account_points(block(lead_part="top", top=1), members([], []), nothing(0))
    assert len(found.score) == 0


def lead_points(way: AccountScore, scores: list[int]) -> int:
    ordered = sorted(scores, reverse=True)
    match way.lead_part:
        case "sum":
            return sum(ordered)
        case "max":
            return ordered[0]
        case "top":
            return sum(ordered[: way.top])
    return math.floor(Fraction(sum(ordered), len(ordered)) + Fraction(1, 2))


@pytest.mark.parametrize("seed", range(60))
def test_random_accounts_equal_a_plain_loop_and_their_steps_add_up(seed):
    rng = np.random.default_rng(seed)
    part = ["sum", "mean", "max", "top"][seed % 4]
    way = block(
        lead_part=part,
        top=int(rng.integers(1, 5)) if part == "top" else None,
        points_per_person=int(rng.integers(1, 9)),
        max_person_points=[None, 12][seed // 4 % 2],
        points_per_department=int(rng.integers(1, 9)),
        max_department_points=[None, 9][seed // 8 % 2],
        department_field="department",
        min_score=-200,
        max_score=[10_000, 90][seed // 16 % 2],
    )
    size = 300
    # Every account has somebody, in no order.
    accounts = rng.permutation(np.concatenate([np.arange(ACCOUNTS), rng.integers(0, ACCOUNTS, size)]))
    scores, departments = (
        rng.integers(-40, 60, size + ACCOUNTS),
        rng.integers(-1, 5, size + ACCOUNTS),
    )
    engaged = rng.random(size + ACCOUNTS) < 0.5
    rule_points = rng.integers(-20, 20, ACCOUNTS)
    found = account_points(
        way, members(accounts.tolist(), scores, engaged, departments, ACCOUNTS), rule_points
    )
    for account in range(ACCOUNTS):
        theirs = np.flatnonzero(accounts == account)
        own = scores[theirs].tolist()
        busy = {int(departments[i]) for i in theirs if engaged[i] and departments[i] >= 0}
        people = way.points_per_person * sum(engaged[theirs])
        people = min(people, way.max_person_points or people)
        rooms = way.points_per_department * len(busy)
        rooms = min(rooms, way.max_department_points or rooms)
        total = lead_points(way, own) + people + rooms + rule_points[account]
        assert found.score[account] == min(max(total, way.min_score), way.max_score)
        assert found.people[account] == len(own)
        named = sorted(((f"L{i}", score) for i, score in enumerate(own)), key=lambda one: -one[1])
        waterfall = account_waterfall(way, named, int(found.engaged[account]), len(busy), {})
        without_rules = lead_points(way, own) + people + rooms
        assert waterfall.score == min(max(without_rules, way.min_score), way.max_score)
        assert sum(step.points for step in waterfall.steps) == waterfall.score
        assert len(waterfall.steps) <= MOST_LEADS + 4

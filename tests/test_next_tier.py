"""The way to the next tier is the shortest: all combinations are tried beside it."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from scoring.fewest_actions import Action
from scoring.model_file import model_from_dict
from scoring.next_tier import find_next_tier
from scoring.outlook import RuleState, count_after
from scoring.waterfall import compute_waterfall

MOST = 4


def random_model(rng):
    def rule(i):
        counting = rng.choice(["each", "each", "once", "absent"])
        found = {"id": f"r{i}", "category": "ab"[i % 2], "source": "activity", "count": str(counting)}
        found["points"] = int(rng.integers(-6, 12))
        if counting == "absent":
            return found | {"window_days": 30}
        if rng.random() < 0.5:
            found["max_points"] = int(rng.integers(1, 30))
        if rng.random() < 0.3:
            found["at_least"] = int(rng.integers(2, 4))
        if counting == "each" and rng.random() < 0.3:
            found["max_count"] = int(rng.integers(1, 5))
        return found

    limits = [{"name": "a", "max_points": int(rng.integers(0, 30))}] if rng.random() < 0.5 else []
    return model_from_dict(
        {
            "schema_version": 1,
            "name": "random",
            "max_score": 60,
            "conversion": {"stages": ["won"], "horizon_days": 90},
            "tiers": [
                {"name": "low", "threshold": 0},
                {"name": "middle", "threshold": 15},
                {"name": "high", "threshold": 30},
            ],
            "categories": limits,
            "rules": [rule(i) for i in range(5)],
        }
    )


def score_after(model, counts, states, actions):
    more = {}
    for action in actions:
        for rule_id in action.rules:
            more[rule_id] = more.get(rule_id, 0) + 1
    after = {
        rule_id: count_after(model.rule(rule_id), counts[rule_id], states[rule_id], n)
        for rule_id, n in more.items()
    }
    return compute_waterfall(model, counts | after).score


def random_lead(rng, model):
    counts, states = {}, {}
    for rule in model.enabled_rules:
        matches = int(rng.integers(0, 3))
        thousandths = int(rng.integers(0, 1001)) * matches
        states[rule.id] = RuleState(matches, thousandths)
        if rule.counting == "absent":
            counts[rule.id] = 20 * (matches == 0)
        elif matches < rule.required_count or matches == 0:
            counts[rule.id] = 0
        else:
            counts[rule.id] = (thousandths // (matches if rule.counting == "once" else 1) + 25) // 50
    return counts, states


def test_no_shorter_combination_reaches_the_next_tier():
    rng = np.random.default_rng(11)
    kinds = {"found": 0, "out of reach": 0}
    for _ in range(150):
        model = random_model(rng)
        counts, states = random_lead(rng, model)
        ids = [rule.id for rule in model.enabled_rules]
        actions = [
            Action(f"action {i}", frozenset(rng.choice(ids, rng.integers(1, 4), replace=False).tolist()))
            for i in range(4)
        ]
        answer = find_next_tier(model, counts, states, actions)
        start = compute_waterfall(model, counts).score
        if answer.tier is None:
            assert start >= model.tiers[-1].threshold
            continue
        shortest = next(
            (
                n
                for n in range(1, MOST + 1)
                for tried in combinations_with_replacement(actions, n)
                if score_after(model, counts, states, tried) >= answer.tier.threshold
            ),
            None,
        )
        assert answer.fewest
        if answer.actions:
            done = [action for action, times in answer.actions for _ in range(times)]
            assert score_after(model, counts, states, done) == answer.score >= answer.tier.threshold
            assert shortest == len(done) if len(done) <= MOST else shortest is None
            kinds["found"] += 1
        else:
            assert shortest is None
            kinds["out of reach"] += not answer.reachable
    assert min(kinds.values()) > 10


def guideline(**changes):
    click = {"id": "click", "category": "a", "source": "activity", "points": 5, "max_points": 20}
    document = {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "cold", "threshold": 0}, {"name": "hot", "threshold": 30}],
        "rules": [click],
    }
    return model_from_dict(document | changes)


def test_a_cap_below_the_threshold_is_out_of_reach_by_activities():
    answer = find_next_tier(
        guideline(), {"click": 0}, {"click": RuleState()}, [Action("Clicked", frozenset({"click"}))]
    )
    assert not answer.reachable
    assert answer.missing_points == 30
    assert answer.actions == ()


def test_starting_points_and_few_clicks_are_enough():
    answer = find_next_tier(
        guideline(base_points=18),
        {"click": 0},
        {"click": RuleState()},
        [Action("Clicked", frozenset({"click"}))],
    )
    assert [(action.label, times) for action, times in answer.actions] == [("Clicked", 3)]
    assert answer.score == 33


def test_a_way_longer_than_any_advice_is_no_way():
    click = {"id": "click", "category": "a", "source": "activity", "points": 1}
    answer = find_next_tier(
        guideline(rules=[click]),
        {"click": 0},
        {"click": RuleState()},
        [Action("Clicked", frozenset({"click"}))],
    )
    assert answer.reachable
    assert (answer.actions, answer.missing_points) == ((), 30)

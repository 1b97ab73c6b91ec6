"""The way to a cell of a higher tier is the shortest: plain loops try all combinations beside it."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest

from scoring.fewest_actions import Action
from scoring.lead_words import next_tier_words
from scoring.model_file import model_from_dict, model_to_dict
from scoring.next_cell import find_next_cell
from scoring.next_tier import NextTier
from scoring.outlook import RuleState, count_after
from scoring.waterfall import compute_waterfall
from tests import reference
from tests.test_next_tier import random_lead, random_model

MOST = 4
TIERS = ("low", "middle", "high")


def random_grid(rng, model, rises):
    def axis(category):
        cuts = sorted(rng.choice(np.arange(-5, 35), rng.integers(1, 4), replace=False).tolist())
        return {"category": category, "cuts": cuts}

    rows, columns = axis("a"), axis("b")
    shape = len(rows["cuts"]) + 1, len(columns["cuts"]) + 1
    ranks = rng.integers(0, 3, shape)
    if rises:
        ranks = -np.sort(np.sort(-ranks, axis=0), axis=1)
    tiers = [[TIERS[rank] for rank in row] for row in ranks]
    return model_from_dict(
        model_to_dict(model) | {"grid": {"rows": rows, "columns": columns, "tiers": tiers}}
    )


def cell_after(model, counts, states, actions):
    """The cell and the rank of its tier when the actions were done, by the reference."""
    more = {}
    for action in actions:
        for rule_id in action.rules:
            more[rule_id] = more.get(rule_id, 0) + 1
    after = counts | {
        rule_id: count_after(model.rule(rule_id), counts[rule_id], states[rule_id], n)
        for rule_id, n in more.items()
    }
    waterfall = compute_waterfall(model, after)
    plain = model_to_dict(model)
    cell = reference.grid_cell(plain["grid"], {name: waterfall.points_in(name) for name in "ab"})
    return "".join(cell), TIERS.index(reference.tier_of(plain, waterfall.score, cell)), waterfall.score


@pytest.mark.parametrize("rises", [True, False])
def test_no_shorter_combination_reaches_a_cell_of_a_higher_tier(rises):
    rng = np.random.default_rng(23 + rises)
    kinds = {"found": 0, "out of reach": 0, "highest": 0, "in two": 0}
    for _ in range(150):
        model = random_grid(rng, random_model(rng), rises)
        counts, states = random_lead(rng, model)
        ids = [rule.id for rule in model.enabled_rules]
        actions = [
            Action(f"action {i}", frozenset(rng.choice(ids, rng.integers(1, 4), replace=False).tolist()))
            for i in range(4)
        ]
        answer = find_next_cell(model, model.grid, counts, states, actions)
        cell, rank, _ = cell_after(model, counts, states, ())
        assert answer.cell == cell
        if answer.tier is None:
            assert max(TIERS.index(tier) for tier in model.grid.tier_of_place) == rank
            kinds["highest"] += 1
            continue
        shortest = next(
            (
                n
                for n in range(1, MOST + 1)
                for tried in combinations_with_replacement(actions, n)
                if cell_after(model, counts, states, tried)[1] > rank
            ),
            None,
        )
        assert answer.fewest
        assert TIERS.index(answer.tier.name) > rank
        if answer.actions:
            done = [action for action, times in answer.actions for _ in range(times)]
            reached, reached_rank, score = cell_after(model, counts, states, done)
            assert (reached, TIERS[reached_rank]) == (answer.next_cell, answer.tier.name)
            assert (reached_rank > rank, score) == (True, answer.score)
            assert shortest == len(done) if len(done) <= MOST else shortest is None
            kinds["found"] += 1
            kinds["in two"] += len(answer.actions) > 1
        else:
            assert shortest is None
            assert answer.next_cell is None
            kinds["out of reach"] += not answer.reachable
    assert min(kinds.values()) >= 5, kinds


def small(**changes):
    rules = [
        {"id": "click", "category": "does", "source": "activity", "points": 5, "max_points": 20},
        {"id": "boss", "category": "is", "source": "lead", "points": 10},
    ]
    document = {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "cold", "threshold": 0}, {"name": "hot", "threshold": 30}],
        "rules": rules,
        "grid": {
            "rows": {"category": "is", "cuts": [10]},
            "columns": {"category": "does", "cuts": [15]},
            "tiers": [["hot", "cold"], ["cold", "cold"]],
        },
    }
    return model_from_dict(document | changes)


def advice(model, boss):
    counts, states = {"click": 0, "boss": 20 * boss}, {"click": RuleState()}
    return find_next_cell(model, model.grid, counts, states, [Action("Clicked", frozenset({"click"}))])


def test_three_clicks_lift_the_right_company_and_nobody_else():
    found = advice(small(), boss=1)
    assert [(action.label, times) for action, times in found.actions] == [("Clicked", 3)]
    assert (found.cell, found.next_cell, found.score) == ("A2", "A1", 25)
    assert "3 × Clicked, right away, which makes it cell A1, hot" in next_tier_words(found)
    wrong = advice(small(), boss=0)
    assert (wrong.cell, wrong.reachable, wrong.actions) == ("B2", False, ())
    assert "Activities alone cannot bring it into a cell of hot" in next_tier_words(wrong)


def test_words_say_when_no_cell_is_higher_and_when_the_way_is_long():
    assert "no cell of the grid has a higher tier" in next_tier_words(NextTier(None, 0, cell="A1"))
    tier = small().tiers[-1]
    assert "No short list of activities" in next_tier_words(NextTier(tier, 0, cell="B2"))

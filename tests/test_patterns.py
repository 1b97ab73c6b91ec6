"""Scores, cells and response tables of patterns equal a plain loop over the patterns."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import ScoringError
from scoring.model_file import model_from_dict
from scoring.patterns import Patterns
from scoring.places import Coordinate, Places, Term
from scoring.response import rule_points
from scoring.rule_groups import group_rules
from scoring.tally import Weights, tally
from tests import reference

COUNTS = [0, 0, 0, 1, 9, 10, 11, 20, 30, 400, 20_000, 90_000]
LIMITS = [None, None, -1_000_000, -30, 0, 7, 25, 1_000_000]
SPANS = [(0, 100), (-10, 13), (-1000, 1000)]


@st.composite
def scored(draw):
    """A model's document, and patterns with the counts of its rules."""
    rule_count = draw(st.integers(0, 6))
    low, high = draw(st.sampled_from(SPANS))
    rules = [
        {
            "id": f"r{number}",
            "category": draw(st.sampled_from(["engagement", "fit", "other"])),
            "source": "activity",
            "points": draw(st.sampled_from([-1000, -7, -1, 0, 1, 5, 15, 1000])),
        }
        | draw(st.sampled_from([{}, {}, {"max_points": 1}, {"max_points": 12}, {"max_points": 900}]))
        for number in range(rule_count)
    ]
    categories = []
    for name in ("engagement", "fit"):
        limits = draw(st.lists(st.sampled_from(LIMITS), min_size=2, max_size=2))
        known = sorted(limit for limit in limits if limit is not None)
        if len(known) == 2:
            categories.append({"name": name, "min_points": known[0], "max_points": known[1]})
        elif known:
            categories.append({"name": name, draw(st.sampled_from(["min_points", "max_points"])): known[0]})
    model = {
        "schema_version": 1,
        "name": "Random",
        "base_points": draw(st.sampled_from([-40, 0, 3])),
        "min_score": low,
        "max_score": high,
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "All", "threshold": low}],
        "categories": categories,
        "rules": rules,
    }
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows = draw(st.sampled_from([0, 1, 40, 300]))
    keys = {
        "segment": rng.integers(0, 3, rows).astype(np.int16),
        "period": rng.integers(0, 5, rows).astype(np.int16),
        "mature": rng.random(rows) < 0.7,
        "converted": rng.random(rows) < 0.3,
    }
    # Of few different counts small tables become one.
    different = draw(st.sampled_from([COUNTS, [0, 20]]))
    counts = [rng.choice(different, rows) for _ in rules]
    leads = rng.integers(1, 5, rows)
    amount = np.where(keys["converted"], rng.integers(0, 2**55, rows), 0)
    return model, keys, counts, leads, amount


def patterns_of(case):
    model, keys, counts, leads, amount = case
    return Patterns.of(keys, counts, [rule["category"] for rule in model["rules"]], leads, amount)


def plain_score(model, counts):
    sums = Counter()
    for rule, count in zip(model["rules"], counts, strict=True):
        sums[rule["category"]] += reference.rule_points(rule, int(count))
    for category in model["categories"]:
        if category["name"] in {rule["category"] for rule in model["rules"]}:
            points = max(sums[category["name"]], category.get("min_points", -(10**9)))
            sums[category["name"]] = min(points, category.get("max_points", 10**9))
    total = model["base_points"] + sum(sums.values())
    return min(max(total, model["min_score"]), model["max_score"])


def plain_cells(case, score_of):
    model, keys, counts, leads, amount = case
    cells = Counter(), Counter()
    for row in range(len(leads)):
        score = score_of(model, [column[row] for column in counts])
        cell = (*(int(column[row]) for column in keys.values()), score)
        cells[0][cell] += int(leads[row])
        cells[1][cell] += int(amount[row])
    return cells


def as_counters(columns, score):
    leads, amount = Counter(), Counter()
    names = ("segment", "period", "mature", "converted")
    for row in range(len(columns["leads"])):
        cell = (*(int(columns[name][row]) for name in names), int(score[row]))
        leads[cell] += int(columns["leads"][row])
        amount[cell] += int(columns["amount"][row])
    return leads, amount


@settings(max_examples=200)
@given(scored())
def test_cells_equal_a_plain_loop_over_the_patterns(case):
    columns = patterns_of(case).cells(model_from_dict(case[0]))
    assert as_counters(columns, columns["score"]) == plain_cells(case, plain_score)


@settings(max_examples=200)
@given(scored(), st.integers(0, 5), st.sampled_from([-1000, -3, 0, 2, 40]), st.sampled_from([None, 1, 30]))
def test_a_response_table_gives_the_cells_of_any_points_and_cap(case, place, points, cap):
    model, *rest = case
    if not model["rules"]:
        return
    rule = model["rules"][place % len(model["rules"])]
    document = model_from_dict(model)
    table = patterns_of(case).response(document, rule["id"])
    changed = {key: value for key, value in rule.items() if key != "max_points"} | {"points": points}
    changed |= {} if cap is None else {"max_points": cap}
    rules = [changed if each is rule else each for each in model["rules"]]
    category = document.category(rule["category"])
    own = table["rest_of_category"] + rule_points(table["count"], points, cap)
    low, high = (
        -(10**9) if category.min_points is None else category.min_points,
        10**9 if category.max_points is None else category.max_points,
    )
    score = np.clip(table["rest"] + np.clip(own, low, high), model["min_score"], model["max_score"])
    assert as_counters(table, score) == plain_cells((model | {"rules": rules}, *rest), plain_score)


@settings(max_examples=100)
@given(scored(), scored())
def test_joint_cells_hold_the_scores_of_both_models(case, other):
    model_a, keys, counts, leads, _amount = case
    # The second model looks at the same counts, with some columns shared and some left out.
    columns_b = [number % len(counts) for number in range(len(other[0]["rules"]))] if counts else []
    model_b = other[0] | {"rules": other[0]["rules"] if counts else []}
    joint = patterns_of(case).joint(
        model_from_dict(model_a), range(len(counts)), model_from_dict(model_b), columns_b
    )
    expected = Counter()
    for row in range(len(leads)):
        values = [column[row] for column in counts]
        scores = plain_score(model_a, values), plain_score(model_b, [values[column] for column in columns_b])
        expected[(*(int(column[row]) for column in keys.values()), *scores)] += int(leads[row])
    names = ("segment", "period", "mature", "converted", "score_a", "score_b")
    cells = zip(*(joint[name].tolist() for name in names), strict=True)
    found = dict(zip(cells, joint["leads"].tolist(), strict=True))
    assert found == dict(expected)


@settings(max_examples=100)
@given(scored(), st.sampled_from([1, 256, 1 << 22]), st.sampled_from([0, 0, 10]))
def test_patterns_put_in_order_are_counted_the_same(case, slots, fewest_rows):
    document, *_ = case
    model = model_from_dict(document)
    plain = patterns_of(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.tally.SLOTS", slots)
        patch.setattr("scoring.tally.FEWEST_ROWS", fewest_rows)
        patch.setattr("scoring.tally.DENSE_SIZE", 0)
        clustered = plain.clustered()
        found = [clustered.cells(model), plain.cells(model)]
        assert as_counters(found[0], found[0]["score"]) == as_counters(found[1], found[1]["score"])
        for rule in model.enabled_rules:
            tables = [each.response(model, rule.id) for each in (clustered, plain)]
            one, other = ({tuple(row) for row in zip(*map(list, t.values()), strict=True)} for t in tables)
            assert one == other
            assert len(one) == len(tables[0]["leads"]) == len(tables[1]["leads"])


def test_points_too_large_to_count_by_are_refused():
    wide = np.array([0, 2**62])
    with pytest.raises(ScoringError, match="too large"):
        Places.of([Coordinate((Term(wide),)), Coordinate((Term(wide),))], 2)


def test_groups_hold_each_rule_once_and_not_more_combinations_than_allowed():
    rng = np.random.default_rng(3)
    counts = [rng.integers(0, most, 5000) for most in (2, 3, 4, 30, 60, 2, 5)]
    groups = group_rules(counts, ["a", "a", "a", "a", "a", "b", "b"], most_combinations=50)
    assert sorted(column for group in groups for column in group.columns) == list(range(7))
    for group in groups:
        assert len(group.columns) == 1 or len(group.numbers[0]) <= 50
        assert len({"ab"[column > 4] for column in group.columns}) == 1
        for place, column in enumerate(group.columns):
            assert np.array_equal(
                group.counts[place][group.numbers[place][group.combination]], counts[column]
            )


@pytest.mark.parametrize("size", [100, 2**30, 2**40])
def test_tally_adds_up_by_place_however_large_the_space(size):
    rng = np.random.default_rng(size)
    place = rng.choice(rng.integers(0, size, 30), 400)
    leads, amount = rng.integers(1, 9, 400), rng.integers(0, 2**60, 400) * (rng.random(400) < 0.2)
    places, sums, amounts = tally(place, size, Weights.of(leads, amount))
    expected = {int(each): int(leads[place == each].sum()) for each in place}
    paid = {int(each): int(amount[place == each].sum()) for each in place}
    assert dict(zip(places.tolist(), sums.tolist(), strict=True)) == expected
    assert dict(zip(places.tolist(), amounts.tolist(), strict=True)) == paid

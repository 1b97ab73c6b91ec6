"""A rule that counts so many times at most: what a file may say, words, and the activities that are named."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pages.components.tune.rule_words import describe_rule
from queries.counting import counting_key
from scoring.activity_worth import seen_activities
from scoring.errors import ModelError
from scoring.model import Rule
from scoring.model_file import format_model, model_from_dict, parse_model
from scoring.model_words import points_words
from scoring.suggestion import USUAL_SHARE, Limits

T = datetime(2026, 1, 1)


def rule_of(**keys):
    return Rule.model_validate({"id": "r", "category": "c", "source": "activity", "points": 25} | keys)


def model_document(**keys):
    rule = {"id": "r", "category": "c", "source": "activity", "points": 25} | keys
    return {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "low", "threshold": 0, "perk": "a badge"}],
        "rules": [rule],
    }


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"count": "once", "max_count": 3}, "max_count must not be given with count once, got 3"),
        (
            {"count": "absent", "window_days": 9, "max_count": 3},
            "max_count must not be given with count absent",
        ),
        ({"source": "lead", "max_count": 3}, "max_count must not be given with source lead"),
        ({"source": "account", "max_count": 3}, "max_count must not be given with source account"),
        ({"max_count": 0}, "max_count must be greater than or equal to 1, got 0"),
        ({"max_count": 1.5}, "max_count must be a valid integer, got 1.5"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_name(keys, said):
    with pytest.raises(ModelError, match=r"rules\[1\] 'r'") as refused:
        model_from_dict(model_document(**keys))
    assert said in str(refused.value)


@pytest.mark.parametrize("source", ["activity", "account_activity"])
def test_limit_and_perk_survive_the_model_file(source):
    model = model_from_dict(model_document(source=source, max_count=3))
    assert model.rules[0].max_count == 3
    assert model.tiers[0].perk == "a badge"
    assert parse_model(format_model(model)) == model


def test_counts_with_another_limit_are_others():
    keys = [str(counting_key(rule_of(max_count=limit))) for limit in (None, 1, 2)]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"max_count": 3}, "+25 points, at most 3 times"),
        ({"max_count": 1, "max_points": 9}, "+25 points, at most 9, at most 1 time"),
        (
            {"max_count": 2, "source": "account_activity", "count": "people"},
            "+25 points, at most 2 colleagues",
        ),
    ],
)
def test_the_limit_is_said(keys, said):
    rule = rule_of(**keys)
    assert points_words(rule) == said
    assert describe_rule(rule).startswith(f"{said}, counting what")


def counting_places(rule, days, people=None):
    """Which of the activities, so many days old, the rule's points come from; person 0 is the lead."""
    who = people or [0] * len(days)
    times = [T - timedelta(days=day) for day in days]
    seen = seen_activities([rule], who, times, {"r": [True] * len(days)}, 0, T, None)
    return [one.activity for one in seen if one.counts]


def test_the_newest_activities_are_those_that_count():
    assert counting_places(rule_of(max_count=2), [1, 9, 3, 5]) == [0, 2]
    assert counting_places(rule_of(max_count=9), [1, 9, 3, 5]) == [0, 1, 2, 3]
    assert counting_places(rule_of(max_count=2, at_least=5), [1, 9, 3, 5]) == []


def test_faded_activities_count_until_the_limit_is_full():
    fading = rule_of(max_count=1, decay={"kind": "linear", "days": 10})
    # 0.9 of the newest leaves room for a part of the next one, and for none after it.
    assert counting_places(fading, [1, 3, 5, 20]) == [0, 1]


def test_of_colleagues_the_newest_count():
    people = rule_of(max_count=1, source="account_activity", count="people")
    assert counting_places(people, [1, 2, 3, 9], people=[0, 2, 1, 2]) == [1, 3]


@pytest.mark.parametrize(
    ("keys", "times"), [({}, 1), ({"max_count": 4}, 4), ({"max_count": 4, "max_points": 50}, 2)]
)
def test_a_suggestion_takes_what_the_rule_gives_at_most_for_its_limit(keys, times):
    document = model_document(**keys)
    document["tiers"].append({"name": "high", "threshold": 100})
    model = model_from_dict(document)
    way = USUAL_SHARE * 100
    assert Limits.usual(model, model.rules[0]).high == max(25, int(way / times))

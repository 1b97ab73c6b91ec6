"""What differs between two models is found whole and said plainly; both sides' changes go together."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.dataset import ready_models
from scoring.model import Category, Condition, Decay, Model, Tier
from scoring.model_changes import changes_in_words, model_changes
from scoring.model_file import format_model, model_from_dict, model_to_dict, parse_model
from scoring.model_merge import TIERS_TOGETHER, merge_models
from tests.strategies import models

EXAMPLES = int(os.environ.get("TIERLINE_EXAMPLES", "200"))
MODELS = models().map(model_from_dict)


@pytest.fixture
def model() -> Model:
    return ready_models()["b2b_guideline"]


def changed(model: Model, **keys) -> Model:
    """The model with other values, seen to be valid."""
    return model_from_dict(model_to_dict(model.model_copy(update=keys)))


def with_rule(model: Model, rule_id: str, **keys) -> Model:
    rules = (rule.model_copy(update=keys) if rule.id == rule_id else rule for rule in model.rules)
    return changed(model, rules=tuple(rules))


def with_tier(model: Model, name: str, **keys) -> Model:
    tiers = (tier.model_copy(update=keys) if tier.name == name else tier for tier in model.tiers)
    return changed(model, tiers=tuple(tiers))


def words(before: Model, after: Model) -> list[str]:
    return [change.words for change in model_changes(before, after)]


def test_equal_models_differ_in_nothing(model):
    assert model_changes(model, parse_model(format_model(model))) == ()
    assert changes_in_words(()) == "nothing"


def test_a_changed_description_is_said(model):
    after = changed(model, description="For us.")
    assert words(model, after) == [f"description “{model.description}” -> “For us.”"]


def test_thresholds_come_before_points_in_one_line(model):
    after = with_rule(with_tier(model, "SQL", threshold=90), "email_click", points=14)
    line = "SQL threshold 100 -> 90; Clicked a link in an email 5 -> 14 points"
    changes = model_changes(model, after)
    assert changes_in_words(changes) == line
    assert changes_in_words(changes, most=1) == "SQL threshold 100 -> 90; 1 more"
    assert [(change.place, change.before, change.after) for change in changes] == [
        (("tiers", "SQL", "threshold"), 100, 90),
        (("rules", "email_click", "points"), 5, 14),
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"enabled": False}, "Clicked a link in an email switched off"),
        ({"max_points": None}, "Clicked a link in an email at most 30 -> none"),
        ({"window_days": None}, "Clicked a link in an email looks back so many days 365 -> all"),
        (
            {"decay": Decay(kind="step", days=30, percent=10)},
            "Clicked a link in an email fades half after 90 days -> by 10 % every 30 days",
        ),
        ({"count": "once"}, "Clicked a link in an email counts every time -> only once"),
        (
            {"count": "each"},
            "Clicked a link in an email counts every time (written differently, with the same meaning)",
        ),
        ({"at_least": 3}, "Clicked a link in an email from so many times on 1 -> 3"),
        ({"max_count": 3}, "Clicked a link in an email counts at most so many times none -> 3"),
        ({"label": None}, "rule email_click is called “Clicked a link in an email” -> none"),
        (
            {"where": (Condition(field="channel", operator="in", value=("a", "b")),)},
            "Clicked a link in an email when activity_type is email_click -> channel is one of a, b",
        ),
    ],
)
def test_every_key_of_a_rule_has_words(model, keys, said):
    assert words(model, with_rule(model, "email_click", **keys)) == [said]


def test_what_came_and_went_is_named(model):
    staff = Condition(field="email_domain", operator="equals", value="ours.example")
    after = changed(
        model,
        rules=model.rules[1:],
        categories=(*model.categories[:1], Category(name="risk", min_points=-20)),
        tiers=(*model.tiers, Tier(name="Hot", threshold=150)),
        exclude=(staff,),
        base_points=3,
    )
    assert words(model, after) == [
        "starting points 0 -> 3",
        "left out: email_domain is ours.example",
        "tier Hot added, from 150",
        "limits of risk: at least -20, at most none",
        "limits of fit removed: at least none, at most 40",
        "Opened an email removed: it gave +1 points, at most 20",
    ]
    back = words(after, model)
    assert "no longer left out: email_domain is ours.example" in back
    assert "Opened an email added: +1 points, at most 20" in back


def test_the_question_asked_of_the_data_has_words(model):
    after = changed(
        model,
        conversion=model.conversion.model_copy(update={"horizon_days": 60, "stages": ("won", "accepted")}),
        observation=model.observation.model_copy(update={"period": "month", "max_age_days": 400}),
    )
    assert words(model, after) == [
        "stages that count as converted won -> won, accepted",
        "days allowed to convert 90 -> 60",
        "period quarter -> month",
        "oldest lead in days none -> 400",
    ]


def test_another_order_is_a_difference(model):
    assert words(model, changed(model, rules=model.rules[::-1])) == ["order of the rules"]


@settings(max_examples=EXAMPLES)
@given(MODELS, MODELS)
def test_there_are_changes_exactly_where_models_differ(first, second):
    assert bool(model_changes(first, second)) == (first != second)
    assert all(change.words for change in model_changes(first, second))


def test_changes_to_different_rules_and_thresholds_go_together(model):
    mine = with_tier(with_rule(model, "email_click", points=9), "SQL", threshold=120)
    theirs = with_tier(with_rule(model, "page_view", points=3), "SQL", action="visit")
    merge = merge_models(model, mine, theirs)
    assert merge.conflicts == ()
    assert merge.model == with_tier(
        with_rule(with_tier(mine, "SQL", action="visit"), "page_view", points=3), "SQL", threshold=120
    )


def test_the_same_rule_changed_twice_is_asked_about_as_a_whole(model):
    mine = with_rule(model, "email_click", points=9)
    theirs = with_rule(model, "email_click", window_days=30)
    merge = merge_models(model, mine, theirs)
    [conflict] = merge.conflicts
    assert (conflict.place, conflict.name) == (("rules", "email_click"), "rule email_click")
    assert conflict.mine == "Clicked a link in an email 5 -> 9 points"
    assert conflict.theirs == "Clicked a link in an email looks back so many days 365 -> 30"
    assert merge.model == theirs
    assert merge_models(model, mine, theirs, {conflict.place: "mine"}).model == mine


def test_a_rule_removed_here_and_changed_there_is_asked_about(model):
    mine = changed(model, rules=tuple(rule for rule in model.rules if rule.id != "email_click"))
    theirs = with_rule(model, "email_click", points=9)
    [conflict] = merge_models(model, mine, theirs).conflicts
    assert conflict.mine.startswith("Clicked a link in an email removed")
    chosen = merge_models(model, mine, theirs, {conflict.place: "mine"}).model
    assert chosen == mine


def test_thresholds_that_would_cross_are_one_question(model):
    mine = with_tier(model, "MQL", threshold=95)
    theirs = with_tier(model, "SQL", threshold=90)
    merge = merge_models(model, mine, theirs)
    [conflict] = merge.conflicts
    assert conflict.place == TIERS_TOGETHER
    assert (conflict.mine, conflict.theirs) == ("MQL threshold 35 -> 95", "SQL threshold 100 -> 90")
    assert merge.model == theirs
    assert merge_models(model, mine, theirs, {TIERS_TOGETHER: "mine"}).model == mine


def test_rules_added_by_both_keep_their_neighbours(model):
    new = model.rules[0].model_copy(update={"id": "mine_new"})
    other = model.rules[0].model_copy(update={"id": "their_new"})
    mine = changed(model, rules=(model.rules[0], new, *model.rules[1:]))
    theirs = changed(model, rules=(*model.rules, other))
    ids = [rule.id for rule in merge_models(model, mine, theirs).model.rules]
    assert ids[:2] == [model.rules[0].id, "mine_new"]
    assert ids[-1] == "their_new"


@settings(max_examples=EXAMPLES)
@given(MODELS, MODELS, MODELS, st.randoms(use_true_random=False))
def test_a_merge_is_a_valid_model_that_takes_every_part_from_a_side(base, mine, theirs, random):
    assert merge_models(base, mine, base).model == mine
    assert merge_models(base, base, theirs).model == theirs
    assert merge_models(base, mine, mine).model == mine
    for side in (merge_models(base, mine, base), merge_models(base, base, theirs)):
        assert side.conflicts == ()
    merge = merge_models(base, mine, theirs)
    choices = {conflict.place: random.choice(["mine", "theirs"]) for conflict in merge.conflicts}
    chosen = merge_models(base, mine, theirs, choices).model
    assert parse_model(format_model(chosen)) == chosen
    for rule in chosen.rules:
        assert rule in (*mine.rules, *theirs.rules)
    for rule in base.rules:
        if rule in mine.rules and rule in theirs.rules:
            assert rule in chosen.rules

"""The block that scores accounts: what is refused, what holds without it, what changes say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.dataset import ready_models
from scoring.account_fields import account_fields, without_account_fields
from scoring.account_scoring import AccountScore, account_model, account_score_of
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_changes import model_changes
from scoring.model_file import format_model, model_from_dict, model_to_dict, parse_model
from scoring.model_merge import TIERS_TOGETHER, merge_models
from tests.strategies import models
from tests.strategies_accounts import account_scores

COLD, HOT = {"name": "Cold", "threshold": 0}, {"name": "Hot", "threshold": 100}
SIZE = {"id": "size", "points": 10, "where": [{"field": "employees", "is": "gt", "value": 50}]}
START, MEAN = "an account's score starts from", "the average of its leads' scores"
BLOCK = {
    "from": "top",
    "top": 3,
    "engaged_tier": "MQL",
    "points_per_person": 5,
    "max_person_points": 20,
    "tiers": [COLD, HOT],
    "rules": [SIZE],
}


@pytest.fixture
def document() -> dict:
    return model_to_dict(ready_models()["b2b_guideline"])


def with_block(document: dict, **keys) -> Model:
    block = {key: value for key, value in (BLOCK | keys).items() if value is not None}
    return model_from_dict(document | {"account_score": block})


def test_a_file_with_the_block_reads_back_as_it_was_written(document):
    model = with_block(document)
    assert parse_model(format_model(model)) == model
    assert '[account_score]\nfrom = "top"' in format_model(model)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"form": "sum"}, "account_score: form is an unknown key, did you mean 'from'?"),
        ({"from": "median"}, "account_score: from must be 'sum', 'mean', 'max' or 'top', got 'median'"),
        ({"from": None}, "account_score: from must be given"),
        ({"tiers": None}, "account_score: tiers must be given"),
        ({"tiers": []}, "account_score: tiers must not be empty"),
        ({"top": None}, "account_score: top must be given with from top"),
        ({"from": "sum"}, "account_score: top must not be given with from sum"),
        (
            {"engaged_tier": "Hot"},
            "engaged_tier must be one of the model's tiers Nurture, MQL, SQL, got 'Hot'",
        ),
        ({"engaged_score": 10}, "engaged_tier must not be given together with engaged_score"),
        ({"engaged_tier": None}, "engaged_tier, engaged_score or engaged_within_days must be given with"),
        (
            {"points_per_person": -1},
            "account_score: points_per_person must be greater than or equal to 0, got -1",
        ),
        ({"points_per_person": 0}, "points_per_person must be above 0 with max_person_points, got 0"),
        ({"points_per_department": 5}, "department_field must be given with points_per_department"),
        ({"max_department_points": 5}, "points_per_department must be above 0 with max_department_points"),
        ({"max_score": 0}, "account_score: max_score must be greater than min_score, got 0 <= 0"),
        ({"min_score": -5}, "the threshold of the first tier 'Cold' must equal min_score -5, got 0"),
        ({"rules": [{"id": "a", "points": 1, "sourse": "x"}]}, "rules[1] 'a': sourse is an unknown key"),
        (
            {"rules": [{"id": "a", "points": 1, "window_days": 3}]},
            "window_days is an unknown key; known keys are id",
        ),
        ({"rules": [{"id": "a", "points": 1}] * 2}, "rules: id must be unique, got 'a' more than once"),
        ({"tiers": [{"name": "A", "threshold": 0, "treshold": 3}]}, "did you mean 'threshold'?"),
    ],
)
def test_what_a_block_must_not_be_is_refused_with_the_key(document, keys, message):
    with pytest.raises(ModelError) as refused:
        with_block(document, **keys)
    assert message in str(refused.value)
    assert "account_score" in str(refused.value)


def test_without_a_block_an_account_scores_what_its_best_lead_does(document):
    model = model_from_dict(document)
    block = account_score_of(model)
    assert (block.lead_part, block.engaged_tier, block.tiers) == ("max", "MQL", model.tiers)
    assert (block.min_score, block.max_score) == (model.min_score, model.max_score)


def test_the_model_of_accounts_has_their_range_and_tiers(document):
    model = with_block(document, max_score=5000)
    accounts = account_model(model)
    assert (accounts.name, accounts.max_score) == (model.name, 5000)
    assert [tier.name for tier in accounts.tiers] == ["Cold", "Hot"]
    assert accounts.conversion == model.conversion


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"top": 5}, f"{START} the sum of its 3 best leads' scores -> the sum of its 5 best leads' scores"),
        ({"from": "mean", "top": None}, f"{START} the sum of its 3 best leads' scores -> {MEAN}"),
        ({"points_per_person": 8}, "points for each engaged person 5 -> 8"),
        ({"max_person_points": None}, "points for engaged people at most 20 -> none"),
        ({"tiers": [COLD, HOT | {"threshold": 90}]}, "account tier Hot threshold 100 -> 90"),
        ({"tiers": [COLD, HOT | {"action": "call"}]}, "account tier Hot action none -> “call”"),
        ({"tiers": [COLD]}, "account tier Hot removed, it began at 100"),
        ({"rules": []}, "size removed for accounts: it gave +10 points"),
        ({"rules": [SIZE | {"points": 4}]}, "size 10 -> 4 points for accounts"),
        ({"rules": [SIZE | {"enabled": False}]}, "size switched off for accounts"),
    ],
)
def test_each_change_of_the_block_has_words(document, keys, said):
    changes = model_changes(with_block(document), with_block(document, **keys))
    assert [change.words for change in changes] == [said]


def test_the_block_coming_and_going_is_said(document):
    without, block = model_from_dict(document), with_block(document)
    assert [c.words for c in model_changes(without, block)] == [
        "accounts are scored: the sum of its 3 best leads' scores"
    ]
    assert [c.words for c in model_changes(block, without)] == [
        "accounts are no longer scored in their own way"
    ]


@settings(max_examples=200)
@given(data=st.data())
def test_changes_are_empty_exactly_for_equal_blocks(data):
    model = data.draw(models())
    before, after = (
        model_from_dict(model | ({"account_score": block} if block else {}))
        for block in (data.draw(st.none() | account_scores(model)) for _ in range(2))
    )
    assert (model_changes(before, after) == ()) == (before == after)
    assert model_changes(before, before) == ()


def test_changes_of_both_sides_go_together_key_by_key(document):
    base = with_block(document)
    mine = with_block(document, points_per_person=7)
    theirs = with_block(document, top=2)
    merged = merge_models(base, mine, theirs)
    assert merged.conflicts == ()
    assert merged.model == with_block(document, points_per_person=7, top=2)


def test_the_same_key_changed_twice_is_asked(document):
    base = with_block(document)
    mine, theirs = with_block(document, points_per_person=7), with_block(document, points_per_person=9)
    merged = merge_models(base, mine, theirs)
    (conflict,) = merged.conflicts
    assert conflict.name == "account score: points per person"
    assert (conflict.mine, conflict.theirs) == (
        "points for each engaged person 5 -> 7",
        "points for each engaged person 5 -> 9",
    )
    assert merged.model == theirs
    assert merge_models(base, mine, theirs, {conflict.place: "mine"}).model == mine


def test_keys_that_exclude_each_other_make_the_block_one_question(document):
    base = with_block(document, points_per_person=0, max_person_points=None, engaged_tier=None)
    one = with_block(document, points_per_person=0, max_person_points=None, engaged_tier="MQL")
    other = with_block(
        document, points_per_person=0, max_person_points=None, engaged_tier=None, engaged_score=5
    )
    merged = merge_models(base, one, other)
    assert [conflict.place for conflict in merged.conflicts] == [("account_score",)]
    assert merged.model == other


def test_a_tier_that_one_side_took_away_and_the_other_names_is_one_question(document):
    tiers = [tier for tier in document["tiers"] if tier["name"] != "MQL"]
    base = model_from_dict(document)
    mine = with_block(document)
    theirs = model_from_dict(document | {"tiers": tiers})
    for side, whole in (("mine", mine), ("theirs", theirs)):
        merged = merge_models(base, mine, theirs, {TIERS_TOGETHER: side})
        assert [conflict.place for conflict in merged.conflicts] == [TIERS_TOGETHER]
        assert merged.model == whole


def test_one_tier_alone_tells_nobody_apart():
    model = ready_models()["b2b_guideline"].model_copy(
        update={"tiers": (ready_models()["b2b_guideline"].tiers[0],)}
    )
    assert account_score_of(model).engaged_tier is None
    assert not AccountScore(lead_part="max", tiers=model.tiers).says_who_is_engaged


def test_what_the_data_lack_is_left_out_of_the_account_score(document):
    points = {"points_per_department": 5, "max_department_points": 9, "department_field": "team"}
    model = with_block(document, **points)
    assert account_fields(model) == ("leads.team", "accounts.employees")
    assert account_fields(model_from_dict(document)) == ()
    block = without_account_fields(model.account_score, {"leads.team"})
    assert block == with_block(document).account_score
    assert without_account_fields(block, {"accounts.employees"}).rules == ()
    assert without_account_fields(None, {"leads.team"}) is None

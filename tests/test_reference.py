"""The plain loop itself, against figures computed by hand from the design's sentences."""

import math
import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import tomli_w
from hypothesis import HealthCheck, Phase, given, settings

from scoring.model_file import parse_model
from tests import reference
from tests.strategies import COLUMNS, cases

T = datetime(2025, 4, 1)
LATER = datetime(2026, 1, 1)
MICROSECOND = timedelta(microseconds=1)


def days_before(days, moment=T):
    return moment - timedelta(days=days)


def lead(lead_id="L1", created_at=datetime(2025, 1, 15), **attributes):
    return {"lead_id": lead_id, "created_at": created_at, **attributes}


def activity(occurred_at, activity_type="click", lead_id="L1", **properties):
    return {
        "lead_id": lead_id,
        "occurred_at": occurred_at,
        "activity_type": activity_type,
        **properties,
    }


def outcome(occurred_at, stage="won", lead_id="L1", **more):
    return {"lead_id": lead_id, "occurred_at": occurred_at, "stage": stage, **more}


def data_of(leads=None, activities=(), outcomes=(), accounts=()):
    return {
        "leads": [lead()] if leads is None else list(leads),
        "accounts": list(accounts),
        "activities": list(activities),
        "outcomes": list(outcomes),
    }


def rule(rule_id="r", **keys):
    return {"id": rule_id, "category": "c", "source": "activity", "points": 1, **keys}


def model_of(*rules, conversion=None, **keys):
    return {
        "name": "Model",
        "conversion": {"stages": ["won"], "horizon_days": 30, **(conversion or {})},
        "tiers": [{"name": "low", "threshold": keys.get("min_score", 0)}, {"name": "high", "threshold": 10}],
        "rules": list(rules),
        **keys,
    }


def points_at(moment, data, *rules, **keys):
    """Points of the rule "r" for lead L1."""
    rows = reference.score_at(data, model_of(*rules, **keys), moment, imported_at=LATER)
    return next(row["points_r"] for row in rows if row["lead_id"] == "L1")


def score_at_t(data, *rules, **keys):
    (row,) = reference.score_at(data, model_of(*rules, **keys), T, imported_at=LATER)
    return row["score"], row["tier"]


def condition(field, operator, value=None):
    return {"field": field, "is": operator} | ({} if value is None else {"value": value})


# --- Values and conditions


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", 10), (" 10\t", 10), ("-2.50", -2.5), ("1e2", 100), ("1E+2", 100), ("25e-1", 2.5), ("007", 7)],
)
def test_a_number_is_read_from_its_text(text, number):
    assert reference.number_of(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", None, ".5", "5.", "+5", "1 0", "1_0", "1,5", "NaN", "inf", "0x1", "1e", "--5", "١"]
)
def test_other_texts_are_no_number(text):
    assert reference.number_of(text) is None


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.00005", "1.0001"),
        ("-1.00005", "-1.0001"),
        ("1.00015", "1.0002"),
        ("1e2", "100"),
        ("x", "0"),
        (None, "0"),
    ],
)
def test_an_amount_is_rounded_half_away_from_zero(amount, expected):
    assert reference.amount_of({"amount": amount}) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "operator", "value", "expected"),
    [
        ("VP Sales", "equals", "vp sales", True),
        (" 10 ", "equals", "10", False),
        (" 10 ", "equals", 10, True),
        ("1e1", "equals", 10, True),
        ("ten", "equals", 10, False),
        ("ten", "not_equals", 10, True),
        (" ", "not_equals", 10, False),
        (" ", "not_in", ["a"], False),
        ("10", "in", ["10", 7], True),
        ("10.0", "in", ["10", 7], False),
        ("10.0", "in", ["7", 10], True),
        ("10.0", "not_in", ["10", 7], True),
        ("VP Sales", "contains", "P s", True),
        ("VP Sales", "starts_with", "vp", True),
        ("VP Sales", "starts_with", "sales", False),
        ("VP Sales", "matches", "sales$", True),
        ("VP Sales", "matches", "^sales", False),
        ("10", "gt", 10, False),
        ("10", "ge", 10, True),
        ("10", "lt", 10, False),
        ("10", "le", 10, True),
        ("ten", "le", 10, False),
        ("5", "between", [5, 10], True),
        ("10", "between", [5, 10], True),
        ("10.01", "between", [5, 10], False),
        ("\t", "is_missing", None, True),
        (None, "is_missing", None, True),
        ("\t", "is_present", None, False),
        ("0", "is_present", None, True),
        ("0", "is_missing", None, False),
    ],
)
def test_a_condition_holds(text, operator, value, expected):
    assert reference.holds(condition("field", operator, value), {"field": text}) is expected


def test_match_any_needs_one_condition_and_no_condition_matches_everything():
    both = [condition("a", "equals", 1), condition("b", "equals", 1)]
    row = {"a": "1", "b": "2"}
    assert not reference.matches({"where": both}, row)
    assert reference.matches({"where": both, "match": "any"}, row)
    assert reference.matches({"where": [], "match": "any"}, row)
    assert reference.matches({}, row)


# --- Steps 1 and 2: activities seen


def test_an_activity_at_the_moment_is_not_seen_and_one_before_is():
    assert points_at(T, data_of(activities=[activity(T)]), rule()) == 0
    assert points_at(T, data_of(activities=[activity(T - MICROSECOND)]), rule()) == 1


def test_an_activity_before_its_lead_was_created_counts():
    assert points_at(T, data_of(activities=[activity(datetime(2020, 1, 1))]), rule()) == 1


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([10], 0),  # silent for exactly the reset up to the moment
        ([9], 1),
        ([25, 15, 8], 2),  # the gap of 10 days wipes out the first; that of 7 wipes out nothing
        ([24, 15, 8], 3),
        ([40, 39, 29, 5], 1),  # the last of two gaps decides
        ([20, 20, 5, 5], 2),
    ],
)
def test_a_silence_of_the_reset_wipes_out_what_came_before(ages, expected):
    activities = [activity(days_before(age)) for age in ages]
    assert points_at(T, data_of(activities=activities), rule(), inactivity_reset_days=10) == expected


def test_a_silence_one_microsecond_short_wipes_out_nothing():
    activities = [activity(days_before(10) + MICROSECOND)]
    assert points_at(T, data_of(activities=activities), rule(), inactivity_reset_days=10) == 1


def test_activities_that_a_rule_does_not_match_still_break_the_silence():
    activities = [activity(days_before(12)), activity(days_before(6), "open")]
    clicks = rule(where=[condition("activity_type", "equals", "CLICK")])
    assert points_at(T, data_of(activities=activities), clicks, inactivity_reset_days=10) == 1


def test_the_window_includes_its_edge():
    edge = days_before(7)
    assert points_at(T, data_of(activities=[activity(edge)]), rule(window_days=7)) == 1
    assert points_at(T, data_of(activities=[activity(edge - MICROSECOND)]), rule(window_days=7)) == 0


# --- Step 3: decay


@pytest.mark.parametrize(
    ("decay", "factors"),
    [
        ({}, {0: 1000, 500: 1000}),
        # 1000 * 0.5 ** (1/60) = 988.51, (30/60) 707.11, (90/60) 353.55, (600/60) 0.98
        (
            {"kind": "half_life", "days": 60},
            {0: 1000, 1: 989, 30: 707, 60: 500, 90: 354, 600: 1, 660: 0, 659: 0},
        ),
        ({"kind": "linear", "days": 3}, {0: 1000, 1: 667, 2: 333, 3: 0, 4: 0}),
        ({"kind": "linear", "days": 16}, {1: 938, 3: 813}),  # 937.5 and 812.5: halves go up
        ({"kind": "step", "days": 30, "percent": 25}, {0: 1000, 29: 1000, 30: 750, 60: 563, 90: 422}),
        ({"kind": "step", "days": 1, "percent": 100}, {0: 1000, 1: 0, 2: 0}),
    ],
)
def test_decay_factors_in_thousandths(decay, factors):
    assert {age: reference.decay_factor(age, **decay) for age in factors} == factors


def test_age_is_whole_days_rounded_down():
    step = rule(points=100, decay={"kind": "step", "days": 1, "percent": 50})
    assert points_at(T, data_of(activities=[activity(days_before(1))]), step) == 50
    assert points_at(T, data_of(activities=[activity(days_before(1) + MICROSECOND)]), step) == 100


# --- Step 4: counts


def test_each_adds_the_factors_and_once_takes_the_largest():
    activities = [activity(days_before(age)) for age in (0.5, 1, 2)]
    decay = {"kind": "linear", "days": 3}
    assert points_at(T, data_of(activities=activities), rule(points=10, decay=decay)) == 20
    assert points_at(T, data_of(activities=activities[1:]), rule(points=20, decay=decay, count="once")) == 13


@pytest.mark.parametrize(("thousandths", "twentieths"), [(24, 0), (25, 1), (74, 1), (75, 2), (1000, 20)])
def test_thousandths_become_twentieths_halves_up(monkeypatch, thousandths, twentieths):
    monkeypatch.setattr(reference, "decay_factor", lambda age_days: thousandths)
    facts = reference.Facts(data_of(activities=[activity(days_before(1))]), model_of(), LATER)
    assert reference.rule_count(rule(), lead(), T, model_of(), facts) == twentieths


def test_a_count_stops_at_a_thousand_activities():
    activities = [activity(days_before(1))] * 1001
    assert points_at(T, data_of(activities=activities), rule()) == 1000


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (2, 50), (3, 75), (4, 75)])
def test_a_count_stops_at_its_own_limit(number, expected):
    activities = [activity(days_before(1))] * number
    assert points_at(T, data_of(activities=activities), rule(points=25, max_count=3)) == expected


def test_a_limited_count_fills_up_with_what_has_faded():
    activities = [activity(days_before(5))] * 3
    fading = rule(points=20, max_count=1, decay={"kind": "linear", "days": 10})
    assert points_at(T, data_of(activities=activities[:1]), fading) == 10
    assert points_at(T, data_of(activities=activities), fading) == 20


@pytest.mark.parametrize(("number", "expected"), [(1, 0), (2, 2), (3, 3)])
def test_at_least_needs_that_many_activities(number, expected):
    activities = [activity(days_before(1))] * number
    assert points_at(T, data_of(activities=activities), rule(at_least=2)) == expected


def test_at_least_counts_activities_that_have_faded_to_nothing():
    activities = [activity(days_before(1)), activity(days_before(50))]
    fading = rule(points=20, at_least=2, decay={"kind": "linear", "days": 10})
    assert points_at(T, data_of(activities=activities), fading) == 18


@pytest.mark.parametrize(
    ("created_days", "activity_days", "expected"), [(30, None, 1), (29, None, 0), (30, 30, 0), (40, 31, 1)]
)
def test_absent_needs_an_empty_window_and_a_lead_as_old(created_days, activity_days, expected):
    activities = [] if activity_days is None else [activity(days_before(activity_days))]
    data = data_of([lead(created_at=days_before(created_days))], activities)
    assert points_at(T, data, rule(count="absent", window_days=30)) == expected


def test_rules_on_attributes_and_leads_without_a_known_account():
    accounts = [{"account_id": "A", "industry": None}]
    missing = rule(source="account", where=[condition("industry", "is_missing")])
    anything = rule(source="account")
    for account_id, expected in [("A", 1), ("a", 0), ("B", 0), (None, 0), (" ", 0)]:
        data = data_of([lead(account_id=account_id)], accounts=accounts)
        assert points_at(T, data, missing) == expected
        assert points_at(T, data, anything) == expected
        assert points_at(T, data, rule(source="lead", points=3)) == 3


def colleagues():
    leads = [lead(f"L{number}", account_id="A") for number in (1, 2, 3)]
    others = [lead("L4", account_id="B"), lead("L5", account_id=""), lead("L6")]
    activities = [
        activity(days_before(1), lead_id="L1"),
        activity(days_before(1), lead_id="L2"),
        activity(days_before(2), lead_id="L2"),
        activity(days_before(40), lead_id="L3"),
        activity(days_before(1), lead_id="L4"),
        activity(days_before(1), lead_id="L5"),
    ]
    return leads + others, activities


def test_colleagues_are_the_other_leads_of_the_account_even_when_closed_or_excluded():
    leads, activities = colleagues()
    leads[1]["region"] = "out"
    data = data_of(leads, activities, [outcome(days_before(50), "lost", "L3")])
    keys = {"conversion": {"closing_stages": ["lost"]}, "exclude": [condition("region", "equals", "OUT")]}
    assert points_at(T, data, rule(source="account_activity"), **keys) == 3
    assert points_at(T, data, rule(source="account_activity", count="once"), **keys) == 1
    assert points_at(T, data, rule(source="account_activity", count="people"), **keys) == 2
    assert points_at(T, data, rule(source="account_activity", count="people", at_least=2), **keys) == 2
    assert points_at(T, data, rule(source="account_activity", count="people", max_count=1), **keys) == 1
    assert points_at(T, data, rule(source="account_activity", count="people", at_least=3), **keys) == 0


def test_each_colleague_is_seen_through_a_reset_of_its_own():
    data = data_of(*colleagues())
    assert points_at(T, data, rule(source="account_activity"), inactivity_reset_days=30) == 2


def test_leads_with_no_account_have_no_colleagues():
    leads, activities = colleagues()
    rows = reference.score_at(
        data_of(leads, activities), model_of(rule(source="account_activity")), T, imported_at=LATER
    )
    assert {row["lead_id"]: row["points_r"] for row in rows} == {
        "L1": 3, "L2": 2, "L3": 3, "L4": 0, "L5": 0, "L6": 0
    }  # fmt: skip


# --- Steps 5 to 8


@pytest.mark.parametrize(
    ("points", "count", "cap", "expected"),
    [
        (5, 20, None, 5),
        (5, 10, None, 3),  # 2.5 goes up
        (-5, 10, None, -3),  # and -2.5 down: away from zero
        (5, 9, None, 2),
        (-5, 9, None, -2),
        (5, 100, 20, 20),
        (-5, 100, 20, -20),
        (5, 70, 20, 18),  # 17.5 is below the cap
        (0, 100, 20, 0),
        (1, 9, None, 0),
    ],
)
def test_a_contribution_is_capped_then_rounded(points, count, cap, expected):
    capped = {"points": points} if cap is None else {"points": points, "max_points": cap}
    assert reference.rule_points(capped, count) == expected


def test_categories_are_clipped_and_one_without_an_enabled_rule_gives_nothing():
    rules = [
        rule("a", source="lead", category="fit", points=30),
        rule("b", source="lead", category="engagement", points=-30),
        rule("c", source="lead", category="free", points=4),
        rule("d", source="lead", category="off", points=9, enabled=False),
    ]
    categories = [
        {"name": "fit", "max_points": 20},
        {"name": "engagement", "min_points": -8},
        {"name": "off", "min_points": 5},
        {"name": "empty", "min_points": 5},
    ]
    assert score_at_t(data_of(), *rules, categories=categories) == (20 - 8 + 4, "high")
    rows = reference.score_at(data_of(), model_of(*rules, categories=categories), T, imported_at=LATER)
    assert list(rows[0]) == ["lead_id", "moment", "score", "tier", "points_a", "points_b", "points_c"]
    assert rows[0]["points_a"] == 30


@pytest.mark.parametrize(
    ("points", "expected"), [(-100, (-5, "low")), (7, (9, "low")), (8, (10, "high")), (500, (15, "high"))]
)
def test_the_score_is_clipped_and_a_threshold_belongs_to_its_tier(points, expected):
    scored = score_at_t(
        data_of(), rule(source="lead", points=points), base_points=2, min_score=-5, max_score=15
    )
    assert scored == expected


# --- Moments and periods


def moments_of(created_at, observed_until, **observation):
    return reference.moments(lead(created_at=created_at), {"observation": observation}, observed_until)


def test_a_lead_created_at_a_period_start_is_scored_at_the_next():
    until = datetime(2025, 7, 1)
    assert moments_of(datetime(2025, 1, 1), until) == [datetime(2025, 4, 1), datetime(2025, 7, 1)]
    assert moments_of(datetime(2025, 1, 1) - MICROSECOND, until)[0] == datetime(2025, 1, 1)
    assert moments_of(datetime(2025, 1, 1), until - MICROSECOND) == [datetime(2025, 4, 1)]
    assert len(moments_of(datetime(2025, 1, 1), until, period="month")) == 6
    assert moments_of(datetime(2025, 1, 1), until, fiscal_year_start_month=2) == [
        datetime(2025, 2, 1), datetime(2025, 5, 1)
    ]  # fmt: skip


def test_days_after_creation_is_one_moment_up_to_observed_until():
    keys = {"moment": "days_after_creation", "days_after_creation": 10}
    created = datetime(2025, 1, 1, 12)
    assert moments_of(created, datetime(2025, 1, 11, 12), **keys) == [datetime(2025, 1, 11, 12)]
    assert moments_of(created, datetime(2025, 1, 11, 12) - MICROSECOND, **keys) == []
    keys["days_after_creation"] = 0
    assert moments_of(created, created, **keys) == [created]


@pytest.mark.parametrize(
    ("time", "first_month", "period", "label"),
    [
        (datetime(2025, 3, 31, 23), 1, "quarter", "2025-Q1"),
        (datetime(2025, 4, 1), 1, "quarter", "2025-Q2"),
        (datetime(2025, 1, 31), 2, "quarter", "2025-Q4"),
        (datetime(2025, 2, 1), 2, "quarter", "2026-Q1"),
        (datetime(2025, 10, 1), 10, "quarter", "2026-Q1"),
        (datetime(2025, 9, 30), 10, "quarter", "2025-Q4"),
        (datetime(2025, 1, 1), 12, "quarter", "2025-Q1"),
        (datetime(2025, 12, 1), 12, "quarter", "2026-Q1"),
        (datetime(2025, 12, 1), 12, "month", "2025-12"),
    ],
)
def test_labels_of_periods(time, first_month, period, label):
    model = {"observation": {"fiscal_year_start_month": first_month, "period": period}}
    assert reference.period_label(reference.period_start(time, model), model) == label


def test_observed_until_is_the_latest_time_of_known_leads_up_to_the_import():
    data = data_of(
        activities=[activity(T), activity(LATER + MICROSECOND), activity(days_before(-9), lead_id="X")],
        outcomes=[outcome(days_before(-5), "accepted"), outcome(days_before(-8), lead_id="X")],
    )
    assert reference.Facts(data, model_of(), LATER).observed_until == days_before(-5)
    assert reference.Facts(data, model_of(), T).observed_until == T
    assert reference.Facts(data, model_of(), LATER, LATER).observed_until == LATER
    result = reference.backtest(data_of(), model_of(), LATER)
    assert (result["observed_until"], result["periods"], result["pooled"]["leads"]) == (None, [], 0)


# --- Open, converted, mature


@pytest.mark.parametrize(
    ("outcomes", "is_open"),
    [
        ([], True),
        ([(1, "lost")], False),
        ([(1, "LOST")], False),
        ([(0, "lost")], True),  # at the moment is not before it
        ([(3, "lost"), (2, "reopened")], True),
        ([(2, "lost"), (2, "reopened")], False),
        ([(2, "reopened"), (2, "lost")], False),
        ([(3, "lost"), (2, "reopened"), (1, "lost")], False),
        ([(2, "lost"), (1, "accepted")], False),  # a stage of neither kind reopens nothing
        ([(3, "won")], False),
        ([(3, "won"), (2, "reopened")], False),  # converted already
    ],
)
def test_a_lead_is_scored_while_it_is_open_and_has_not_converted(outcomes, is_open):
    data = data_of(outcomes=[outcome(days_before(days), stage) for days, stage in outcomes])
    conversion = {"closing_stages": ["lost"], "reopening_stages": ["reopened"]}
    rows = reference.score_at(data, model_of(conversion=conversion), T, imported_at=LATER)
    assert bool(rows) is is_open


def test_repeatable_keeps_a_converted_lead():
    data = data_of(outcomes=[outcome(days_before(3))])
    assert reference.score_at(data, model_of(conversion={"repeatable": True}), T, imported_at=LATER)


def test_score_takes_leads_created_before_the_moment_not_too_old_and_not_excluded():
    leads = [
        lead("at", T),
        lead("before", T - MICROSECOND),
        lead("edge", days_before(30)),
        lead("old", days_before(30) - MICROSECOND),
        lead("staff", days_before(1), region="Staff"),
        lead("rival", days_before(1), employees="7"),
    ]
    exclude = [condition("region", "equals", "staff"), condition("employees", "equals", 7)]
    model = model_of(observation={"max_age_days": 30, "moment": "days_after_creation"}, exclude=exclude)
    rows = reference.score_at(data_of(leads), model, T, imported_at=LATER)
    assert [row["lead_id"] for row in rows] == ["before", "edge"]


def row_at_t(outcomes, observed_until=LATER, leads=None, **keys):
    """Row of lead L1 at T."""
    rows = reference.lead_moments(data_of(leads, outcomes=outcomes), model_of(**keys), LATER, observed_until)
    return next(row for row in rows if row["lead_id"] == "L1" and row["moment"] == T)


@pytest.mark.parametrize(
    ("occurred_at", "converted"),
    [(T, True), (days_before(-30) - MICROSECOND, True), (days_before(-30), False)],
)
def test_the_horizon_includes_its_start_and_not_its_end(occurred_at, converted):
    assert row_at_t([outcome(occurred_at)])["converted"] is converted


def test_a_row_is_mature_when_the_horizon_has_just_passed():
    assert row_at_t([], days_before(-30))["mature"] is True
    assert row_at_t([], days_before(-30) - MICROSECOND)["mature"] is False


def test_an_outcome_after_observed_until_counts_nowhere():
    row = row_at_t([outcome(days_before(-10), amount="5")], days_before(-9))
    assert (row["converted"], row["amount"]) == (False, 0)


@pytest.mark.parametrize(
    ("outcomes", "amount"),
    [
        ([(5, "10"), (3, "4")], 4),  # the first
        ([(3, "4"), (3, "10"), (3, None)], 10),  # at equal times the largest
        ([(3, "-4"), (3, None)], 0),  # missing is 0, which is larger
        ([(3, None), (5, "10")], 0),
    ],
)
def test_the_amount_is_that_of_the_first_conversion(outcomes, amount):
    outcomes = [outcome(days_before(-days), amount=text) for days, text in outcomes]
    assert row_at_t(outcomes)["amount"] == amount


def test_a_shared_deal_counts_for_the_earliest_lead():
    leads = [lead("L1"), lead("L2")]
    early, late = (
        outcome(T, lead_id="L2", amount="7", deal_id="D"),
        outcome(days_before(-1), amount="9", deal_id="D"),
    )
    assert row_at_t([early, late], leads=leads)["amount"] == 0
    assert row_at_t([early, late], leads=leads)["converted"] is True
    assert row_at_t([early | {"deal_id": "d"}, late], leads=leads)["amount"] == 9  # ids compare exactly
    assert row_at_t([early | {"deal_id": " "}, late | {"deal_id": " "}], leads=leads)["amount"] == 9
    assert row_at_t([early | {"stage": "lost"}, late], leads=leads)["amount"] == 9
    assert row_at_t([early | {"lead_id": "X"}, late], leads=leads)["amount"] == 9  # no known lead
    leads[1]["region"] = "out"
    assert row_at_t([early, late], leads=leads, exclude=[condition("region", "is_present")])["amount"] == 9


def test_a_shared_deal_at_equal_times_counts_for_the_smallest_lead_id():
    shared = [outcome(T, lead_id=lead_id, amount="7", deal_id="D") for lead_id in ("L2", "L10", "L1")]
    rows = reference.lead_moments(
        data_of([lead("L2"), lead("L10"), lead("L1")], outcomes=shared), model_of(), LATER, LATER
    )
    assert [(row["lead_id"], row["amount"]) for row in rows] == [("L1", 7), ("L10", 0), ("L2", 0)]


def test_an_unowned_deal_does_not_hide_an_amount_of_the_same_time():
    leads = [lead("L1"), lead("L2")]
    outcomes = [
        outcome(T, lead_id="L2", amount="7", deal_id="D"),
        outcome(days_before(-1), amount="100", deal_id="D"),
        outcome(days_before(-1), amount="50"),
    ]
    assert row_at_t(outcomes, leads=leads)["amount"] == 50


# --- Numbers


@pytest.mark.parametrize(
    ("conversions", "leads", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_of_the_literature(conversions, leads, low, high):
    assert reference.wilson_interval(conversions, leads) == pytest.approx((low, high), abs=5e-5)


def test_auc_counts_ties_one_half_and_delong_is_the_variance_of_placements():
    # Wins 3>1, 3>2, 2>1 and a tie: 3.5 of 4. Placements 1 and 0.75 in both classes: variance 0.03125 each.
    auc, low, high = reference.auc_interval([3, 2], [2, 1])
    assert auc == 0.875
    assert low == pytest.approx(0.875 - 1.959963984540054 * math.sqrt(0.03125))
    assert high == 1.0
    assert reference.auc_interval([3], [2, 3]) == (0.75, None, None)
    assert reference.auc_interval([], [2, 3]) == (None, None, None)
    assert reference.auc_interval([1, 1], [1, 1]) == (0.5, 0.5, 0.5)


def test_ks_groups_ties():
    # At or below 1: 0 and 1/2; at or below 2: 2/3 and 1.
    assert reference.ks_distance([2, 2, 3], [1, 2]) == 0.5
    assert reference.ks_distance([1, 2], [2, 1]) == 0
    assert reference.ks_distance([], [1]) is None


def test_psi_has_ten_bins_the_last_closed_and_floors_shares():
    model = {"min_score": 0, "max_score": 100}
    assert reference.stability_index([90, 95, 100, 99], [100] * 3, model) == 0
    half = 0.5 * math.log(0.5 / 1) * -1 + (0.5 - 0.0001) * math.log(0.5 / 0.0001)
    assert reference.stability_index([5, 10], [9, 0, 3], model) == pytest.approx(half)
    assert reference.stability_index([], [1], model) is None
    assert reference.stability_index([1], [], model) is None
    # Bins of 2.5 from -10: -7.5 opens the second.
    assert reference.stability_index([-8], [-10], {"min_score": -10, "max_score": 15}) == 0
    assert reference.stability_index([-7], [-8], {"min_score": -10, "max_score": 15}) > 1


# --- Back-test


def small_backtest(segment=None):
    """Two quarters, with an open third: four leads at 2025-Q2, two of them also at Q3 and Q4."""
    leads = [
        lead("A", region="EMEA", employees="20"),
        lead("B", region="EMEA", employees="5"),
        lead("C", region=" ", employees="20"),
        lead("D", account_id="K", employees="3"),
        lead("E", datetime(2025, 4, 2), region="EMEA"),
    ]
    outcomes = [
        outcome(datetime(2025, 4, 10), lead_id="A", amount="10.25"),
        outcome(datetime(2025, 7, 5), lead_id="B", amount="2"),
        outcome(datetime(2025, 6, 30), lead_id="E", amount="99"),
        outcome(datetime(2025, 4, 9), "lost", lead_id="C"),
        outcome(datetime(2025, 10, 15), "accepted", lead_id="D"),
    ]
    accounts = [{"account_id": "K", "industry": "Retail"}]
    model = model_of(
        rule(source="lead", points=15, where=[condition("employees", "gt", 10)]),
        conversion={"closing_stages": ["lost"]},
    )
    return reference.backtest(
        data_of(leads, outcomes=outcomes, accounts=accounts), model, LATER, segment=segment
    )


def test_backtest_keys_follow_the_design():
    result = small_backtest()
    assert list(result) == ["model", "horizon_days", "observed_until", "periods", "pooled"]
    counts, numbers = (
        "leads conversions immature_leads unscored_conversions",
        "rate auc auc_low auc_high ks psi",
    )
    period_keys = ["period", *counts.split(), *numbers.split(), "amount", "tiers"]
    assert list(result["pooled"]) == list(result["periods"][0]) == period_keys
    tier_keys = "tier leads conversions rate low high lift capture amount"
    assert list(result["pooled"]["tiers"][0]) == tier_keys.split()
    assert result["observed_until"] == "2025-10-15T00:00:00Z"


def test_backtest_figures_by_hand():
    second, third, fourth = small_backtest()["periods"]
    assert (second["period"], third["period"], fourth["period"]) == ("2025-Q2", "2025-Q3", "2025-Q4")
    # Q2: A and C score 15, B and D 0; A converts. E converts in Q2, created after its start.
    low, high = second["tiers"]
    assert (second["leads"], second["conversions"], second["unscored_conversions"]) == (4, 1, 1)
    assert (second["rate"], second["amount"], second["psi"]) == (0.25, 10.25, None)
    assert (second["auc"], second["auc_low"]) == (pytest.approx((2 + 0.5) / 3), None)
    assert (high["leads"], high["rate"], high["lift"], high["capture"]) == (2, 0.5, 2.0, 1.0)
    assert (low["leads"], low["rate"], low["lift"], low["capture"], low["amount"]) == (2, 0.0, 0.0, 0.0, 0.0)
    # Q3: B and D, both 0; B converts. The high tier is empty.
    assert (third["leads"], third["conversions"], third["auc"]) == (2, 1, 0.5)
    assert third["tiers"][1] == {
        "tier": "high", "leads": 0, "conversions": 0, "rate": None, "low": None, "high": None,
        "lift": None, "capture": 0.0, "amount": 0.0,
    }  # fmt: skip
    assert third["psi"] == pytest.approx(0.5 * math.log(2) + (0.0001 - 0.5) * math.log(0.0001 / 0.5))
    # Q4: D alone, still open.
    assert (fourth["leads"], fourth["immature_leads"], fourth["rate"], fourth["psi"]) == (0, 1, None, None)


def test_pooled_figures_by_hand():
    pooled = small_backtest()["pooled"]
    assert (pooled["leads"], pooled["conversions"], pooled["immature_leads"]) == (6, 2, 1)
    assert (pooled["unscored_conversions"], pooled["amount"], pooled["psi"]) == (1, 12.25, None)
    assert pooled["tiers"][1]["lift"] == pytest.approx(0.5 / (2 / 6))


def test_segments_stand_beside_the_whole():
    result = small_backtest("region")
    assert {key: value for key, value in result.items() if key != "segments"} == small_backtest()
    assert list(result["segments"]) == ["(missing)", "EMEA"]
    emea = result["segments"]["EMEA"]
    assert [(period["period"], period["leads"]) for period in emea["periods"]] == [
        ("2025-Q2", 2),
        ("2025-Q3", 1),
    ]
    assert (emea["pooled"]["unscored_conversions"], emea["pooled"]["tiers"][1]["lift"]) == (1, 1.5)
    assert list(small_backtest("industry")["segments"]) == ["(missing)", "Retail"]
    assert small_backtest("accounts.industry") == small_backtest("industry")
    assert list(small_backtest("leads.employees")["segments"]) == ["20", "3", "5"]


def test_psi_skips_periods_without_mature_rows():
    model = {**model_of(rule(points=50)), "observation": {"period": "month"}}
    rows = [
        {
            "period_start": start,
            "mature": mature,
            "converted": False,
            "score": score,
            "tier": "low",
            "amount": 0,
        }
        for start, mature, score in [(1, True, 50), (2, False, 0), (3, True, 50)]
    ]
    starts = {number: datetime(2025, number, 1) for number in (1, 2, 3)}
    rows = [row | {"period_start": starts[row["period_start"]]} for row in rows]
    facts = reference.Facts(data_of(), model, LATER, LATER)
    periods = reference.figures(facts, rows, [], model)["periods"]
    assert [period["psi"] for period in periods] == [None, None, 0]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([(10, "won")], 1),  # created after the quarter's start, won before the next one
        ([(0, "won")], 0),  # at the moment of a row
        ([(10, "accepted")], 0),
        ([(10, "lost"), (5, "won")], 1),
    ],
)
def test_unscored_conversions_are_first_ones_before_any_row(outcomes, expected):
    leads = [lead("L1"), *(lead(f"N{month}", datetime(2024, month, 2)) for month in (10, 11))]
    outcomes = [outcome(days_before(days), stage) for days, stage in outcomes]
    model = model_of(conversion={"closing_stages": ["lost"]})
    result = reference.backtest(data_of(leads, outcomes=outcomes), model, LATER, LATER)
    assert result["pooled"]["unscored_conversions"] == expected
    model["exclude"] = [condition("created", "is_missing")]
    assert reference.backtest(data_of(leads, outcomes=outcomes), model, LATER, LATER)["periods"] == []


# --- Random cases


@settings(max_examples=100)
@given(cases())
def test_random_models_are_valid_and_random_data_hold_only_their_columns(case):
    assert parse_model(tomli_w.dumps(case.model)).name == case.model["name"]
    for table, rows in case.data.items():
        assert all(set(row) <= set(COLUMNS[table]) for row in rows)


@settings(max_examples=100)
@given(cases())
def test_figures_agree_with_the_rows_they_stand_for(case):
    model, times = case.model, (case.imported_at, case.observed_until)
    rows = reference.lead_moments(case.data, model, *times, case.segment)
    result = reference.backtest(case.data, model, *times, case.segment)
    parts = result.get("segments", {}).values()
    for figures in (result, *parts):
        pooled, periods = figures["pooled"], figures["periods"]
        for key in ("leads", "conversions", "immature_leads", "unscored_conversions", "amount"):
            assert pooled[key] == pytest.approx(sum(period[key] for period in periods))
        for period in [*periods, pooled]:
            assert sum(tier["leads"] for tier in period["tiers"]) == period["leads"]
            captured = sum(tier["capture"] or 0 for tier in period["tiers"])
            assert captured == pytest.approx(1 if period["conversions"] else 0)
    assert result["pooled"]["leads"] + result["pooled"]["immature_leads"] == len(rows)
    if parts:
        assert sum(part["pooled"]["leads"] for part in parts) == result["pooled"]["leads"]
    assert all(re.fullmatch(r"\d{4}-(Q[1-4]|\d\d)", row["period"]) for row in rows)


@settings(max_examples=100)
@given(cases())
def test_the_future_never_changes_a_past_score(case):
    at = case.at or datetime(2024, 10, 1)
    times = {"imported_at": case.imported_at, "observed_until": datetime(2025, 12, 1)}
    past = {
        **case.data,
        "activities": [row for row in case.data["activities"] if row["occurred_at"] < at],
        "outcomes": [row for row in case.data["outcomes"] if row["occurred_at"] < at],
    }
    with_future = reference.score_at(case.data, case.model, at, **times)
    assert with_future == reference.score_at(past, case.model, at, **times)


def test_random_cases_reach_the_edges():
    seen = Counter()

    @settings(
        max_examples=1500,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def look(case):
        seen.update(edges(case))

    look()
    expected = {
        "activity at a moment", "activity at a window's edge", "outcome at a moment", "outcome at a horizon",
        "horizon at observed_until", "reset exactly reached", "immature", "amount", "unscored",
        "interval of AUC", "PSI", "segments",
    }  # fmt: skip
    assert expected - set(seen) == set()


def edges(case):
    """Names of the edges that a case touches."""
    data, model, until = case.data, case.model, case.observed_until
    rows = reference.lead_moments(data, model, case.imported_at, until)
    result = reference.backtest(data, model, case.imported_at, until, case.segment)
    until = reference.Facts(data, model, case.imported_at, until).observed_until
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    reset = timedelta(days=model.get("inactivity_reset_days", -1))
    windows = {timedelta(days=rule["window_days"]) for rule in model["rules"] if "window_days" in rule}
    for row in rows:
        for name, table in (("activity", "activities"), ("outcome", "outcomes")):
            for other in data[table]:
                age = row["moment"] - other["occurred_at"]
                if other["lead_id"] == row["lead_id"]:
                    yield f"{name} at a moment" if not age else ""
                    yield f"{name} at a window's edge" if age in windows else ""
                    yield f"{name} at a horizon" if -age == horizon else ""
                    yield "reset exactly reached" if age == reset and name == "activity" else ""
        yield "horizon at observed_until" if row["moment"] + horizon == until else ""
    pooled = result["pooled"]
    yield "immature" if pooled["immature_leads"] else ""
    yield "amount" if pooled["amount"] else ""
    yield "unscored" if pooled["unscored_conversions"] else ""
    yield "interval of AUC" if pooled["auc_low"] is not None else ""
    yield "PSI" if any(period["psi"] for period in result["periods"]) else ""
    yield "segments" if len(result.get("segments", {})) > 1 else ""

"""What one activity is worth by age, and the typical lead, equal the plain loop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from statistics import median_low

from click.testing import CliRunner
from hypothesis import given, settings

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.one_lead import TICK
from queries.typical_lead import typical_lead
from scoring.model import Decay, Rule
from scoring.model_file import model_from_dict
from scoring.rule_course import course_sentence, has_course, rule_course
from tests import reference, sql_path
from tests.strategies import cases
from tests.test_semantics import EXAMPLES

SOME = settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 80))


def a_rule(**settings):
    content = {"id": "click", "category": "all", "source": "activity", "points": 5} | settings
    return Rule.model_validate(content)


@SOME
@given(case=cases())
def test_the_points_by_age_are_those_that_a_lead_has_who_did_nothing_else(case):
    model = model_from_dict(case.model)
    plain_rules = {rule["id"]: rule for rule in case.model["rules"]}
    happened = datetime(2025, 1, 1)
    lead = {"lead_id": "one", "created_at": happened}
    for rule in filter(has_course, model.rules):
        course = rule_course(rule, None)
        activity = {"lead_id": "one", "occurred_at": happened}
        data = {"leads": [lead], "accounts": [], "outcomes": [], "activities": [activity] * course.activities}
        facts = reference.Facts(data, {"conversion": {}}, datetime(2040, 1, 1))
        plain = {key: value for key, value in plain_rules[rule.id].items() if key != "where"}
        for age in {0, 1, 7, len(course.points) // 2, len(course.points) - 1} & set(
            range(len(course.points))
        ):
            # An activity is not seen at its own instant: a tick later, still of the same age.
            moment = happened + timedelta(days=age) + (TICK if age == 0 else timedelta(0))
            count = reference.rule_count(plain, lead, moment, {}, facts)
            assert course.points[age] == reference.rule_points(plain, count)
        if course.ends_after is not None:
            assert not course.points[course.ends_after + 1 :].any()


def test_the_course_is_said_in_words():
    linear = a_rule(decay=Decay(kind="linear", days=180))
    assert course_sentence(rule_course(linear, None)) == (
        "One activity is worth 5 points on the day, 2 after 95 days, nothing after 166 days."
    )
    window = a_rule(window_days=30)
    assert course_sentence(rule_course(window, 365)) == (
        "One activity is worth 5 points on the day, nothing after 30 days."
    )
    assert course_sentence(rule_course(a_rule(), 60)) == (
        "One activity is worth 5 points on the day, and as much ever after; 60 days without any activity end "
        "it sooner."
    )
    assert course_sentence(rule_course(a_rule(at_least=3, points=1), None)).startswith(
        "3 activities at once are worth 3 points"
    )
    faint = a_rule(points=1, decay=Decay(kind="step", days=10, percent=100))
    assert "nothing after 9 days" in course_sentence(rule_course(faint, None))


@SOME
@given(case=cases())
def test_the_typical_lead_has_the_median_number_of_matches_and_the_points_of_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    rules = [rule for rule in model.rules if has_course(rule)]
    if facts.observed_until is None or not rules:
        return
    plain_rules = {rule["id"]: rule for rule in case.model["rules"]}
    with sql_path.open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        for rule in rules:
            plain = plain_rules[rule.id]
            matching = {
                lead_id: [
                    one["occurred_at"]
                    for one in facts.activities[lead_id]
                    if one["occurred_at"] <= facts.observed_until and reference.matches(plain, one)
                ]
                for lead_id in facts.leads
            }
            matching = {lead_id: times for lead_id, times in matching.items() if times}
            found = typical_lead(flow, model, rule)
            if not matching:
                assert found is None
                continue
            median = median_low(len(times) for times in matching.values())
            typical = min(lead_id for lead_id, times in matching.items() if len(times) == median)
            assert (found.lead_id, found.matches, found.leads) == (typical, median, len(matching))
            assert list(found.activities) == sorted(matching[typical])
            for moment, points in zip(found.moments[::20], found.points[::20], strict=True):
                count = reference.rule_count(plain, facts.leads[typical], moment, case.model, facts)
                assert points == reference.rule_points(plain, count)
            for reset in found.resets:
                assert not any(
                    reset - timedelta(days=model.inactivity_reset_days) < time < reset
                    for time in [*found.activities, *found.others]
                )


def test_the_command_says_the_same_and_refuses_rules_that_do_not_fade(demo_workspace):
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    rule = model.rule("email_click")
    arguments = ["fading", "--workspace", str(demo_workspace.path)]
    found = json.loads(CliRunner().invoke(main, [*arguments, "email_click", "--json"]).output)
    course = rule_course(rule, model.inactivity_reset_days)
    assert (found["sentence"], found["points_by_day"]) == (course_sentence(course), course.points.tolist())
    typical = typical_lead(flow, model, rule)
    assert found["typical_lead"]["lead_id"] == typical.lead_id
    assert [one["points"] for one in found["typical_lead"]["history"]] == list(typical.points)
    assert typical.lead_id in CliRunner().invoke(main, [*arguments, "email_click"]).output
    refused = CliRunner().invoke(main, [*arguments, "seniority"])
    assert refused.exit_code == 2
    assert "email_click" in refused.output

"""One lead explained equals the plain loop of ``tests/reference.py``: score, steps, activities, history."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from queries.errors import QueryError
from queries.lead_advice import next_tier
from queries.one_lead import explain_lead, instant
from scoring.lead_state import LeadState
from scoring.model_file import model_from_dict
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_semantics import EXAMPLES


@settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 120))
@given(case=cases())
def test_an_explained_lead_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None and case.at is None:
            with pytest.raises(QueryError, match="got none"):
                explain_lead(flow, model, case.data["leads"][0]["lead_id"])
            return
        moment = instant(flow, case.at)
        for lead in case.data["leads"]:
            ours = explain_lead(flow, model, lead["lead_id"], case.at)
            plain = reference.score_lead(lead, moment, case.model, facts)
            assert (ours.score, ours.tier) == (plain["score"], plain["tier"])
            steps = ours.waterfall.steps
            assert sum(step.points for step in steps) == plain["score"] == steps[-1].total
            assert {step.name: step.points for step in ours.waterfall.rules.values()} == plain["points"]
            check_activities(ours, lead, moment, case, facts)
            check_fresh_start(ours, moment, case, facts)
            is_scored = reference.is_scored(lead, moment, case.model, facts) and lead["created_at"] < moment
            assert (ours.state is LeadState.OPEN) == is_scored
            for at, score in zip(ours.history.moments, ours.history.scores, strict=True):
                assert score == reference.score_lead(lead, at, case.model, facts)["score"]


def check_activities(ours, lead, moment, case, facts):
    """What each rule sees is what the plain loop matches, with its factors."""
    assert all(activity.occurred_at < moment for activity in ours.activities)
    for rule in case.model.get("rules", ()):
        if rule["source"] not in ("activity", "account_activity") or not rule.get("enabled", True):
            continue
        matching = reference.matching_activities(rule, lead, moment, case.model, facts)
        seen = [one for one in ours.seen if one.rule_id == rule["id"]]
        found = sorted((ours.activities[one.activity].occurred_at, one.factor) for one in seen)
        decay = rule.get("decay", {})
        ages = [(row["occurred_at"], (moment - row["occurred_at"]).days) for row in matching]
        assert found == sorted((at, reference.decay_factor(age, **decay)) for at, age in ages)
        count = reference.rule_count(rule, lead, moment, case.model, facts)
        if rule.get("count") not in ("absent", "people"):
            given = sum(one.factor for one in seen if one.counts)
            assert min((given + 25) // 50, 20_000) == count


def check_fresh_start(ours, moment, case, facts):
    """What a silence is said to have wiped out is what the plain loop does not see."""
    before = [row for row in facts.activities[ours.lead_id] if row["occurred_at"] < moment]
    seen = reference.activities_seen(before, moment, case.model.get("inactivity_reset_days"))
    gone = len(before) - len(seen)
    assert (0 if ours.fresh_start is None else ours.fresh_start.activities) == gone
    if gone:
        assert ours.fresh_start.last_at == sorted(row["occurred_at"] for row in before)[gone - 1]


@settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 60))
@given(case=cases())
def test_the_advice_does_lift_the_lead_when_the_activities_happen(tmp_path, case):
    """Add the advised activities right before the moment, as copies of ones that the data hold."""
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None and case.at is None:
            return
        moment = instant(flow, case.at)
        lead = case.data["leads"][0]
        explained = explain_lead(flow, model, lead["lead_id"], case.at)
        advice = next_tier(flow, model, explained)
    plain = case.model
    facts = reference.Facts(case.data, plain, case.imported_at)
    before = reference.score_lead(lead, moment, plain, facts)
    ranks = {tier.name: rank for rank, tier in enumerate(model.tiers)}
    if model.grid is not None:
        assert advice.cell in ("".join(before["cell"]), " / ".join(before["cell"]))
    if advice.tier is None:
        assigned = model.grid.tier_of_place if model.grid else ranks
        assert explained.tier == max(assigned, key=ranks.get)
        return
    if model.grid is None:
        assert advice.missing_points == advice.tier.threshold - explained.score > 0
    if not advice.actions:
        return
    added = [
        {**example(action, case), "lead_id": lead["lead_id"], "occurred_at": moment - timedelta(seconds=1)}
        for action, times in advice.actions
        for _ in range(times)
    ]
    data = {**case.data, "activities": [*case.data["activities"], *added]}
    facts = reference.Facts(data, plain, case.imported_at)
    after = reference.score_lead(lead, moment, plain, facts)
    if plain.get("inactivity_reset_days") is not None:
        # An activity just before the end of a silence would keep what the silence wipes out.
        return
    assert after["score"] == advice.score
    if model.grid is None:
        assert after["score"] >= advice.tier.threshold
    else:
        assert after["tier"] == advice.tier.name
        assert ranks[after["tier"]] > ranks[explained.tier]
        assert advice.next_cell in ("".join(after["cell"]), " / ".join(after["cell"]))


def example(action, case):
    """An activity of the data that matches just the rules of an action."""
    rules = [
        rule
        for rule in case.model.get("rules", [])
        if rule["source"] == "activity" and rule.get("enabled", True)
    ]
    known = {lead["lead_id"] for lead in case.data["leads"]}
    for row in case.data["activities"]:
        if row["lead_id"] in known and {r["id"] for r in rules if reference.matches(r, row)} == action.rules:
            return row
    raise AssertionError(f"no activity matches just {sorted(action.rules)}")


def test_a_lead_that_there_is_not_is_named(tmp_path):
    data = {
        "leads": [{"lead_id": "A", "created_at": datetime(2025, 1, 1)}],
        "accounts": [],
        "activities": [
            {"lead_id": "A", "occurred_at": datetime(2025, 2, 1), "activity_type": "visit"},
        ],
        "outcomes": [],
    }
    model = model_from_dict(
        {
            "schema_version": 1,
            "name": "m",
            "conversion": {"stages": ["won"], "horizon_days": 90},
            "tiers": [{"name": "all", "threshold": 0}],
        }
    )
    with (
        open_flow(tmp_path / "data.duckdb", data, datetime(2025, 6, 1)) as flow,
        pytest.raises(QueryError, match="a lead must be one of the data's, got 'B'"),
    ):
        explain_lead(flow, model, "B")

"""The ranked list, the named lists and movers equal the plain loop of ``tests/reference.py``."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from queries.errors import QueryError
from queries.lead_filter import LeadFilter
from queries.lead_list import find_leads, list_leads
from queries.lead_order import Order, points_of
from queries.movers import find_movers
from queries.named_lists import high_and_open, low_tiers, won_and_low
from queries.scored_leads import scored_leads
from scoring.errors import ScoringError
from scoring.model_file import model_from_dict
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_semantics import EXAMPLES

SOME = settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 80))
DAY = timedelta(days=1)


def is_observed(case):
    return reference.Facts(case.data, case.model, case.imported_at).observed_until is not None


OBSERVED = given(case=cases().filter(is_observed))


@SOME
@OBSERVED
def test_every_scored_lead_is_listed_with_its_score_and_what_was_known_then(tmp_path, case):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        leads = scored_leads(flow, model, case.at)
        ranked = find_leads(flow, model, leads, LeadFilter())
        rows = list_leads(flow, model, leads, ranked, ("leads.region", "accounts.industry")).to_pylist()
    plain = {
        row["lead_id"]: row
        for row in reference.score_at(case.data, case.model, case.at, imported_at=case.imported_at)
    }
    assert {row["lead_id"]: (row["score"], row["tier"]) for row in rows} == {
        lead_id: (row["score"], row["tier"]) for lead_id, row in plain.items()
    }
    assert all(first["score"] >= second["score"] for first, second in pairwise(rows))
    for row in rows:
        own = [one["occurred_at"] for one in facts.activities[row["lead_id"]]]
        assert row["last_activity_at"] == max((at for at in own if at < leads.at), default=None)
        outcomes = [one for one in facts.outcomes[row["lead_id"]] if one["occurred_at"] < leads.at]
        assert row["owner"] == ("Ada" if outcomes else None)
        assert row["leads.region"] == reference.text_of(facts.leads[row["lead_id"]].get("region"))
        categories = sum(row[points_of(name)] for name in leads.categories)
        total = model.base_points + categories
        assert row["score"] == min(max(total, model.min_score), model.max_score)


@SOME
@OBSERVED
def test_filters_leave_the_leads_that_satisfy_all_of_them(tmp_path, case):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        leads = scored_leads(flow, model, case.at)
        everybody = list_leads(flow, model, leads, np.arange(len(leads.scores))).to_pylist()

        def found(**wanted):
            places = find_leads(flow, model, leads, LeadFilter(**wanted))
            return {row["lead_id"] for row in list_leads(flow, model, leads, places).to_pylist()}

        tier = model.tiers[0].name
        assert found(tiers=(tier,)) == {row["lead_id"] for row in everybody if row["tier"] == tier}
        assert found(attributes=(("leads.region", ("EMEA", "APAC")),)) == {
            row["lead_id"]
            for row in everybody
            if facts.leads[row["lead_id"]].get("region") in ("EMEA", "APAC")
        }
        assert found(activity=("channel", ("email",))) == {
            row["lead_id"]
            for row in everybody
            if any(
                (one.get("channel") or "").lower() == "email" and one["occurred_at"] < leads.at
                for one in facts.activities[row["lead_id"]]
            )
        }
        for text in ("SALES", "l1", "%", "public"):
            assert found(search=text) == {
                row["lead_id"] for row in everybody if contains(facts, row["lead_id"], text)
            }
        for name in leads.categories:
            assert found(categories=((name, 1, 1000),)) == {
                row["lead_id"] for row in everybody if 1 <= row[points_of(name)] <= 1000
            }


def contains(facts, lead_id, text):
    lead = facts.leads[lead_id]
    account = facts.accounts.get(lead.get("account_id"), {})
    values = [lead[name] for name in lead if name != "created_at"]
    values += [account[name] for name in account if name != "account_id"]
    return any(text.lower() in value.lower() for value in values if reference.text_of(value))


@SOME
@OBSERVED
def test_sorting_keeps_what_is_missing_at_the_end_in_both_directions(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        leads = scored_leads(flow, model, case.at)
        for by in ("leads.job_title", "accounts.industry", "owner", "last_activity_at", "lead_id", "tier"):
            for descending in (False, True):
                places = find_leads(flow, model, leads, LeadFilter(), Order(by, descending))
                shown = (by,) if "." in by else ()
                rows = list_leads(flow, model, leads, places, shown).to_pylist()
                values = [row[by] for row in rows]
                values = [value.lower() if isinstance(value, str) else value for value in values]
                present = [value for value in values if value is not None]
                assert values == [*sorted(present, reverse=descending), *[None] * values.count(None)]


@SOME
@OBSERVED
def test_the_named_lists_are_the_back_tests_leads(tmp_path, case):
    model = model_from_dict(case.model)
    plain = reference.backtest(case.data, case.model, case.imported_at)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        nowhere = high_and_open(flow, model).to_pylist()
        won = won_and_low(flow, model).to_pylist()
        for period in plain["periods"]:
            own = won_and_low(flow, model, period["period"]).to_pylist()
            assert own == [row for row in won if row["period"] == period["period"]]
    for period in plain["periods"]:
        top = period["tiers"][-1]
        rows = [row for row in nowhere if row["period"] == period["period"]]
        if len(model.tiers) > 1:
            assert len(rows) == top["leads"] - top["conversions"]
            assert all(row["tier"] == top["tier"] for row in rows)
        low = [tier for tier in period["tiers"] if tier["tier"] in {one.name for one in low_tiers(model)}]
        rows = [row for row in won if row["period"] == period["period"]]
        never = [row for row in rows if row["score"] is None]
        assert len(rows) - len(never) == sum(tier["conversions"] for tier in low)
        assert len(never) == period["unscored_conversions"]
    facts = reference.Facts(case.data, case.model, case.imported_at)
    for row in nowhere + [one for one in won if one["score"] is not None]:
        lead = facts.leads[row["lead_id"]]
        assert row["score"] == reference.score_lead(lead, row["moment"], case.model, facts)["score"]
        closing = [
            one
            for one in facts.outcomes[row["lead_id"]]
            if row["moment"] <= one["occurred_at"] <= facts.observed_until
            and any(reference.in_stages(one, case.model, key) for key in ("stages", "closing_stages"))
        ]
        assert row["ended_at"] == max((one["occurred_at"] for one in closing), default=None)
        check_last_words(row, facts.outcomes[row["lead_id"]], facts.observed_until)


def check_last_words(row, outcomes, observed_until):
    """A lead that never ended has the last reason that anybody gave; the last stage is the latest one."""
    known = [one for one in outcomes if one["occurred_at"] <= observed_until]
    latest = max((one["occurred_at"] for one in known), default=None)
    assert row["last_stage"] in {one["stage"] for one in known if one["occurred_at"] == latest} | (
        set() if known else {None}
    )
    if row["ended_at"] is not None:
        reasons = {one.get("reason") for one in known if one["occurred_at"] == row["ended_at"]}
    else:
        given = [one for one in known if one.get("reason") is not None]
        last = max((one["occurred_at"] for one in given), default=None)
        reasons = {one["reason"] for one in given if one["occurred_at"] == last} or {None}
    assert row["reason"] in reasons


@SOME
@OBSERVED
def test_movers_moved_by_what_the_rules_moved(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        movers = find_movers(flow, model, 30, case.at, limit=1000)
    now, then = (
        {
            row["lead_id"]: row
            for row in reference.score_at(case.data, case.model, at, imported_at=case.imported_at)
        }
        for at in (movers.at, movers.before)
    )
    both = now.keys() & then.keys()
    change = {lead_id: now[lead_id]["score"] - then[lead_id]["score"] for lead_id in both}
    assert movers.compared == len(both)
    assert {one.lead_id: one.change for one in movers.risen} == {k: v for k, v in change.items() if v > 0}
    assert {one.lead_id: one.change for one in movers.fallen} == {k: v for k, v in change.items() if v < 0}
    for one in (*movers.risen, *movers.fallen):
        assert sum(one.reasons.values()) == one.change
        assert one.started_anew == lost_by_silence(one.lead_id, model, case, movers)
        for rule in model.enabled_rules:
            key = f"points_{rule.id}"
            moved = now[one.lead_id][key] - then[one.lead_id][key]
            assert one.reasons.get(rule.id, 0) == moved


def lost_by_silence(lead_id, model, case, movers):
    """Whether a silence that ended in between took something from a rule that it reaches."""
    reset_days = model.inactivity_reset_days
    if reset_days is None:
        return False
    facts = reference.Facts(case.data, case.model, case.imported_at)
    times = sorted(row["occurred_at"] for row in facts.activities[lead_id])
    silence = timedelta(days=reset_days)
    ends = [
        time + silence
        for time, later in zip(times, [*times[1:], datetime.max], strict=True)
        if later - time >= silence
    ]
    if not any(movers.before < end <= movers.at for end in ends):
        return False
    lead = facts.leads[lead_id]
    for rule in case.model.get("rules", ()):
        reaches = (
            rule["source"] == "activity"
            and rule.get("enabled", True)
            and rule.get("count") != "absent"
            and rule.get("window_days", reset_days) >= reset_days
        )
        counts = [
            reference.rule_count(rule, lead, at, case.model, facts) for at in (movers.before, movers.at)
        ]
        if reaches and counts[1] < counts[0]:
            return True
    return False


def small(tmp_path):
    data = {
        "leads": [{"lead_id": "A", "created_at": datetime(2025, 1, 1)}],
        "accounts": [],
        "activities": [{"lead_id": "A", "occurred_at": datetime(2025, 2, 1), "activity_type": "visit"}],
        "outcomes": [],
    }
    document = {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "all", "threshold": 0}],
    }
    return open_flow(tmp_path / "data.duckdb", data, datetime(2025, 6, 1)), model_from_dict(document)


def test_what_there_is_not_is_named(tmp_path):
    opened, model = small(tmp_path)
    with opened as flow:
        leads = scored_leads(flow, model)
        with pytest.raises(QueryError, match="tier must be one of all, got 'hot'"):
            find_leads(flow, model, leads, LeadFilter(tiers=("hot",)))
        with pytest.raises(QueryError, match="category must be one of none, got 'web'"):
            find_leads(flow, model, leads, LeadFilter(categories=(("web", 0, 1),)))
        with pytest.raises(QueryError, match=r"an attribute must be one of .*leads\.region"):
            find_leads(flow, model, leads, LeadFilter(), Order("leads.password"))
        with pytest.raises(ScoringError, match="period must be one of 2025-Q1, got '1999-Q1'"):
            high_and_open(flow, model, "1999-Q1")

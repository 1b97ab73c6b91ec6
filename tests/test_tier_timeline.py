"""Tiers week by week, entries, exits and what drove them equal a plain loop over the reference's scores."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.scored_leads import scored_leads
from queries.tier_timeline import tier_timeline
from scoring.model_file import model_from_dict
from scoring.tier_moves import Cause
from scoring.timeline_words import timeline_sentence
from tests import reference, sql_path
from tests.strategies import QUARTER_STARTS, cases
from tests.test_semantics import EXAMPLES

SOME = settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 120))
WEEK = timedelta(days=7)


def scored_then(facts, model, instant):
    """By lead, what it scores at an instant; only leads that are scored."""
    return {
        lead_id: reference.score_lead(lead, instant, model, facts)
        for lead_id, lead in facts.leads.items()
        if lead["created_at"] < instant and reference.is_scored(lead, instant, model, facts)
    }


def completed_silence(facts, model, lead_id, since, until):
    """Whether a silence as long as the reset was completed after one instant and up to another."""
    days = model.get("inactivity_reset_days")
    if days is None:
        return False
    times = sorted(row["occurred_at"] for row in facts.activities[lead_id])
    for time, following in zip(times, [*times[1:], datetime.max], strict=True):
        end = time + timedelta(days=days)
        if following >= end and since < end <= until:
            return True
    return False


def cause_of_move(facts, model, lead_id, before, after, since, until):
    names = [tier["name"] for tier in model["tiers"]]
    direction = 1 if names.index(after["tier"]) > names.index(before["tier"]) else -1
    rules = [rule for rule in model["rules"] if rule.get("enabled", True)]
    changes = [after["points"][rule["id"]] - before["points"][rule["id"]] for rule in rules]
    best = max(range(len(rules)), key=lambda place: (changes[place] * direction, -place))
    if changes[best] * direction <= 0:
        best = max(range(len(rules)), key=lambda place: (abs(changes[place]), -place))
    rule = rules[best]
    rose = after["counts"][rule["id"]] > before["counts"][rule["id"]]
    if rule.get("count") == "absent":
        return (Cause.SILENCE if rose else Cause.ACTIVITY), rule["id"]
    if rose:
        return Cause.ACTIVITY, rule["id"]
    reset_days = model.get("inactivity_reset_days", 0)
    reaches = rule["source"] == "activity" and rule.get("window_days", reset_days) >= reset_days
    if reaches and completed_silence(facts, model, lead_id, since, until):
        return Cause.RESET, rule["id"]
    return Cause.FADED, rule["id"]


def cause_of_end(facts, model, lead_id, since, until):
    within = [row for row in facts.outcomes[lead_id] if since <= row["occurred_at"] < until]
    if not model["conversion"].get("repeatable", False) and any(
        reference.in_stages(row, model, "stages") for row in within
    ):
        return Cause.WON
    closed = any(reference.in_stages(row, model, "closing_stages") for row in within)
    return Cause.CLOSED if closed else Cause.TOO_OLD


def plain_timeline(facts, model, instants):
    """Leads by instant and tier, and moves (week, source, target, cause, rule)."""
    leads, moves = Counter(), Counter()
    previous = None
    for week, instant in enumerate(instants):
        scored = scored_then(facts, model, instant)
        leads.update((week, row["tier"]) for row in scored.values())
        for lead_id in facts.leads if previous is not None else ():
            since = instants[week - 1]
            before, after = previous.get(lead_id), scored.get(lead_id)
            if before is None and after is not None:
                is_new = facts.leads[lead_id]["created_at"] >= since
                moves[week, None, after["tier"], Cause.NEW if is_new else Cause.REOPENED, None] += 1
            elif before is not None and after is None:
                cause = cause_of_end(facts, model, lead_id, since, instant)
                moves[week, before["tier"], None, cause, None] += 1
            elif before is not None and before["tier"] != after["tier"]:
                cause, rule = cause_of_move(facts, model, lead_id, before, after, since, instant)
                moves[week, before["tier"], after["tier"], cause, rule] += 1
        previous = scored
    return leads, moves


def check_against_plain_loop(found, facts, model):
    """Returns the moves of the plain loop."""
    leads, moves = plain_timeline(facts, model, found.instants)
    names = [tier["name"] for tier in model["tiers"]]
    assert {
        (week, name): int(found.leads[week, place])
        for week in range(len(found.instants))
        for place, name in enumerate(names)
        if found.leads[week, place]
    } == dict(leads)
    assert {
        (one.week, one.source, one.target, one.cause, one.rule): one.leads for one in found.moves
    } == dict(moves)
    for place, name in enumerate(names):
        assert found.entries[:, place].sum() == sum(n for key, n in moves.items() if key[2] == name)
        assert found.exits[:, place].sum() == sum(n for key, n in moves.items() if key[1] == name)
    return moves


def busy_data(chance):
    """Leads that come, act, close and come back within a year."""
    start = datetime(2025, 1, 1)

    def some_time():
        return start + timedelta(hours=chance.randrange(365 * 24))

    leads = [
        {"lead_id": f"l{number:02}", "created_at": some_time(), "account_id": chance.choice("abc")}
        for number in range(30)
    ]
    kinds = ("email_click", "webinar", "email_open", "unsubscribe")
    activities = [
        {"lead_id": chance.choice(leads)["lead_id"], "occurred_at": some_time(), "activity_type": kind}
        for kind in chance.choices(kinds, k=120)
    ]
    outcomes = [
        {"lead_id": chance.choice(leads)["lead_id"], "occurred_at": some_time(), "stage": stage}
        for stage in chance.choices(("won", "lost", "lost", "reopened", "reopened"), k=60)
    ]
    return {"leads": leads, "accounts": [], "activities": activities, "outcomes": outcomes}


def busy_model(chance):
    def rule(rule_id, kind, points, **more):
        where = [{"field": "activity_type", "is": "equals", "value": kind}]
        return {
            "id": rule_id,
            "category": "all",
            "source": "activity",
            "points": points,
            "where": where,
        } | more

    decay = chance.choice([{"kind": "half_life", "days": 20}, {"kind": "linear", "days": 50}])
    return {
        "schema_version": 1,
        "name": "busy",
        "inactivity_reset_days": chance.choice([30, 45, 90]),
        "conversion": {
            "stages": ["won"],
            "closing_stages": ["won", "lost"],
            "reopening_stages": ["reopened"],
            "horizon_days": 30,
        },
        "observation": {"max_age_days": chance.choice([100, 200])},
        "tiers": [
            {"name": name, "threshold": score} for name, score in (("low", 0), ("mid", 8), ("top", 20))
        ],
        "rules": [
            rule("click", "email_click", 10, decay=decay),
            rule("webinar", "webinar", 15, window_days=chance.choice([20, 100])),
            rule("open", "email_open", 4, max_points=12),
            rule("left", "unsubscribe", -9, window_days=60),
            rule("silent", "email_open", chance.choice([-9, 9]), count="absent", window_days=40),
            rule("others", "webinar", 5, source="account_activity", window_days=30),
        ],
    }


def test_every_cause_is_found_where_the_plain_loop_finds_it(tmp_path):
    causes = Counter()
    for seed in range(12):
        chance = Random(seed)
        data, model = busy_data(chance), busy_model(chance)
        imported_at = datetime(2026, 1, 1)
        facts = reference.Facts(data, model, imported_at)
        with sql_path.open_flow(tmp_path / "data.duckdb", data, imported_at) as flow:
            found = tier_timeline(flow, model_from_dict(model), 40)
        moves = check_against_plain_loop(found, facts, model)
        causes.update(key[3] for key in moves.elements())
    assert all(causes[cause] >= 5 for cause in Cause), causes


@SOME
@given(case=cases(), until=st.sampled_from(QUARTER_STARTS), weeks=st.integers(1, 12))
def test_tiers_entries_exits_and_causes_equal_the_plain_loop(tmp_path, case, until, weeks):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    with sql_path.open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        found = tier_timeline(flow, model, weeks, until)
    assert found.instants == tuple(until - WEEK * back for back in range(weeks, -1, -1))
    check_against_plain_loop(found, facts, case.model)


def test_the_command_prints_what_the_scores_of_each_week_say(demo_workspace):
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    found = tier_timeline(flow, model, 4)
    for week, at in enumerate(found.instants):
        tiers = scored_leads(flow, model, at).tiers
        assert found.leads[week].tolist() == np.bincount(tiers, minlength=len(model.tiers)).tolist()
    arguments = ["timeline", "--workspace", str(demo_workspace.path), "--weeks", "4"]
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0
    weeks = json.loads(result.output)["weeks"]
    assert [[one["leads"] for one in week["tiers"]] for week in weeks] == found.leads.tolist()
    for before, week in pairwise(weeks):
        for old, new in zip(before["tiers"], week["tiers"], strict=True):
            assert old["leads"] + new["entries"] - new["exits"] == new["leads"]
            into = [move["leads"] for move in week["moves"] if move["target"] == new["tier"]]
            assert sum(into) == new["entries"]
    text = CliRunner().invoke(main, arguments).output
    assert text.startswith(timeline_sentence(found, model))
    assert "What came into SQL" in text


def test_before_the_first_lead_every_tier_is_empty(demo_workspace):
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    found = tier_timeline(flow, model, 3, datetime(2000, 1, 1))
    assert not found.leads.any()
    assert not found.moves
    assert "from 0 to 0 leads" in timeline_sentence(found, model)

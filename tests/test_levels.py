"""Quests, lifetime points and the leaderboard equal the plain loop; figures of levels by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo_data.generator import generate
from queries.dataset import open_flow as open_dataset
from queries.dataset import ready_models
from queries.errors import QueryError
from queries.importing import load_tables
from queries.lead_filter import LeadFilter
from queries.levels import find_players, list_players, rank_players
from queries.quests import find_quests, level_evidence, quest_evidence
from queries.workspace import Workspace
from scoring.levels import describe_levels, measure_distances, missing_points, quest_sentence
from scoring.model_file import model_from_dict
from scoring.quests import (
    categories_with_quests,
    is_quest,
    lifetime_model,
    quest_points,
    quest_times,
    quests_of,
)
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import cases, rules

EXAMPLES = examples(300)
EVERYBODY = LeadFilter()
T = datetime(2026, 1, 1)


def quest(**keys):
    return {"id": "q", "category": "c", "source": "activity", "points": 25, "count": "once"} | keys


@st.composite
def games(draw):
    """A random case with two quests or more among its rules."""
    case = draw(cases())
    added = []
    for place in range(2):
        rule = draw(rules(f"quest_{place}"))
        rule |= {"source": "activity", "points": draw(st.sampled_from([5, 25, 50]))}
        kind = draw(st.sampled_from([{"count": "once"}, {"max_count": 1}, {"max_count": 2}]))
        kept = {key: value for key, value in rule.items() if key not in ("count", "max_count", "where")}
        added.append(kept | kind)
    model = case.model
    marked = draw(st.sampled_from([["engagement"], ["engagement", "fit"], ["fit", "other"]]))
    kept = [one | {"quests": one["name"] in marked} for one in model.get("categories", [])]
    new = [{"name": name, "quests": True} for name in marked if name not in {one["name"] for one in kept}]
    return case._replace(
        model=model | {"categories": [*kept, *new], "rules": [*model.get("rules", []), *added]}
    )


# --- The plain loop


def plain_players(case, moment=None):
    facts = reference.Facts(case.data, case.model, case.imported_at)
    scored = reference.score_at(case.data, case.model, moment, imported_at=case.imported_at)
    return {
        row["lead_id"]: row | reference.life_of(facts.leads[row["lead_id"]], row["moment"], case.model, facts)
        for row in scored
    }


@EXAMPLES
@given(case=games())
def test_the_leaderboard_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None and case.at is None:
            with pytest.raises(QueryError, match="got none"):
                find_players(flow, model)
            return
        players = find_players(flow, model, case.at)
        boards = {
            board: list_players(
                flow, model, players, rank_players(flow, model, players, EVERYBODY, board), board
            ).to_pylist()
            for board in ("current", "lifetime")
        }
    plain = plain_players(case, case.at)
    labels = {rule.id: rule.shown_label for rule in model.rules}
    for board, key in (("current", "score"), ("lifetime", "lifetime_points")):
        rows = boards[board]
        assert {row["lead_id"] for row in rows} == set(plain)
        assert [row[key] for row in rows] == sorted((row[key] for row in rows), reverse=True)
        for row in rows:
            one = plain[row["lead_id"]]
            done = [rule_id for rule_id, is_done in one["completed"].items() if is_done]
            assert (row["score"], row["tier"]) == (one["score"], one["tier"])
            assert row["lifetime_points"] == one["lifetime_points"]
            assert row["badges"] == len(done)
            assert row["badge_names"] == ", ".join(labels[rule_id] for rule_id in done)
            assert row["place"] == 1 + sum(other[key] > one[key] for other in plain.values())
            next_up = [tier.threshold for tier in model.tiers if tier.threshold > one["score"]]
            by_points = next_up and model.grid is None
            assert row["points_to_next_level"] == (next_up[0] - one["score"] if by_points else None)


@EXAMPLES
@given(case=games())
def test_what_quests_say_about_buying_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None:
            return
        firings = quest_evidence(flow, model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    rows = [row for row in reference.scored_rows(facts, case.model, None) if row["mature"]]
    lives = [reference.life_of(facts.leads[row["lead_id"]], row["moment"], case.model, facts) for row in rows]
    for rule, firing in zip(quests_of(model), firings, strict=True):
        done = [life["completed"][rule.id] for life in lives]
        pairs = [(is_done, row["converted"]) for is_done, row in zip(done, rows, strict=True)]
        assert (firing.fired_converted, firing.fired_not_converted) == (
            pairs.count((True, True)),
            pairs.count((True, False)),
        )
        assert (firing.silent_converted, firing.silent_not_converted) == (
            pairs.count((False, True)),
            pairs.count((False, False)),
        )


@EXAMPLES
@given(case=games(), days=st.integers(0, 400))
def test_lifetime_points_and_badges_never_fall(case, days):
    facts = reference.Facts(case.data, case.model, case.imported_at)
    later = T + timedelta(days=days)
    for lead in facts.leads.values():
        before, after = (
            reference.life_of(lead, moment, case.model, facts) for moment in (T - timedelta(days=300), later)
        )
        assert before["lifetime_points"] <= after["lifetime_points"]
        assert all(after["completed"][name] for name, done in before["completed"].items() if done)


def test_the_plain_loop_by_hand():
    rules = [
        quest(id="talk", count="each", max_count=2, points=50, window_days=30),
        quest(id="review", where=[{"field": "kind", "is": "equals", "value": "review"}]),
        quest(id="click", count="each", points=1, max_points=2, decay={"kind": "linear", "days": 5}),
        quest(id="three", count="each", max_count=1, at_least=4),
        quest(id="off", enabled=False),
        quest(id="minus", points=-5),
        quest(id="idle", count="absent", window_days=9),
        quest(id="them", source="account_activity"),
    ]
    rules.append(quest(id="elsewhere", category="other", points=7))
    model = {"base_points": 100, "rules": rules, "conversion": {}, "inactivity_reset_days": 60}
    model["categories"] = [{"name": "c", "quests": True}]
    times = [T - timedelta(days=900), T - timedelta(days=500), T - timedelta(days=1), T]
    data = {
        "leads": [{"lead_id": "L", "created_at": times[0]}],
        "accounts": [],
        "activities": [{"lead_id": "L", "occurred_at": time, "kind": "click"} for time in times],
        "outcomes": [],
    }
    facts = reference.Facts(data, model, T)
    life = reference.life_of(facts.leads["L"], T, model, facts)
    # Two talks of three count, and clicks stop at their cap; what happens at the moment is not seen.
    assert life == {
        "lifetime_points": 100 + 2 * 50 + 2 + 7,
        "completed": {"talk": True, "review": False, "three": False},
    }


# --- Which rules are quests


def model_of(marked=True, **keys):
    document = {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": "low", "threshold": 0}],
        "categories": [{"name": "c", "quests": marked}],
        "rules": [{key: value for key, value in quest(**keys).items() if value is not None}],
    }
    return model_from_dict(document)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, True),
        ({"count": "each", "max_count": 3}, True),
        ({"count": "each"}, False),
        ({"points": -25}, False),
        ({"points": 0}, False),
        ({"count": "absent", "window_days": 30}, False),
        ({"source": "account_activity"}, False),
        ({"source": "lead", "count": None}, False),
    ],
)
def test_a_quest_earns_points_for_own_activities_and_ends(keys, expected):
    marked, unmarked = model_of(**keys), model_of(marked=False, **keys)
    assert is_quest(marked, marked.rules[0]) is expected
    assert not is_quest(unmarked, unmarked.rules[0])
    assert categories_with_quests(unmarked) == (("c",) if expected else ())


@pytest.mark.parametrize(
    ("keys", "times", "points"),
    [
        ({}, 1, 25),
        ({"count": "each", "max_count": 3}, 3, 75),
        ({"count": "each", "max_count": 3, "max_points": 60}, 3, 60),
        ({"at_least": 2}, 2, 25),
        ({"count": "each", "max_count": 2, "at_least": 5}, 5, 50),
    ],
)
def test_what_it_takes_to_complete_a_quest_and_what_it_gives(keys, times, points):
    rule = model_of(**keys).rules[0]
    assert (quest_times(rule), quest_points(rule)) == (times, points)


# --- Levels by hand


def levels_model(**keys):
    document = {
        "schema_version": 1,
        "name": "m",
        "conversion": {"stages": ["won"], "horizon_days": 90},
        "tiers": [{"name": name, "threshold": start} for name, start in (("a", 0), ("b", 50), ("c", 80))],
    }
    return model_from_dict(document | keys)


def test_points_to_the_next_level_and_who_stands_where():
    model = levels_model()
    scores, tiers = np.array([10, 20, 49, 50, 90]), np.array([0, 0, 0, 1, 2])
    assert missing_points(model, scores, tiers).tolist() == [40, 30, 1, 30, 0]
    levels = describe_levels(model, scores, tiers)
    assert [(level.tier.name, level.leads, level.share) for level in levels] == [
        ("a", 3, 0.6),
        ("b", 1, 0.2),
        ("c", 1, 0.2),
    ]
    assert [level.median_missing for level in levels] == [30, 30, None]


def test_few_distances_stand_for_themselves_and_many_in_ranges():
    model = levels_model()
    few = measure_distances(model, np.array([10, 10, 49, 50, 90]), np.array([0, 0, 0, 1, 2]))
    assert few.ranges == ((1, 1), (30, 30), (40, 40))
    assert few.leads.tolist() == [[1, 0, 2], [0, 1, 0]]
    assert few.median == 35
    many = measure_distances(model, np.arange(50), np.zeros(50, dtype=np.int64))
    assert many.ranges == tuple((low, low + 4) for low in range(1, 50, 5))
    assert many.leads.tolist() == [[5] * 10, [0] * 10]
    none = measure_distances(model, np.array([90]), np.array([2]))
    assert (none.leads.sum(), none.median) == (0, None)


def test_without_leads_nothing_is_missing():
    none = np.zeros(0, dtype=np.int64)
    levels = describe_levels(levels_model(), none, none)
    assert [(level.leads, level.share, level.median_missing) for level in levels] == [(0, None, None)] * 3


# --- On demo data


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("levels"))
    load_tables(workspace, generate(6_000, seed=1))
    return open_dataset(workspace), ready_models()["gamified"]


def test_the_guide_is_the_ready_made_model(demo):
    _, model = demo
    assert model.base_points == 100
    assert {rule.id: rule.points for rule in quests_of(model)} == {
        "webinar": 50,
        "review": 75,
        "share": 25,
        "referral": 100,
    }
    assert all(tier.perk for tier in model.tiers)
    everything = model.base_points + sum(quest_points(rule) for rule in quests_of(model))
    assert everything <= model.max_score


def test_on_demo_data_a_higher_level_converts_better(demo):
    flow, model = demo
    evidence = level_evidence(flow, model)
    assert evidence.order.holds is True
    players = find_players(flow, model)
    assert (players.lifetime >= players.leads.scores).all()
    assert (players.lifetime > players.leads.scores).any()
    lines = {quest.rule.id: quest for quest in find_quests(flow, model, players)}
    assert lines["review"].with_it.low > lines["review"].without.rate
    assert "buys more often" in quest_sentence(lines["review"])
    done = lines["webinar"].progress
    assert done.leads == len(players.lifetime)
    assert 0 < done.done < done.begun


def test_a_period_kept_back_is_not_judged(demo):
    flow, model = demo
    whole = level_evidence(flow, model)
    label = flow.cells(model).periods[3]
    part = level_evidence(flow, model, [label])
    assert part.left_out == (label,)
    assert part.pooled.leads < whole.pooled.leads
    [first, *_], [kept, *_] = quest_evidence(flow, model), quest_evidence(flow, model, [label])
    assert kept.leads == part.pooled.leads < first.leads == whole.pooled.leads


def test_the_points_of_a_whole_life_are_those_of_the_same_leads_found_once(demo):
    flow, model = demo
    life = lifetime_model(model)
    assert life.inactivity_reset_days != model.inactivity_reset_days
    ours, theirs = flow.observed(model, None), flow.observed(life, None)
    assert theirs.rows.table is ours.rows.table
    assert theirs.rows.streak_ends is not ours.rows.streak_ends


def test_whoever_waits_for_what_quests_say_is_told_how_far_it_is(tmp_path):
    workspace = Workspace.open(tmp_path)
    load_tables(workspace, generate(1_000, seed=1))
    flow, told = open_dataset(workspace), []
    quest_evidence(flow, ready_models()["gamified"], progress=lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert all(text for _, text in told)

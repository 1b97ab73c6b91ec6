"""Joint cells, lead rows, the swap list and the rule report equal a plain loop over the reference."""

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.comparison import joint_cells, lead_rows, swap_list, unshared_settings
from queries.errors import QueryError
from queries.evidence import compare
from queries.rule_firing import rule_firing
from scoring.joint_cells import swap_set
from scoring.model_file import model_from_dict
from scoring.rule_evidence import Firing, rule_evidence
from scoring.rule_report import rule_report
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import cases, instants, models

SHARED = ("conversion", "observation", "exclude")


@st.composite
def drafts(draw, model):
    """Another model, or the same with other points, caps and rules switched off, or another reset."""
    if draw(st.booleans()):
        return draw(models())
    rules = [
        rule
        | {
            "points": draw(st.sampled_from([-25, 0, 3, 40])),
            "enabled": draw(st.sampled_from([True, True, False])),
        }
        for rule in model["rules"]
    ]
    draft = model | {"rules": rules}
    if draw(st.booleans()):
        draft["inactivity_reset_days"] = draw(st.sampled_from([7, 30]))
    return draft


@st.composite
def crowded(draw):
    """A case with more wins than usual, and tiers where most scores lie."""
    case = draw(cases())
    lead_ids = [lead["lead_id"] for lead in case.data["leads"]]
    wins = draw(st.lists(st.tuples(st.sampled_from(lead_ids), instants()), min_size=3, max_size=8))
    outcomes = [{"lead_id": lead_id, "occurred_at": at, "stage": "won"} for lead_id, at in wins]
    low = case.model["tiers"][0]
    tiers = [{"name": f"Tier {score}", "threshold": score} for score in (1, 4, 9)]
    tiers = [low, *(tier for tier in tiers if tier["threshold"] > low["threshold"])]
    model = case.model | {"tiers": tiers}
    if "grid" in model:
        new = {tier["name"]: tiers[place % len(tiers)] for place, tier in enumerate(case.model["tiers"])}
        cells = [[new[name]["name"] for name in row] for row in model["grid"]["tiers"]]
        model["grid"] = model["grid"] | {"tiers": cells}
    return case._replace(data=case.data | {"outcomes": case.data["outcomes"] + outcomes}, model=model)


@st.composite
def pairs(draw):
    case = draw(crowded())
    return case, draw(drafts(case.model))


def shared(champion, challenger):
    """The draft with the question of the model in use."""
    own = {key: value for key, value in challenger.items() if key not in SHARED}
    return own | {key: champion[key] for key in SHARED if key in champion}


def plain_pairs(case, draft):
    """(row under the model in use, row under the draft) for each mature lead-moment."""
    found = [
        {
            (row["lead_id"], row["moment"]): row
            for row in reference.lead_moments(case.data, model, case.imported_at, case.observed_until)
            if row["mature"]
        }
        for model in (case.model, shared(case.model, draft))
    ]
    assert found[0].keys() == found[1].keys()
    return [(row, found[1][key]) for key, row in found[0].items()]


def opens_nothing(flow, case):
    return flow.observed_until is None and case.observed_until is None


@examples(30)
@given(pair=pairs())
def test_joint_cells_and_lead_rows_equal_the_plain_loop(tmp_path, pair):
    case, draft = pair
    champion, challenger = model_from_dict(case.model), model_from_dict(draft)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if opens_nothing(flow, case):
            with pytest.raises(QueryError, match="got none"):
                joint_cells(flow, champion, challenger)
            return
        joint = joint_cells(flow, champion, challenger, case.observed_until)
        rows = lead_rows(flow, champion, challenger, case.observed_until)
        swapped = swap_list(flow, champion, challenger, case.observed_until)
        newest = joint.periods[-1:]
        without_newest = swap_list(flow, champion, challenger, case.observed_until, left_out=newest)
    plain = plain_pairs(case, draft)
    number = {
        lead_id: place for place, lead_id in enumerate(sorted(r["lead_id"] for r in case.data["leads"]))
    }
    wanted = Counter((a["period"], a["score"], b["score"], a["converted"]) for a, b in plain)
    columns = (joint.period, joint.score_a, joint.score_b, joint.converted)
    keys = [(joint.periods[p], int(a), int(b), bool(c)) for p, a, b, c in zip(*columns, strict=True)]
    counted = Counter()
    for key, leads in zip(keys, joint.leads.tolist(), strict=True):
        counted[key] += leads
    assert counted == wanted
    # Leads of equal scores may lie in several cells of a grid.
    assert len(set(keys)) == len(keys) or champion.grid or challenger.grid
    columns = (rows.lead, rows.period, rows.score_a, rows.score_b, rows.converted)
    assert Counter(
        (int(lead), rows.periods[p], int(a), int(b), bool(c))
        for lead, p, a, b, c in zip(*columns, strict=True)
    ) == Counter(
        (number[a["lead_id"]], a["period"], a["score"], b["score"], a["converted"]) for a, b in plain
    )
    starts = {row["period"]: row["period_start"] for row, _ in plain}
    assert joint.periods == rows.periods == tuple(sorted(starts, key=starts.__getitem__))
    moved = [
        {
            "lead_id": a["lead_id"],
            "period": a["period"],
            "moment": a["moment"],
            "tier_in_use": a["tier"],
            "tier_in_draft": b["tier"],
            "score_in_use": a["score"],
            "score_in_draft": b["score"],
            "converted": a["converted"],
        }
        for a, b in plain
        if a["tier"] != b["tier"]
    ]
    assert swapped.to_pylist() == sorted(moved, key=lambda row: (row["moment"], row["lead_id"]))
    assert without_newest.to_pylist() == [row for row in swapped.to_pylist() if row["period"] not in newest]
    swap = swap_set(joint, champion, challenger)
    assert int(swap.leads.sum()) == len(plain)
    assert {
        (swap.tiers_a[i], swap.tiers_b[j]): (int(swap.leads[i, j]), int(swap.conversions[i, j]))
        for i, j in zip(*np.nonzero(swap.leads), strict=True)
    } == {
        tiers: (count, sum(a["converted"] for a, b in plain if (a["tier"], b["tier"]) == tiers))
        for tiers, count in Counter((a["tier"], b["tier"]) for a, b in plain).items()
    }


@examples(20)
@given(case=crowded())
def test_the_rule_report_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if opens_nothing(flow, case):
            return
        firing = rule_firing(flow, model, case.observed_until)
    rows = reference.lead_moments(case.data, case.model, case.imported_at, case.observed_until)
    rows = [row for row in rows if row["mature"]]
    report = rule_report(firing)
    ids = [rule.id for rule in model.enabled_rules]
    assert list(firing.rules) == [line.rule for line in report.rules] == ids
    for place, label in enumerate(firing.periods):
        here = [row for row in rows if row["period"] == label]
        assert here and firing.leads[place].tolist() == [
            sum(not row["converted"] for row in here),
            sum(row["converted"] for row in here),
        ]
        for i, one in enumerate(ids):
            assert firing.points[i, place] == sum(row["points"][one] for row in here)
            for j, other in enumerate(ids):
                both = sum(row["counts"][one] > 0 and row["counts"][other] > 0 for row in here)
                assert firing.both_fire[place, i, j] == both
            levels = Counter((row["converted"], level_of(row["counts"][one])) for row in here)
            assert levels == {
                (bool(outcome), level): int(firing.levels[i, place, outcome, level])
                for outcome in (0, 1)
                for level in range(5)
                if firing.levels[i, place, outcome, level]
            }
    assert int(firing.leads.sum()) == len(rows)
    for line in report.rules:
        fires = Counter((row["counts"][line.rule] > 0, row["converted"]) for row in rows)
        counts = (fires[True, True], fires[True, False], fires[False, True], fires[False, False])
        assert line.evidence == rule_evidence(Firing(*counts))
        assert line.points == sum(row["points"][line.rule] for row in rows)


def level_of(count):
    """0 for not at all, then up to once, up to twice, up to four times, more; counts are in twentieths."""
    return sum(count > limit for limit in (0, 20, 40, 80))


def test_how_often_a_rule_counts_is_told_in_five_levels(tmp_path):
    """Lead n visits n times before its one moment; from 21 twentieths on it counts more than once."""
    created, moment = datetime(2025, 1, 2), datetime(2025, 4, 1)
    activities = [
        {"lead_id": f"L{number}", "occurred_at": created, "activity_type": "visit"}
        for number in range(7)
        for _ in range(number)
    ]
    data = {
        "leads": [{"lead_id": f"L{number}", "created_at": created} for number in range(7)],
        "accounts": [],
        "activities": [*activities, activities[0] | {"occurred_at": moment + timedelta(days=100)}],
        "outcomes": [],
    }
    visits = {"id": "visits", "category": "c", "source": "activity", "points": 1}
    halved = visits | {"id": "halved", "decay": {"kind": "half_life", "days": (moment - created).days}}
    model = model_from_dict(
        {
            "schema_version": 1,
            "name": "Visits",
            "conversion": {"stages": ["won"], "horizon_days": 90},
            "tiers": [{"name": "All", "threshold": 0}],
            "rules": [visits, halved],
        }
    )
    with open_flow(tmp_path / "data.duckdb", data, moment + timedelta(days=200)) as flow:
        firing = rule_firing(flow, model)
    # 0; 1; 2; 3 and 4; 5 and 6 visits. Halved: 0; half and 1; 1.5 and 2; 2.5 and 3.
    assert firing.levels[0, 0, 0].tolist() == [1, 1, 1, 2, 2]
    assert firing.levels[1, 0, 0].tolist() == [1, 2, 2, 2, 0]
    assert firing.both_fire[0].tolist() == [[6, 6], [6, 6]]


@examples(12)
@given(pair=pairs())
def test_a_comparison_never_sees_what_is_kept_back(tmp_path, pair):
    case, draft = pair
    champion, challenger = model_from_dict(case.model), model_from_dict(draft)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if opens_nothing(flow, case):
            return
        whole = compare(flow, champion, challenger, observed_until=case.observed_until, final_check=True)
    plain = plain_pairs(case, draft)
    judged = [row for row, _ in plain if row["period"] not in whole.left_out]
    assert whole.comparison.pooled.leads == len(judged)
    assert {period.period for period in whole.comparison.periods} == {row["period"] for row in judged}
    assert int(whole.swap.leads.sum()) == len(judged)
    assert (whole.final_check is None) == (not whole.left_out)
    if whole.final_check is not None:
        kept_back = [row for row, _ in plain if row["period"] in whole.left_out]
        assert whole.final_check.period.leads == len(kept_back) > 0
    assert whole.notes == unshared_settings(champion, challenger)


def test_what_a_draft_asks_differently_is_said():
    conversion = {"stages": ["won"], "horizon_days": 90}
    tiers = [{"name": "Low", "threshold": 0}, {"name": "High", "threshold": 5}]
    basis = {"schema_version": 1, "name": "A", "conversion": conversion, "tiers": tiers}
    champion = model_from_dict(basis)
    other = basis | {"conversion": conversion | {"horizon_days": 30}, "inactivity_reset_days": 7}
    (sentence,) = unshared_settings(champion, model_from_dict(other))
    assert "within how many days (conversion)" in sentence
    assert unshared_settings(champion, model_from_dict(basis | {"inactivity_reset_days": 7})) == ()
    month = basis | {"observation": {"period": "month"}, "exclude": [{"field": "region", "is": "is_missing"}]}
    assert [s.split("(")[1].split(")")[0] for s in unshared_settings(champion, model_from_dict(month))] == [
        "observation",
        "exclude",
    ]

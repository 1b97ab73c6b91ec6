"""The entry view equals the plain loop of ``tests/reference.py``, and hand-computed cases."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from queries import entry
from queries.entry import entry_cells, entry_leads
from queries.errors import QueryError
from scoring.entry import compute_entries, days_within, to_json
from scoring.errors import ScoringError
from scoring.model_file import model_from_dict
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import LATE, cases
from tests.test_semantics import EXAMPLES, same

START = datetime(2025, 1, 10)
DAY = timedelta(days=1)


@EXAMPLES
@given(case=cases())
def test_every_entry_and_every_figure_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    plain = reference.entry_view(case.data, case.model, case.imported_at) if observed(case) else None
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None:
            with pytest.raises(QueryError, match="got none"):
                entry_cells(flow, model)
            return
        ours = to_json(compute_entries(entry_cells(flow, model), model))
        lists = {tier.name: entry_leads(flow, model, tier.name).to_pylist() for tier in model.tiers}
    assert same(ours, plain)
    rows = reference.entries(case.data, case.model, case.imported_at)
    for tier, found in lists.items():
        of_tier = [row for row in rows if row["tier"] == tier]
        expected = sorted(of_tier, key=lambda row: (row["entered_at"], row["lead_id"]))
        columns = ("lead_id", "entered_at", "converted_at", "mature")
        assert found == [{key: row[key] for key in columns} for row in expected]


def observed(case):
    return reference.Facts(case.data, case.model, case.imported_at).observed_until is not None


@settings(parent=EXAMPLES, max_examples=50)
@given(case=cases())
def test_leads_in_parts_give_what_all_at_once_give(tmp_path, case):
    model = model_from_dict(case.model)
    if not observed(case):
        return
    figures = []
    for part_moments in (1_000_000, 1):
        with (
            pytest.MonkeyPatch.context() as patch,
            open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow,
        ):
            patch.setattr(entry, "PART_MOMENTS", part_moments)
            figures.append(to_json(compute_entries(entry_cells(flow, model), model)))
    assert figures[0] == figures[1]


def lead(lead_id, created_at=START):
    return {"lead_id": lead_id, "created_at": created_at}


def visit(lead_id, occurred_at):
    return {"lead_id": lead_id, "occurred_at": occurred_at, "activity_type": "visit"}


def outcome(lead_id, occurred_at, stage="won"):
    return {"lead_id": lead_id, "occurred_at": occurred_at, "stage": stage}


def model(**changes):
    document = {
        "schema_version": 1,
        "name": "Visits",
        "conversion": {"stages": ["won"], "closing_stages": ["won", "lost"], "horizon_days": 30},
        "tiers": [{"name": "Cold", "threshold": 0}, {"name": "Hot", "threshold": 20}],
        "rules": [{"id": "visit", "category": "a", "source": "activity", "points": 10}],
    }
    return model_from_dict(document | changes)


def hot(tmp_path, leads, activities, outcomes, **changes):
    """(lead_id, entered_at, converted_at) of those that became hot, with a last activity of another lead."""
    data = {
        "leads": [*leads, lead("end")],
        "accounts": [],
        "activities": [*activities, visit("end", START + 200 * DAY)],
        "outcomes": outcomes,
    }
    with open_flow(tmp_path / "data.duckdb", data, LATE) as flow:
        rows = entry_leads(flow, model(**changes), "Hot").to_pylist()
    return [(row["lead_id"], row["entered_at"], row["converted_at"]) for row in rows]


def test_a_lead_enters_right_after_the_activity_that_brings_it_over_the_threshold(tmp_path):
    visits = [visit("A", START + 3 * DAY), visit("A", START + 5 * DAY), visit("A", START + 9 * DAY)]
    assert hot(tmp_path, [lead("A")], visits, []) == [("A", START + 5 * DAY, None)]


def test_a_lead_that_comes_and_buys_within_a_quarter_is_seen(tmp_path):
    visits = [visit("A", START), visit("A", START + 1 * DAY)]
    won = [outcome("A", START + 4 * DAY)]
    assert hot(tmp_path, [lead("A")], visits, won) == [("A", START + 1 * DAY, START + 4 * DAY)]


def test_what_happened_up_to_the_creation_counts_at_the_creation(tmp_path):
    visits = [visit("A", START - 3 * DAY), visit("A", START)]
    assert hot(tmp_path, [lead("A")], visits, []) == [("A", START, None)]


def test_a_conversion_at_the_instant_of_entry_counts_and_one_at_the_end_of_the_horizon_does_not(tmp_path):
    visits = [visit(name, START + hours) for name in "AB" for hours in (DAY, 2 * DAY)]
    won = [outcome("A", START + 2 * DAY), outcome("B", START + 32 * DAY)]
    entered = START + 2 * DAY
    assert hot(tmp_path, [lead("A"), lead("B")], visits, won) == [
        ("A", entered, entered),
        ("B", entered, None),
    ]


def test_a_closed_lead_enters_only_once_it_is_reopened(tmp_path):
    visits = [visit("A", START + days * DAY) for days in (1, 5, 9)]
    outcomes = [outcome("A", START + 2 * DAY, "lost"), outcome("A", START + 7 * DAY, "reopened")]
    conversion = {
        "stages": ["won"],
        "closing_stages": ["won", "lost"],
        "reopening_stages": ["reopened"],
        "horizon_days": 30,
    }
    found = hot(tmp_path, [lead("A")], visits, outcomes, conversion=conversion)
    assert found == [("A", START + 9 * DAY, None)]


def test_an_excluded_lead_never_enters(tmp_path):
    visits = [visit("A", START + DAY), visit("A", START + 2 * DAY)]
    exclude = [{"field": "lead_id", "is": "equals", "value": "A"}]
    assert hot(tmp_path, [lead("A")], visits, [], exclude=exclude) == []


def test_a_tier_or_period_that_there_is_not_is_named(tmp_path):
    data = {"leads": [lead("A")], "accounts": [], "activities": [visit("A", START)], "outcomes": []}
    with open_flow(tmp_path / "data.duckdb", data, LATE) as flow:
        with pytest.raises(ScoringError, match=r"tier must be one of Cold, Hot, got 'Warm'"):
            entry_leads(flow, model(), "Warm")
        with pytest.raises(ScoringError, match=r"period must be one of 2025-Q1, got '2024-Q1'"):
            entry_leads(flow, model(), "Hot", "2024-Q1")


def test_the_quarter_of_entry_holds_its_own_leads(tmp_path):
    data = {
        "leads": [lead("A"), lead("B", datetime(2025, 4, 2)), lead("end")],
        "accounts": [],
        "activities": [visit("end", START + 300 * DAY)],
        "outcomes": [],
    }
    with open_flow(tmp_path / "data.duckdb", data, LATE) as flow:
        found = entry_leads(flow, model(), "Cold", "2025-Q2").to_pylist()
        view = compute_entries(entry_cells(flow, model()), model())
    assert [row["lead_id"] for row in found] == ["B"]
    assert [(period.period, period.tiers[0].entries) for period in view.periods] == [
        ("2025-Q1", 2),
        ("2025-Q2", 1),
    ]
    assert view.periods[1].tiers[0].entries_per_week == pytest.approx(1 / 13)


def test_days_within_is_the_inverse_of_the_share_of_conversions_so_far():
    rng = np.random.default_rng(5)
    for _ in range(200):
        days = rng.integers(0, 30, rng.integers(1, 20))
        for quarters, share in ((1, 0.25), (2, 0.5), (3, 0.75)):
            oracle = np.quantile(days, share, method="inverted_cdf")
            assert days_within(np.bincount(days), quarters) == oracle
    assert days_within(np.zeros(0, dtype=np.int64), 2) is None

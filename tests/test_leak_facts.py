"""The counts that the leak guard judges equal plain loops over the rows, on random data and models."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings

from queries.guard import facts as leak_facts
from queries.guard.facts import (
    attributes,
    count_fills,
    count_follows,
    count_values,
    find_early_conversions,
    find_lead_ends,
    rules_that_see,
)
from scoring.model_file import model_from_dict
from tests import reference
from tests.reference import Facts, in_stages, matches, period_label, period_start, text_of
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_semantics import EXAMPLES

SOME = settings(parent=EXAMPLES, max_examples=150)
OPEN, LOST, CONVERTED = range(3)
LEAST = 2


def lead_ends(facts, model):
    """(period, ending, first conversion) by lead_id."""
    found = {}
    for lead_id, lead in facts.leads.items():
        start = period_start(lead["created_at"], model)
        if lead_id in facts.excluded or lead["created_at"] > facts.observed_until:
            continue
        outcomes = facts.outcomes.get(lead_id, [])
        won, closed, reopened = (
            [row["occurred_at"] for row in outcomes if in_stages(row, model, key)]
            for key in ("stages", "closing_stages", "reopening_stages")
        )
        lost = closed and (not reopened or max(reopened) <= max(closed))
        ending = CONVERTED if won else LOST if lost else OPEN
        found[lead_id] = (period_label(start, model), ending, min(won, default=None))
    return found


@SOME
@given(case=cases())
def test_how_leads_ended_and_what_they_have_equals_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    facts = Facts(case.data, case.model, case.imported_at)
    if facts.observed_until is None:
        return
    plain = lead_ends(facts, case.model)
    labels = sorted({period for period, _, _ in plain.values()})
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        ends = find_lead_ends(flow, model, facts.observed_until)
        fills = count_fills(flow.engine, ends, attributes(flow.engine))
    ids = dict(enumerate(sorted(facts.leads)))
    ours = {ids[row["lead_number"]]: (row["ending"], row["converted_at"]) for row in ends.to_pylist()}
    assert ours == {lead_id: (ending, at) for lead_id, (_, ending, at) in plain.items()}
    cohorts = {ids[row["lead_number"]]: row["cohort"] for row in ends.to_pylist()}
    assert len({(cohorts[lead_id], plain[lead_id][0]) for lead_id in plain}) == len(labels)

    for filled in fills:
        name = filled.attribute.name
        for ending in (OPEN, LOST, CONVERTED):
            of_ending = [lead_id for lead_id in plain if plain[lead_id][1] == ending]
            assert filled.fills.leads[:, ending].sum() == len(of_ending)
            present = Counter(
                cohorts[lead_id]
                for lead_id in of_ending
                if value_of(facts, filled.attribute.table, lead_id, name) is not None
            )
            counted = dict(enumerate(filled.fills.filled[:, ending].tolist()))
            assert {cohort: count for cohort, count in counted.items() if count} == present


def value_of(facts, table, lead_id, name):
    lead = facts.leads[lead_id]
    row = lead if table == "leads" else facts.accounts.get(lead.get("account_id"), {})
    return text_of(row.get(name))


@SOME
@given(case=cases())
def test_values_by_ending_and_half_equal_the_plain_loop(tmp_path, case):
    model, facts = model_from_dict(case.model), Facts(case.data, case.model, case.imported_at)
    if facts.observed_until is None:
        return
    plain, numbers = lead_ends(facts, case.model), {name: i for i, name in enumerate(sorted(facts.leads))}
    with (
        pytest.MonkeyPatch.context() as patch,
        open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow,
    ):
        patch.setattr(leak_facts, "MIN_LEADS", LEAST)
        ends = find_lead_ends(flow, model, facts.observed_until)
        columns = attributes(flow.engine)
        counted = [count_values(flow.engine, ends, column) for column in columns]
    for column, values in zip(columns, counted, strict=True):
        held = {lead_id: value_of(facts, column.table, lead_id, column.name) for lead_id in plain}
        frequent = {value for value, leads in Counter(held.values()).items() if value and leads >= LEAST}
        expected = Counter(
            (value if value in frequent else None, numbers[lead_id] % 2, plain[lead_id][1])
            for lead_id, value in held.items()
        )
        ours = Counter()
        for place, fold, endings in zip(values.value, values.fold, values.endings, strict=True):
            for ending in (OPEN, LOST, CONVERTED):
                ours[values.names[place], int(fold), ending] += int(endings[ending])
        assert +ours == expected
        missing = sum(value is None for value in held.values())
        rare = sum(value is not None and value not in frequent for value in held.values())
        assert values.names.count(None) == (missing > 0) + (rare > 0)


@SOME
@given(case=cases())
def test_what_follows_the_conversion_equals_the_plain_loop(tmp_path, case):
    model, facts = model_from_dict(case.model), Facts(case.data, case.model, case.imported_at)
    until = facts.observed_until
    if until is None:
        return
    plain = lead_ends(facts, case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        types, examples = count_follows(flow.engine, find_lead_ends(flow, model, until), until)
        seen = rules_that_see(flow.engine, model, [kind.activity_type for kind in types])
        early = find_early_conversions(flow, model, until)
    rows = [
        (row["activity_type"].lower(), plain[lead_id][2], row["occurred_at"], lead_id)
        for lead_id in plain
        for row in facts.activities.get(lead_id, [])
        if row["occurred_at"] <= until
    ]
    assert [kind.activity_type for kind in types] == sorted({kind for kind, *_ in rows})
    for kind in types:
        of_type = [row[1:] for row in rows if row[0] == kind.activity_type]
        after = [lead_id for won, time, lead_id in of_type if won is not None and won <= time]
        before = [
            lead_id
            for won, time, lead_id in of_type
            if won is not None and timedelta(0) < won - time <= timedelta(1)
        ]
        assert (kind.activities, kind.after, kind.just_before) == (len(of_type), len(after), len(before))
        assert kind.leads == len({*after, *before})
        assert examples[kind.activity_type] == min([*after, *before], default=None)
        assert seen[kind.activity_type] == [
            rule["id"] for rule in case.model["rules"] if sees(rule, kind.activity_type, facts)
        ]
    conversions = [
        (row, facts.leads[lead_id])
        for lead_id in facts.outcomes.keys() - facts.excluded
        for row in facts.outcomes[lead_id]
        if in_stages(row, case.model, "stages")
    ]
    before_creation = [row for row, lead in conversions if row["occurred_at"] < lead["created_at"]]
    assert (early["conversions"], early["before_creation"]) == (len(conversions), len(before_creation))
    assert early["leads"] == len({row["lead_id"] for row in before_creation})
    assert early["lead_id"] == min((row["lead_id"] for row in before_creation), default=None)


def sees(rule, kind, facts):
    """Whether an enabled rule on activities matches an activity of the type."""
    if not rule.get("enabled", True) or rule["source"] not in ("activity", "account_activity"):
        return False
    rows = [row for activities in facts.activities.values() for row in activities]
    return any(matches(rule, row) for row in rows if row["activity_type"].lower() == kind)


def test_the_plain_loop_of_the_entry_view_sees_no_lead_before_its_creation():
    created = reference.datetime(2025, 1, 10)
    lead = {"lead_id": "A", "created_at": created}
    times = [created - timedelta(1), created, created + timedelta(1), created + timedelta(9)]
    activities = [{"lead_id": "A", "occurred_at": time, "activity_type": "visit"} for time in times]
    data = {"leads": [lead], "accounts": [], "activities": activities, "outcomes": []}
    facts = Facts(data, {"conversion": {}}, times[3], observed_until=times[2])
    assert reference.entry_instants(lead, facts) == times[1:3]

"""Rule counts do not depend on how the leads are divided; whoever hears of progress can end the counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.counting import count_rules, counting_key
from queries.lead_buckets import bucket_count, row_ranges
from queries.structures import structure_key
from scoring.model_file import model_from_dict
from scoring.rule_counts import DAY, Activities, add_factors, count_matches, largest_factors
from scoring.timelines import Timelines, in_order
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import LATE, cases

EXAMPLES = examples(200)


@EXAMPLES
@given(case=cases(), buckets=st.integers(2, 9))
def test_counts_are_the_same_for_any_number_of_buckets(tmp_path, case, buckets):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        rows = flow.observed(model, LATE).rows
        at_once = count_rules(flow.engine, rows, model.rules, buckets=1)
        divided = count_rules(flow.engine, rows, model.rules, buckets=buckets)
    assert [len(column) for column in at_once] == [len(rows)] * len(model.rules)
    assert divided == at_once


class StoppedError(Exception):
    """What a callback raises when somebody has left."""


MODEL = {
    "schema_version": 1,
    "name": "Two sources",
    "conversion": {"stages": ["won"], "horizon_days": 30},
    "tiers": [{"name": "All", "threshold": 0}],
    "rules": [
        {"id": source, "category": "any", "source": source, "points": 1}
        for source in ("activity", "account_activity", "lead")
    ],
}


def small_flow(tmp_path):
    created_at = LATE.replace(year=2024)
    leads = [{"lead_id": f"L{i}", "created_at": created_at, "account_id": f"A{i // 2}"} for i in range(8)]
    done_at = created_at.replace(day=2)
    activities = [{**lead, "occurred_at": done_at, "activity_type": "visit"} for lead in leads]
    data = {"leads": leads, "accounts": [], "activities": activities, "outcomes": []}
    return open_flow(tmp_path / "data.duckdb", data, LATE)


def test_the_share_done_rises_from_none_and_is_told_for_every_bucket(tmp_path):
    model, shares = model_from_dict(MODEL), []
    with small_flow(tmp_path) as flow:
        rows = flow.observed(model, LATE).rows
        count_rules(flow.engine, rows, model.rules, shares.append, buckets=4)
    # Four buckets of leads, four of accounts, and the attributes.
    assert shares == [place / 9 for place in range(9)]


def test_what_the_callback_raises_ends_the_counting_and_nothing_is_kept(tmp_path):
    model = model_from_dict(MODEL)

    def stop(share):
        if share > 0:
            raise StoppedError

    with small_flow(tmp_path) as flow:
        observed = flow.observed(model, LATE)
        with pytest.raises(StoppedError):
            flow.counts(observed, model.rules, stop)
        names = [structure_key("counts", [observed.key, counting_key(rule)]) for rule in model.rules]
        assert [flow.store.find(name) for name in names] == [None] * 3
        counts = flow.counts(observed, model.rules)
        assert [set(column.to_pylist()) for column in counts] == [{20}, {20}, {20}]
        assert None not in [flow.store.find(name) for name in names]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=30),
    st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 10)), min_size=1, max_size=9),
    st.sampled_from([1, 1000]),
)
def test_the_first_row_after_a_time_is_found_in_few_and_in_many_distinct_instants(rows, wanted, spread):
    # With many owners and instants a table of both would be too large: the rows are searched.
    rows = sorted((owner * spread, instant * spread + owner) for owner, instant in rows)
    owners, instants = (np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1))
    timelines = Timelines(owners, instants, 5 * spread + 1)
    wanted = [(owner * spread, time * spread + owner) for owner, time in wanted]
    found = timelines.first_after(*(np.array(column, dtype=np.int64) for column in zip(*wanted, strict=True)))
    for (owner, time), place in zip(wanted, found, strict=True):
        assert place == sum(row[0] < owner or (row[0] == owner and row[1] <= time) for row in rows)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-9, 9)), min_size=1, max_size=30),
    st.sampled_from([1, 2**40]),
)
def test_rows_come_in_order_of_owner_and_instant_however_far_apart(rows, spread):
    # Far apart, owner and instant do not fit into one number.
    rows = [(owner * spread, instant * spread) for owner, instant in rows]
    order = in_order(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
    assert [rows[place] for place in order] == sorted(rows)


def test_what_is_too_old_at_the_first_moment_after_it_is_never_seen_nor_worth_anything():
    moments = Timelines(np.zeros(3, dtype=np.int64), np.array([100, 130, 160]) * DAY, owner_count=1)
    times = np.array([10, 69, 70, 100, 150]) * DAY
    nobody = np.zeros(len(times), dtype=np.int64)
    done = Activities(moments, nobody, nobody, times, windows=[30])
    seen = done.seen(window_days=30).seen_at_all()
    # 70 days: 30 days old at the first moment; 100 days: not before the first, 30 days old at the second.
    assert (seen.times // DAY).tolist() == [70, 100, 150]
    assert (seen.first.tolist(), seen.end.tolist()) == ([0, 1, 2], [1, 2, 3])
    factors = np.full(200, 1000, dtype=np.int16)
    assert count_matches(seen, 3).tolist() == [1, 1, 1]
    assert add_factors(seen, moments, factors).tolist() == [1000, 1000, 1000]
    assert largest_factors(seen, moments, factors).tolist() == [1000, 1000, 1000]


@given(st.lists(st.integers(0, 20), max_size=60).map(sorted), st.integers(1, 9))
def test_ranges_of_rows_are_in_order_cover_all_and_part_no_lead(owners, buckets):
    ranges = list(row_ranges(np.array(owners, dtype=np.int64), buckets))
    assert [row for part in ranges for row in range(part.start, part.stop)] == list(range(len(owners)))
    assert len(ranges) <= buckets
    for part in ranges:
        assert part.start < part.stop
        assert part.start == 0 or owners[part.start - 1] != owners[part.start]


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**11), st.integers(0, 10**9))
def test_more_data_or_less_memory_never_make_fewer_buckets(rows, activities, memory_bytes, more):
    buckets = bucket_count(rows, activities, memory_bytes)
    assert buckets >= 1
    assert bucket_count(rows + more, activities, memory_bytes) >= buckets
    assert bucket_count(rows, activities + more, memory_bytes) >= buckets
    assert bucket_count(rows, activities, memory_bytes + more) <= buckets

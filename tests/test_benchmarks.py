"""The benchmarks run, their peers find what the program finds, and one that does not is no measure."""

import json

import pytest

from benchmarks.cases import CASES, chosen_cases, chosen_waits
from benchmarks.dataset import LARGE, MODEL, SMALL, WIDE, Dataset, Size, with_rule
from benchmarks.latency import Latency
from benchmarks.measure import Case, Measured, Peer, PeerDiffersError, Timing, Work, measure
from benchmarks.run import prepare, run_case, write_results
from benchmarks.sessions_case import SIZE as SESSIONS_SIZE
from benchmarks.sessions_case import Change, Waited, WrongFiguresError, check_figures, session_latencies
from benchmarks.table import format_results
from benchmarks.targets import SizeResults, judge_all
from benchmarks.wide_model import RULES
from pages.components.console.payload import counts_payload
from scoring.model_file import format_model, parse_model

SIZE = Size(1_000)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Dataset:
    return Dataset.make(tmp_path_factory.mktemp("benchmarks") / "data", SIZE)


@pytest.fixture(scope="module")
def busy_data(tmp_path_factory) -> Dataset:
    return Dataset.make(tmp_path_factory.mktemp("busy") / "data", Size(1_000, 50, is_wide=True))


def test_cases_run_and_stand_in_table_and_file(data, tmp_path):
    names = ("cells", "cells_from_activities", "response_table", "count_all")
    cases = {name: run_case(data.folder, name, runs=1) for name in names}
    rules = [rule for rule in MODEL.enabled_rules if rule.source == "activity"]
    results = {
        SIZE.name: SizeResults(prepare(data.folder, SIZE), cases, {"drag_step": Latency("drag", (3.0,))})
    }
    table = format_results(results, judge_all(results))
    for words in (
        "1000x20: 1,000 leads",
        "cells after a change of points",
        "pandas: the same",
        f"counting {len(rules)} activity rules",
        "cells over pandas",
        "a drag step, pointer to redrawn charts",
    ):
        assert words in table
    written = json.loads(write_results(tmp_path / "results", results).read_text())
    found = written["sizes"][SIZE.name]["cases"]
    assert list(found) == list(names)
    for case in found.values():
        assert case["runs"] == 1
        assert case["peak_bytes"] > 0
        for peer in case["peers"]:
            assert peer["ratio"] == pytest.approx(case["minimum_seconds"] / peer["minimum_seconds"])
    measured = {target["target"]: target["measured"] for target in written["targets"]}
    assert measured["cells over pandas"] == {SIZE.name: found["cells"]["peers"][0]["ratio"]}
    assert measured["a drag step, pointer to redrawn charts, p95"] == {SIZE.name: 3.0}


@pytest.mark.parametrize("name", ["leads_page", "leads_filter", "leads_date"])
def test_the_leads_page_lists_what_a_query_on_kept_scores_finds(data, name):
    assert run_case(data.folder, name, runs=2).peers


def test_data_that_are_kept_are_used_again(data, monkeypatch):
    monkeypatch.delattr("benchmarks.dataset.generate")
    monkeypatch.delattr("benchmarks.dataset.load_files")
    again = Dataset.make(data.folder, SIZE)
    assert again.workspace.manifest == data.workspace.manifest


def test_the_wide_model_is_one_that_a_file_can_hold_and_every_case_for_it_runs(busy_data):
    model = busy_data.model
    assert len(model.enabled_rules) == RULES
    assert parse_model(format_model(model), "wide.toml") == model
    counted = prepare(busy_data.folder, WIDE)
    assert 45 < counted["activities"] / counted["leads"] < 55
    for name in chosen_cases(WIDE):
        assert run_case(busy_data.folder, name, runs=1).peers


def test_a_target_is_met_only_when_it_is_at_every_size_measured():
    cases = {"cells": Measured(Timing("cells", [1.0]), (Timing("pandas: the same", [5.0]),), 0, ())}
    slow = {"cells": Measured(Timing("cells", [1.0]), (Timing("pandas: the same", [4.9]),), 0, ())}

    def judged(large):
        results = {SMALL.name: SizeResults({}, cases), LARGE.name: SizeResults({}, large)}
        return {target["target"]: target["met"] for target in judge_all(results)}

    assert judged(cases) == {"cells over pandas": True}
    assert judged(slow) == {"cells over pandas": False}


def test_a_drag_at_a_million_leads_is_set_beside_one_at_few():
    def results(small, large):
        latencies = {SMALL.name: Latency("drag", small), LARGE.name: Latency("drag", large)}
        return {size: SizeResults({}, {}, {"drag_step": one}) for size, one in latencies.items()}

    words = "a drag step: 1,000,000 leads over 20,000"
    for large, is_met in (((6.0,), True), ((6.1,), False)):
        found = {target["target"]: target for target in judge_all(results((5.0,), large))}
        assert found[words]["met"] is is_met


def test_of_twenty_changes_p95_lets_one_be_slow():
    latency = Latency("a change", (*[10.0] * 20, 500.0))
    assert (latency.p50, latency.p95) == (10.0, 10.0)


def test_a_peer_that_finds_something_else_is_refused():
    peer = Peer(Work("other", lambda: 2), lambda ours, theirs: ours == theirs)
    with pytest.raises(PeerDiffersError, match="own and other must find the same"):
        measure(Case(Work("own", lambda: 1), (peer,)), runs=1)


def test_every_run_is_tidied_after():
    left = []
    own = Work("own", lambda: left.append(1), left.clear)
    measured = measure(Case(own, (Peer(Work("peer", lambda: None), lambda ours, theirs: ours is theirs),)), 4)
    assert (len(measured.subject.seconds), left) == (4, [])


def test_the_entry_view_is_measured_on_small_data_or_when_asked_for():
    small, large = Size(20_000), Size(200_000)
    assert chosen_cases(small) == list(CASES)
    assert "entry" not in chosen_cases(large)
    assert "entry" in chosen_cases(large, entry=True)
    assert chosen_cases(large, only=("entry",)) == ["entry"]


def test_page_and_sessions_are_measured_at_the_sizes_that_targets_name():
    waits = {size.name: chosen_waits(size) for size in (SMALL, SESSIONS_SIZE, Size(200_000), LARGE, WIDE)}
    pages = ["page", "leads_in_browser"]
    assert list(waits.values()) == [pages, ["sessions"], [], pages, []]
    assert chosen_waits(Size(1_000), only=("cells", "sessions")) == ["sessions"]


def test_sessions_over_the_websocket_see_the_figures_of_their_own_drafts(data):
    found = session_latencies(data, count=3, changes=2)
    assert {name: len(latency.milliseconds) for name, latency in found.items()} == {
        "sessions": 6,
        "sessions_tables": 6,
    }


def test_a_session_that_sees_the_figures_of_another_draft_fails_the_run(data):
    flow, own, other = data.flow(), Change(1, "email_click", 9), Change(1, "email_click", 8)

    def seen(change: Change) -> Waited:
        draft = with_rule(MODEL, change.rule, points=change.points)
        counts = counts_payload(flow.cells(draft), draft.min_score, draft.max_score)
        return Waited(counts=[(own, counts)])

    check_figures(flow, MODEL, seen(own))
    with pytest.raises(WrongFiguresError, match="must be those of its draft"):
        check_figures(flow, MODEL, seen(other))

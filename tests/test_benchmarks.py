"""The benchmarks run, their peers find what the program finds, and one that does not is no measure."""

import json

import pytest

from benchmarks.cases import CASES, chosen_cases
from benchmarks.dataset import MODEL, Dataset
from benchmarks.measure import Case, Peer, PeerDiffersError, Work, measure
from benchmarks.run import run_case, write_results
from benchmarks.table import format_table


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Dataset:
    return Dataset.make(tmp_path_factory.mktemp("benchmarks") / "data", 1_000)


def test_two_cases_run_and_stand_in_table_and_file(data, tmp_path):
    results = {name: run_case(data.folder, name, runs=1) for name in ("cells", "count_all")}
    rules = [rule for rule in MODEL.enabled_rules if rule.source == "activity"]
    table = format_table(list(results.values()))
    for words in (
        "cells after a change of points",
        "pandas: the same",
        f"counting {len(rules)} activity rules",
    ):
        assert words in table
    path = write_results(tmp_path / "results", {"leads": 1_000}, results)
    cases = json.loads(path.read_text())["cases"]
    assert list(cases) == ["cells", "count_all"]
    for case in cases.values():
        assert case["runs"] == 1
        assert case["peak_bytes"] > 0
        for peer in case["peers"]:
            assert peer["ratio"] == pytest.approx(case["minimum_seconds"] / peer["minimum_seconds"])


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
    assert chosen_cases(20_000) == list(CASES)
    assert "entry" not in chosen_cases(200_000)
    assert "entry" in chosen_cases(200_000, entry=True)
    assert chosen_cases(200_000, only=("entry",)) == ["entry"]

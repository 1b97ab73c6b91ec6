"""Checks that read all leads are worked out once, kept over a new start, and the same as when asked anew."""

import shutil

import pytest

from queries import kept_checks
from queries.catalogue import leads_matched
from queries.checks import check_data
from queries.dataset import ready_models
from queries.engine import Engine
from queries.findings import worst_first
from queries.flow import Flow
from queries.guard.leaks import check_leaks
from queries.inspection import inspect_workspace
from queries.kept_checks import kept_leads_matched, kept_leaks
from queries.rule_checks import check_rules
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.any_points import without_points
from scoring.model_file import model_from_dict, model_to_dict

NEVER = {
    "id": "never",
    "category": "fit",
    "source": "lead",
    "points": 5,
    "where": [{"field": "seniority", "is": "equals", "value": "emperor"}],
}
LEAK = {
    "id": "leak",
    "category": "fit",
    "source": "activity",
    "points": 5,
    "where": [{"field": "activity_type", "is": "equals", "value": "onboarding_call"}],
}


@pytest.fixture
def model():
    document = model_to_dict(ready_models()["b2b_guideline"])
    return model_from_dict(document | {"rules": [*document["rules"], NEVER, LEAK]})


@pytest.fixture
def start(demo_workspace, tmp_path):
    """Open the same workspace anew each time it is called, as a new process would."""
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace")
    until = workspace.manifest.observed_until

    def begin() -> Flow:
        return Flow(Engine(workspace.data_path), StructureStore(tmp_path / "computed"), until)

    return begin


def test_findings_equal_those_of_the_guard_and_outlive_the_process(start, model, monkeypatch):
    expected = check_leaks(start(), model)
    assert expected
    assert kept_leaks(start(), model) == expected
    monkeypatch.setattr(kept_checks, "check_leaks", None)
    assert kept_leaks(start(), model) == expected


def test_findings_of_another_model_are_its_own(start, model):
    document = model_to_dict(model)
    other = model_from_dict(document | {"rules": document["rules"][:-1]})
    flow = start()
    assert kept_leaks(flow, model) != kept_leaks(flow, other)
    assert kept_leaks(flow, other) == check_leaks(flow, other)


def test_the_second_inspection_asks_nothing_again(start, model, demo_workspace, monkeypatch):
    first, told = start(), []
    expected = worst_first(
        [*check_data(demo_workspace), *check_leaks(first, without_points(model)), *_unmatched(first, model)]
    )
    found = inspect_workspace(demo_workspace, first, model, lambda share, text: told.append((share, text)))
    assert found == expected
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    spoken = {text for _, text in told}
    assert {
        "Looking through the data",
        "Looking at leads.seniority",
        "Looking for rules that match nothing",
    } <= spoken
    assert any(text.startswith("Looking at the rule ") for text in spoken)
    for name in ("check_data", "check_leaks", "leads_matched"):
        monkeypatch.setattr(kept_checks, name, None)
    assert inspect_workspace(demo_workspace, start(), model) == expected


def _unmatched(flow, model):
    names = [rule.id for rule in model.enabled_rules if leads_matched(flow.engine, rule) == 0]
    return [finding for finding in check_rules(flow, model) if finding.rule in names]


def test_each_statement_waits_for_its_turn(start, model):
    waited = []
    rule = model.rules[0]
    flow = start()
    assert kept_leads_matched(flow, rule, lambda: waited.append(1)) == leads_matched(flow.engine, rule)
    assert len(waited) == 1
    assert kept_leads_matched(flow, rule, lambda: waited.append(1)) == leads_matched(flow.engine, rule)
    assert len(waited) == 1
    assert kept_leaks(flow, model, lambda: waited.append(1)) == check_leaks(flow, model)
    assert len(waited) > 5

"""Checks that read all leads are worked out once, kept over a new start, and the same as when asked anew."""

import shutil

import pytest

from queries import kept_checks
from queries.catalogue import leads_matched
from queries.dataset import ready_models
from queries.engine import Engine
from queries.flow import Flow
from queries.guard.leaks import check_leaks
from queries.kept_checks import kept_leads_matched, kept_leaks
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.model_file import model_from_dict, model_to_dict

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
    return model_from_dict(document | {"rules": [*document["rules"], LEAK]})


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

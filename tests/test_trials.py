"""The count of drafts tried on the same periods: kept for everybody, never lost, anew for new questions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from queries.dataset import ready_models
from queries.trials import Trials, count_final_check, count_variant, read_trials
from queries.workspace import Workspace
from scoring.comparison import warn_of_many_variants
from scoring.model import Conversion

ROOT = Path(__file__).parents[1]
IN_USE = ready_models()["b2b_guideline"]
PROCESSES, DRAFTS = 3, 15


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path)


def draft(number):
    return IN_USE.model_copy(update={"base_points": number})


def test_a_draft_counts_once_whatever_it_is_called(workspace):
    assert read_trials(workspace, IN_USE) == Trials(0, 0)
    assert count_variant(workspace, IN_USE, draft(1)) == Trials(1, 0)
    renamed = draft(1).model_copy(update={"name": "Other"})
    label = renamed.rules[0].model_copy(update={"label": "Another label"})
    renamed = renamed.model_copy(update={"rules": (label, *renamed.rules[1:])})
    assert count_variant(workspace, IN_USE, renamed) == Trials(1, 0)
    assert count_variant(workspace, IN_USE, draft(2)) == Trials(2, 0)
    assert count_variant(workspace, IN_USE, IN_USE.model_copy(update={"name": "Copy"})) == Trials(2, 0)
    assert count_final_check(workspace, IN_USE) == Trials(2, 1)
    assert read_trials(Workspace.open(workspace.path), IN_USE) == Trials(2, 1)


def test_another_question_and_other_data_begin_anew(workspace, demo_workspace):
    count_variant(workspace, IN_USE, draft(1))
    asked = IN_USE.conversion.model_dump() | {"horizon_days": 30}
    other = IN_USE.model_copy(update={"conversion": Conversion(**asked)})
    assert read_trials(workspace, other) == Trials(0, 0)
    assert read_trials(workspace, draft(9)) == Trials(1, 0)
    text = (workspace.path / "trials.json").read_text()
    (workspace.path / "manifest.json").write_bytes(demo_workspace.manifest_path.read_bytes())
    assert read_trials(workspace, IN_USE) == Trials(0, 0)
    assert count_variant(workspace, IN_USE, draft(1)) == Trials(1, 0)
    # What was counted before is kept beside it.
    assert (
        json.loads(text)["questions"].items()
        <= json.loads((workspace.path / "trials.json").read_text())["questions"].items()
    )


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"format": 1}', '{"format": 9, "questions": {}}', '{"format": 1, "questions": {"x": 3}}'],
)
def test_a_damaged_file_counts_nothing_and_is_replaced(workspace, text):
    (workspace.path / "trials.json").write_text(text)
    assert read_trials(workspace, IN_USE) == Trials(0, 0)
    assert count_variant(workspace, IN_USE, draft(1)) == Trials(1, 0)


def try_drafts(path, first):
    workspace = Workspace.open(path)
    for number in range(first, first + DRAFTS):
        count_variant(workspace, IN_USE, draft(number))
        count_final_check(workspace, IN_USE)


def test_several_processes_lose_no_count(workspace):
    script = "import sys; from tests.test_trials import try_drafts; try_drafts(sys.argv[1], int(sys.argv[2]))"
    jobs = [
        subprocess.Popen([sys.executable, "-c", script, str(workspace.path), str(1 + DRAFTS * i)], cwd=ROOT)
        for i in range(PROCESSES)
    ]
    assert [job.wait(120) for job in jobs] == [0] * PROCESSES
    assert read_trials(workspace, IN_USE) == Trials(PROCESSES * DRAFTS, PROCESSES * DRAFTS)


def test_a_folder_that_cannot_be_written_still_tells_what_was_counted(workspace, monkeypatch):
    count_variant(workspace, IN_USE, draft(1))

    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("queries.trials.os.open", refuse)
    assert count_variant(workspace, IN_USE, draft(2)) == Trials(1, 0)
    assert count_final_check(workspace, IN_USE) == Trials(1, 0)


def test_many_drafts_are_warned_of():
    assert warn_of_many_variants(4) is None
    assert "20 drafts were tried on the same periods" in warn_of_many_variants(20)

"""One lead of a model with a grid, on the Leads page and on the command line: its way to a higher tier."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from commands.main import main
from pages.components.format import as_markdown
from queries.dataset import open_flow, ready_models, save_model_in_use
from queries.lead_advice import next_tier
from queries.one_lead import explain_lead
from queries.score_table import score_table
from queries.workspace import Workspace
from scoring.lead_words import next_tier_words

ROOT = Path(__file__).parent.parent
GRID = ready_models()["fit_engagement"]
DAY = datetime(2025, 4, 1)


@pytest.fixture(scope="module")
def workspace(demo_workspace, tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    own = Workspace.open(folder)
    save_model_in_use(own, GRID)
    return own


@pytest.fixture(scope="module")
def lifted(workspace):
    """A lead that some activities lift, and how."""
    flow = open_flow(workspace)
    for lead_id in score_table(flow, GRID, DAY).column("lead_id").to_pylist():
        advice = next_tier(flow, GRID, explain_lead(flow, GRID, lead_id, DAY))
        if advice.actions:
            return lead_id, advice
    raise AssertionError("no lead can be lifted")


def test_the_page_says_what_lifts_a_lead_to_which_cell(workspace, lifted, monkeypatch):
    lead_id, advice = lifted
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(workspace.path))
    at = AppTest.from_file(ROOT / "pages" / "leads_page.py", default_timeout=60)
    at.query_params["lead"], at.query_params["on"] = lead_id, DAY.isoformat()
    at.run()
    assert not at.exception
    said = next_tier_words(advice, lambda text: f"**{as_markdown(text)}**")
    assert f"**{advice.next_cell}**" in said
    assert said in [one.value for one in at.markdown]


def test_the_command_prints_the_same(workspace, lifted):
    lead_id, advice = lifted
    given = ["lead", "--workspace", str(workspace.path), "--at", DAY.isoformat(), lead_id]
    printed = json.loads(CliRunner().invoke(main, [*given, "--json"]).stdout)["next_tier"]
    assert (printed["cell"], printed["next_cell"]) == (advice.cell, advice.next_cell)
    assert printed["tier"] == advice.tier.name
    assert [one["times"] for one in printed["actions"]] == [times for _, times in advice.actions]
    assert next_tier_words(advice) in CliRunner().invoke(main, given).stdout

"""Every model that comes with the program says when to use it, and works on the demo data."""

import json

import pyarrow.compute as pc
import pytest
from click.testing import CliRunner

from commands.main import main
from demo_data.generator import generate
from queries.dataset import open_flow, ready_models
from queries.importing import load_tables
from queries.model_needs import missing_needs, without_missing_fields
from queries.rule_checks import check_rules
from queries.workspace import Workspace
from scoring.backtest import compute_backtest
from scoring.model import Condition
from scoring.model_file import parse_model
from scoring.model_kinds import model_kinds

NAMES = sorted(ready_models())


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_when_to_use_it(name):
    model = ready_models()[name]
    assert model.description is not None
    assert "Take it when" in model.description


@pytest.mark.parametrize("name", NAMES)
def test_the_demo_data_have_all_that_it_asks_for(name, flow):
    model = ready_models()[name]
    assert missing_needs(flow.engine, model) == ()
    assert check_rules(flow, model) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_sorts_the_demo_leads(name, flow):
    model = ready_models()[name]
    figures = compute_backtest(flow.cells(model), model)
    assert len(figures.periods) > 4
    assert figures.pooled.auc > 0.55
    assert sum(tier.leads > 0 for tier in figures.pooled.tiers) > 1


def test_what_the_data_lack_is_named_with_its_rules(tmp_path):
    tables = generate(1_000, seed=1)
    activities, outcomes = tables["activities"], tables["outcomes"]
    poor = Workspace.open(tmp_path / "poor")
    load_tables(
        poor,
        {
            "leads": tables["leads"].select(["lead_id", "created_at", "country"]),
            "activities": activities.filter(pc.field("activity_type") != "contact_form").drop(["page"]),
            "outcomes": outcomes.filter(pc.field("stage") != "won"),
        },
    )
    engine = open_flow(poor).engine
    model = ready_models()["b2c_guideline"].model_copy(
        update={"exclude": (Condition(field="email_domain", operator="equals", value="a.example"),)}
    )
    needs = missing_needs(engine, model)
    assert {(need.kind, need.name, need.rules) for need in needs} == {
        ("field", "leads.email_domain", ()),
        ("field", "activities.page", ("pricing_page", "careers_page")),
        ("field", "leads.source", ("came_by_recommendation",)),
        ("activity_type", "contact_form", ("contact_form",)),
        ("stage", "won", ()),
    }
    assert "column activities.page (Looked at the prices, Looked at the jobs)" in {n.words for n in needs}
    rest = without_missing_fields(model, needs)
    assert {need.kind for need in missing_needs(engine, rest)} == {"activity_type", "stage"}
    assert len(rest.rules) == len(model.rules) - 3


def test_one_of_several_types_is_enough(flow):
    model = ready_models()["b2b_guideline"]
    condition = Condition(field="activity_type", operator="in", value=("EVENT_attendance", "nowhere"))
    rule = model.rule("event").model_copy(update={"where": (condition,)})
    assert missing_needs(flow.engine, model.model_copy(update={"rules": (rule,)})) == ()


def test_kinds_are_read_off_the_rules():
    assert "what colleagues do" in model_kinds(ready_models()["b2b_guideline"])
    assert "what colleagues do" not in model_kinds(ready_models()["b2c_guideline"])
    assert "points start anew after 60 days of silence" in model_kinds(ready_models()["b2c_guideline"])
    assert "customers can buy again" in model_kinds(ready_models()["retail"])


def invoke(*words, code=0):
    result = CliRunner().invoke(main, ["models", "ready-made", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


def test_the_command_lists_them_and_writes_one(demo_workspace, tmp_path):
    listed = json.loads(invoke("--json").stdout)["models"]
    assert [entry["id"] for entry in listed] == NAMES
    assert all("missing" not in entry for entry in listed)
    here = json.loads(invoke("--json", "--workspace", demo_workspace.path).stdout)["models"]
    assert all(entry["missing"] == [] for entry in here)
    text = invoke().stdout
    assert all(str(model.description) in text for model in ready_models().values())
    out = tmp_path / "mine.toml"
    invoke("retail", "--out", out)
    assert parse_model(out.read_text(encoding="utf-8")) == ready_models()["retail"]


def test_the_command_refuses_a_name_that_there_is_not_and_a_file_without_a_name(tmp_path):
    assert "must be one of" in invoke("nothing", code=2).stderr
    assert "name of a model" in invoke("--out", tmp_path / "x.toml", code=2).stderr

"""What ``tierline suggest`` prints and writes."""

import json

import pytest
from click.testing import CliRunner

from commands.suggest import suggest_command
from demo_data.generator import generate
from queries.dataset import model_in_use, open_flow
from queries.importing import load_tables
from queries.suggestion import suggest
from queries.workspace import Workspace
from scoring.backtest import compute_backtest
from scoring.model_file import format_model, parse_model
from scoring.plain_json import to_plain
from scoring.suggestion import Aim, Goal, Limits
from scoring.suggestion_words import gain_words


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("suggest"))
    load_tables(workspace, generate(12_000, seed=1))
    return workspace


@pytest.fixture(scope="module")
def model(workspace):
    return model_in_use(workspace)


def run(*arguments, code=0):
    result = CliRunner().invoke(suggest_command, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result


def test_the_json_holds_what_was_found(workspace, model):
    printed = json.loads(run("--workspace", workspace.path, "--json", "--goal", "ranking").stdout)
    sentences = printed.pop("sentences")
    assert printed == to_plain(suggest(open_flow(workspace), model, Aim(Goal.RANKING)))
    assert sentences[0].startswith(
        f"{len(printed['changes'])} changes together put leads into a better order"
    )


def test_the_suggested_model_is_written_and_is_better(workspace, model, tmp_path):
    out = tmp_path / "suggested.toml"
    lines = run("--workspace", workspace.path, "--goal", "ranking", "--out", out).stdout.splitlines()
    flow = open_flow(workspace)
    found = suggest(flow, model, Aim(Goal.RANKING))
    labels = {rule.id: rule.shown_label for rule in model.rules}
    for change in found.changes:
        [row] = [line for line in lines if line.startswith(labels[change.rule][:37]) and "by" not in line[:9]]
        assert row.endswith(gain_words(change.alone, found.goal))
    written = parse_model(out.read_text(encoding="utf-8"))
    assert written.base_points == found.base_points
    for change in found.changes:
        rule = written.rule(change.rule)
        assert rule.enabled == (change.points != 0)
        assert rule.points == (change.points or change.points_now)
    auc = [compute_backtest(flow.cells(one), one).pooled.auc for one in (model, written)]
    assert auc[0] < auc[1]


def test_goal_changes_limits_capacity_and_model_are_obeyed(workspace, model, tmp_path):
    named = model.model_copy(update={"name": "Another"})
    path = tmp_path / "model.toml"
    path.write_text(format_model(named), encoding="utf-8")
    arguments = ("--model", path, "--most-changes", 2, "--leads-per-week", 9)
    arguments += ("--limit", "recent=0..20", "--limit", "careers_page=-4..-2", "--json")
    printed = json.loads(run("--workspace", workspace.path, *arguments).stdout)
    limits = {"recent": Limits(0, 20), "careers_page": Limits(-4, -2)}
    expected = suggest(open_flow(workspace), named, Aim(Goal.WINS, 2, limits, 9.0))
    del printed["sentences"]
    assert printed == to_plain(expected)
    assert len(printed["changes"]) <= 2
    assert -4 <= next(one["points"] for one in printed["changes"] if one["rule"] == "careers_page") <= -2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--limit", "recent=5"), "RULE=LOW..HIGH"),
        (("--limit", "recent=5..1"), "5..1"),
        (("--limit", "nonsense=0..1"), "'nonsense'"),
        (("--most-changes", 0), "most_changes must be 1 or more, got 0"),
        (("--leads-per-week", -1), "above 0, got -1"),
        (("--goal", "luck"), "luck"),
        (("--model", "missing.toml"), "missing.toml"),
    ],
)
def test_bad_input_ends_with_code_2_and_names_it(workspace, arguments, named):
    assert named in run("--workspace", workspace.path, *arguments, code=2).stderr


def test_nothing_suggested_is_nothing_written(workspace, model, tmp_path):
    hurried = model.model_copy(update={"conversion": model.conversion.model_copy(update={"horizon_days": 1})})
    path, out = tmp_path / "model.toml", tmp_path / "out.toml"
    path.write_text(format_model(hurried), encoding="utf-8")
    result = run("--workspace", workspace.path, "--model", path, "--out", out, code=2)
    assert "are needed to learn from" in result.stdout
    assert "nothing was written" in result.stderr
    assert not out.exists()

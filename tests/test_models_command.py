"""``tierline models``: the whole life of a version from the command line."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import DEFAULT_MODEL, model_in_use, open_flow, ready_models
from queries.worked import known_worked
from queries.workspace import Workspace
from scoring.backtest import compute_backtest, to_json
from scoring.model_file import format_model, parse_model
from scoring.worked import beside_rates


@pytest.fixture
def workspace(demo_workspace, tmp_path):
    """A copy, since saves are written to it."""
    shutil.copytree(demo_workspace.path, tmp_path / "demo")
    return Workspace.open(tmp_path / "demo")


@pytest.fixture
def empty(tmp_path):
    """A workspace without data."""
    return Workspace.open(tmp_path / "empty")


@pytest.fixture
def file(tmp_path):
    """Writes a model file with other points, and gives its path."""

    def write(**points):
        model = ready_models()[DEFAULT_MODEL]
        rules = tuple(
            rule.model_copy(update={"points": points.get(rule.id, rule.points)}) for rule in model.rules
        )
        path = tmp_path / "mine.toml"
        path.write_text(format_model(model.model_copy(update={"rules": rules})))
        return path

    return write


def run(command, workspace, *arguments, code=0):
    words = ["models", command, "--workspace", workspace.path, *arguments]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def refused(command, workspace, *arguments):
    """The one line that a refusal prints."""
    result = run(command, workspace, *arguments, code=2)
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    return line


def printed(command, workspace, *arguments):
    return json.loads(run(command, workspace, *arguments, "--json").stdout)


def test_before_the_first_save_the_list_is_empty(empty):
    assert printed("list", empty) == {"versions": []}
    assert "no version was saved yet" in run("list", empty).stdout
    assert not empty.path.exists()


def test_a_version_is_saved_proposed_used_and_restored(workspace, file, tmp_path):
    saved = printed(
        "save", workspace, "--model", file(email_click=14), "--author", "Ann", "--note", "clicks count more"
    )
    assert (saved["number"], saved["state"], saved["parent"], saved["author"]) == (2, "draft", 1, "Ann")
    assert saved["data_version"] == workspace.manifest.version
    change = {"before": 5, "after": 14, "words": "Clicked a link in an email 5 -> 14 points"}
    assert saved["changes"] == [{"place": ["rules", "email_click", "points"], **change}]
    assert printed("propose", workspace, 2, "--author", "Ann")["state"] == "proposed"
    assert run("champion", workspace, 2, "--author", "Bob", "--note", "ok").stdout == "version 2: in use\n"
    assert model_in_use(workspace) == parse_model(file(email_click=14).read_text())
    assert run("diff", workspace, 1, 2).stdout == "Clicked a link in an email 5 -> 14 points\n"
    assert run("diff", workspace, 1, 1).stdout == "the models are equal\n"
    assert printed("diff", workspace, 2, 1)["changes"][0]["after"] == 5
    assert printed("restore", workspace, 1, "--author", "Bob")["number"] == 3
    assert printed("retire", workspace, 3, "--author", "Bob")["state"] == "retired"
    out = tmp_path / "out.toml"
    run("export", workspace, 3, "--out", out)
    assert parse_model(out.read_text()) == ready_models()[DEFAULT_MODEL]
    states = [version["state"] for version in printed("list", workspace)["versions"]]
    assert states == ["retired", "champion", "retired"]
    text = run("list", workspace).stdout
    assert "Ann: clicks count more" in text
    assert "from 1: Clicked a link in an email 5 -> 14 points" in text


def test_a_version_is_shown_with_its_figures_and_its_history(workspace, file):
    run("save", workspace, "--model", file(email_click=14), "--author", "Ann", "--note", "more")
    shown = printed("show", workspace, 2)
    model = parse_model(shown["text"])
    flow = open_flow(workspace)
    figures = beside_rates(to_json(compute_backtest(flow.cells(model), model)), known_worked(flow, model))
    assert shown["backtest"] == json.loads(json.dumps(figures))
    assert [step["state"] for step in shown["history"]] == ["draft"]
    top = figures["pooled"]["tiers"][-1]
    text = run("show", workspace, 2).stdout
    assert f"SQL: {top['conversions']:,} of {top['leads']:,} leads converted" in text
    assert f", sales worked {100 * top['worked_share']:.1f} %" in text
    run("restore", workspace, 1, "--author", "Bob")
    assert printed("show", workspace, 3)["backtest"]["pooled"]["leads"] == figures["pooled"]["leads"]
    assert "recorded by Ann" in text
    assert printed("show", workspace, 1)["backtest"] is None


def test_without_data_a_version_has_no_figures(empty, file):
    saved = printed("save", empty, "--model", file(email_click=14), "--author", "Ann", "--note", "more")
    assert saved["data_version"] is None


def test_the_second_editor_is_told_and_can_merge_or_fork(empty, file):
    run("save", empty, "--model", file(page_view=3), "--author", "Ann", "--note", "views")
    mine = ("--model", file(email_click=9), "--author", "Bob", "--note", "clicks", "--parent", 1)
    line = refused("save", empty, *mine)
    for word in ("version 1", "version 2 by Ann", "Visited the website 1 -> 3 points", "--merge", "--fork"):
        assert word in line
    merged = printed("save", empty, *mine, "--merge")
    assert (merged["number"], merged["parent"], merged["line"]) == (3, 2, 1)
    assert [change["words"] for change in merged["changes"]] == ["Clicked a link in an email 5 -> 9 points"]
    other = ("--model", file(email_click=7), "--author", "Cy", "--note", "own", "--parent", 1)
    line = refused("save", empty, *other, "--merge")
    assert "rule email_click: Clicked a link in an email 5 -> 7 points here" in line
    assert "5 -> 9 points there" in line
    fork = printed("save", empty, *other, "--fork")
    assert (fork["number"], fork["parent"], fork["line"]) == (4, 1, 4)


def test_a_file_that_was_edited_by_hand_is_in_the_list(empty, file):
    run("save", empty, "--model", file(page_view=3), "--author", "Ann", "--note", "views")
    empty.write_model_text(file(email_click=8).read_text())
    newest = printed("list", empty)["versions"][0]
    assert (newest["state"], newest["note"]) == ("champion", "edited outside")


def test_a_broken_model_file_is_said_beside_the_list(empty, file):
    run("save", empty, "--model", file(page_view=3), "--author", "Ann", "--note", "views")
    empty.write_model_text("points = ")
    result = run("list", empty, "--json")
    assert len(json.loads(result.stdout)["versions"]) == 2
    [line] = result.stderr.splitlines()
    assert "model.toml" in line
    assert "model.toml" in run("champion", empty, 2, "--author", "Ann", code=2).stderr


@pytest.mark.parametrize(
    ("command", "arguments", "named"),
    [
        ("show", [9], ["9", "list"]),
        ("champion", [9, "--author", "Ann"], ["9", "list"]),
        ("retire", [1, "--author", "Ann"], ["version 1", "in use"]),
        ("propose", [2, "--author", " "], ["author"]),
        ("save", ["--model", "missing.toml", "--author", "A", "--note", "x"], ["missing.toml"]),
        ("save", ["--model", "FILE", "--author", "A", "--note", " "], ["note"]),
        ("save", ["--model", "FILE", "--author", "A", "--note", "x", "--parent", 7], ["7"]),
        ("save", ["--model", "FILE", "--author", "A", "--note", "x", "--fork", "--merge"], ["--fork"]),
        ("export", [1, "--out", "no/such/folder/model.toml"], ["no/such/folder"]),
    ],
)
def test_bad_input_ends_with_code_2_and_one_line(
    empty, file, tmp_path, monkeypatch, command, arguments, named
):
    monkeypatch.chdir(tmp_path)
    run("save", empty, "--model", file(page_view=3), "--author", "Ann", "--note", "views")
    path = file(page_view=4)
    line = refused(command, empty, *(path if word == "FILE" else word for word in arguments))
    for word in named:
        assert word in line


def test_a_model_that_does_not_fit_the_data_is_not_saved(workspace, file):
    path = file(email_click=9)
    path.write_text(path.read_text().replace('field = "page"', 'field = "pgae"', 1))
    line = refused("save", workspace, "--model", path, "--author", "Ann", "--note", "x")
    assert "pgae" in line
    assert printed("list", workspace) == {"versions": []}


def test_the_timeline_has_each_period_under_the_version_in_use(workspace, file):
    run("save", workspace, "--model", file(email_click=14), "--author", "Ann", "--note", "more")
    run("champion", workspace, "2", "--author", "Ann")
    found = json.loads(run("timeline", workspace, "--json").stdout)
    model = ready_models()[DEFAULT_MODEL]
    flow = open_flow(workspace)
    periods = compute_backtest(flow.cells(model), model).periods
    top = model.tiers[-1].name
    worked = {one.period: one for one in known_worked(flow, model) if one.tier == top}
    assert found["problems"] == []
    assert [row["period"] for row in found["periods"]] == [figures.period for figures in periods]
    for row, figures in zip(found["periods"], periods, strict=True):
        assert row["version"] == 1  # the second came into use after all these periods began
        assert (row["tier"], row["leads"], row["rate"]) == (
            top,
            figures.tiers[-1].leads,
            figures.tiers[-1].rate,
        )
        known = worked.get(figures.period)
        assert row["worked_share"] == (known.share if known else None)
        assert row["open"] == figures.immature_leads
    lines = run("timeline", workspace).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [figures.period for figures in periods]
    assert any(row["worked_share"] for row in found["periods"])


def test_the_timeline_of_no_version_says_how_one_begins(workspace):
    assert "tierline models save" in run("timeline", workspace).stdout

"""Instants beyond the data are said on standard error; the figures stay what they are."""

import json

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use
from scoring.model_file import format_model, model_from_dict, model_to_dict

FAR = "--at", "9999-01-01"
AFTER = "--observed-until", "2030-01-01"


def run(workspace, command, *options):
    result = CliRunner().invoke(main, [command, "--workspace", str(workspace.path), *map(str, options)])
    assert result.exit_code == 0, result.stderr
    return result


def test_scoring_after_the_end_of_the_data_says_so(demo_workspace, tmp_path):
    out = tmp_path / "scores.csv"
    result = run(demo_workspace, "score", "--at", "9999-01-01", "--out", out)
    assert "9999-01-01T00:00:00Z is after the end of the data, 2026-06-21" in result.stderr
    assert out.exists()


def test_scoring_nobody_says_why(demo_workspace, tmp_path):
    early = run(demo_workspace, "score", "--at", "1990-01-01", "--out", tmp_path / "early.csv")
    assert "no lead is scored at 1990-01-01T00:00:00Z" in early.stderr
    assert "the first was created 2024-01-01" in early.stderr


def test_scoring_nobody_names_the_limit_of_age(demo_workspace, tmp_path):
    document = model_to_dict(model_in_use(demo_workspace))
    document["observation"] = {"max_age_days": 30}
    model = tmp_path / "model.toml"
    model.write_text(format_model(model_from_dict(document)))
    late = run(demo_workspace, "leads", "--at", "9999-01-01", "--model", model)
    assert "no lead is scored at 9999-01-01T00:00:00Z" in late.stderr
    assert "older than the 30 days of the model's max_age_days" in late.stderr


def test_leads_without_a_limit_of_age_never_grow_too_old(demo_workspace):
    now, far = (json.loads(run(demo_workspace, "leads", "--json", *at).stdout)["rows"] for at in ((), FAR))
    assert far == now > 0


def test_the_nightly_run_is_not_bothered(demo_workspace, tmp_path):
    for at in ("2026-06-22", "2026-01-01"):
        assert run(demo_workspace, "score", "--at", at, "--out", tmp_path / "scores.csv").stderr == ""
    assert run(demo_workspace, "backtest", "--observed-until", "2026-01-01").stderr == ""


def test_an_end_after_that_of_the_data_is_said_beside_the_figures(demo_workspace):
    result = run(demo_workspace, "backtest", "--json", *AFTER)
    assert "--observed-until 2030-01-01T00:00:00Z is after the end of the data" in result.stderr
    assert json.loads(result.stdout)["observed_until"] == "2030-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("command", "options"),
    [("accounts", ["--at", "9999-01-01"]), ("handover", ["--tier", "SQL", "--at", "9999-01-01"])],
)
def test_every_command_about_an_instant_says_it(demo_workspace, tmp_path, command, options):
    out = ["--out", tmp_path / "list.csv"]
    assert "after the end of the data" in run(demo_workspace, command, *options, *out).stderr

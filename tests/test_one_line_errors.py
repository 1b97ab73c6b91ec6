"""Whatever is wrong with what a command is given, one line says what was found and what to do."""

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import ready_models
from scoring.model_file import format_model

GUIDELINE = format_model(ready_models()["b2b_guideline"])


def refused(*words):
    """The one line that a command prints before it ends with exit code 2."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert (result.exit_code, result.stdout) == (2, "")
    line = result.stderr.rstrip("\n")
    assert "\n" not in line
    assert line.startswith("tierline: ")
    return line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backtest", "--workspace", "W", "--observed-until", "2024-13-01"), "got '2024-13-01'"),
        (("score", "--workspace", "W"), "'--out'"),
        (("leads", "--workspace", "W", "--limit", "0"), "'--limit'"),
        (("leads", "--workspace", "W", "--list", "best"), "'movers'"),
        (("lead", "--workspace", "W"), "'LEAD_ID'"),
        (("backtest", "--worksapce", "W"), "--worksapce"),
        (("bactest",), "'bactest'"),
        (("models", "sgin"), "'sgin'"),
        (("models", "sign", "--workspace", "W"), "'NUMBER'"),
    ],
)
def test_a_wrong_option_is_named_in_one_line_that_says_where_help_is(words, said):
    line = refused(*words)
    assert said in line
    assert line.endswith("--help'")


@pytest.mark.parametrize("words", [(), ("models",)])
def test_a_group_without_a_command_lists_its_commands(words):
    result = CliRunner().invoke(main, list(words))
    assert "Commands:" in result.output


def file_of_model(folder, before, after):
    assert before in GUIDELINE
    path = folder / "model.toml"
    path.write_text(GUIDELINE.replace(before, after, 1))
    return path


def test_a_pattern_that_cannot_be_read_is_shown_as_it_was_written(demo_workspace, tmp_path):
    model = file_of_model(tmp_path, '"equals", value = "email_open"', '"matches", value = "(open"')
    line = refused("backtest", "--workspace", demo_workspace.path, "--model", model)
    assert "'email_open'" in line  # the rule
    assert "got '(open'" in line
    assert "(?i)" not in line
    assert "columns" not in line  # no other column would mend it


def test_a_value_of_a_kind_that_no_condition_takes_is_shown(demo_workspace, tmp_path):
    model = file_of_model(tmp_path, 'value = "email_open"', "value = true")
    line = refused("backtest", "--workspace", demo_workspace.path, "--model", model)
    assert line.endswith("value must be a text, a number or a list of these, got True")


def test_only_the_option_that_was_given_is_said_not_to_go_with_entries(demo_workspace):
    line = refused("backtest", "--workspace", demo_workspace.path, "--view", "entry", "--segment", "region")
    assert "--segment" in line
    assert "--against" not in line


def test_a_mapping_of_other_bytes_is_not_called_a_wrong_path(tmp_path):
    mapping, leads = tmp_path / "mapping.toml", tmp_path / "leads.csv"
    mapping.write_bytes(b"\xa3\xff")
    leads.write_text("lead_id,created_at\na,2024-01-01\n")
    line = refused("load", "--workspace", tmp_path / "w", leads, "--mapping", mapping)
    assert "mapping.toml: a mapping must be a UTF-8 text file, got other bytes" in line
    assert not (tmp_path / "w" / "manifest.json").exists()

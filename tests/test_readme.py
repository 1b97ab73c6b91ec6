"""Every command of the README does what the README says."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.main import main
from scoring.model_file import parse_model

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ")
    for language, block in BLOCKS
    if language == "console"
    for line in block.splitlines()
]


def test_the_commands_run_in_the_order_of_the_readme(tmp_path, monkeypatch):
    started = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("commands.serve.serve", lambda script, *_: started.append(script))
    monkeypatch.setenv("TIERLINE_WORKSPACE", "")
    (tmp_path / "models").symlink_to(ROOT / "models")
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        assert program == "tierline"
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{command}: {result.output}"
    assert started == [ROOT / "app.py"]
    assert (tmp_path / "scores.csv").read_text().startswith('"lead_id","moment","score","tier","points_')


def test_the_model_of_the_readme_is_a_model():
    [text] = [block for language, block in BLOCKS if language == "toml"]
    assert tomllib.loads(text)["name"] == parse_model(text).name


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_what_the_readme_links_to_is_there(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("command", ["app", "test"])
def test_the_two_make_commands_exist(command):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)

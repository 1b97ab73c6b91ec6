"""The memory setting: where it may come from, which one holds, and that work inside of it finds the same."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.engine import Engine
from queries.errors import QueryError
from queries.settings import MEMORY_VARIABLE, default_memory, parse_memory
from queries.statements import Statement
from queries.structures import StructureStore
from queries.workspace import Workspace
from tests.loading import loaded_workspace


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv(MEMORY_VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2 * 10**9), ("1.5 gb", 1_500_000_000), (" 512MiB ", 512 * 1024**2), ("1TB", 10**12)],
)
def test_amounts_of_memory(text, size):
    assert parse_memory(text, "here").total_bytes == size


@pytest.mark.parametrize("value", ["", "2", "GB", "-2GB", "2 EB", "1e9GB", "400MB", "0GB", 2, True])
def test_what_is_no_amount_is_refused_with_its_place_and_what_is_valid(value):
    with pytest.raises(
        QueryError, match=r"^here must be an amount of memory of at least 500 MB, such as '2GB'"
    ):
        parse_memory(value, "here")


def test_the_command_line_goes_before_the_variable_and_that_before_the_file(tmp_path, monkeypatch):
    assert Workspace.open(tmp_path).memory == default_memory()
    (tmp_path / "settings.toml").write_text('memory = "3GB"\n')
    assert Workspace.open(tmp_path).memory.total_bytes == 3 * 10**9
    monkeypatch.setenv(MEMORY_VARIABLE, "2GB")
    assert Workspace.open(tmp_path).memory.total_bytes == 2 * 10**9
    assert Workspace.open(tmp_path, "1GB").memory.total_bytes == 10**9


def test_the_parts_leave_room_for_the_rest_of_the_process():
    memory = parse_memory("2GB", "here")
    assert 0 < memory.structures_bytes < memory.engine_bytes
    assert memory.structures_bytes + memory.engine_bytes < memory.total_bytes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('memroy = "2GB"', r"settings.toml: a key must be among memory, got 'memroy'; remove it"),
        ('memory = "much"', r"settings.toml: memory must be an amount of memory .* got 'much'"),
        ("memory = 2", r"settings.toml: memory must be an amount of memory .* got 2;"),
        ("memory =", r"settings.toml must be a readable TOML file, got: .*; correct it"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path, text, message):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(QueryError, match=message):
        _ = Workspace.open(tmp_path).memory


@pytest.mark.parametrize("command", ["check", "backtest"])
def test_a_command_ends_with_one_line_that_says_where_a_bad_setting_stands(tmp_path, command):
    workspace = loaded_workspace(tmp_path)
    arguments = [command, "--workspace", str(workspace.path)]
    result = CliRunner().invoke(main, [*arguments, "--memory", "a lot"])
    assert result.exit_code == 2
    assert result.stderr.startswith("tierline: --memory must be an amount of memory")
    result = CliRunner().invoke(main, arguments, env={MEMORY_VARIABLE: "a lot"})
    assert result.exit_code == 2
    assert result.stderr.startswith("tierline: the environment variable TIERLINE_MEMORY must be")


def test_the_engine_keeps_to_its_part_and_spills_what_does_not_fit(tmp_path):
    workspace = loaded_workspace(tmp_path)
    memory = parse_memory("500MB", "here")
    engine = Engine(workspace.data_path, memory, tmp_path / "made" / "spilled")
    statement = Statement(
        "select sum(rows) as rows from (select (i * 7919) % 9000000 as key, count(*) as rows"
        " from range(12000000) as numbers (i) group by key)",
        frozenset(),
    )
    try:
        limit = engine.fetch(Statement("select current_setting('memory_limit') as limit", frozenset()))
        assert limit.to_pylist() == [{"limit": "238.4 MiB"}]
        assert engine.memory_bytes == memory.total_bytes
        assert engine.fetch(statement).to_pylist() == [{"rows": 12_000_000}]
    finally:
        engine.close()
    assert list((tmp_path / "made" / "spilled").iterdir()) == []


def test_a_store_has_its_part_of_the_memory():
    assert StructureStore()._memory_bytes == default_memory().structures_bytes

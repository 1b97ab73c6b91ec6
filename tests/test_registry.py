"""The history of models: versions, states, two editors, and the model file that follows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from queries.dataset import DEFAULT_MODEL, open_flow, ready_models
from queries.model_history import measure, open_history
from queries.registry import EDITED_OUTSIDE, FIRST_NOTE, NOT_RECORDED, Registry
from queries.versions import RegistryError, SavedFigures, VersionConflict
from queries.worked import known_worked
from queries.workspace import Workspace
from scoring.backtest import compute_backtest, to_json
from scoring.errors import ModelError
from scoring.model_changes import changes_in_words
from scoring.model_file import format_model, parse_model
from scoring.worked import beside_rates

FIGURES = SavedFigures("data-1", {"model": "m", "pooled": {"rate": 0.25}})
START = datetime(2026, 3, 1, 9, 0)


@pytest.fixture
def model():
    return ready_models()[DEFAULT_MODEL]


@pytest.fixture
def registry(tmp_path, model):
    """A history that has not begun, with a clock that goes on by a minute whenever it is looked at."""
    times = (START + timedelta(minutes=minute) for minute in range(10_000))
    return Registry(Workspace.open(tmp_path / "workspace"), model, lambda: next(times))


def with_points(model, **points):
    rules = tuple(
        rule.model_copy(update={"points": points.get(rule.id, rule.points)}) for rule in model.rules
    )
    return model.model_copy(update={"rules": rules})


def file_of(registry):
    return registry.workspace.model_path


def test_looking_creates_nothing(registry):
    assert registry.versions() == ()
    assert registry.history() == ()
    assert registry.champion() is None
    assert registry.follow_file() is None
    for look in (registry.version, registry.newest_of_line):
        with pytest.raises(RegistryError, match="save a model first"):
            look(1)
    assert not registry.workspace.path.exists()


def test_the_history_begins_with_what_was_in_use(registry, model):
    version = registry.save(
        with_points(model, email_click=9), author=" Ann  Lee ", note="more", figures=FIGURES
    )
    second, first = registry.versions()
    assert (first.number, first.parent, first.state, first.model) == (1, None, "champion", model)
    assert (first.author, first.note, first.figures) == (NOT_RECORDED, FIRST_NOTE, None)
    assert version == second == registry.version(2)
    assert (second.parent, second.line, second.state, second.author) == (1, 1, "draft", "Ann Lee")
    assert second.figures == FIGURES
    assert first.saved_at < second.saved_at


def test_a_model_file_with_comments_is_the_first_version_as_it_is(registry, model):
    text = "# ours\n" + format_model(model)
    registry.workspace.write_model_text(text)
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    assert registry.version(1).text == text
    assert registry.follow_file() is None
    assert file_of(registry).read_text() == text


def test_a_version_goes_from_draft_to_champion_and_the_file_follows(registry, model):
    number = registry.save(with_points(model, email_click=9), author="Ann", note="more").number
    assert registry.propose(number, author="Ann", note="please look").state == "proposed"
    assert registry.champion().number == 1
    assert registry.make_champion(number, author="Bob", note="agreed").state == "champion"
    assert parse_model(file_of(registry).read_text()) == with_points(model, email_click=9)
    assert registry.version(1).state == "retired"
    assert [(step.version, step.state, step.author, step.note) for step in registry.history()] == [
        (1, "draft", NOT_RECORDED, FIRST_NOTE),
        (1, "champion", NOT_RECORDED, FIRST_NOTE),
        (2, "draft", "Ann", "more"),
        (2, "proposed", "Ann", "please look"),
        (2, "champion", "Bob", "agreed"),
        (1, "retired", "Bob", "replaced by version 2"),
    ]
    assert [step.at for step in registry.history()] == sorted(step.at for step in registry.history())
    assert len(registry.history(2)) == 3


def test_a_state_that_is_there_is_not_recorded_twice(registry, model):
    number = registry.save(with_points(model, email_click=9), author="Ann", note="more").number
    for _ in range(2):
        registry.propose(number, author="Ann")
    for _ in range(2):
        registry.make_champion(number, author="Ann")
    assert [step.state for step in registry.history(number)] == ["draft", "proposed", "champion"]


@pytest.mark.parametrize("step", ["propose", "retire"])
def test_the_champion_can_only_be_replaced(registry, model, step):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    with pytest.raises(RegistryError, match="version 1, which is the model in use; make another version"):
        getattr(registry, step)(1, author="Ann")


@pytest.mark.parametrize("step", ["propose", "make_champion"])
def test_what_is_retired_comes_back_as_a_new_version_only(registry, model, step):
    number = registry.save(with_points(model, email_click=9), author="Ann", note="more").number
    registry.retire(number, author="Ann", note="no")
    with pytest.raises(RegistryError, match="restore version 2, which makes a new one"):
        getattr(registry, step)(number, author="Ann")


def test_restoring_saves_the_old_content_at_the_end_of_its_line(registry, model):
    registry.workspace.write_model_text("# ours\n" + format_model(model))
    registry.save(with_points(model, email_click=9), author="Ann", note="more", figures=FIGURES)
    restored = registry.restore(1, author="Bob")
    assert (restored.number, restored.parent, restored.line, restored.state) == (3, 2, 1, "draft")
    assert (restored.text, restored.note) == (registry.version(1).text, "restores version 1")
    assert restored.content_sha256 == registry.version(1).content_sha256
    # Again: it is there.
    assert registry.restore(1, author="Bob") == restored
    assert len(registry.versions()) == 3


def test_an_equal_save_is_one_version(registry, model):
    mine = with_points(model, email_click=9)
    first = registry.save(mine, author="Ann", note="more", parent=None)
    assert registry.save(mine, author="Ann", note="more", parent=1) == first
    later = registry.save(with_points(model, email_click=10), author="Ann", note="x", parent=2)
    assert registry.save(mine, author="Ann", note="more", parent=1) == first
    assert registry.newest_of_line(1) == later


def test_a_save_that_changes_nothing_is_refused(registry, model):
    with pytest.raises(RegistryError, match="must change something, got exactly version 1"):
        registry.save(model, author="Ann", note="nothing")
    assert registry.versions() == ()


def test_the_second_of_two_editors_sees_what_the_first_changed(registry, model):
    registry.save(with_points(model, page_view=3), author="Ann", note="views", parent=None)
    mine = with_points(model, email_click=9)
    with pytest.raises(VersionConflict) as caught:
        registry.save(mine, author="Bob", note="clicks", parent=1)
    conflict = caught.value
    assert (conflict.base.number, conflict.newest.number) == (1, 2)
    assert changes_in_words(conflict.their_changes) == "Visited the website 1 -> 3 points"
    for word in ("version 1", "version 2 by Ann", "Visited the website 1 -> 3 points", "fork"):
        assert word in str(conflict)
    merge = conflict.merge(mine)
    assert merge.conflicts == ()
    saved = registry.save(merge.model, author="Bob", note="clicks, too", parent=2)
    assert saved.model == with_points(model, page_view=3, email_click=9)
    assert len(registry.versions()) == 3


def test_a_fork_goes_on_beside_the_first_line(registry, model):
    registry.save(with_points(model, page_view=3), author="Ann", note="views", parent=None)
    fork = registry.save(with_points(model, email_click=9), author="Bob", note="own", parent=1, fork=True)
    assert (fork.parent, fork.line) == (1, 3)
    more = registry.save(with_points(model, email_click=8), author="Bob", note="own", parent=3)
    assert more.line == 3
    assert registry.newest_of_line(1).number == 2
    assert registry.newest_of_line(3).number == 4


def test_a_file_that_was_edited_becomes_the_champion(registry, model):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    registry.make_champion(2, author="Ann")
    edited = "# by hand\n" + format_model(with_points(model, email_click=12))
    file_of(registry).write_text(edited)
    assert registry.follow_file() is None
    champion = registry.champion()
    assert (champion.number, champion.parent, champion.line) == (3, 2, 1)
    assert (champion.author, champion.note, champion.text) == (NOT_RECORDED, EDITED_OUTSIDE, edited)
    assert file_of(registry).read_text() == edited
    assert registry.version(2).state == "retired"
    assert registry.follow_file() is None
    assert len(registry.versions()) == 3


def test_an_edit_of_the_file_is_not_lost_when_another_version_becomes_champion(registry, model):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    edited = format_model(with_points(model, email_click=12))
    file_of(registry).write_text(edited)
    registry.make_champion(2, author="Ann")
    assert [version.state for version in registry.versions()] == ["retired", "champion", "retired"]
    # Version 2 had been saved on version 1 before: the edit began a line of its own.
    assert (registry.version(3).text, registry.version(3).line) == (edited, 3)
    assert file_of(registry).read_text() == registry.version(2).text


@pytest.mark.parametrize("content", [b"points = \n", b"name = 'x'\n", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_neither_followed_nor_overwritten(registry, model, content):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    file_of(registry).write_bytes(content)
    problem = registry.follow_file()
    assert "model.toml" in problem
    assert "move it away" in problem
    with pytest.raises(RegistryError, match=r"model\.toml"):
        registry.make_champion(2, author="Ann")
    assert file_of(registry).read_bytes() == content
    assert registry.champion().number == 1
    file_of(registry).unlink()
    assert registry.make_champion(2, author="Ann").state == "champion"


def test_a_history_does_not_begin_with_a_file_that_cannot_be_read(registry, model):
    registry.workspace.write_model_text("name = 'x'\n")
    with pytest.raises(ModelError, match=r"model\.toml"):
        registry.save(model, author="Ann", note="more")
    assert registry.versions() == ()


def test_a_file_that_was_removed_comes_back(registry, model):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    registry.make_champion(2, author="Ann")
    file_of(registry).unlink()
    assert registry.follow_file() is None
    assert file_of(registry).read_text() == registry.champion().text


def test_a_champion_whose_file_was_not_written_is_written_later(registry, model):
    """As a program leaves it that dies between the two."""
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    registry.follow_file()
    registry._move(2, "champion", ("draft",), "Ann", "")
    assert file_of(registry).read_text() == format_model(model)
    assert registry.follow_file() is None
    assert file_of(registry).read_text() == registry.version(2).text
    assert len(registry.versions()) == 2


@pytest.mark.parametrize(
    ("author", "note", "said"),
    [
        (" ", "x", "author must be a name"),
        ("Ann", " ", "note must say"),
        ("A" * 201, "x", "at most 200"),
        ("Ann", "x" * 4001, "at most 4,000"),
        ("Ann\udcff", "x", "control signs"),
        ("Ann", "a\x00b", "control signs"),
    ],
)
def test_what_cannot_be_recorded_is_said(registry, model, author, note, said):
    with pytest.raises(RegistryError, match=said):
        registry.save(with_points(model, email_click=9), author=author, note=note)
    assert registry.versions() == ()


@pytest.mark.parametrize("number", [0, -1, 99, 10**30])
def test_a_number_without_a_version_is_named(registry, model, number):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    with pytest.raises(RegistryError, match=f"got {number}; list them"):
        registry.version(number)


@pytest.mark.parametrize(
    "statement",
    [
        "update versions set text = 'x' where number = 1",
        "delete from versions where number = 2",
        "update transitions set author = 'x'",
        "delete from transitions",
        "delete from champion",
        "insert into champion values (2, 2)",
        "insert into champion values (1, 2)",
        "update champion set version = 99",
        "update champion set version = null",
        "insert into transitions (version, state, author, at, note) values (1, 'retired', 'x', 'x', 'x')",
        "insert into transitions (version, state, author, at, note) values (2, 'king', 'x', 'x', 'x')",
    ],
)
def test_the_tables_themselves_refuse_what_must_not_be(registry, model, statement):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    with closing(sqlite3.connect(registry.path)) as connection:
        connection.execute("pragma foreign_keys = on")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_history_is_named_and_kept(registry, model, content):
    registry.workspace.path.mkdir()
    registry.path.write_bytes(content)
    for step in (registry.versions, lambda: registry.save(model, author="Ann", note="x")):
        with pytest.raises(RegistryError, match=r"models\.sqlite must be a history of models"):
            step()
    assert registry.path.read_bytes() == content
    assert "models.sqlite" in registry.follow_file()


def test_a_history_of_a_later_program_is_named(registry, model):
    registry.save(with_points(model, email_click=9), author="Ann", note="more")
    with closing(sqlite3.connect(registry.path)) as connection:
        connection.execute("pragma user_version = 3")
    with pytest.raises(RegistryError, match="format must be 2, got 3"):
        registry.versions()
    with pytest.raises(RegistryError, match="format must be 2, got 3"):
        registry.save(with_points(model, email_click=10), author="Ann", note="more", parent=2)


def test_figures_at_the_time_of_saving_are_the_back_test(demo_workspace, model):
    flow = open_flow(demo_workspace)
    figures = measure(flow, demo_workspace.manifest.version, model)
    assert figures.data_version == demo_workspace.manifest.version
    plain = to_json(compute_backtest(flow.cells(model), model))
    assert figures.backtest == beside_rates(plain, known_worked(flow, model))


def test_a_workspaces_history_starts_from_the_default_model(tmp_path, model):
    history = open_history(Workspace.open(tmp_path))
    history.save(with_points(model, email_click=9), author="Ann", note="more")
    assert history.version(1).model == model

"""The history outlives killed programs, a full disk and many writers at once."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager

import pytest

from queries.versions import RegistryError
from scoring.model_file import format_model
from tests.registry_writers import (
    FIGURES,
    PROCESSES,
    begin,
    count_up,
    points_of,
    registry_in,
    replace_champion,
    save_and_promote,
    save_until_full,
    save_without_room,
    small_model,
)

KILLS = 100
WRITERS, SAVES = 4, 300


@contextmanager
def running(target, *arguments):
    """Another process and what it says; it ends with the block."""
    hear, say = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*arguments, say))
    process.start()
    say.close()
    try:
        yield process, hear
    finally:
        process.kill()
        process.join()
        hear.close()


def everything_said(hear):
    said = []
    try:
        while True:
            said.append(hear.recv())
    except EOFError:
        return said


def assert_whole(registry):
    """Nothing half there: every version is complete, and there is exactly one champion, which is in use."""
    assert registry.follow_file() is None
    versions, history = registry.versions(), registry.history()
    champions = [version.number for version in versions if version.state == "champion"]
    assert champions == [registry.champion().number]
    assert registry.workspace.read_model_text() == registry.champion().text
    assert [version.number for version in versions] == list(range(len(versions), 0, -1))
    drafts = [step.version for step in history if step.state == "draft"]
    assert drafts == list(range(1, len(versions) + 1))
    for version in versions[:-1]:
        assert version.text == format_model(version.model)
        assert version.parent < version.number
        assert version.figures.backtest["pooled"]["leads"] == 12


def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path):
    registry = registry_in(tmp_path)
    registry.save(small_model(1), author="Ann", note="begins", figures=FIGURES)
    chance = random.Random(1)
    acknowledged, unheard = {}, 0
    for kill in range(KILLS):
        start = points_of(registry.versions(limit=1)[0]) + 1
        with running(save_and_promote, tmp_path, start) as (process, hear):
            assert hear.poll(30)
            time.sleep(chance.uniform(0, 0.12))
            process.kill()
            process.join()
            said = everything_said(hear)
        assert registry.follow_file() is None
        assert registry.workspace.read_model_text() == registry.champion().text
        there = {(step.state, step.version) for step in registry.history()}
        for state, number, content in said:
            assert ("draft" if state == "saved" else state, number) in there
            acknowledged[number] = content
        unheard += registry.versions(limit=1)[0].number not in acknowledged
        if kill % 20 == 0:
            assert_whole(registry)
    assert_whole(registry)
    kept = {version.number: version.content_sha256 for version in registry.versions()}
    assert acknowledged.items() <= kept.items()
    with closing(sqlite3.connect(registry.path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
    print(f"{KILLS} kills, {len(acknowledged)} saves acknowledged, {unheard} kills between save and answer")


def test_a_kill_while_the_history_begins_leaves_all_of_it_or_nothing(tmp_path):
    chance = random.Random(2)
    begun = 0
    for number in range(20):
        folder = tmp_path / str(number)
        with running(begin, folder) as (process, hear):
            assert hear.recv() == "ready"
            time.sleep(chance.uniform(0, 0.03))
            process.kill()
            process.join()
            said = everything_said(hear)
        registry = registry_in(folder)
        assert registry.follow_file() is None
        count = len(registry.versions())
        assert count == 2 if said else count in (0, 2)
        begun += count == 2
        registry.save(small_model(7), author="Ann", note="afterwards", fork=True, figures=FIGURES)
        assert_whole(registry)
    print(f"20 kills of a first save: {begun} had begun")


def test_four_writers_of_three_hundred_saves_lose_no_update(tmp_path):
    registry = registry_in(tmp_path)
    registry.save(small_model(1), author="Ann", note="begins")
    pipes, processes = [], []
    for number in range(WRITERS):
        hear, say = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=count_up, args=(tmp_path, f"writer {number}", SAVES, say))
        process.start()
        say.close()
        pipes.append(hear)
        processes.append(process)
    try:
        conflicts = sum(hear.recv() for hear in pipes)
    finally:
        for process in processes:
            process.kill()
            process.join()
    versions = registry.versions()
    assert len(versions) == 2 + WRITERS * SAVES
    assert points_of(versions[0]) == 1 + WRITERS * SAVES
    assert [version.parent for version in versions[:-1]] == [version.number for version in versions[1:]]
    for number in range(WRITERS):
        notes = [version.note for version in versions if version.author == f"writer {number}"]
        assert notes == [str(place) for place in range(SAVES - 1, -1, -1)]
    print(f"{WRITERS} writers x {SAVES} saves: {conflicts} conflicts, each answered")


def test_two_who_replace_the_champion_leave_one_at_any_time_and_its_file(tmp_path):
    registry = registry_in(tmp_path)
    registry.save(small_model(1000), author="Ann", note="begins", figures=FIGURES)
    looks = 0
    with (
        running(replace_champion, tmp_path, "Ann", 40) as (_, first),
        running(replace_champion, tmp_path, "Bob", 40) as (_, second),
    ):
        while not (first.poll(0.01) and second.poll(0)):
            states = [version.state for version in registry.versions()]
            assert states.count("champion") == 1
            looks += 1
        assert (first.recv(), second.recv()) == ("done", "done")
    assert looks > 5
    assert registry.workspace.read_model_text() == registry.champion().text
    assert_whole(registry)
    assert len(registry.versions()) == 82
    assert {version.state for version in registry.versions()} == {"champion", "retired", "draft"}


def assert_recovers(registry, saved, problem):
    """What was saved before there was no room is there, and saving goes on where it stopped."""
    assert "must have room to grow" in problem
    assert "nothing was saved" in problem
    assert points_of(registry.versions(limit=1)[0]) == saved
    registry.save(small_model(5000), author="Bob", note="room again", parent=registry.versions()[0].number)
    registry.make_champion(registry.versions(limit=1)[0].number, author="Bob")
    assert registry.follow_file() is None
    assert registry.champion().model == small_model(5000)


@pytest.mark.parametrize("bytes_allowed", [100_000, 237_000])
def test_a_file_that_may_not_grow_is_said_and_overcome(tmp_path, bytes_allowed):
    registry = registry_in(tmp_path)
    with running(save_without_room, tmp_path, bytes_allowed) as (_, hear):
        (saved, problem), readable = hear.recv()
    assert saved > 3
    assert readable == saved + 1
    assert_recovers(registry, saved, problem)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of half a megabyte; only the administrator may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip(
            "mounting a small disk takes an administrator; the limit on the file's size is tested above"
        )
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_overcome(small_disk):
    ballast = small_disk / "ballast"
    registry = registry_in(small_disk)
    registry.save(small_model(0).model_copy(update={"name": "first"}), author="Ann", note="begins")
    ballast.write_bytes(b"x" * 100_000)
    saved, problem = save_until_full(registry)
    assert saved > 1
    assert len(registry.versions()) == saved + 2
    ballast.unlink()
    assert_recovers(registry, saved, problem)


def test_a_history_can_be_read_where_nothing_can_be_written(small_disk):
    registry = registry_in(small_disk)
    registry.save(small_model(1), author="Ann", note="begins")
    assert registry.follow_file() is None
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert [version.number for version in registry.versions()] == [2, 1]
    assert registry.follow_file() is None
    with pytest.raises(RegistryError, match="must be a file that you may write"):
        registry.propose(2, author="Ann")


def test_a_champion_made_without_room_for_the_model_file_is_made_up_for(tmp_path, monkeypatch):
    registry = registry_in(tmp_path)
    version = registry.save(small_model(1), author="Ann", note="begins")
    assert registry.follow_file() is None
    before = registry.workspace.read_model_text()

    def no_room(_text):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(registry.workspace, "write_model_text", no_room)
        with pytest.raises(
            RegistryError, match=r"version 2 is the model in use in the history.*No space left"
        ):
            registry.make_champion(version.number, author="Ann")
    assert registry.workspace.read_model_text() == before
    assert registry_in(tmp_path).follow_file() is None
    assert registry.workspace.read_model_text() == format_model(small_model(1))
    assert len(registry.versions()) == 2

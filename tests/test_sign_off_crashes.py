"""Signatures outlive killed programs, and two sides that sign at once leave one model in use."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing

from queries.agreement import Agreement
from queries.signatures import SIDES
from tests.registry_writers import (
    FIGURES,
    propose_and_sign,
    registry_in,
    sign_when_proposed,
    small_model,
)
from tests.test_registry_crashes import assert_whole, everything_said, running

KILLS = 40
PROPOSALS = 10
PATIENCE_SECONDS = 60


def assert_signed_whole(registry):
    """A version has both signatures exactly when it came into use by them, in one go."""
    assert_whole(registry)
    signed = Agreement(registry).signatures()
    sides = {
        number: [one.side for one in signed if one.version == number]
        for number in {s.version for s in signed}
    }
    for version in registry.versions()[:-1]:
        came_into_use = any(step.is_signed for step in registry.history(version.number))
        assert came_into_use == (sorted(sides.get(version.number, ())) == sorted(SIDES))
        assert len(sides.get(version.number, ())) <= len(SIDES)


def test_kills_while_signing_lose_no_signature_and_leave_nothing_between(tmp_path):
    registry = registry_in(tmp_path)
    registry.save(small_model(1), author="Ann", note="begins", figures=FIGURES)
    chance = random.Random(3)
    acknowledged = set()
    for _ in range(KILLS):
        start = 1 + max(version.number for version in registry.versions())
        with running(propose_and_sign, tmp_path, start) as (process, hear):
            assert hear.poll(30)
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
            process.join()
            acknowledged |= set(everything_said(hear))
        assert registry.follow_file() is None
        there = {(one.side, one.version) for one in Agreement(registry).signatures()}
        assert acknowledged <= there
    assert_signed_whole(registry)
    assert len(acknowledged) > KILLS
    with closing(sqlite3.connect(registry.path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
    print(f"{KILLS} kills, {len(acknowledged)} signatures acknowledged, {len(there)} there")


def test_two_sides_that_sign_at_once_leave_one_model_in_use(tmp_path):
    registry = registry_in(tmp_path)
    registry.save(small_model(1), author="Ann", note="begins", figures=FIGURES)
    until = 2 + PROPOSALS
    with (
        running(sign_when_proposed, tmp_path, "sales", until) as (_, sales),
        running(sign_when_proposed, tmp_path, "marketing", until) as (_, marketing),
    ):
        for points in range(2, 2 + PROPOSALS):
            saved = registry.save(
                small_model(points),
                author="Ann",
                note=f"{points} points",
                parent=registry.versions(limit=1)[0].number,
                figures=FIGURES,
            )
            registry.propose(saved.number, author="Ann")
            deadline = time.monotonic() + PATIENCE_SECONDS
            while registry.version(saved.number).state == "proposed":
                assert time.monotonic() < deadline
                states = [version.state for version in registry.versions()]
                assert states.count("champion") == 1
                time.sleep(0.005)
        refused = sales.recv(), marketing.recv()
    assert_signed_whole(registry)
    assert registry.champion().model == small_model(1 + PROPOSALS)
    assert len(Agreement(registry).signatures()) == 2 * PROPOSALS
    print(f"{PROPOSALS} proposals signed by two at once; refused {refused}")

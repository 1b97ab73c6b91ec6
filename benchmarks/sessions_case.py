"""Many sessions tuning at once: how long each waits, and that each sees its own figures."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from benchmarks.dashboard import serving
from benchmarks.dataset import MIDDLE, Dataset, with_rule
from benchmarks.latency import Latency
from benchmarks.streamlit_session import Session, session
from pages.components.console.payload import counts_payload
from queries.flow import Flow
from scoring.model import Model

SESSIONS = 25
CHANGES = 10
THINKING_SECONDS = 3.0
LONGEST_SECONDS = 600
SIZE = MIDDLE

CONSOLE, TABLES = "tierline_console", "tierline_tables"


class WrongFiguresError(Exception):
    """A session saw other figures than those of its own draft."""


@dataclass(frozen=True)
class Change:
    """One rule's points, as somebody sets them."""

    number: int
    rule: str
    points: int


@dataclass
class Waited:
    """Milliseconds of every change and of every response table, and the figures seen after each change."""

    changes: list[float] = field(default_factory=list)
    tables: list[float] = field(default_factory=list)
    counts: list[tuple[Change, Any]] = field(default_factory=list)


def session_latencies(data: Dataset, count: int = SESSIONS, changes: int = CHANGES) -> dict[str, Latency]:
    """The latencies of sessions that tune at once over a dashboard of its own.

    Each comes near a slider (its rule's response table is asked for), thinks, changes the points, and waits
    for the end of the run. Over the websocket as a browser, without drawing.

    Parameters
    ----------
    data : Dataset
    count : int
        Sessions.
    changes : int
        Of each session, with some 3 seconds between them.

    Raises
    ------
    WrongFiguresError
        When a session did not see the figures of its draft.
    """
    model, flow = data.model, data.flow()

    def tune(address: str) -> list[Waited]:
        return asyncio.run(asyncio.wait_for(_all_sessions(address, model, count, changes), LONGEST_SECONDS))

    # In a thread of its own: a browser driven from this one has a loop of events running here already.
    with serving(data.workspace.path) as address, ThreadPoolExecutor(1) as apart:
        waited = apart.submit(tune, address).result()
    for one in waited:
        check_figures(flow, model, one)
    everything = f"{count} sessions at once"
    return {
        "sessions": Latency(
            f"{everything}: a rule's points, change to finished run", _joined([one.changes for one in waited])
        ),
        "sessions_tables": Latency(
            f"{everything}: a slider touched, to its response table", _joined([one.tables for one in waited])
        ),
    }


async def _all_sessions(address: str, model: Model, count: int, changes: int) -> list[Waited]:
    # All pages are open before anybody changes anything: opening is another question.
    ready = asyncio.Barrier(count)
    return await asyncio.gather(
        *(
            _tune(address, list(_drawn_changes(model, number, changes)), number, ready)
            for number in range(count)
        )
    )


async def _tune(address: str, changes: list[Change], number: int, ready: asyncio.Barrier) -> Waited:
    waited, dice = Waited(), random.Random(number)  # noqa: S311
    async with session(address) as mine:
        await ready.wait()
        await asyncio.sleep(dice.uniform(0, THINKING_SECONDS))
        for change in changes:
            waited.tables.append(await _milliseconds(_ask_table(mine, change.rule)))
            await asyncio.sleep(dice.uniform(0.5, 1.5) * THINKING_SECONDS)
            waited.changes.append(await _milliseconds(_send(mine, change, f"session-{number}")))
            waited.counts.append((change, mine.components[CONSOLE].data["counts"]))
        if mine.failures:
            raise WrongFiguresError(f"session {number}: the dashboard said {mine.failures[0]!r}")
    return waited


async def _ask_table(mine: Session, rule: str) -> None:
    def seen() -> bool:
        table = mine.components[TABLES].data["table"]
        wanted = mine.components[CONSOLE].data["identities"][rule]
        return table is not None and (table["rule"], table["draft"]) == (rule, wanted)

    await mine.trigger(TABLES, "asked", {"rule": rule}, seen)


async def _send(mine: Session, change: Change, client: str) -> None:
    operation = {"kind": "points", "rule": change.rule, "value": change.points, "number": change.number}

    def seen() -> bool:
        data = mine.components[CONSOLE].data
        return bool(data["client"] == client and data["applied"] >= change.number)

    await mine.trigger(CONSOLE, "sent", {"client": client, "operations": [operation]}, seen)


async def _milliseconds(work: Any) -> float:
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


def _drawn_changes(model: Model, number: int, count: int) -> Iterator[Change]:
    """Changes that no other session makes in the same order."""
    dice = random.Random(number)  # noqa: S311
    rules = [rule.id for rule in model.enabled_rules]
    for place in range(1, count + 1):
        rule = dice.choice(rules)
        model = with_rule(model, rule, points=model.rule(rule).points + dice.choice([-3, -2, -1, 1, 2, 3, 4]))
        yield Change(place, rule, model.rule(rule).points)


def check_figures(flow: Flow, model: Model, waited: Waited) -> None:
    """Compare what a session saw after each change with its draft's figures computed alone.

    Raises
    ------
    WrongFiguresError
        They differ.
    """
    for change, seen in waited.counts:
        model = with_rule(model, change.rule, points=change.points)
        if seen != counts_payload(flow.cells(model), model.min_score, model.max_score):
            raise WrongFiguresError(f"after {change} the session's figures must be those of its draft")


def _joined(parts: list[list[float]]) -> tuple[float, ...]:
    return tuple(value for part in parts for value in part)

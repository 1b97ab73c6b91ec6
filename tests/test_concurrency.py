"""Many sessions over one data version: none sees another's figures; what many ask at once is done once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from queries.comparison import joint_cells, lead_rows
from queries.dataset import DEFAULT_MODEL, ready_models
from queries.engine import Engine
from queries.flow import Flow
from queries.score_table import score_table
from queries.structures import StructureStore
from scoring.backtest import compute_backtest, to_json
from scoring.model import Model

THREADS = 8
MODEL = ready_models()[DEFAULT_MODEL]
SMALL_MEMORY = 2_000_000
"""Less than what is kept for all the models, so that something is let go and made again all the time."""

Ask = Callable[[Flow], Any]


class CountingEngine(Engine):
    """An engine that remembers how often each statement ran."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.runs: Counter[str] = Counter()

    def fetch(self, statement, parameters=None, tables=None):
        self.runs[statement.sql] += 1
        return super().fetch(statement, parameters, tables)


@dataclass(frozen=True)
class Request:
    """What one session asks for, by a name that is its own."""

    name: str
    ask: Ask


def changed(**changes: dict[str, object]) -> Model:
    """The guideline with some rules changed."""
    rules = tuple(rule.model_copy(update=changes.get(rule.id, {})) for rule in MODEL.rules)
    return MODEL.model_copy(update={"rules": rules})


MODELS = (
    MODEL,
    changed(email_click={"points": 9}),
    changed(email_click={"points": 9, "max_points": 90}, pricing_page={"points": 12}),
    changed(email_click={"window_days": 90}),
    changed(white_paper={"window_days": 30, "points": 25}),
    changed(colleagues={"window_days": 30, "points": 10}),
    changed(contact_form={"enabled": False}),
    changed(silent={"enabled": True}),
    MODEL.model_copy(update={"conversion": MODEL.conversion.model_copy(update={"horizon_days": 30})}),
    MODEL.model_copy(update={"inactivity_reset_days": 60}),
)


def requests(number: int) -> list[Request]:
    """What is asked about one of the models: cells, parts, response tables, scores, comparisons."""
    model = MODELS[number]
    asks = {
        "cells": partial(Flow.cells, model=model),
        "parts": partial(Flow.cells, model=model, segment="region"),
        "scores": partial(score_table, model=model, at=datetime(2025, 4, 1)),
        "scores now": partial(score_table, model=model),
        "joint": partial(joint_cells, champion=MODEL, challenger=model),
        "leads": partial(lead_rows, champion=MODEL, challenger=model),
    }
    for rule in ("email_click", "colleagues", "seniority"):
        asks[f"table of {rule}"] = partial(Flow.response_table, model=model, rule_id=rule)
    return [Request(f"{name} {number}", ask) for name, ask in asks.items()]


def plain(answer: Any) -> Any:
    """An answer as values that can be told equal; the order of a table's rows is not part of it."""
    if isinstance(answer, pa.Table):
        return answer.to_pydict()
    if not is_dataclass(answer):
        return answer
    values = {field.name: getattr(answer, field.name) for field in fields(answer)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    columns = [column for column in arrays.values() if column.ndim == 1]
    rest = {name: plain(value) for name, value in values.items() if name not in arrays}
    squares = [table.tolist() for table in arrays.values() if table.ndim == 2]
    if is_dataclass(values.get("cells")):
        # The columns of a response table go with those of its cells.
        inner = values["cells"]
        columns += [getattr(inner, name) for name in ("period", "mature", "converted", "leads")]
        del rest["cells"]
    rows = np.stack([column.astype(np.int64) for column in columns])
    return rest, squares, rows[:, np.lexsort(rows)].tobytes()


@contextmanager
def flow_over(workspace, memory_bytes: int | None = None):
    """A flow for which nothing was computed."""
    engine = CountingEngine(workspace.data_path)
    try:
        yield Flow(engine, StructureStore(memory_bytes=memory_bytes), workspace.manifest.observed_until)
    finally:
        engine.close()


@pytest.fixture(scope="module")
def alone(demo_workspace) -> dict[str, Any]:
    """What each request is answered while nobody else asks, each model on a flow of its own."""
    answers = {}
    for number in range(len(MODELS)):
        with flow_over(demo_workspace) as flow:
            answers |= {request.name: plain(request.ask(flow)) for request in requests(number)}
    return answers


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Do something in several threads that start together; what went wrong in one of them is raised."""
    start = threading.Barrier(THREADS)

    def one(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


def differing(flow: Flow, alone: dict[str, Any], count: int) -> list[str]:
    """The names of the requests, of so many drawn ones, that sessions at once are answered otherwise."""
    everything = [request for number in range(len(MODELS)) for request in requests(number)]
    asked = random.Random(1).choices(everything, k=count)

    def session(number: int) -> list[str]:
        mine = asked[number::THREADS]
        return [each.name for each in mine if plain(each.ask(flow)) != alone[each.name]]

    return [name for names in at_once(session) for name in names]


def test_every_one_of_1200_answers_is_the_one_given_alone(demo_workspace, alone):
    with flow_over(demo_workspace) as flow:
        assert differing(flow, alone, 1200) == []


def test_answers_stay_right_while_what_is_kept_is_let_go_of_all_the_time(demo_workspace, alone):
    with flow_over(demo_workspace, SMALL_MEMORY) as flow:
        assert differing(flow, alone, 160) == []


def test_the_requests_have_answers_that_differ(alone):
    """Else the tests above could not tell one session's answer from another's."""
    for kind in ("cells", "parts", "scores", "table of email_click"):
        answers = [alone[f"{kind} {number}"] for number in range(len(MODELS))]
        different = {str(answer) for answer in answers}
        assert len(different) >= len(MODELS) - 2, kind


@pytest.mark.parametrize(
    "ask",
    [
        partial(Flow.cells, model=MODEL),
        partial(Flow.cells, model=MODELS[3], segment="region"),
        partial(Flow.response_table, model=MODEL, rule_id="email_click"),
        partial(joint_cells, champion=MODEL, challenger=MODELS[4]),
    ],
    ids=["cells", "parts", "table", "comparison"],
)
def test_what_all_ask_at_once_is_computed_once(demo_workspace, ask):
    with flow_over(demo_workspace) as flow:
        ask(flow)
        once = flow.engine.runs
    with flow_over(demo_workspace) as flow:
        at_once(lambda _number: ask(flow))
        assert flow.engine.runs == once


def test_figures_of_different_drafts_asked_for_at_once_belong_to_their_drafts(demo_workspace):
    drafts = [changed(email_click={"points": points}) for points in range(1, THREADS + 1)]
    with flow_over(demo_workspace) as flow:
        figures = [to_json(compute_backtest(flow.cells(draft), draft)) for draft in drafts]
        assert len({str(figure) for figure in figures}) == THREADS
        before = Counter(flow.engine.runs)
        for _ in range(20):
            found = at_once(lambda number: compute_backtest(flow.cells(drafts[number]), drafts[number]))
            assert [to_json(each) for each in found] == figures
        assert flow.engine.runs == before, "points alone ask nothing of the data"

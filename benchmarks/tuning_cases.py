"""What a change costs while somebody tunes: points, one rule's points, a threshold."""

from __future__ import annotations

import time
from functools import partial

import pyarrow as pa

from benchmarks import peers
from benchmarks.counting_cases import plain_counter
from benchmarks.dataset import DRAFT, MODEL, Dataset, draft_of, with_rule
from benchmarks.measure import Case, Peer, Work
from queries.flow import Flow
from scoring.backtest import Backtest, compute_backtest, to_json
from scoring.cells import Cells
from scoring.model import Model
from scoring.response import ResponseTable

DRAGGED = "email_click"
"""The rule with a half-life, whose counts differ most."""

POINTS, CAP = 7, 35
MQL = 1
TRIALS = 3


def patterns_of(flow: Flow, model: Model = MODEL) -> pa.Table:
    """The patterns of a model, which are in memory after this."""
    return flow.patterns(flow.observed(model, None))


def cells(data: Dataset) -> Case:
    """Cells when the points of every rule change: the patterns are there."""
    flow, model, draft = data.flow(), data.model, draft_of(data.model)
    patterns = patterns_of(flow, model)
    flow.cells(model)
    frame = patterns.to_pandas()
    words, read_once = peers.pattern_bytes(patterns)
    coded = flow.coded_patterns(flow.observed(model, None))
    coded_words, read_coded = peers.coded_bytes(coded)

    def agrees(ours: Cells, _sum: int) -> bool:
        return int(words[: len(patterns)].sum()) == int(ours.leads.sum())

    def agrees_coded(ours: Cells, _sum: int) -> bool:
        return int(coded_words[: len(patterns)].view("float64").sum()) == int(ours.leads.sum())

    beside = [
        Peer(Work("pandas: the same", lambda: peers.pandas_cells(frame, draft)), peers.same_cells),
        Peer(Work(f"numpy: one read of the patterns, {words.nbytes / 1e6:,.1f} MB", read_once), agrees),
        Peer(
            Work(f"numpy: one read of the coded ones, {coded_words.nbytes / 1e6:,.1f} MB", read_coded),
            agrees_coded,
        ),
    ]
    if peers.polars is not None:
        polars_frame = peers.polars.from_arrow(patterns).rechunk()
        same = Work("polars: the same", lambda: peers.polars_cells(polars_frame, draft))
        beside.insert(1, Peer(same, peers.same_cells))
    notes = () if peers.polars is not None else (peers.NO_POLARS,)
    return Case(Work("cells after a change of points", lambda: flow.cells(draft)), tuple(beside), notes)


def cells_from_activities(data: Dataset) -> Case:
    """The same change for somebody who keeps nothing: the activities are counted for every change."""
    flow = data.flow()
    flow.cells(MODEL)
    observed = flow.observed(MODEL, None)
    count_by_hand = plain_counter(flow.engine, observed.rows)
    own = [place for place, rule in enumerate(MODEL.enabled_rules) if rule.source == "activity"]
    kept = dict(enumerate(flow.counts(observed, MODEL.enabled_rules)))

    def anew() -> pa.Table:
        counts = kept | dict(zip(own, count_by_hand().columns, strict=True))
        return peers.duckdb_cells(observed.rows.table, flow.labels(observed), counts, DRAFT)

    beside = Work("DuckDB: activities counted for the change, by hand", anew)
    subject = Work("cells after a change of points", lambda: flow.cells(DRAFT))
    return Case(subject, (Peer(beside, peers.same_cells),))


def response_table(data: Dataset) -> Case:
    """What is made once when a rule's slider is touched, for the usual rule."""
    flow, rules = _by_dearness(data)
    return _response_case(data, flow, rules[len(rules) // 2], f"the usual one of {len(rules)}")


def dearest_response_table(data: Dataset) -> Case:
    """The same for the rule with which it takes longest."""
    flow, rules = _by_dearness(data)
    return _response_case(data, flow, rules[-1], f"the dearest one of {len(rules)}")


def move(data: Dataset) -> Case:
    """One rule's points, from its response table to all figures of the back-test."""
    flow, model = data.flow(), data.model
    table = flow.response_table(model, DRAGGED)
    moved = with_rule(model, DRAGGED, points=POINTS, max_points=CAP)
    subject = Work(
        "figures after a move, from the response table",
        lambda: compute_backtest(table.at(POINTS, CAP), moved),
    )
    return Case(subject, (Peer(_anew(flow, moved), _same_figures),))


def threshold(data: Dataset) -> Case:
    """A tier's threshold: the cells stay."""
    flow, model = data.flow(), data.model
    kept = flow.cells(model)
    moved = _with_threshold(model, model.tiers[MQL].threshold + 5)
    subject = Work("figures after a change of a threshold", lambda: compute_backtest(kept, moved))
    return Case(subject, (Peer(_anew(flow, moved), _same_figures),))


def _by_dearness(data: Dataset) -> tuple[Flow, list[str]]:
    """The enabled rules, those whose response table is made soonest first, as some trials find."""
    flow, model = data.flow(), data.model
    flow.cells(model)
    seconds = {
        rule.id: min(_seconds(flow, model, rule.id) for _ in range(TRIALS)) for rule in model.enabled_rules
    }
    return flow, sorted(seconds, key=lambda rule_id: seconds[rule_id])


def _seconds(flow: Flow, model: Model, rule_id: str) -> float:
    started = time.perf_counter()
    flow.response_table(model, rule_id)
    return time.perf_counter() - started


def _response_case(data: Dataset, flow: Flow, rule_id: str, which: str) -> Case:
    model = data.model
    rule = model.rule(rule_id)

    def agrees(table: ResponseTable, scanned: Cells) -> bool:
        there = compute_backtest(table.at(rule.points, rule.max_points), model)
        return _same_figures(there, compute_backtest(scanned, model))

    subject = Work(f"response table of {rule_id}, {which}", partial(flow.response_table, model, rule_id))
    return Case(subject, (Peer(Work("cells: one scan", lambda: flow.cells(model)), agrees),))


def _anew(flow: Flow, model: Model) -> Work:
    return Work("cells: one scan, then figures", lambda: compute_backtest(flow.cells(model), model))


def _with_threshold(model: Model, score: int) -> Model:
    tiers = list(model.tiers)
    tiers[MQL] = tiers[MQL].model_copy(update={"threshold": score})
    return model.model_copy(update={"tiers": tuple(tiers)})


def _same_figures(ours: Backtest, theirs: Backtest) -> bool:
    return to_json(ours) == to_json(theirs)

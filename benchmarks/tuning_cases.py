"""What a change costs while somebody tunes: points, one rule's points, a threshold."""

from __future__ import annotations

import pyarrow as pa

from benchmarks import peers
from benchmarks.dataset import DRAFT, MODEL, Dataset, with_rule
from benchmarks.measure import Case, Peer, Work
from queries.flow import Flow, silent
from scoring.backtest import Backtest, compute_backtest, to_json
from scoring.cells import MERGED_SEGMENT, Cells
from scoring.model import Model
from scoring.response import ResponseTable

DRAGGED = "email_click"
"""The rule with a half-life: its counts differ most, so that its response table is the largest."""

POINTS, CAP = 7, 35
MQL = 1


def patterns_of(flow: Flow) -> pa.Table:
    """The patterns of the model, which are in memory after this."""
    return flow.patterns(flow.observed(MODEL, None), None, MERGED_SEGMENT, silent)


def cells(data: Dataset) -> Case:
    """Cells when the points of every rule change: the patterns are there."""
    flow = data.flow()
    patterns = patterns_of(flow)
    flow.cells(MODEL)
    frame = patterns.to_pandas()
    words, read_once = peers.pattern_bytes(patterns)
    beside = [
        Peer(Work("pandas: the same", lambda: peers.pandas_cells(frame, DRAFT)), peers.same_cells),
        Peer(
            Work("numpy: one read of the patterns' bytes", read_once),
            lambda ours, _sum: int(words[: len(patterns)].sum()) == int(ours.leads.sum()),
        ),
    ]
    if peers.polars is not None:
        polars_frame = peers.polars.from_arrow(patterns).rechunk()
        same = Work("polars: the same", lambda: peers.polars_cells(polars_frame, DRAFT))
        beside.insert(1, Peer(same, peers.same_cells))
    notes = () if peers.polars is not None else (peers.NO_POLARS,)
    return Case(Work("cells after a change of points", lambda: flow.cells(DRAFT)), tuple(beside), notes)


def response_table(data: Dataset) -> Case:
    """What is made once when a rule's slider is touched."""
    flow = data.flow()
    flow.cells(MODEL)
    rule = MODEL.rule(DRAGGED)

    def agrees(table: ResponseTable, scanned: Cells) -> bool:
        there = compute_backtest(table.at(rule.points, rule.max_points), MODEL)
        return _same_figures(there, compute_backtest(scanned, MODEL))

    subject = Work("response table of one rule", lambda: flow.response_table(MODEL, DRAGGED))
    return Case(subject, (Peer(Work("cells: one scan", lambda: flow.cells(MODEL)), agrees),))


def move(data: Dataset) -> Case:
    """One rule's points, from its response table to all figures of the back-test."""
    flow = data.flow()
    table = flow.response_table(MODEL, DRAGGED)
    moved = with_rule(MODEL, DRAGGED, points=POINTS, max_points=CAP)
    subject = Work(
        "figures after a move, from the response table",
        lambda: compute_backtest(table.at(POINTS, CAP), moved),
    )
    return Case(subject, (Peer(_anew(flow, moved), _same_figures),))


def threshold(data: Dataset) -> Case:
    """A tier's threshold: the cells stay."""
    flow = data.flow()
    kept = flow.cells(MODEL)
    moved = _with_threshold(MODEL, MODEL.tiers[MQL].threshold + 5)
    subject = Work("figures after a change of a threshold", lambda: compute_backtest(kept, moved))
    return Case(subject, (Peer(_anew(flow, moved), _same_figures),))


def _anew(flow: Flow, model: Model) -> Work:
    return Work("cells: one scan, then figures", lambda: compute_backtest(flow.cells(model), model))


def _with_threshold(model: Model, score: int) -> Model:
    tiers = list(model.tiers)
    tiers[MQL] = tiers[MQL].model_copy(update={"threshold": score})
    return model.model_copy(update={"tiers": tuple(tiers)})


def _same_figures(ours: Backtest, theirs: Backtest) -> bool:
    return to_json(ours) == to_json(theirs)

"""What a change costs while somebody tunes: points, one rule's points, a threshold, a condition."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pyarrow as pa

from benchmarks import peers
from benchmarks.dataset import DRAFT, MODEL, Dataset, with_rule
from benchmarks.measure import Case, Peer, Work
from queries.counting import count_rules
from queries.flow import Flow, silent
from queries.statements import Statement
from scoring.backtest import Backtest, compute_backtest, to_json
from scoring.cells import MERGED_SEGMENT, Cells
from scoring.model import Model
from scoring.response import ResponseTable

DRAGGED = "email_click"
"""The rule with a half-life: its counts differ most, so that its response table is the largest."""

POINTS, CAP = 7, 35
MQL = 1


def plain_statement(name: str) -> Statement:
    """A statement of this folder, which depends on nothing."""
    return Statement(files("benchmarks").joinpath("sql", f"{name}.sql").read_text("utf-8"), frozenset())


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


def count_all(data: Dataset) -> Case:
    """The counts of all rules on a lead's own activities; attributes and colleagues are left out."""
    flow = data.flow()
    moments = flow.observed(MODEL, None).rows
    rules = [rule for rule in MODEL.enabled_rules if rule.source == "activity"]
    plain = plain_statement("plain_counts")

    def run_plain() -> list[pa.ChunkedArray]:
        counted = flow.engine.fetch(plain, None, {"lead_moments": moments.table})
        return [counted.column(place) for place in range(counted.num_columns)]

    subject = Work(f"counting {len(rules)} activity rules", lambda: count_rules(flow.engine, moments, rules))
    return Case(subject, (Peer(Work("DuckDB: plain join, by hand", run_plain), _same_columns),))


def count_one(data: Dataset) -> Case:
    """One rule whose window changed."""
    return _one_rule(data, with_rule(MODEL, DRAGGED, window_days=180), DRAGGED)


def count_colleagues(data: Dataset) -> Case:
    """The rule that looks at colleagues, which is the dearest one."""
    return _one_rule(data, with_rule(MODEL, "colleagues", window_days=60), "colleagues")


def _one_rule(data: Dataset, model: Model, rule_id: str) -> Case:
    flow = data.flow()
    moments = flow.observed(model, None).rows
    rules = model.enabled_rules
    place = [rule.id for rule in rules].index(rule_id)
    subject = Work(
        f"counting one rule anew ({rule_id})", lambda: count_rules(flow.engine, moments, [rules[place]])
    )
    everything = Work(f"counting all {len(rules)} rules", lambda: count_rules(flow.engine, moments, rules))
    return Case(subject, (Peer(everything, lambda one, every: _same_columns(one, [every[place]])),))


def _anew(flow: Flow, model: Model) -> Work:
    return Work("cells: one scan, then figures", lambda: compute_backtest(flow.cells(model), model))


def _with_threshold(model: Model, score: int) -> Model:
    tiers = list(model.tiers)
    tiers[MQL] = tiers[MQL].model_copy(update={"threshold": score})
    return model.model_copy(update={"tiers": tuple(tiers)})


def _same_figures(ours: Backtest, theirs: Backtest) -> bool:
    return to_json(ours) == to_json(theirs)


def _same_columns(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(a.equals(b) for a, b in zip(ours, theirs, strict=True))

"""What counting costs: all rules, and one rule whose conditions changed."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pyarrow as pa

from benchmarks.dataset import MODEL, Dataset, with_rule
from benchmarks.measure import Case, Peer, Work
from queries.counting import count_rules
from queries.statements import Statement
from scoring.model import Model

CHANGED = "email_click"
"""The rule with a half-life: its counts differ most."""


def plain_statement(name: str) -> Statement:
    """A statement of this folder, which depends on nothing."""
    return Statement(files("benchmarks").joinpath("sql", f"{name}.sql").read_text("utf-8"), frozenset())


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
    return _one_rule(data, with_rule(MODEL, CHANGED, window_days=180), CHANGED)


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


def _same_columns(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(a.equals(b) for a, b in zip(ours, theirs, strict=True))

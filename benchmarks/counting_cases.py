"""What counting costs: all rules at many moments, and one rule whose conditions changed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.dataset import MODEL, Dataset, with_rule
from benchmarks.measure import Case, Peer, Work
from queries.counting import LeadMoments, count_rules
from queries.engine import Engine
from queries.statements import Statement
from scoring.model import Model, Rule

CHANGED = "email_click"
"""The rule with a half-life: its counts differ most."""

BY_MONTH = MODEL.model_copy(update={"observation": MODEL.observation.model_copy(update={"period": "month"})})
"""The model scored every month; nothing else differs."""

OWN_RULES = tuple(rule for rule in MODEL.enabled_rules if rule.source == "activity")
"""The rules that the join by hand counts, too: attributes and colleagues are left out."""


def plain_statement(name: str) -> Statement:
    """A statement of this folder, which depends on nothing."""
    return Statement(files("benchmarks").joinpath("sql", f"{name}.sql").read_text("utf-8"), frozenset())


def plain_counter(engine: Engine, moments: LeadMoments) -> Callable[[], pa.Table]:
    """Counts the rules on a lead's own activities as one would by hand, a column for each of `OWN_RULES`."""
    # What a silence wipes out is known beforehand, as it is to the program.
    tables = {"lead_moments": moments.table, "streak_ends": moments.streak_ends}
    seen_after = engine.fetch(plain_statement("seen_after"), None, tables)
    plain = plain_statement("plain_counts")
    return lambda: engine.fetch(plain, None, {"lead_moments": seen_after})


def count_all(data: Dataset) -> Case:
    """The rules on a lead's own activities at every quarter of the data."""
    flow = data.flow()
    return _own_rules(flow.engine, flow.observed(MODEL, None).rows, "quarters")


def count_months(data: Dataset) -> Case:
    """The same at every month of the data."""
    flow = data.flow()
    return _own_rules(flow.engine, flow.observed(BY_MONTH, None).rows, "months")


def count_quarters(data: Dataset) -> Case:
    """All rules at every quarter, beside the last one alone, which sees the most leads and activities."""
    flow, rules = data.flow(), data.model.enabled_rules
    moments = flow.observed(data.model, None).rows
    column = moments.table.column("moment")
    is_last = pc.equal(column, pc.max(column))
    last = LeadMoments(moments.table.filter(is_last), moments.streak_ends, moments.reset_days)
    alone = Work("counting for the last quarter alone", lambda: count_rules(flow.engine, last, rules))
    subject = Work(
        f"counting all {len(rules)} rules, {len(pc.unique(column))} quarters",
        lambda: count_rules(flow.engine, moments, rules),
    )

    def agrees(every: list[pa.ChunkedArray], one: list[pa.ChunkedArray]) -> bool:
        return _same_columns([counts.filter(is_last) for counts in every], one)

    return Case(subject, (Peer(alone, agrees),))


def count_one(data: Dataset) -> Case:
    """One rule whose window changed."""
    return _one_rule(data, with_rule(MODEL, CHANGED, window_days=180), CHANGED)


def count_colleagues(data: Dataset) -> Case:
    """The rule that looks at colleagues, which is the dearest one."""
    return _one_rule(data, with_rule(MODEL, "colleagues", window_days=60), "colleagues")


def _own_rules(engine: Engine, moments: LeadMoments, periods: str) -> Case:
    count = len(pc.unique(moments.table.column("moment")))
    count_by_hand = plain_counter(engine, moments)
    plain = Work("DuckDB: plain join, by hand", lambda: count_by_hand().columns)
    subject = Work(
        f"counting {len(OWN_RULES)} activity rules, {count} {periods}",
        lambda: count_rules(engine, moments, OWN_RULES),
    )
    return Case(subject, (Peer(plain, _same_columns),))


def _one_rule(data: Dataset, model: Model, rule_id: str) -> Case:
    flow = data.flow()
    moments = flow.observed(model, None).rows
    rules: tuple[Rule, ...] = model.enabled_rules
    place = [rule.id for rule in rules].index(rule_id)
    subject = Work(
        f"counting one rule anew ({rule_id})", lambda: count_rules(flow.engine, moments, [rules[place]])
    )
    everything = Work(f"counting all {len(rules)} rules", lambda: count_rules(flow.engine, moments, rules))
    return Case(subject, (Peer(everything, lambda one, every: _same_columns(one, [every[place]])),))


def _same_columns(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(a.equals(b) for a, b in zip(ours, theirs, strict=True))

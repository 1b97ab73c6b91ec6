"""For which leads each rule of a model fires, from the patterns: what the rule report is made of."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.flow import Flow, Progress, silent
from queries.points import scored_statement
from queries.statements import Item, load_statement
from scoring.cells import MERGED_SEGMENT, IntArray
from scoring.model import Model
from scoring.rule_report import LEVELS, RuleFiring


def rule_firing(
    flow: Flow, model: Model, observed_until: datetime | None = None, progress: Progress = silent
) -> RuleFiring:
    """Count mature leads by period, outcome and how often each enabled rule counts.

    Costs two scans of the patterns, not of the leads.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    observed = flow.observed(model, observed_until)
    patterns = flow.patterns(observed, None, MERGED_SEGMENT, progress)
    rules = tuple(rule.id for rule in model.enabled_rules)
    items = [Item(f"level_{i}", {"FREQUENCY": exp.column(f"count_{i}")}) for i in range(len(rules))]
    levels = flow.engine.fetch(load_statement("rule_levels", {"rules": items}), None, {"patterns": patterns})
    statement, parameters = scored_statement("rule_points", model, [f"points_{i}" for i in range(len(rules))])
    points = flow.engine.fetch(statement, parameters, {"counted": patterns})
    used = points.column("period").to_numpy()
    return _to_firing(
        levels,
        points=np.array([points.column(f"points_{i}").to_numpy() for i in range(len(rules))], dtype=np.int64),
        rules=rules,
        used=used.astype(np.int64),
        labels=tuple(observed.moments.periods[number].label for number in used),
    )


def _to_firing(
    table: pa.Table, points: IntArray, rules: tuple[str, ...], used: IntArray, labels: tuple[str, ...]
) -> RuleFiring:
    period = np.searchsorted(used, table.column("period").to_numpy())
    converted = table.column("converted").to_numpy().astype(np.int64)
    leads = table.column("leads").to_numpy()
    by_outcome = np.zeros((len(labels), 2), dtype=np.int64)
    np.add.at(by_outcome, (period, converted), leads)
    levels = np.zeros((len(rules), len(labels), 2, LEVELS), dtype=np.int64)
    fires = np.zeros((len(rules), len(leads)), dtype=np.bool_)
    for number in range(len(rules)):
        level = table.column(f"level_{number}").to_numpy()
        np.add.at(levels[number], (period, converted, level), leads)
        fires[number] = level > 0
    both = np.zeros((len(labels), len(rules), len(rules)), dtype=np.int64)
    for place in range(len(labels)):
        rows = period == place
        # In doubles, which are exact here (no count reaches 2 ** 53) and multiplied in blocks by the library.
        fired = fires[:, rows].astype(np.float64)
        both[place] = ((fired * leads[rows]) @ fired.T).astype(np.int64)
    return RuleFiring(rules, labels, by_outcome, levels, both, points.reshape(len(rules), len(labels)))

"""For which leads each rule of a model fires, from the patterns: what the rule report is made of."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from queries.flow import Flow, Progress, silent
from scoring.model import Model
from scoring.response import COUNT_UNIT, rule_points
from scoring.rule_report import LEVELS, RuleFiring

HIGHEST_OF_LEVELS = np.array([0, 1, 2, 4]) * COUNT_UNIT
"""The largest count of each level but the last, see `LEVELS`."""


def rule_firing(
    flow: Flow, model: Model, observed_until: datetime | None = None, progress: Progress = silent
) -> RuleFiring:
    """Count mature leads by period, outcome and how often each enabled rule counts.

    Costs one pass over the patterns, not over the leads.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    observed = flow.observed(model, observed_until)
    patterns = flow.patterns(observed, progress)
    patterns = patterns.filter(patterns.column("mature"))
    rules = model.enabled_rules
    converted = np.asarray(patterns.column("converted").to_numpy(), dtype=np.int64)
    leads = patterns.column("leads").to_numpy()
    used, period = np.unique(patterns.column("period").to_numpy(), return_inverse=True)
    by_outcome = np.zeros((len(used), 2), dtype=np.int64)
    np.add.at(by_outcome, (period, converted), leads)
    levels = np.zeros((len(rules), len(used), 2, LEVELS), dtype=np.int64)
    points = np.zeros((len(rules), len(used)), dtype=np.int64)
    fires = np.zeros((len(rules), len(leads)), dtype=np.bool_)
    for number, rule in enumerate(rules):
        count = patterns.column(f"count_{number}").to_numpy()
        np.add.at(levels[number], (period, converted, np.searchsorted(HIGHEST_OF_LEVELS, count)), leads)
        np.add.at(points[number], period, rule_points(count, rule.points, rule.max_points) * leads)
        fires[number] = count > 0
    both = np.zeros((len(used), len(rules), len(rules)), dtype=np.int64)
    for place in range(len(used)):
        rows = period == place
        # In doubles, which are exact here (no count reaches 2 ** 53) and multiplied in blocks by the library.
        fired = fires[:, rows].astype(np.float64)
        both[place] = ((fired * leads[rows]) @ fired.T).astype(np.int64)
    return RuleFiring(
        rules=tuple(rule.id for rule in rules),
        periods=tuple(observed.moments.periods[number].label for number in used),
        leads=by_outcome,
        levels=levels,
        both_fire=both,
        points=points,
    )

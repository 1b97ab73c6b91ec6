"""What every open lead scores, and what each rule gives it, as a table."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from queries.flow import Flow
from queries.lead_ids import lead_ids
from scoring.model import Model
from scoring.response import rule_points

PLACE = "grid_place"
"""The column with the place in the model's grid; only a model with a grid has it."""


def score_table(flow: Flow, model: Model, at: datetime | None = None) -> pa.Table:
    """The score of every lead that is open at an instant, by lead_id.

    Returns
    -------
    Arrow table
        lead_id, moment, score and points_<rule id> for each enabled rule, behind the score the `PLACE` in
        the grid of a model that has one. No rows when no lead is open.
    """
    observed = flow.open_leads(model, at)
    scored, table = flow.scored(observed), observed.rows.table
    columns = {
        "lead_id": lead_ids(flow.engine, table.column("lead_number").to_numpy()),
        "moment": table.column("moment"),
        "score": pa.array(scored.score, pa.int32()),
    }
    if scored.place is not None:
        columns[PLACE] = pa.array(scored.place)
    counts = flow.counts(observed, model.enabled_rules)
    for rule, column in zip(model.enabled_rules, counts, strict=True):
        given = rule_points(column.to_numpy(), rule.points, rule.max_points)
        columns[f"points_{rule.id}"] = pa.array(given)
    return pa.table(columns)

"""The CRM's live score of every open lead beside the model's."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.errors import QueryError
from queries.flow import Flow
from queries.score_table import score_table
from queries.statements import load_statement
from scoring.live_score import LiveComparison, compare_scores
from scoring.model import Model


def compare_live_score(flow: Flow, model: Model, column: str, at: datetime | None = None) -> LiveComparison:
    """Compare a column of the leads that holds the live score with the model's score.

    Parameters
    ----------
    flow : Flow
    model : Model
    column : str
        Of the leads; ``leads.x`` is the same as ``x``. Where it holds no number a lead is not compared.
    at : datetime, optional
        When the live scores were exported (UTC, without a zone); the end of the data when not given.

    Raises
    ------
    QueryError
        The leads have no such column; nothing was observed yet and no instant is given.
    """
    name = column.removeprefix("leads.")
    known = flow.engine.columns("leads")
    if name not in known or name in ("lead_id", "created_at"):
        raise QueryError(
            f"the live score must be a column of leads, got {column!r}; its columns are {', '.join(known)}"
        )
    instant = at or flow.observed_until
    if instant is None:
        raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
    scores = score_table(flow, model, instant)
    value = exp.TryCast(
        this=exp.column(exp.to_identifier(name, quoted=True), "leads"), to=exp.DataType.build("double")
    )
    statement = load_statement("live_scores", bindings={"NUMBER": value})
    live = flow.engine.fetch(statement, None, {"scores": scores.select(["lead_id"])})
    return compare_scores(
        model,
        scores.column("lead_id").to_pylist(),
        _floats(live.column("live")),
        _floats(scores.column("score")),
        {rule.id: _floats(scores.column(f"points_{rule.id}")) for rule in model.enabled_rules},
        column=name,
        at=instant,
    )


def _floats(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A column of numbers, NaN where one is missing."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)

"""The two lists that a model is to be judged by first: scored high and went nowhere, won but scored low.

Both are about the model's own moments in the past: the score is the one that the lead had then, and only what
came of it is from later. So their lengths are those of the back-test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.counting import scoring_key
from queries.flow import COUNTING, Flow, Progress, silent
from queries.hits import microseconds
from queries.moments import stages_table
from queries.observed import Observed
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.errors import ScoringError
from scoring.model import Model, Tier
from scoring.tiers import names_of_tiers, tiers_key

ENDING = ("ended_at", "ended_as", "last_stage", "owner", "reason")
"""What became of a lead, and what sales last said about it."""


def low_tiers(model: Model) -> tuple[Tier, ...]:
    """The tiers that count as scored low: the lower half of them, never the highest; none of a single one."""
    count = len(model.tiers)
    return model.tiers[: max(1, count // 2)] if count > 1 else ()


def high_and_open(
    flow: Flow, model: Model, period: str | None = None, progress: Progress = silent
) -> pa.Table:
    """Scored high, went nowhere: in the highest tier at a moment, all its days have passed, no conversion.

    Parameters
    ----------
    flow : Flow
    model : Model
        With a single tier nobody scored high.
    period : str, optional
        The label of one period; all of them when not given.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the search.

    Returns
    -------
    Arrow table
        lead_id, period, moment, score, tier, then `ENDING`: one row for each lead and moment, newest moment
        first, then highest score. ended_at, ended_as, owner and reason are of the last closing or converting
        outcome from the moment on, whenever it came. Of a lead without one the first two are null, owner and
        reason those of its latest outcome that names one. last_stage is the stage of the lead's latest
        outcome, null when sales never recorded any.

    Raises
    ------
    ScoringError
        There is no such period.
    """

    def compute() -> pa.Table:
        rows = _Rows(flow, model, progress)
        highest = len(model.tiers) - 1 if len(model.tiers) > 1 else -1
        return _with_endings(
            flow, model, rows, np.flatnonzero(rows.mature & ~rows.converted & (rows.tiers == highest))
        )

    return _kept(flow, model, "high_and_open", period, compute)


def won_and_low(flow: Flow, model: Model, period: str | None = None, progress: Progress = silent) -> pa.Table:
    """Won, but scored low: converted within the horizon from the lowest tiers, or never scored before.

    Returns
    -------
    Arrow table
        As `high_and_open`, and after them the leads that were never scored, of which the moment is the
        conversion, score and tier are null.

    Raises
    ------
    ScoringError
        There is no such period.
    """

    def compute() -> pa.Table:
        rows = _Rows(flow, model, progress)
        low = len(low_tiers(model))
        chosen = np.flatnonzero(rows.mature & rows.converted & (rows.tiers < low))
        never = _never_scored(flow, model, rows).sort_by([("moment", "descending")])
        return pa.concat_tables([_with_endings(flow, model, rows, chosen), never])

    return _kept(flow, model, "won_and_low", period, compute)


def _kept(
    flow: Flow, model: Model, name: str, period: str | None, compute: Callable[[], pa.Table]
) -> pa.Table:
    """A list, worked out once for all periods, or the rows of one period."""
    observed = flow.observed(model, None)
    key = structure_key(name, [observed.labels_key, scoring_key(model), tiers_key(model), ENDING])
    table = flow.store.get(key, compute)
    if period is None:
        return table
    labels = [one.label for one in observed.moments.periods]
    if period not in labels:
        raise ScoringError(f"period must be one of {', '.join(labels) or 'none'}, got {period!r}")
    return table.filter(pc.equal(table.column("period"), period))


class _Rows:
    """All lead-moments of the back-test with score and outcome."""

    def __init__(self, flow: Flow, model: Model, progress: Progress) -> None:
        self.observed = flow.observed(model, None)
        progress(0.0, "Finding the leads of all periods")
        labels = flow.labels(self.observed)
        progress(0.2, COUNTING)
        scored = flow.scored(self.observed, lambda share: progress(0.2 + 0.6 * share, COUNTING))
        self.scores, self.tiers = scored.score, scored.tiers(model)
        self.period = self.observed.rows.table.column("period").to_numpy()
        self.mature: NDArray[np.bool_] = np.asarray(labels.column("mature").to_numpy(), dtype=np.bool_)
        self.converted: NDArray[np.bool_] = np.asarray(labels.column("converted").to_numpy(), dtype=np.bool_)
        progress(0.9, "Looking up what became of them")


def _with_endings(flow: Flow, model: Model, rows: _Rows, chosen: NDArray[np.integer[Any]]) -> pa.Table:
    table = rows.observed.rows.table
    labels = [period.label for period in rows.observed.moments.periods]
    order = np.lexsort((-rows.scores[chosen], -microseconds(table.column("moment"))[chosen]))
    chosen = chosen[order]
    return _table(
        flow,
        model,
        rows.observed,
        table.column("lead_number").take(pa.array(chosen)),
        table.column("moment").take(pa.array(chosen)),
        [labels[place] for place in rows.period[chosen]],
        pa.array(rows.scores[chosen], pa.int64()),
        pa.array(names_of_tiers(rows.tiers[chosen], model), pa.string()),
    )


def _never_scored(flow: Flow, model: Model, rows: _Rows) -> pa.Table:
    moments = rows.observed.moments
    found = flow.never_scored(rows.observed)
    nothing = pa.nulls(found.num_rows)
    return _table(
        flow,
        model,
        rows.observed,
        found.column("lead_number"),
        found.column("converted_at"),
        [moments.periods[place].label for place in found.column("period").to_pylist()],
        nothing.cast(pa.int64()),
        nothing.cast(pa.string()),
    )


def _table(
    flow: Flow,
    model: Model,
    observed: Observed,
    lead_numbers: pa.ChunkedArray,
    moments: pa.ChunkedArray,
    periods: list[str],
    scores: pa.Array,
    tiers: pa.Array,
) -> pa.Table:
    wanted = pa.table(
        {
            "place": pa.array(np.arange(len(lead_numbers)), pa.int32()),
            "lead_number": lead_numbers,
            "moment": moments,
        }
    )
    until: datetime = observed.moments.observed_until
    endings = flow.engine.fetch(
        load_statement("closing_outcomes"),
        {"observed_until": until},
        {"wanted": wanted, "stages": stages_table(model)},
    )
    columns = {
        "lead_id": endings.column("lead_id"),
        "period": pa.array(periods, pa.string()),
        "moment": moments,
        "score": scores,
        "tier": tiers,
    }
    columns |= {name: endings.column(name) for name in ENDING}
    return pa.table(columns)

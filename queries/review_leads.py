"""The leads behind a figure of a review: those of a period, by tier, outcome and where they came from."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.counting import scoring_key
from queries.flow import Flow
from queries.hits import microseconds
from queries.lead_ids import lead_ids
from queries.maturation import conversion_times
from queries.segments import segments_of_moments
from queries.structures import structure_key
from scoring.cells import TEN_THOUSANDTHS
from scoring.errors import ScoringError
from scoring.lead_scores import score_rows
from scoring.model import Model
from scoring.tiers import names_of_tiers, tiers_key

Outcome = Literal["converted", "not converted", "still open"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class LeadsAsked:
    """Which leads of a period; what is left empty asks for all.

    Attributes
    ----------
    period : str
    tier : str or None
        The name of a tier.
    outcome : str or None
        ``converted`` and ``not converted`` are complete leads, which the rates count; ``still open`` the
        others, whether they converted or not.
    column, value : str or None
        ``leads.source`` or ``activities.campaign`` (its first touch) and one of its values; ``(missing)`` for
        leads without one.
    """

    period: str
    tier: str | None = None
    outcome: Outcome | None = None
    column: str | None = None
    value: str | None = None


def leads_behind(flow: Flow, model: Model, asked: LeadsAsked) -> pa.Table:
    """The leads that a figure counts, highest score first; kept, so that turning pages costs nothing.

    Returns
    -------
    Arrow table
        lead_id, moment, score, tier, outcome, converted_at, amount; converted_at and amount as far as they
        are known, null without a conversion within the horizon.

    Raises
    ------
    ScoringError
        There is no such period, tier or outcome.
    QueryError
        The data have no such column.
    """
    observed = flow.observed(model, None)
    _check(asked, [one.label for one in observed.moments.periods], model)
    depends_on = [observed.labels_key, scoring_key(model), tiers_key(model), astuple(asked)]
    return flow.store.derive(structure_key("leads_behind", depends_on), lambda: _find(flow, model, asked))


def _check(asked: LeadsAsked, periods: list[str], model: Model) -> None:
    for what, value, known in (
        ("period", asked.period, periods),
        ("tier", asked.tier, [tier.name for tier in model.tiers]),
        ("outcome", asked.outcome, list(OUTCOMES)),
    ):
        if value is not None and value not in known:
            raise ScoringError(f"{what} must be one of {', '.join(known) or 'none'}, got {value!r}")


def _find(flow: Flow, model: Model, asked: LeadsAsked) -> pa.Table:
    observed = flow.observed(model, None)
    table, labels = observed.rows.table, flow.labels(observed)
    place = [one.label for one in observed.moments.periods].index(asked.period)
    rows = np.flatnonzero(table.column("period").to_numpy() == place)
    if asked.column is not None:
        touches = flow.touches(asked.column)
        values = segments_of_moments(flow.engine, table.take(pa.array(rows)), asked.column, touches)
        rows = rows[np.array(values.column("segment").to_pylist(), dtype=object) == asked.value]
    mature = _flags(labels, "mature")[rows]
    converted = _flags(labels, "converted")[rows]
    outcome = np.where(mature, np.where(converted, OUTCOMES[0], OUTCOMES[1]), OUTCOMES[2])
    kept = np.ones(len(rows), dtype=np.bool_) if asked.outcome is None else outcome == asked.outcome
    rows, converted, outcome = rows[kept], converted[kept], outcome[kept]
    counts = [column.to_numpy()[rows] for column in flow.counts(observed, model.enabled_rules)]
    scored = score_rows(model, counts, len(rows))
    tiers = scored.tiers(model)
    order = np.argsort(-scored.score, kind="stable")
    if asked.tier is not None:
        wanted = [tier.name for tier in model.tiers].index(asked.tier)
        order = order[tiers[order] == wanted]
    chosen = rows[order]
    times = conversion_times(flow, model, observed)
    won = np.searchsorted(times.column("row_number").to_numpy(), chosen)
    at = (
        microseconds(times.column("converted_at"))[np.minimum(won, max(len(times) - 1, 0))]
        if len(times)
        else 0
    )
    amounts = labels.column("amount").to_numpy()[chosen] / TEN_THOUSANDTHS
    nobody = ~converted[order]
    columns: dict[str, Any] = {
        "lead_id": lead_ids(flow.engine, table.column("lead_number").to_numpy()[chosen]),
        "moment": table.column("moment").take(pa.array(chosen)),
        "score": pa.array(scored.score[order]),
        "tier": pa.array(names_of_tiers(tiers[order], model), pa.string()),
        "outcome": pa.array(outcome[order], pa.string()),
        "converted_at": pa.array(np.broadcast_to(at, len(chosen)), pa.timestamp("us"), mask=nobody),
        "amount": pa.array(amounts, pa.float64(), mask=nobody),
    }
    return pa.table(columns)


def _flags(labels: pa.Table, name: str) -> NDArray[np.bool_]:
    return np.asarray(labels.column(name).to_numpy(), dtype=np.bool_)

"""When the scored leads of a workspace converted, by period and tier: what forecasts are made from."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa

from queries.counting import scoring_key
from queries.flow import Flow
from queries.hits import microseconds
from queries.moments import DAY
from queries.observed import Observed
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.maturation import Cohorts
from scoring.model import Model
from scoring.tiers import tiers_key


def find_cohorts(flow: Flow, model: Model, observed_until: datetime | None = None) -> Cohorts:
    """The lead-moments of the back-test by period, tier and moment, and each of their conversions.

    Equal requests are computed once.

    Parameters
    ----------
    observed_until : datetime, optional
        Pretend that the data ended here.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    observed = flow.observed(model, observed_until)
    key = structure_key("cohorts", [observed.labels_key, scoring_key(model), tiers_key(model)])
    return flow.store.derive(key, lambda: _count(flow, model, observed))


def _count(flow: Flow, model: Model, observed: Observed) -> Cohorts:
    table = observed.rows.table
    tier = flow.scored(observed).tiers(model)
    period = table.column("period").to_numpy().astype(np.int64)
    moment = microseconds(table.column("moment"))
    times = conversion_times(flow, model, observed)
    won = times.column("row_number").to_numpy()
    amount = flow.labels(observed).column("amount").to_numpy()[won].astype(np.int64)
    # As one whole number for each group: sorting rows of three takes many times as long.
    instants, instant = np.unique(moment, return_inverse=True)
    codes = (period * len(model.tiers) + tier) * max(len(instants), 1) + instant
    groups, leads = np.unique(codes, return_counts=True)
    of_tier, of_instant = np.divmod(groups, max(len(instants), 1))
    return Cohorts(
        periods=tuple(one.label for one in observed.moments.periods),
        tiers=tuple(one.name for one in model.tiers),
        horizon=int(np.timedelta64(model.conversion.horizon_days * DAY, "us").astype(np.int64)),
        observed_until=int(np.datetime64(observed.moments.observed_until, "us").astype(np.int64)),
        period=of_tier // len(model.tiers),
        tier=of_tier % len(model.tiers),
        moment=instants[of_instant],
        leads=leads,
        won_period=period[won],
        won_tier=tier[won],
        won_moment=moment[won],
        delay=microseconds(times.column("converted_at")) - moment[won],
        amount=amount,
    )


def conversion_times(flow: Flow, model: Model, observed: Observed) -> pa.Table:
    """Which lead-moments converted within the horizon, and when; columns of ``conversion_times.sql``."""

    def compute() -> pa.Table:
        tables = {"lead_moments": observed.rows.table, "lead_conversions": flow.conversions(observed)}
        parameters = {"horizon": model.conversion.horizon_days * DAY}
        return flow.engine.fetch(load_statement("conversion_times"), parameters, tables)

    return flow.store.get(structure_key("conversion_times", observed.labels_key), compute)

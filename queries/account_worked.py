"""Which share of the accounts behind each rate sales worked: any of whose people it did something about.

The accounts of a share are exactly those of the rate that it stands beside, see `queries.account_moments`.
Worked is one about a lead of which sales did something within the days allowed to convert, also about a lead
that was not scored then; leads that the model leaves out have no part in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from queries.account_moments import AccountMoments, account_moments
from queries.conditions import ParameterBag
from queries.flow import Flow
from queries.funnel import roles_table, stages_of_sales
from queries.hits import microseconds
from queries.moments import excluded_test
from queries.statements import load_statement
from queries.structures import structure_key
from queries.worked import tells_worked
from scoring.account_scoring import Flags, account_model
from scoring.model import Model
from scoring.tiers import tier_indices
from scoring.timelines import Timelines
from scoring.worked import WorkedShare, worked_shares


def known_worked_accounts(
    flow: Flow, model: Model, observed_until: datetime | None = None
) -> tuple[WorkedShare, ...]:
    """By period and tier of accounts, and pooled; empty where the data do not tell what sales worked.

    Parameters
    ----------
    flow : Flow
    model : Model
        With `account_score`, or what holds without it.
    observed_until : datetime, optional
        Pretend that the data ended here, as the rates do.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    if not tells_worked(flow, model):
        return ()
    return worked_accounts(flow, model, account_moments(flow, model, observed_until))


def worked_accounts(flow: Flow, model: Model, moments: AccountMoments) -> tuple[WorkedShare, ...]:
    """As `known_worked_accounts`, whatever the data tell: with wins alone, worked is what was won."""
    accounts, complete = account_model(model), moments.mature
    return worked_shares(
        tier_indices(moments.points.score, accounts)[complete],
        moments.period[complete],
        _worked(flow, model, moments)[complete],
        [tier.name for tier in accounts.tiers],
        [period.label for period in moments.observed.moments.periods],
    )


def _worked(flow: Flow, model: Model, moments: AccountMoments) -> Flags:
    touches = _touches(flow, model, moments)
    starts = [period.starts_at for period in moments.observed.moments.periods]
    moment = np.array(starts, dtype="datetime64[us]").astype(np.int64)[moments.period]
    horizon = timedelta(days=model.conversion.horizon_days) // timedelta(microseconds=1)
    # The first one after the instant before the moment is the first at it or later.
    place = touches.first_after(moments.account, moment - 1)
    found = np.flatnonzero(place < touches.ends(moments.account))
    worked = np.zeros(len(moments.account), dtype=np.bool_)
    worked[found] = touches.instants[place[found]] - moment[found] < horizon
    return worked


def _touches(flow: Flow, model: Model, moments: AccountMoments) -> Timelines:
    """When sales did something about anybody of each account."""
    roles = roles_table(stages_of_sales(flow, model)).select(["stage"])
    until = moments.observed.moments.observed_until
    depends_on = [roles.column("stage").to_pylist(), [one.model_dump() for one in model.exclude], until]

    def compute() -> pa.Table:
        bag = ParameterBag()
        bindings = {"EXCLUDED": excluded_test(flow.engine, model, bag)}
        return flow.engine.fetch(
            load_statement("sales_touches", bindings=bindings),
            bag.values | {"observed_until": until},
            {"roles": roles},
        )

    table = flow.store.get(structure_key("sales_touches", depends_on), compute)
    owner = moments.index.places(table.column("lead_number").to_numpy())
    ours = np.flatnonzero(owner >= 0)
    owners, instants = owner[ours].astype(np.int64), microseconds(table.column("occurred_at"))[ours]
    order = np.lexsort((instants, owners))
    return Timelines(owners[order], instants[order], len(moments.index))

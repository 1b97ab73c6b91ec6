"""When each lead reached each step of the funnel, under one model, as it was known at the time."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.catalogue import stages
from queries.conditions import ParameterBag
from queries.entry import entries_key, find_entries, observed_until
from queries.flow import Flow, Progress, silent
from queries.hits import microseconds
from queries.moments import excluded_test
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.errors import ScoringError
from scoring.funnel import NEVER, Funnel, FunnelStep, FunnelTimes, compute_funnel
from scoring.model import Model, Tier
from scoring.sales_stages import SalesStages, sales_stages

TIMES = ("created_at", "marketed_at", "accepted_at", "qualified_at", "won_at")


def stages_of_sales(flow: Flow, model: Model) -> SalesStages:
    """What the stages of the data say about sales."""
    return sales_stages([stage for stage, _ in stages(flow.engine)], model)


def marketing_tier(model: Model) -> Tier:
    """The tier that makes a lead an MQL: the one of that name, else the first above the lowest.

    Raises
    ------
    ScoringError
        The model has a single tier, so that no lead is told from another.
    """
    if len(model.tiers) == 1:
        raise ScoringError(
            f"{model.name}: a funnel must have a tier above the lowest, got a single tier; add one on Tune"
        )
    named = [tier for tier in model.tiers[1:] if tier.name.lower() == "mql"]
    return named[0] if named else model.tiers[1]


def funnel_times(flow: Flow, model: Model, progress: Progress = silent) -> FunnelTimes:
    """The times of every lead that the model does not leave out.

    MQL is when the lead's score first reached the tier (`marketing_tier`), worked out right after each of its
    activities; the other steps are outcomes at or after that, by `sales_stages`.

    Raises
    ------
    ScoringError
        The model has a single tier.
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    tier = marketing_tier(model)
    until, entries = find_entries(flow, model, progress)
    bag = ParameterBag()
    statement = load_statement("funnel_times", bindings={"EXCLUDED": excluded_test(flow.engine, model, bag)})
    table = flow.engine.fetch(
        statement,
        bag.values | {"tier": model.tiers.index(tier), "observed_until": until},
        {"entries": entries, "roles": roles_table(stages_of_sales(flow, model))},
    )
    columns = [microseconds_or_never(table.column(name)) for name in TIMES]
    first_won = microseconds_or_never(table.column("first_won_at"))
    return FunnelTimes(
        times=np.stack(columns, axis=1),
        wins_before_mql=int(((first_won != NEVER) & (first_won < columns[1])).sum()),
        horizon_days=model.conversion.horizon_days,
        observed_until=until,
    )


def funnel_of(flow: Flow, model: Model, progress: Progress = silent) -> Funnel:
    """The steps of a model, from lead to win; kept, also on disk. Raises as `funnel_times`."""
    tier, known = marketing_tier(model), stages_of_sales(flow, model)
    depends_on = [
        entries_key(flow, model),
        model.tiers.index(tier),
        asdict(known),
        list(known.untold_steps),
        model.conversion.horizon_days,
    ]

    def compute() -> pa.Table:
        found = compute_funnel(funnel_times(flow, model, progress), known.untold_steps)
        of_all = {"leads": found.leads, "wins_before_mql": found.wins_before_mql}
        return pa.Table.from_pylist([asdict(step) | of_all for step in found.steps])

    rows = flow.store.get(structure_key("funnel", depends_on), compute).to_pylist()
    of_all = {name: rows[0][name] for name in ("leads", "wins_before_mql")}
    return Funnel(
        steps=tuple(FunnelStep(**{name: row[name] for name in row if name not in of_all}) for row in rows),
        horizon_days=model.conversion.horizon_days,
        observed_until=observed_until(flow),
        **of_all,
    )


def roles_table(found: SalesStages) -> pa.Table:
    """Columns stage (lower case), is_accepted, is_qualified, is_won, is_rejected, is_other.

    Handed-over stages are left out. What is rejected is also `is_other`: sales had it, and has it no more.
    """
    names = [*found.accepted, *found.rejected, *found.qualified, *found.won, *found.other]
    roles = {
        "is_accepted": set(found.accepted),
        "is_qualified": set(found.qualified),
        "is_won": set(found.won),
        "is_rejected": set(found.rejected),
        "is_other": {*found.rejected, *found.other},
    }
    columns = {
        role: pa.array([name in members for name in names], pa.bool_()) for role, members in roles.items()
    }
    return pa.table({"stage": pa.array(names, pa.string())} | columns)


def microseconds_or_never(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Times since 1970; `scoring.funnel.NEVER` for a missing one."""
    known = pc.is_valid(column).to_numpy(zero_copy_only=False)
    times = np.full(len(known), NEVER, dtype=np.int64)
    times[known] = microseconds(column.filter(pc.is_valid(column)))
    return times

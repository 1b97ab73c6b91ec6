"""What became of the leads that are scored: the statements about conversions.

All of them start from one list, which says what converts a lead and who owns the amount of a deal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa

from queries.conditions import ParameterBag
from queries.engine import Engine
from queries.moments import DAY, Moments, excluded_test, periods_table, stages_table
from queries.segments import segment_column
from queries.statements import load_statement
from scoring.model import Model


def conversions_key(model: Model, observed_until: datetime) -> dict[str, Any]:
    """What the conversions of a model depend on."""
    return {
        "stages": model.conversion.stages,
        "exclude": [condition.model_dump() for condition in model.exclude],
        "until": observed_until,
    }


def find_conversions(engine: Engine, model: Model, observed_until: datetime) -> pa.Table:
    """Every conversion of leads that the model does not leave out; columns of ``lead_conversions.sql``."""
    bag = ParameterBag()
    statement = load_statement("lead_conversions", bindings={"EXCLUDED": excluded_test(engine, model, bag)})
    return engine.fetch(
        statement, bag.values | {"observed_until": observed_until}, {"stages": stages_table(model)}
    )


def date_labels(
    engine: Engine, model: Model, lead_moments: pa.Table, conversions: pa.Table, observed_until: datetime
) -> pa.Table:
    """Maturity, outcome and amount of every lead-moment, in its order; columns of ``labels.sql``."""
    parameters = {"horizon": model.conversion.horizon_days * DAY, "observed_until": observed_until}
    tables = {"lead_moments": lead_moments, "lead_conversions": conversions}
    return engine.fetch(load_statement("labels"), parameters, tables)


def find_never_scored(
    engine: Engine, moments: Moments, lead_moments: pa.Table, conversions: pa.Table
) -> pa.Table:
    """Leads whose first conversion came before any moment; columns of ``conversions_never_scored.sql``."""
    tables = {
        "lead_moments": lead_moments,
        "lead_conversions": conversions,
        "periods": periods_table(moments.periods),
    }
    return engine.fetch(load_statement("conversions_never_scored"), None, tables)


def count_unscored(
    engine: Engine, never_scored: pa.Table, segment: str | None, touches: pa.Table
) -> pa.Table:
    """The same leads by segment (as known when they converted) and period."""
    statement = load_statement("unscored_conversions", bindings={"SEGMENT": segment_column(engine, segment)})
    return engine.fetch(statement, None, {"never_scored": never_scored, "first_touches": touches})


def days_to_wins(engine: Engine, lead_moments: pa.Table, conversions: pa.Table) -> pa.Table:
    """Wins by whole days since the lead's last scored moment, null for leads never scored before."""
    tables = {"lead_moments": lead_moments, "lead_conversions": conversions}
    return engine.fetch(load_statement("wins_by_days"), None, tables)

"""Which leads are scored when: the statements about lead-moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.conditions import ParameterBag, condition_test
from queries.engine import Engine
from queries.statements import load_statement
from scoring.model import Model
from scoring.periods import Period, periods_between

DAY = timedelta(days=1)
ALWAYS = 4_000_000 * DAY
"""Stands for an age or a silence that is not limited, so that one statement serves all models.

Longer than from the year 1 to the year 9999.
"""


@dataclass(frozen=True)
class Moments:
    """The moments at which leads are scored.

    Parameters
    ----------
    periods : tuple of Period
        In time order; those that a moment can fall into.
    observed_until : datetime
        The last outcome that counts.
    at : datetime, optional
        The same instants for all leads, where the periods start, instead of the model's moments up to
        `observed_until`; this is the last of them.
    """

    periods: tuple[Period, ...]
    observed_until: datetime
    at: datetime | None = None

    @classmethod
    def observed(cls, engine: Engine, model: Model, observed_until: datetime) -> Moments:
        """The moments of the model's back-test."""
        first = engine.first_created_at
        periods = periods_between(first, observed_until, model.observation) if first else ()
        return cls(periods, observed_until)

    @classmethod
    def single(cls, at: datetime, observed_until: datetime) -> Moments:
        """One instant for all leads."""
        return cls((Period("", at, datetime.max),), observed_until, at)

    @classmethod
    def each(cls, instants: Sequence[datetime], observed_until: datetime) -> Moments:
        """Several rising instants for all leads; a lead-moment's period is the place of its instant."""
        ends = [*instants[1:], datetime.max]
        periods = tuple(Period("", *both) for both in zip(instants, ends, strict=True))
        return cls(periods, observed_until, instants[-1])


def rows_key(model: Model, moments: Moments) -> dict[str, Any]:
    """What the lead-moments depend on."""
    conversion = model.conversion
    return {
        "until": moments.observed_until,
        "at": moments.at,
        "observation": model.observation.model_dump(),
        "closing": conversion.closing_stages,
        "reopening": conversion.reopening_stages,
        "until_conversion": None if conversion.repeatable else conversion.stages,
        "exclude": [condition.model_dump() for condition in model.exclude],
    }


def moments_key(model: Model, moments: Moments) -> dict[str, Any]:
    """What counts depend on beside the rules: what lies before a silence does not count."""
    return rows_key(model, moments) | {"reset_days": model.inactivity_reset_days}


def reset_interval(model: Model) -> timedelta:
    """The silence after which activities no longer count; without one, longer than any."""
    return ALWAYS if model.inactivity_reset_days is None else model.inactivity_reset_days * DAY


def find_streak_ends(engine: Engine, model: Model) -> pa.Table:
    """Where each lead fell silent for the model's reset; columns of ``streak_ends.sql``."""
    return engine.fetch(load_statement("streak_ends"), {"reset": reset_interval(model)})


def find_closures(engine: Engine, model: Model, observed_until: datetime) -> pa.Table:
    """From when until when leads are not scored; columns of ``closures.sql``."""
    parameters = {"repeatable": model.conversion.repeatable, "observed_until": observed_until}
    return engine.fetch(load_statement("closures"), parameters, {"stages": stages_table(model)})


def find_lead_moments(engine: Engine, model: Model, moments: Moments) -> pa.Table:
    """Every lead-moment that is scored: row_number, from 0, and the columns of ``lead_moments.sql``."""
    bag = ParameterBag()
    statement = load_statement("lead_moments", bindings={"EXCLUDED": excluded_test(engine, model, bag)})
    observation = model.observation
    parameters = bag.values | {
        "at_period_start": observation.moment == "period_start" or moments.at is not None,
        "delay": observation.days_after_creation * DAY,
        "max_age": ALWAYS if observation.max_age_days is None else observation.max_age_days * DAY,
        "latest_moment": moments.at or moments.observed_until,
    }
    tables = {
        "periods": periods_table(moments.periods),
        "closures": find_closures(engine, model, moments.observed_until),
    }
    found = engine.fetch(statement, parameters, tables)
    return found.add_column(0, "row_number", pa.array(np.arange(len(found), dtype=np.int32)))


def excluded_test(engine: Engine, model: Model, bag: ParameterBag) -> exp.Expr:
    """The tree that is true for a lead that the model leaves out; false or null for the others."""
    columns = engine.columns("leads")
    tests = [condition_test(condition, "leads", columns, bag, "exclude") for condition in model.exclude]
    return exp.paren(exp.or_(*tests)) if tests else exp.false()


def periods_table(periods: Sequence[Period]) -> pa.Table:
    """Columns period (its index), starts_at and ends_at."""
    return pa.table(
        {
            "period": pa.array(range(len(periods)), pa.int16()),
            "starts_at": pa.array([period.starts_at for period in periods], pa.timestamp("us")),
            "ends_at": pa.array([period.ends_at for period in periods], pa.timestamp("us")),
        }
    )


def stages_table(model: Model) -> pa.Table:
    """Columns stage (lower case), is_conversion, is_closing and is_reopening."""
    conversion = model.conversion
    roles = {
        "is_conversion": {stage.lower() for stage in conversion.stages},
        "is_closing": {stage.lower() for stage in conversion.closing_stages},
        "is_reopening": {stage.lower() for stage in conversion.reopening_stages},
    }
    stages = sorted(set.union(*roles.values()))
    columns = {role: pa.array([stage in named for stage in stages]) for role, named in roles.items()}
    return pa.table({"stage": pa.array(stages, pa.string())} | columns)

"""When each lead entered each tier: its score right after each of its own activities.

The same counting as for the back-test over other moments: every own activity's instant and the creation, each
one microsecond later, so that what happened at the instant counts. Leads are worked through in parts, which
bounds the memory; the counts of each part are kept, so that points and thresholds do not count again. A lead
with n activities costs some n * n / 2 looks at an activity.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from queries.conditions import ParameterBag
from queries.counting import LeadMoments, count_rules, counting_key
from queries.engine import Engine
from queries.errors import QueryError
from queries.flow import Flow, Progress, silent
from queries.moments import (
    ALWAYS,
    DAY,
    Moments,
    excluded_test,
    find_closures,
    moments_key,
    periods_table,
)
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.entry import NOT_CONVERTED, EntryCells, first_entries
from scoring.errors import ScoringError
from scoring.lead_scores import score_rows
from scoring.model import Model
from scoring.periods import Period, periods_between
from scoring.tiers import tiers_key

TICK = timedelta(microseconds=1)
"""The smallest step of time: a score this much after an instant sees what happened at it."""

PART_MOMENTS = 1_000_000
"""Lead-moments that are counted at once; some 200 MB with twenty rules."""

WEEK = timedelta(weeks=1)


def entry_cells(flow: Flow, model: Model, progress: Progress = silent) -> EntryCells:
    """Entries of every tier, counted by period of entry and by what became of them.

    Parameters
    ----------
    flow : Flow
    model : Model
        Its ``observation.moment`` plays no part; periods, ``max_age_days`` and everything else do.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    until = observed_until(flow)
    periods = _periods(flow.engine, model, until)

    def compute() -> pa.Table:
        entries = _entries(flow, model, progress)
        parameters = {"horizon": model.conversion.horizon_days * DAY, "observed_until": until}
        tables = {"entries": entries, "periods": periods_table(periods)}
        return flow.engine.fetch(load_statement("entry_cells"), parameters, tables)

    depends_on = [entries_key(flow, model), model.conversion.horizon_days, model.observation.model_dump()]
    rows = flow.store.get(structure_key("entry_cells", depends_on), compute)
    period = rows.column("period").to_numpy().astype(np.int64)
    present = np.unique(period)
    first = flow.engine.first_created_at or until
    return EntryCells(
        periods=tuple(periods[place].label for place in present),
        weeks=tuple(
            _weeks(max(periods[p].starts_at, first), min(periods[p].ends_at, until)) for p in present
        ),
        all_weeks=_weeks(first, until),
        tier=rows.column("tier").to_numpy().astype(np.int64),
        period=np.searchsorted(present, period).astype(np.int64),
        mature=np.asarray(rows.column("mature").to_numpy(), dtype=np.bool_),
        days=rows.column("days").fill_null(NOT_CONVERTED).to_numpy().astype(np.int64),
        leads=rows.column("leads").to_numpy().astype(np.int64),
        horizon_days=model.conversion.horizon_days,
        observed_until=until,
    )


def entry_leads(flow: Flow, model: Model, tier: str, period: str | None = None) -> pa.Table:
    """The leads that entered a tier, and what became of them, by time of entry.

    Parameters
    ----------
    flow : Flow
    model : Model
    tier : str
        Its name.
    period : str, optional
        The label of the period of entry; all of them when not given.

    Returns
    -------
    Arrow table
        lead_id, entered_at, converted_at (null without a conversion within the horizon), mature.

    Raises
    ------
    ScoringError
        For a tier or period that there is not.
    """
    names = [each.name for each in model.tiers]
    if tier not in names:
        raise ScoringError(f"tier must be one of {', '.join(names)}, got {tier!r}")
    until, entries = observed_until(flow), _entries(flow, model, silent)
    starts_at, ends_at = _bounds(_periods(flow.engine, model, until), period)
    parameters = {
        "tier": names.index(tier),
        "horizon": model.conversion.horizon_days * DAY,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "observed_until": until,
    }
    return flow.engine.fetch(load_statement("entry_leads"), parameters, {"entries": entries})


def find_entries(flow: Flow, model: Model, progress: Progress = silent) -> tuple[datetime, pa.Table]:
    """The end of the data, and every lead with every tier that it ever entered.

    Returns
    -------
    until : datetime
    entries : Arrow table
        lead_number, tier (its place in the model), entered_at, converted_at (null without a conversion at or
        after it); a lead that enters a higher tier has entered every lower one.
    """
    return observed_until(flow), _entries(flow, model, progress)


def entries_key(flow: Flow, model: Model) -> list[Any]:
    """What `find_entries` finds depends on, for whoever keeps something made from it.

    Raises
    ------
    QueryError
        Nothing was observed yet.
    """
    shape = model.model_dump(include={"base_points", "min_score", "max_score", "categories"})
    rules = [
        [counting_key(rule), rule.points, rule.max_points, rule.category] for rule in model.enabled_rules
    ]
    return [_key(flow, model), shape, rules, tiers_key(model), model.conversion.stages]


def observed_until(flow: Flow) -> datetime:
    """The end of the data; QueryError when nothing was observed yet."""
    if flow.observed_until is None:
        raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
    return flow.observed_until


def _periods(engine: Engine, model: Model, until: datetime) -> tuple[Period, ...]:
    first = engine.first_created_at
    return periods_between(first, until, model.observation) if first else ()


def _bounds(periods: tuple[Period, ...], label: str | None) -> tuple[datetime, datetime]:
    if label is None:
        return datetime.min, datetime.max
    for period in periods:
        if period.label == label:
            return period.starts_at, period.ends_at
    known = ", ".join(period.label for period in periods) or "none"
    raise ScoringError(f"period must be one of {known}, got {label!r}")


def _weeks(start: datetime, end: datetime) -> float:
    return max(end - start, timedelta(0)) / WEEK


def _entries(flow: Flow, model: Model, progress: Progress) -> pa.Table:
    """Every lead and tier it entered: lead_number, tier, entered_at, converted_at."""
    key = structure_key("entries", entries_key(flow, model))
    return flow.store.get(key, lambda: _find_entries(flow, model, progress))


def _key(flow: Flow, model: Model) -> dict[str, Any]:
    """What the instants at which leads are scored depend on."""
    max_age_days = model.observation.max_age_days
    key = moments_key(model, Moments((), observed_until(flow)))
    return key | {"observation": {"max_age_days": max_age_days}, "view": "entry"}


def _find_entries(flow: Flow, model: Model, progress: Progress) -> pa.Table:
    engine, parts = flow.engine, []
    streak_ends = flow.streak_ends(model)
    for share, first_lead, last_lead in _parts(engine):
        progress(0.95 * share, "Scoring leads after each activity")
        parts.append(_first_rows(model, _counted(flow, model, streak_ends, first_lead, last_lead)))
    progress(0.95, "Dating conversions")
    conversions = flow.conversions(flow.observed(model, None))
    tables = {"entries": pa.concat_tables(parts), "lead_conversions": conversions}
    return engine.fetch(load_statement("entry_conversions"), None, tables)


def _first_rows(model: Model, counted: pa.Table) -> pa.Table:
    """lead_number, tier and entered_at: for each tier the first instant in it or in a higher one."""
    counts = [counted.column(f"count_{i}").to_numpy() for i in range(len(model.enabled_rules))]
    tiers = score_rows(model, counts, len(counted)).tiers(model)
    leads = counted.column("lead_number").to_numpy()
    rows, entered = first_entries(leads, tiers, len(model.tiers))
    chosen = counted.select(["lead_number", "instant"]).take(pa.array(rows))
    columns = {"lead_number": chosen.column("lead_number"), "tier": pa.array(entered, pa.int32())}
    return pa.table(columns | {"entered_at": chosen.column("instant")})


def _parts(engine: Engine) -> Iterator[tuple[float, int, int]]:
    """Share done, first and last lead number of each part; one part at least."""
    sizes = engine.fetch(load_statement("lead_and_activity_counts")).to_pylist()[0]
    leads, moments = sizes["leads"], sizes["leads"] + sizes["activities"]
    step = max(1, PART_MOMENTS * leads // max(moments, 1))
    for first_lead in range(0, max(leads, 1), step):
        yield first_lead / max(leads, 1), first_lead, first_lead + step - 1


def _counted(flow: Flow, model: Model, streak_ends: pa.Table, first_lead: int, last_lead: int) -> pa.Table:
    """lead_number, instant and the counts of every enabled rule, for some leads."""
    rules = model.enabled_rules

    def compute() -> pa.Table:
        table = _find_moments(flow, model, first_lead, last_lead)
        counts = count_rules(flow.engine, LeadMoments(table, streak_ends, model.inactivity_reset_days), rules)
        columns = {name: table.column(name) for name in ("lead_number", "instant")}
        return pa.table(columns | {f"count_{i}": column for i, column in enumerate(counts)})

    depends_on = [_key(flow, model), [counting_key(rule) for rule in rules], first_lead, last_lead]
    return flow.store.get(structure_key("entry_counts", depends_on), compute)


def _find_moments(flow: Flow, model: Model, first_lead: int, last_lead: int) -> pa.Table:
    bag = ParameterBag()
    statement = load_statement("entry_moments", bindings={"EXCLUDED": excluded_test(flow.engine, model, bag)})
    max_age_days = model.observation.max_age_days
    parameters = bag.values | {
        "first_lead": first_lead,
        "last_lead": last_lead,
        "tick": TICK,
        "max_age": ALWAYS if max_age_days is None else max_age_days * DAY,
        "observed_until": observed_until(flow),
    }
    closures = flow.store.derive(
        structure_key("closures", _key(flow, model)),
        lambda: find_closures(flow.engine, model, observed_until(flow)),
    )
    return flow.engine.fetch(statement, parameters, {"closures": closures})

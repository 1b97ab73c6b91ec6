"""A typical lead under a rule: with the median number of matching activities, and its points over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa

from queries.conditions import ParameterBag, rule_test
from queries.counting import LeadMoments, count_rules
from queries.flow import Flow
from queries.moments import find_streak_ends
from queries.one_lead import TICK, instant
from queries.part_engine import PartEngine
from queries.statements import Item, load_statement
from scoring.model import Model, Rule
from scoring.response import rule_points

DAY = timedelta(days=1)
MOST_MOMENTS = 500


@dataclass(frozen=True)
class TypicalLead:
    """A lead and what a rule gave it over time.

    Attributes
    ----------
    lead_id : str
    matches : int
        How many of its activities match: the median of all leads that have any.
    leads : int
        How many leads have any.
    activities, others : tuple of datetime
        What it did that matches, and the rest.
    moments : tuple of datetime
    points : tuple of int
        Of the rule at each moment, its cap applied.
    resets : tuple of datetime
        When a silence made everything before it count no longer.
    """

    lead_id: str
    matches: int
    leads: int
    activities: tuple[datetime, ...]
    others: tuple[datetime, ...]
    moments: tuple[datetime, ...]
    points: tuple[int, ...]
    resets: tuple[datetime, ...]


def typical_lead(flow: Flow, model: Model, rule: Rule) -> TypicalLead | None:
    """The lead, of several the one with the smallest number; None when no activity matches.

    Parameters
    ----------
    flow : Flow
    model : Model
        Its reset holds for the rule.
    rule : Rule
        On the lead's own activities.

    Raises
    ------
    QueryError
        The rule names a column that the data do not have; nothing was observed yet.
    """
    until = instant(flow, None)
    found = _typical(flow, rule, until)
    if found is None:
        return None
    number, matches, leads = found
    part = PartEngine(flow.engine, [number])
    table = _activities(part, rule, until)
    times = table.column("occurred_at").to_pylist()
    is_match = table.column("match_0").to_pylist()
    own = sorted(zip(times, is_match, strict=True))
    activities = tuple(time for time, matching in own if matching)
    moments = _moments(activities, until)
    rows = pa.table(
        {
            "lead_number": pa.array([number] * len(moments), pa.int32()),
            "moment": pa.array(moments, pa.timestamp("us")),
        }
    )
    scored = LeadMoments(rows, find_streak_ends(part, model), model.inactivity_reset_days)
    (counts,) = count_rules(part, scored, [rule])
    bag = ParameterBag()
    statement = load_statement("lead_attributes", {"columns": []})
    wanted = pa.table({"place": pa.array([0], pa.int32()), "lead_number": pa.array([number], pa.int32())})
    lead_id = part.fetch(statement, bag.values, {"wanted": wanted}).column("lead_id")[0].as_py()
    return TypicalLead(
        lead_id=lead_id,
        matches=matches,
        leads=leads,
        activities=activities,
        others=tuple(time for time, matching in own if not matching),
        moments=tuple(moments),
        points=tuple(rule_points(counts.to_numpy(), rule.points, rule.max_points).tolist()),
        resets=tuple(_resets([time for time, _ in own], model.inactivity_reset_days, until)),
    )


def _typical(flow: Flow, rule: Rule, until: datetime) -> tuple[int, int, int] | None:
    """The lead's number, how many activities match, and how many leads have any."""
    bag = ParameterBag()
    test = rule_test(rule, flow.engine.columns("activities"), bag)
    table = flow.engine.fetch(
        load_statement("rule_match_counts", bindings={"TEST": test}), bag.values | {"observed_until": until}
    )
    if not table.num_rows:
        return None
    numbers, matches = table.column("lead_number").to_numpy(), table.column("matches").to_numpy()
    # The lower one of two in the middle: there is a lead with it.
    median = int(np.sort(matches)[(len(matches) - 1) // 2])
    return int(numbers[matches == median].min()), median, len(matches)


def _activities(part: PartEngine, rule: Rule, until: datetime) -> pa.Table:
    bag = ParameterBag()
    test = rule_test(rule, part.columns("activities"), bag)
    statement = load_statement(
        "matched_activities", {"rules": [Item("match_0", {"TEST": test})], "columns": []}
    )
    return part.fetch(statement, bag.values | {"moment": until + TICK})


def _moments(activities: tuple[datetime, ...], until: datetime) -> list[datetime]:
    """Each day from the first activity on, and right after each; fewer where it would be too many."""
    start = activities[0]
    step = DAY * max(1, -(-(until - start).days // MOST_MOMENTS))
    daily = [start + step * place for place in range((until - start) // step + 1)]
    after = [time + TICK for time in activities[:MOST_MOMENTS]]
    return sorted({*daily, *after, until + TICK})


def _resets(times: list[datetime], reset_days: int | None, until: datetime) -> list[datetime]:
    if reset_days is None:
        return []
    silence = reset_days * DAY
    return [time + silence for time, later in pairwise([*times, until]) if later - time >= silence]

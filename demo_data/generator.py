"""Demo data of an invented software company, from a seed: same size and seed, same tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from demo_data import company, effects, timeline
from demo_data.companions import draw_companions
from demo_data.journey import Activities, draw_activities, join_activities
from demo_data.kinds import Kind
from demo_data.people import Leads, draw_accounts, draw_leads
from demo_data.sales import simulate_closings
from demo_data.stages import Outcomes, Stage, tell_outcomes
from demo_data.tables import account_table, activity_table, lead_table, numbered, outcome_table
from demo_data.timeline import Integers

COMPANY = company.COMPANY
SMALLEST = 1_000
LARGEST = 1_000_000
# Leads are made in blocks with accounts of their own, which bounds the memory of the steps x leads arrays.
BLOCK_LEADS = 20_000


def generate(leads: int, seed: int, busy: float = 1.0) -> dict[str, pa.Table]:
    """Make the demo data.

    Parameters
    ----------
    leads : int
        How many leads, 1,000 to 1,000,000.
    seed : int
        Seed, >= 0. Equal arguments give equal tables.
    busy : float, default 1.0
        How many times the usual number of activities, >= 1. Those that are added say nothing about who buys:
        the outcomes are drawn without them.

    Returns
    -------
    dict of str to pyarrow.Table
        ``leads``, ``accounts``, ``activities`` and ``outcomes``: times as naive UTC timestamps in
        microseconds, all else as text, missing values as null. About a quarter as many accounts as leads,
        and `busy` times 17 to 22 activities a lead.

    Raises
    ------
    ValueError
        When an argument is outside its range.
    """
    if not SMALLEST <= leads <= LARGEST:
        raise ValueError(f"The number of leads must be from {SMALLEST} to {LARGEST}, got {leads}")
    if seed < 0:
        raise ValueError(f"The seed must be 0 or more, got {seed}")
    if busy < 1:
        raise ValueError(f"The activities must be 1 time the usual number or more, got {busy}")
    parts: dict[str, list[pa.Table]] = {"leads": [], "accounts": [], "activities": [], "outcomes": []}
    made = {"leads": 0, "accounts": 0, "deals": 0}
    while made["leads"] < leads:
        streams = [seed, leads, made["leads"]]
        rng = np.random.default_rng(streams)
        count = min(BLOCK_LEADS, leads - made["leads"])
        tables, deals = _generate_block(rng, streams, count, made, busy)
        for name, table in tables.items():
            parts[name].append(table)
        made["leads"] += count
        made["accounts"] += len(tables["accounts"])
        made["deals"] += deals
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


def _generate_block(
    rng: np.random.Generator, streams: list[int], count: int, made: dict[str, int], busy: float
) -> tuple[dict[str, pa.Table], int]:
    """Tables of one block and its number of deals; `made` tells where the ids of this block begin.

    What was added later has streams of its own, `streams` and a number, so that nothing earlier changed.
    """
    accounts = draw_accounts(rng, count)
    leads = draw_leads(rng, count, accounts)
    wishes = draw_activities(rng, leads, accounts)
    outcomes = tell_outcomes(rng, leads, accounts, simulate_closings(rng, leads, wishes))
    if busy > 1:
        wishes = join_activities(wishes, draw_activities(rng, leads, accounts, busy - 1))
    activities = _end_at_win(rng, leads, wishes, outcomes)

    lead_ids = numbered("L", made["leads"], count)
    account_rows = account_table(accounts, made["accounts"])
    tables = {
        "leads": lead_table(rng, leads, account_rows, lead_ids),
        "accounts": account_rows,
        "activities": activity_table(rng, activities, lead_ids),
        "outcomes": outcome_table(rng, outcomes, leads, lead_ids, made["deals"]),
    }
    for number, companions in ((1, effects.SOCIAL), (2, effects.SHOP), (3, effects.COMMUNITY)):
        own = np.random.default_rng([*streams, number])
        beside = draw_companions(own, activities, leads.created, _won_at(leads, outcomes), companions)
        added = activity_table(own, beside, lead_ids)
        tables["activities"] = pa.concat_tables([tables["activities"], added]).sort_by(
            [("lead_id", "ascending"), ("occurred_at", "ascending")]
        )
    return tables, outcomes.deal_count


def _end_at_win(
    rng: np.random.Generator, leads: Leads, activities: Activities, outcomes: Outcomes
) -> Activities:
    """What really happened: marketing ends with the win, onboarding and support begin (the leak)."""
    won_at = _won_at(leads, outcomes)
    before = activities.where(activities.time < won_at[activities.lead])

    customers = outcomes.lead[outcomes.stage == Stage.WON]
    after = []
    for kind, calls, days in ((Kind.ONBOARDING, 2.5, 60), (Kind.SUPPORT, 2.0, 365)):
        at_least = 1 if kind is Kind.ONBOARDING else 0
        lead = np.repeat(customers, np.maximum(rng.poisson(calls, len(customers)), at_least))
        wait = rng.uniform(1, days, len(lead)) * timeline.DAY
        time = won_at[lead] + timeline.whole_seconds(wait.astype(np.int64))
        after.append(Activities(lead, time, np.full(len(lead), int(kind))))
    later = join_activities(*after)
    return join_activities(before, later.where(later.time < timeline.END_TIME))


def _won_at(leads: Leads, outcomes: Outcomes) -> Integers:
    """When each lead was won; the end of time for those that never were."""
    won_at = np.full(len(leads), np.iinfo(np.int64).max)
    is_win = outcomes.stage == Stage.WON
    won_at[outcomes.lead[is_win]] = outcomes.time[is_win]
    return won_at

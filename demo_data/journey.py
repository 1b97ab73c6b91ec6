"""What leads do, before anybody knows whether they buy: visits, emails, webinars, forms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo_data import timeline
from demo_data.kinds import MIX_KINDS, MIXES, Kind
from demo_data.people import Accounts, Booleans, Leads
from demo_data.timeline import STEP_COUNT, STEP_DAYS, Floats, Integers

# Activities a step and lead of average interest: while a project runs, right after creation, and ever after.
PROJECT_RATE = 0.22
FRESH_RATE = 0.24
FRESH_FADE_STEPS = 12.0
IDLE_RATE = 0.011
# Opens a step: habit, not interest; a mail gateway opens everything that arrives.
HABIT_OPEN_RATE = 0.028
ROBOT_OPEN_RATE = 0.30
LIST_STEPS = 45
LIST_RATE = 0.35
LIST_OPEN_RATE = 0.8


@dataclass(frozen=True)
class Activities:
    """Activities of a block, in no order: lead (index in the block), time (microseconds) and `Kind`."""

    lead: Integers
    time: Integers
    kind: Integers

    def __len__(self) -> int:
        return len(self.lead)

    def where(self, kept: Booleans) -> Activities:
        """Only those that `kept` marks."""
        return Activities(self.lead[kept], self.time[kept], self.kind[kept])


def join_activities(*parts: Activities) -> Activities:
    """All parts, one after the other."""
    return Activities(
        np.concatenate([part.lead for part in parts]),
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.kind for part in parts]),
    )


def _mark_windows(running: Booleans, first: Integers, length_days: Integers, has: Booleans) -> None:
    steps = np.arange(STEP_COUNT)
    last = first + length_days // STEP_DAYS
    running |= has[:, None] & (steps >= first[:, None]) & (steps < last[:, None])


def project_steps(rng: np.random.Generator, leads: Leads, accounts: Accounts) -> Booleans:
    """Steps in which a lead is busy choosing software, shape (leads, STEP_COUNT).

    Projects belong to accounts, so that colleagues are busy together; some leads have one of their own.
    """
    count = len(leads)
    running = np.zeros((count, STEP_COUNT), dtype=bool)
    for chance in (0.45, 0.25):
        first = rng.integers(0, STEP_COUNT, len(accounts))
        length = rng.integers(80, 170, len(accounts))
        has = rng.random(len(accounts)) < chance
        in_account = leads.account >= 0
        _mark_windows(running, first[leads.account], length[leads.account], has[leads.account] & in_account)
    came_for_it = rng.random(count) < 0.22
    _mark_windows(running, timeline.step_of(leads.created), rng.integers(60, 150, count), came_for_it)
    later = rng.random(count) < 0.22
    _mark_windows(running, rng.integers(0, STEP_COUNT, count), rng.integers(60, 150, count), later)
    return running & ~leads.purchased[:, None]


def _touch_rates(leads: Leads, running: Booleans) -> NDArray[np.float32]:
    age = np.arange(STEP_COUNT) - timeline.step_of(leads.created)[:, None]
    fresh = FRESH_RATE * np.exp(-np.maximum(age, 0) / FRESH_FADE_STEPS)
    rates = IDLE_RATE + fresh + PROJECT_RATE * running
    rates[leads.purchased] = np.where(age[leads.purchased] < LIST_STEPS, LIST_RATE, 0.0)
    rates *= leads.interest[:, None] * timeline.season(timeline.ACTIVITY_SEASON)
    rates[age < 0] = 0.0
    return np.asarray(rates, dtype=np.float32)


def _open_rates(rng: np.random.Generator, leads: Leads) -> NDArray[np.float32]:
    habit = HABIT_OPEN_RATE * rng.lognormal(0.0, 0.6, len(leads)) * (leads.interest > 0)
    rates = np.where(leads.robot, ROBOT_OPEN_RATE, habit)
    age = np.arange(STEP_COUNT) - timeline.step_of(leads.created)[:, None]
    by_step = np.where(age >= 0, rates[:, None], 0.0)
    listed = leads.purchased
    by_step[listed] = np.where((age[listed] >= 0) & (age[listed] < LIST_STEPS), LIST_OPEN_RATE, 0.0)
    return np.asarray(by_step, dtype=np.float32)


def _scatter(rng: np.random.Generator, rates: NDArray[np.float32]) -> tuple[Integers, Integers]:
    """(lead, step) of each of a Poisson number of activities with these rates."""
    counts = rng.poisson(rates)
    cells = np.flatnonzero(counts)
    cells = np.repeat(cells, counts.ravel()[cells])
    return cells // STEP_COUNT, cells % STEP_COUNT


def _touch_kinds(rng: np.random.Generator, leads: Leads, lead: Integers, in_project: Booleans) -> Integers:
    mix = np.where(in_project, 1, 0)
    mix[leads.job_seeker[lead]] = 2
    mix[leads.purchased[lead]] = 3
    cumulative: Floats = np.cumsum(np.array(MIXES), axis=1)
    cumulative /= cumulative[:, -1:]
    drawn = (rng.random(len(lead))[:, None] > cumulative[mix, :-1]).sum(axis=1)
    kinds: Integers = np.array(MIX_KINDS, dtype=np.int64)[drawn]
    return kinds


def _times(rng: np.random.Generator, leads: Leads, lead: Integers, steps: Integers) -> Integers:
    times = timeline.office_times(rng, steps)
    # Nobody acts before being known: within the first hours instead.
    soon = leads.created[lead] + timeline.whole_seconds(
        (rng.random(len(lead)) * 3 * timeline.HOUR).astype(np.int64)
    )
    known: Integers = np.where(times < leads.created[lead], soon, times)
    return known


def _registrations(rng: np.random.Generator, leads: Leads, activities: Activities) -> Activities:
    attended = activities.where(activities.kind == Kind.WEBINAR)
    before = timeline.whole_seconds((rng.uniform(0.5, 10, len(attended)) * timeline.DAY).astype(np.int64))
    times = np.maximum(attended.time - before, leads.created[attended.lead])
    return Activities(attended.lead, times, np.full(len(attended), int(Kind.REGISTRATION)))


def draw_activities(
    rng: np.random.Generator, leads: Leads, accounts: Accounts, times: float = 1.0
) -> Activities:
    """Everything the leads would do until the data end if nobody bought anything; `times` as much of it."""
    running = project_steps(rng, leads, accounts)
    lead, step = _scatter(rng, _touch_rates(leads, running) * np.float32(times))
    kinds = _touch_kinds(rng, leads, lead, running[lead, step])
    touches = Activities(lead, _times(rng, leads, lead, step), kinds)
    lead, step = _scatter(rng, _open_rates(rng, leads) * np.float32(times))
    opens = Activities(lead, _times(rng, leads, lead, step), np.full(len(lead), int(Kind.OPEN)))
    return join_activities(touches, opens, _registrations(rng, leads, touches))

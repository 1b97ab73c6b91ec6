"""Who buys and when: in every step, a chance that follows from what the lead has done until then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo_data import effects, timeline
from demo_data.journey import Activities
from demo_data.kinds import Kind
from demo_data.people import Leads
from demo_data.timeline import STEP_COUNT, STEP_DAYS, Floats, Integers

NEVER = -1

# What marketing hands over on: the points of the guideline in use, fading, and the mark they must reach.
HANDOVER_POINTS = {
    Kind.OPEN: 0.5,
    Kind.CLICK: 5.0,
    Kind.WHITE_PAPER: 10.0,
    Kind.WEBINAR: 15.0,
    Kind.EVENT: 15.0,
}
HANDOVER_POINTS_AT_ONCE = {Kind.CONTACT_FORM: 100.0, Kind.TRIAL: 20.0, Kind.PRICING_VIEW: 8.0}
HANDOVER_MARK = 35.0
HANDOVER_HALF_LIFE_DAYS = 120.0

# Chances a step: sales gives up on a lead it works on, throws one out, or takes a lost one up again.
LOSS_CHANCE = 0.006
CONTACT_LOSS_CHANCE = 0.03
THROW_OUT_CHANCE = 0.0015
THROW_OUT_LIST_CHANCE = 0.015
REOPEN_CHANCE = 0.003
JOINING_PULL = 0.5


@dataclass(frozen=True)
class Closings:
    """Step in which each lead was handed over, won, lost, disqualified and reopened; -1 is never."""

    handed_over: Integers
    won: Integers
    lost: Integers
    disqualified: Integers
    reopened: Integers


def _keep(half_life_days: float) -> float:
    return float(0.5 ** (STEP_DAYS / half_life_days))


def _counts_by_step(activities: Activities, leads: int, points: dict[Kind, float]) -> NDArray[np.float32]:
    """Points of the activities by step and lead, shape (STEP_COUNT, leads): a step's row is contiguous."""
    worth = np.zeros(len(Kind))
    for kind, value in points.items():
        worth[kind] = value
    chosen = activities.where(worth[activities.kind] > 0)
    cells = timeline.step_of(chosen.time) * leads + chosen.lead
    sums = np.bincount(cells, weights=worth[chosen.kind], minlength=STEP_COUNT * leads)
    return sums.astype(np.float32).reshape(STEP_COUNT, leads)


def _saturated(amount: Floats) -> Floats:
    return 1.0 - np.exp(-amount)


class _Memory:
    """What is left, after fading, of the activities of some kinds; one number for each lead."""

    def __init__(
        self, activities: Activities, leads: int, points: dict[Kind, float], half_life_days: float
    ) -> None:
        self._arriving = _counts_by_step(activities, leads, points)
        self._keep = _keep(half_life_days)
        self.left: Floats = np.zeros(leads)

    def take_in(self, step: int) -> None:
        """Let the step's activities in; call it after the step's chances were drawn."""
        self.left = self.left * self._keep + self._arriving[step]


def simulate_closings(rng: np.random.Generator, leads: Leads, activities: Activities) -> Closings:
    """Draw how each lead ends.

    Parameters
    ----------
    rng : numpy.random.Generator
    leads : Leads
    activities : Activities
        All of the leads' activities; a step's chances depend only on those of earlier steps.

    Returns
    -------
    Closings
        A lead is won at most once, lost at most once, and then perhaps reopened. Colleagues who are also
        choosing may join the deal, in the same step.
    """
    count = len(leads)
    pulls = [
        (part.weight, _Memory(activities, count, dict.fromkeys(part.kinds, 1.0), part.half_life_days))
        for part in effects.PULL
    ]
    careers = _Memory(activities, count, {Kind.CAREERS_VIEW: 1.0}, effects.CAREERS_HALF_LIFE_DAYS)
    contact = _Memory(activities, count, {Kind.CONTACT_FORM: 1.0}, 60.0)
    handover = _Memory(activities, count, HANDOVER_POINTS | HANDOVER_POINTS_AT_ONCE, HANDOVER_HALF_LIFE_DAYS)
    memories = [memory for _, memory in pulls] + [careers, contact, handover]

    season = timeline.season(timeline.BUYING_SEASON)
    created = timeline.step_of(leads.created)
    in_account = leads.account >= 0
    accounts = int(leads.account.max(initial=0)) + 1
    closed = np.zeros(count, dtype=bool)
    steps = {name: np.full(count, NEVER, dtype=np.int64) for name in Closings.__dataclass_fields__}

    for step in range(STEP_COUNT):
        open_now = ~closed & (created < step)
        pull: Floats = np.sum([weight * _saturated(memory.left) for weight, memory in pulls], axis=0)
        chance = effects.BASE_CHANCE * season[step] * (effects.IDLE_PULL + leads.fit * pull)
        wants_to_buy = effects.CAREERS_FACTOR ** np.minimum(careers.left, 1.5)
        wants_to_buy[leads.purchased] = 0.0
        chance *= wants_to_buy
        won = open_now & (rng.random(count) < chance)

        buying_account = np.zeros(accounts, dtype=bool)
        buying_account[leads.account[won & in_account]] = True
        may_join = (
            open_now & in_account & buying_account[leads.account] & (pull > JOINING_PULL)
        )
        won |= may_join & (rng.random(count) < effects.SHARED_DEAL_CHANCE * wants_to_buy)

        worked_on = open_now & ~won & (steps["handed_over"] != NEVER)
        loss = LOSS_CHANCE + CONTACT_LOSS_CHANCE * _saturated(contact.left)
        lost = worked_on & (steps["lost"] == NEVER) & (rng.random(count) < loss) & ~leads.purchased
        throw_out = np.where(leads.purchased, THROW_OUT_LIST_CHANCE, THROW_OUT_CHANCE)
        thrown_out = worked_on & ~lost & (rng.random(count) < throw_out)
        idle_lost = closed & (steps["lost"] != NEVER) & (steps["won"] == NEVER) & (steps["reopened"] == NEVER)
        idle_lost &= steps["disqualified"] == NEVER
        reopened = idle_lost & (rng.random(count) < REOPEN_CHANCE * (1.0 + 3.0 * _saturated(pull)))

        for name, now in (("won", won), ("lost", lost), ("disqualified", thrown_out), ("reopened", reopened)):
            steps[name][now] = step
        closed = (closed | won | lost | thrown_out) & ~reopened

        for memory in memories:
            memory.take_in(step)
        reached = (steps["handed_over"] == NEVER) & (handover.left >= HANDOVER_MARK) & ~closed
        # It is noticed the day after, so that the hand-over never precedes what caused it.
        steps["handed_over"][reached] = min(step + 1, STEP_COUNT - 1)
    return Closings(**steps)

"""Who buys and when: in every step, a chance that follows from what the lead has done until then."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demo_data import effects, timeline
from demo_data.journey import Activities
from demo_data.kinds import Kind
from demo_data.people import Booleans, Leads
from demo_data.timeline import STEP_COUNT, STEP_DAYS, Floats, Integers

NEVER = -1

# What marketing hands over on: points, fading, and the mark they must reach.
HANDOVER_POINTS: Final = {
    Kind.OPEN: 0.5,
    Kind.CLICK: 5.0,
    Kind.PRICING_VIEW: 8.0,
    Kind.WHITE_PAPER: 10.0,
    Kind.WEBINAR: 15.0,
    Kind.EVENT: 15.0,
    Kind.TRIAL: 20.0,
    Kind.CONTACT_FORM: 100.0,
}
HANDOVER_MARK = 35.0
HANDOVER_HALF_LIFE_DAYS = 120.0

# Chances a step: sales gives up on a lead it works on, throws one out, or takes a lost one up again.
LOSS_CHANCE = 0.006
CONTACT_LOSS_CHANCE = 0.03
THROW_OUT_CHANCE = 0.0015
THROW_OUT_LIST_CHANCE = 0.015
REOPEN_CHANCE = 0.003
JOINING_PULL = 0.5
CONTACT_HALF_LIFE_DAYS = 60.0


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


class _Desk:
    """The sales desk: what is left of each lead's behaviour, and how leads were closed so far."""

    def __init__(self, rng: np.random.Generator, leads: Leads, activities: Activities) -> None:
        def memory(points: dict[Kind, float], half_life_days: float) -> _Memory:
            return _Memory(activities, len(leads), points, half_life_days)

        self._rng = rng
        self._leads = leads
        self._created = timeline.step_of(leads.created)
        self._season = timeline.season(timeline.BUYING_SEASON)
        self._pulls = [
            (part.weight, memory(dict.fromkeys(part.kinds, 1.0), part.half_life_days))
            for part in effects.PULL
        ]
        self._careers = memory({Kind.CAREERS_VIEW: 1.0}, effects.CAREERS_HALF_LIFE_DAYS)
        self._contact = memory({Kind.CONTACT_FORM: 1.0}, CONTACT_HALF_LIFE_DAYS)
        self._handover = memory(HANDOVER_POINTS, HANDOVER_HALF_LIFE_DAYS)
        self._closed = np.zeros(len(leads), dtype=bool)
        self.steps = {field.name: np.full(len(leads), NEVER) for field in fields(Closings)}

    def work(self, step: int) -> None:
        """Close and reopen leads by what they did in earlier steps, then take in what they do in this one."""
        pull: Floats = np.sum([weight * _saturated(memory.left) for weight, memory in self._pulls], axis=0)
        won = self._win(step, pull)
        lost, thrown_out = self._give_up(won)
        reopened = self._reopen(pull)
        for name, now in (("won", won), ("lost", lost), ("disqualified", thrown_out), ("reopened", reopened)):
            self.steps[name][now] = step
        self._closed = (self._closed | won | lost | thrown_out) & ~reopened

        for memory in (*(memory for _, memory in self._pulls), self._careers, self._contact, self._handover):
            memory.take_in(step)
        reached = self._never("handed_over") & (self._handover.left >= HANDOVER_MARK) & ~self._closed
        # It is noticed in the next step, so that the hand-over never precedes what caused it.
        self.steps["handed_over"][reached] = min(step + 1, STEP_COUNT - 1)

    def _never(self, name: str) -> Booleans:
        never: Booleans = self.steps[name] == NEVER
        return never

    def _happens(self, chance: Floats | float) -> Booleans:
        return self._rng.random(len(self._leads)) < chance

    def _win(self, step: int, pull: Floats) -> Booleans:
        leads = self._leads
        may_buy = ~self._closed & (self._created < step)
        willing = effects.CAREERS_FACTOR ** np.minimum(self._careers.left, 1.5)
        willing[leads.purchased] = 0.0
        chance = effects.BASE_CHANCE * self._season[step] * willing * (effects.IDLE_PULL + leads.fit * pull)
        won = may_buy & self._happens(chance)

        in_account = leads.account >= 0
        buying_account = np.zeros(int(leads.account.max(initial=0)) + 1, dtype=bool)
        buying_account[leads.account[won & in_account]] = True
        may_join = may_buy & in_account & buying_account[leads.account] & (pull > JOINING_PULL)
        return won | (may_join & self._happens(effects.SHARED_DEAL_CHANCE * willing))

    def _give_up(self, won: Booleans) -> tuple[Booleans, Booleans]:
        purchased = self._leads.purchased
        worked_on = ~self._closed & ~won & ~self._never("handed_over")
        may_lose = worked_on & self._never("lost") & ~purchased
        lost = may_lose & self._happens(LOSS_CHANCE + CONTACT_LOSS_CHANCE * _saturated(self._contact.left))
        thrown_out = self._happens(np.where(purchased, THROW_OUT_LIST_CHANCE, THROW_OUT_CHANCE))
        return lost, worked_on & ~lost & thrown_out

    def _reopen(self, pull: Floats) -> Booleans:
        only_lost = self._closed & ~self._never("lost")
        for name in ("won", "disqualified", "reopened"):
            only_lost &= self._never(name)
        return only_lost & self._happens(REOPEN_CHANCE * (1.0 + 3.0 * _saturated(pull)))


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
    desk = _Desk(rng, leads, activities)
    for step in range(STEP_COUNT):
        desk.work(step)
    return Closings(**desk.steps)

"""The story sales writes down: MQL, accepted or rejected, opportunity, won or lost, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from demo_data import company, timeline
from demo_data.people import Accounts, Booleans, Leads
from demo_data.sales import NEVER, Closings
from demo_data.timeline import DAY, END_TIME, Floats, Integers, whole_seconds


class Stage(IntEnum):
    """Stages in the order a lead passes them."""

    MQL = 0
    REJECTED = 1
    ACCEPTED = 2
    SQL = 3
    OPPORTUNITY = 4
    WON = 5
    LOST = 6
    DISQUALIFIED = 7
    REOPENED = 8


STAGE_NAMES = tuple(stage.name.lower() for stage in Stage)
DEAL_STAGES = (Stage.OPPORTUNITY, Stage.WON, Stage.LOST)


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of a block.

    `deal` counts from 0 in the block and `cents` is the deal's amount, both -1 for none. `reason` points into
    `company.REJECTION_REASONS` for rejected and disqualified, into `LOSS_REASONS` for lost.
    """

    lead: Integers
    time: Integers
    stage: Integers
    deal: Integers
    cents: Integers
    reason: Integers

    @property
    def deal_count(self) -> int:
        """How many deals the block has."""
        return int(self.deal.max(initial=-1)) + 1


class _Story:
    """Collects outcomes part by part."""

    def __init__(self) -> None:
        self._parts: list[tuple[Integers, Integers, Integers, Integers]] = []

    def add(self, stage: Stage, lead: Integers, time: Integers, deal_key: Integers | None = None) -> None:
        known = time < END_TIME
        key = np.full(len(lead), NEVER) if deal_key is None else deal_key
        self._parts.append((lead[known], time[known], np.full(int(known.sum()), int(stage)), key[known]))

    def columns(self) -> tuple[Integers, Integers, Integers, Integers]:
        lead, time, stage, key = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        return lead, time, stage, key


# A deal's key within its account tells when and how it ends, so that a lost deal never mixes with a won one.
_KEYS_PER_STEP = len(Stage)


def _deal_key(time: Integers, ends_in: Stage) -> Integers:
    return timeline.step_of(time) * _KEYS_PER_STEP + int(ends_in)


def _between(start: Integers, end: Integers, fraction: Floats) -> Integers:
    return start + whole_seconds(((end - start) * fraction).astype(np.int64))


def _tell_closed(
    rng: np.random.Generator, story: _Story, stage: Stage, *, lead: Integers, start: Integers, close: Integers
) -> None:
    """The way from the hand-over at `start` to `close`, for leads that got as far as a deal."""
    key = _deal_key(close, stage)
    parts = np.sort(rng.uniform(0.05, 0.95, (len(lead), 3)), axis=1)
    story.add(Stage.MQL, lead, start)
    # Some are sent back at first, and come again.
    sent_back = (close - start > 40 * DAY) & (rng.random(len(lead)) < 0.12)
    story.add(Stage.REJECTED, lead[sent_back], _between(start, close, parts[:, 0] / 2)[sent_back])
    for between_stage, fraction in zip((Stage.ACCEPTED, Stage.SQL), (parts[:, 0], parts[:, 1]), strict=True):
        story.add(between_stage, lead, _between(start, close, fraction))
    story.add(Stage.OPPORTUNITY, lead, _between(start, close, parts[:, 2]), key)
    story.add(stage, lead, close, key)


def _tell_open(
    rng: np.random.Generator, story: _Story, lead: Integers, start: Integers, taken: Floats
) -> None:
    """Leads handed over and not closed: accepted or rejected within days, some on the way to a deal."""
    count = len(lead)
    story.add(Stage.MQL, lead, start)
    answer = start + whole_seconds((rng.gamma(1.5, 1.5, count) * DAY).astype(np.int64) + timeline.HOUR)
    accepted = rng.random(count) < taken
    story.add(Stage.REJECTED, lead[~accepted], answer[~accepted])
    story.add(Stage.ACCEPTED, lead[accepted], answer[accepted])
    qualified = accepted & (rng.random(count) < 0.5)
    qualified_at = answer + whole_seconds((rng.uniform(2, 20, count) * DAY).astype(np.int64))
    story.add(Stage.SQL, lead[qualified], qualified_at[qualified])
    deal = qualified & (rng.random(count) < 0.4)
    deal_at = qualified_at + whole_seconds((rng.uniform(3, 30, count) * DAY).astype(np.int64))
    story.add(Stage.OPPORTUNITY, lead[deal], deal_at[deal], _deal_key(deal_at, Stage.OPPORTUNITY)[deal])


def _deals(
    rng: np.random.Generator,
    leads: Leads,
    accounts: Accounts,
    *,
    lead: Integers,
    key: Integers,
    has: Booleans,
) -> tuple[Integers, Integers]:
    """Deal and its cents for each outcome: leads of one account that close in one step share a deal."""
    in_account = leads.account[lead] >= 0
    party = np.where(in_account, leads.account[lead], len(accounts) + lead)
    keys = party[has] * timeline.STEP_COUNT * _KEYS_PER_STEP + key[has]
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    one = lead[has][first]
    employees = np.where(leads.account[one] >= 0, accounts.employees[leads.account[one]], -1)
    size = (np.where(employees > 0, employees, 300) / 500) ** 0.35
    price = np.array(company.PRODUCT_PRICES)[leads.product[one]]
    # List prices and discounts end in whole tens.
    amount = np.round(price * size * rng.lognormal(0.0, 0.35, len(one)) / 10) * 1_000
    deal, cents = np.full(len(lead), -1), np.full(len(lead), -1)
    deal[has] = number
    cents[has] = amount.astype(np.int64)[number]
    return deal, cents


def _reasons(rng: np.random.Generator, leads: Leads, lead: Integers, stage: Integers) -> Integers:
    reason = np.full(len(lead), -1)
    sent_away = (stage == Stage.REJECTED) | (stage == Stage.DISQUALIFIED)
    reason[sent_away] = rng.choice(6, int(sent_away.sum()), p=(0.2, 0.25, 0.15, 0.15, 0.05, 0.2))
    seeker = sent_away & leads.job_seeker[lead] & (rng.random(len(lead)) < 0.7)
    reason[seeker] = company.REJECTION_REASONS.index("student or job seeker")
    listed = sent_away & leads.purchased[lead] & (rng.random(len(lead)) < 0.8)
    reason[listed] = company.REJECTION_REASONS.index("never asked to hear from us")
    lost = stage == Stage.LOST
    reason[lost] = rng.choice(len(company.LOSS_REASONS), int(lost.sum()), p=(0.3, 0.2, 0.3, 0.1, 0.1))
    return reason


def _handed_over_at(rng: np.random.Generator, leads: Leads, closings: Closings) -> Integers:
    """When marketing handed each lead over; a time of no meaning where it never did."""
    handed = closings.handed_over != NEVER
    times = timeline.office_times(rng, np.where(handed, closings.handed_over, 0))
    later: Integers = np.maximum(times, leads.created + timeline.HOUR)
    return later


def _starts(
    rng: np.random.Generator, leads: Leads, handed_at: Integers, handed: Booleans, close: Integers
) -> Integers:
    """When the way to each lead's first closing began.

    A deal that marketing did not announce begins with sales: at the earliest two months before it closes.
    """
    known = leads.created + timeline.HOUR // 4
    latest = np.maximum(known, close - 2 * DAY)
    unannounced = _between(np.maximum(known, close - 60 * DAY), latest, rng.random(len(leads)))
    starts: Integers = np.where(handed, np.minimum(handed_at, latest), unannounced)
    return starts


def _tell_thrown_out(
    rng: np.random.Generator, story: _Story, lead: Integers, start: Integers, close: Integers
) -> None:
    story.add(Stage.MQL, lead, start)
    story.add(Stage.REJECTED, lead, _between(start, close, rng.uniform(0.05, 0.9, len(lead))))
    story.add(Stage.DISQUALIFIED, lead, close)


def _tell_second_try(rng: np.random.Generator, story: _Story, closings: Closings) -> None:
    """Lost leads that were reopened, some of which then bought or were disqualified."""
    lead = np.flatnonzero(closings.reopened != NEVER)
    reopened_at = timeline.office_times(rng, closings.reopened[lead])
    story.add(Stage.REOPENED, lead, reopened_at)
    won = closings.won[lead] != NEVER
    close = timeline.office_times(rng, closings.won[lead[won]])
    key = _deal_key(close, Stage.WON)
    fraction = rng.uniform(0.1, 0.9, len(close))
    story.add(Stage.OPPORTUNITY, lead[won], _between(reopened_at[won], close, fraction), key)
    story.add(Stage.WON, lead[won], close, key)
    thrown_out = closings.disqualified[lead] != NEVER
    close = timeline.office_times(rng, closings.disqualified[lead[thrown_out]])
    story.add(Stage.DISQUALIFIED, lead[thrown_out], close)


def tell_outcomes(rng: np.random.Generator, leads: Leads, accounts: Accounts, closings: Closings) -> Outcomes:
    """Outcomes of all leads, in no order; every lead's stages follow each other in time."""
    closing = np.stack([closings.won, closings.lost, closings.disqualified])
    first = np.where(closing == NEVER, timeline.STEP_COUNT, closing).min(axis=0)
    closed = first < timeline.STEP_COUNT
    close = timeline.office_times(rng, np.where(closed, first, 0))
    handed = closings.handed_over != NEVER
    handed_at = _handed_over_at(rng, leads, closings)
    start = _starts(rng, leads, handed_at, handed, close)

    story = _Story()
    for stage, steps in ((Stage.WON, closings.won), (Stage.LOST, closings.lost)):
        now = np.flatnonzero(closed & (steps == first))
        _tell_closed(rng, story, stage, lead=now, start=start[now], close=close[now])
    now = np.flatnonzero(closed & (closings.disqualified == first))
    _tell_thrown_out(rng, story, now, start[now], close[now])
    now = np.flatnonzero(~closed & handed)
    taken = np.where(leads.purchased, 0.15, np.clip(0.25 + 0.25 * leads.fit, 0, 0.9))
    _tell_open(rng, story, now, handed_at[now], taken[now])
    _tell_second_try(rng, story, closings)

    lead, time, stage_codes, deal_key = story.columns()
    has_deal = np.isin(stage_codes, DEAL_STAGES)
    deal, cents = _deals(rng, leads, accounts, lead=lead, key=deal_key, has=has_deal)
    return Outcomes(lead, time, stage_codes, deal, cents, _reasons(rng, leads, lead, stage_codes))

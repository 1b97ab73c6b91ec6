"""Accounts and leads of one block: who they are, when they came, and how well they fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo_data import company, effects, timeline
from demo_data.timeline import Floats, Integers

Booleans = NDArray[np.bool_]

ACCOUNTS_PER_LEAD = 0.26
IN_ACCOUNT_SHARE = 0.82
UNKNOWN_SHARE = 0.05


@dataclass(frozen=True)
class Accounts:
    """Accounts of a block, one entry each; codes point into `company`, -1 stands for not known."""

    industry: Integers
    employees: Integers
    country: Integers
    name_word: Integers

    def __len__(self) -> int:
        return len(self.industry)

    @property
    def right(self) -> Booleans:
        """Whether industry and size are those the product is made for."""
        right_codes = [i for i, row in enumerate(company.INDUSTRIES) if row.name in company.RIGHT_INDUSTRIES]
        low, high = company.RIGHT_EMPLOYEES
        right_size = (self.employees >= low) & (self.employees <= high)
        right: Booleans = np.isin(self.industry, right_codes) & right_size
        return right


@dataclass(frozen=True)
class Leads:
    """Leads of a block in order of creation.

    `account` is the position in the block's accounts, -1 for none; codes point into `company`, -1 is unknown.
    """

    created: Integers
    account: Integers
    title: Integers
    country: Integers
    source: Integers
    product: Integers
    interest: Floats
    fit: Floats
    robot: Booleans
    job_seeker: Booleans

    def __len__(self) -> int:
        return len(self.created)

    @property
    def purchased(self) -> Booleans:
        """Whether the lead came with the bought list."""
        listed: Booleans = self.source == company.PURCHASED_LIST
        return listed


def _choose(rng: np.random.Generator, weights: Floats, count: int) -> Integers:
    return rng.choice(len(weights), size=count, p=weights / weights.sum())


def draw_accounts(rng: np.random.Generator, leads: int) -> Accounts:
    """Accounts for a block of `leads` leads (about one for four), at least one."""
    count = max(1, round(leads * ACCOUNTS_PER_LEAD))
    industry = _choose(rng, np.array([row.weight for row in company.INDUSTRIES], dtype=float), count)
    employees = np.clip(np.exp(rng.normal(6.0, 1.5, count)), 3, 60_000).astype(np.int64)
    country = _choose(rng, np.array([row.weight for row in company.COUNTRIES], dtype=float), count)
    name_word = rng.integers(0, 4, count)
    industry[rng.random(count) < UNKNOWN_SHARE] = -1
    employees[rng.random(count) < UNKNOWN_SHARE] = -1
    return Accounts(industry, employees, country, name_word)


def _creation_times(rng: np.random.Generator, count: int) -> Integers:
    growth = np.linspace(0.85, 1.15, timeline.STEP_COUNT)
    weights = growth * timeline.season(timeline.ACTIVITY_SEASON)
    # Nobody may be created in the last step: its activities would have no room.
    weights[-1] = 0.0
    return timeline.office_times(rng, _choose(rng, weights, count))


def _list_times(rng: np.random.Generator, count: int) -> Integers:
    """The list was imported in three tranches in July 2025, at night."""
    first = int(np.datetime64("2025-07-07T02:00:00", "us").astype(np.int64))
    tranche = rng.integers(0, 3, count) * 7 * timeline.DAY
    return first + tranche + timeline.whole_seconds(rng.integers(0, timeline.HOUR // 2, count))


def _fit(title: Integers, account: Integers, accounts: Accounts) -> Floats:
    senior_codes = [i for i, row in enumerate(company.TITLES) if row.seniority in company.SENIOR_LEVELS]
    senior = np.isin(title, senior_codes)
    right = (account >= 0) & accounts.right[account]
    either = np.where(senior, effects.FIT_SENIOR, effects.FIT_RIGHT_ACCOUNT)
    return np.where(senior & right, effects.FIT_BOTH, np.where(senior | right, either, effects.FIT_NEITHER))


def draw_leads(rng: np.random.Generator, count: int, accounts: Accounts) -> Leads:
    """`count` leads, in order of creation; the last quarter before the end is cut off where the data end."""
    listed = round(count * effects.PURCHASED_SHARE)
    created = np.concatenate([_creation_times(rng, count - listed), _list_times(rng, listed)])
    weights = np.array([row.weight for row in company.SOURCES], dtype=float)
    source = _choose(rng, weights, count)
    source[count - listed :] = company.PURCHASED_LIST
    order = np.argsort(created, kind="stable")
    created, source = created[order], source[order]

    popularity = rng.lognormal(0.0, 0.7, len(accounts))
    account = _choose(rng, popularity, count)
    account[rng.random(count) >= IN_ACCOUNT_SHARE] = -1
    title = _choose(rng, np.array([row.weight for row in company.TITLES], dtype=float), count)
    title[rng.random(count) < company.UNKNOWN_TITLE_SHARE] = -1
    own_country = _choose(rng, np.array([row.weight for row in company.COUNTRIES], dtype=float), count)
    country = np.where(account >= 0, accounts.country[account], own_country)

    source_interest = np.array([row.interest for row in company.SOURCES])[source]
    interest = rng.lognormal(-0.3, 0.75, count) * source_interest
    quiet = rng.random(count) < effects.QUIET_SHARE
    purchased = source == company.PURCHASED_LIST
    job_seeker = (rng.random(count) < effects.JOB_SEEKER_SHARE) & ~purchased
    interest[job_seeker] *= effects.JOB_SEEKER_INTEREST
    interest[quiet & ~purchased] = 0.0
    return Leads(
        created=created,
        account=account,
        title=title,
        country=country,
        source=source,
        product=_choose(rng, np.array(company.PRODUCT_WEIGHTS), count),
        interest=interest,
        fit=_fit(title, account, accounts),
        robot=(rng.random(count) < effects.ROBOT_SHARE) & ~quiet,
        job_seeker=job_seeker,
    )

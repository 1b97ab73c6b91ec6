"""From codes to the four Arrow tables, in the words of the company."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo_data import company, timeline
from demo_data.journey import Activities
from demo_data.kinds import WORDS, Kind, KindWords
from demo_data.people import Accounts, Leads
from demo_data.stages import STAGE_NAMES, Outcomes, Stage
from demo_data.timeline import QUARTERS, Integers

TIMESTAMP = pa.timestamp("us")
PROPERTIES = ("asset", "page", "network", "interaction")


def text_column(words: Sequence[str] | pa.Array, codes: NDArray[np.integer]) -> pa.Array:
    """Text array of `words[codes]`; null where a code is negative."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    dictionary = words if isinstance(words, pa.Array) else pa.array(words, pa.string())
    return pa.DictionaryArray.from_arrays(indices, dictionary).cast(pa.string())


def time_column(times: Integers) -> pa.Array:
    """Timestamps from microseconds since 1970."""
    return pa.array(times, TIMESTAMP)


def numbered(prefix: str, first: int, count: int) -> pa.Array:
    """`count` ids like ``L0000001``, starting with number `first` + 1."""
    return pa.array([f"{prefix}{number:07d}" for number in range(first + 1, first + count + 1)], pa.string())


def _account_names(accounts: Accounts, first: int) -> list[str]:
    """A name for each account that no other account of any block has."""
    starts, middles, ends = company.NAME_STARTS, company.NAME_MIDDLES, company.NAME_ENDS
    roots = len(starts) * len(middles) * len(ends)
    names = []
    for i, (industry, word) in enumerate(
        zip(accounts.industry.tolist(), accounts.name_word.tolist(), strict=True)
    ):
        # 32,749 is prime and divides none of the sizes: neighbours get names that do not look alike.
        round_number, place = divmod(first + i, roots)
        place = place * 32_749 % roots
        start, rest = divmod(place, len(middles) * len(ends))
        middle, end = divmod(rest, len(ends))
        root = (starts[start] + middles[middle] + ends[end]).capitalize()
        last = company.INDUSTRIES[industry].name_words[word] if industry >= 0 else "Group"
        names.append(f"{root} {last}" if round_number == 0 else f"{root} {last} {round_number + 1}")
    return names


def _domain(name: str) -> str:
    return name.lower().replace(" ", "-") + ".example"


def _employee_bands(employees: Integers) -> pa.Array:
    lowest = [low for low, _ in company.EMPLOYEE_BANDS]
    codes = np.where(employees > 0, np.searchsorted(lowest, employees, side="right") - 1, -1)
    return text_column([band for _, band in company.EMPLOYEE_BANDS], codes)


def account_table(accounts: Accounts, first: int) -> pa.Table:
    """One row per account; `first` is how many accounts earlier blocks have."""
    names = _account_names(accounts, first)
    employees = [str(count) if count > 0 else None for count in accounts.employees.tolist()]
    return pa.table(
        {
            "account_id": numbered("A", first, len(accounts)),
            "name": pa.array(names, pa.string()),
            "email_domain": pa.array([_domain(name) for name in names], pa.string()),
            "industry": text_column([row.name for row in company.INDUSTRIES], accounts.industry),
            "employees": pa.array(employees, pa.string()),
            "employee_band": _employee_bands(accounts.employees),
            "country": text_column([row.name for row in company.COUNTRIES], accounts.country),
            "region": text_column([row.region for row in company.COUNTRIES], accounts.country),
        }
    )


def lead_table(rng: np.random.Generator, leads: Leads, accounts: pa.Table, lead_ids: pa.Array) -> pa.Table:
    """One row per lead; `accounts` is the block's own account table."""
    personal = rng.integers(0, len(company.PERSONAL_DOMAINS), len(leads)) + len(accounts)
    domains = pa.concat_arrays(
        [accounts["email_domain"].combine_chunks(), pa.array(company.PERSONAL_DOMAINS, pa.string())]
    )
    campaigns = [f"{quarter} {source.campaign}" for quarter in QUARTERS for source in company.SOURCES]
    campaign = timeline.quarter_of(leads.created) * len(company.SOURCES) + leads.source
    return pa.table(
        {
            "lead_id": lead_ids,
            "created_at": time_column(leads.created),
            "account_id": text_column(accounts["account_id"].combine_chunks(), leads.account),
            "email_domain": text_column(domains, np.where(leads.account >= 0, leads.account, personal)),
            "job_title": text_column([row.job_title for row in company.TITLES], leads.title),
            "seniority": text_column([row.seniority for row in company.TITLES], leads.title),
            "department": text_column([row.department for row in company.TITLES], leads.title),
            "country": text_column([row.name for row in company.COUNTRIES], leads.country),
            "region": text_column([row.region for row in company.COUNTRIES], leads.country),
            "source": text_column([row.name for row in company.SOURCES], leads.source),
            "campaign": text_column(campaigns, campaign),
            "product": text_column(company.PRODUCTS, leads.product),
        }
    )


def _property_column(rng: np.random.Generator, kinds: Integers, name: str) -> pa.Array:
    words: list[str] = []
    codes = np.full(len(kinds), -1)
    for kind, row in WORDS.items():
        choices: tuple[str, ...] = getattr(row, name)
        if choices:
            here = kinds == kind
            codes[here] = len(words) + rng.integers(0, len(choices), int(here.sum()))
            words.extend(choices)
    return text_column(words, codes)


def _value_column(rng: np.random.Generator, kinds: Integers) -> pa.Array:
    codes = np.full(len(kinds), -1)
    highest = 0
    for kind, row in WORDS.items():
        if row.value is not None:
            low, high = row.value
            here = kinds == kind
            codes[here] = rng.integers(low, high + 1, int(here.sum()))
            highest = max(highest, high)
    return text_column([str(number) for number in range(highest + 1)], codes)


def _campaign_column(kinds: Integers, times: Integers) -> pa.Array:
    rows: list[KindWords] = [WORDS[kind] for kind in Kind]
    words = [f"{quarter} {row.campaign}" for quarter in QUARTERS for row in rows]
    has = np.array([bool(row.campaign) for row in rows])[kinds]
    return text_column(words, np.where(has, timeline.quarter_of(times) * len(rows) + kinds, -1))


def activity_table(rng: np.random.Generator, activities: Activities, lead_ids: pa.Array) -> pa.Table:
    """One row per activity, ordered by lead and time."""
    order = np.lexsort((activities.kind, activities.time, activities.lead))
    lead, time, kinds = activities.lead[order], activities.time[order], activities.kind[order]
    return pa.table(
        {
            "lead_id": text_column(lead_ids, lead),
            "occurred_at": time_column(time),
            "activity_type": text_column([WORDS[kind].activity_type for kind in Kind], kinds),
            "channel": text_column([WORDS[kind].channel for kind in Kind], kinds),
            "campaign": _campaign_column(kinds, time),
            **{name: _property_column(rng, kinds, name) for name in PROPERTIES},
            "value": _value_column(rng, kinds),
        }
    )


def _reason_column(outcomes: Outcomes) -> pa.Array:
    words = (*company.REJECTION_REASONS, *company.LOSS_REASONS)
    lost = (outcomes.stage == Stage.LOST) & (outcomes.reason >= 0)
    return text_column(words, outcomes.reason + np.where(lost, len(company.REJECTION_REASONS), 0))


def outcome_table(
    rng: np.random.Generator, outcomes: Outcomes, leads: Leads, lead_ids: pa.Array, first_deal: int
) -> pa.Table:
    """One row per outcome, ordered by lead and time; `first_deal` is how many deals earlier blocks have."""
    regions = [company.OWNERS_BY_REGION[company.COUNTRIES[code].region] for code in leads.country.tolist()]
    low, high = np.array(regions, dtype=np.int64).reshape(-1, 2).T
    owner = low + (rng.random(len(leads)) * (high - low + 1)).astype(np.int64)
    amounts = [
        f"{cents // 100}.{cents % 100:02d}" if cents >= 0 else None for cents in outcomes.cents.tolist()
    ]
    table = pa.table(
        {
            "lead_id": text_column(lead_ids, outcomes.lead),
            "occurred_at": time_column(outcomes.time),
            "stage": text_column(STAGE_NAMES, outcomes.stage),
            "amount": pa.array(amounts, pa.string()),
            "deal_id": text_column(numbered("D", first_deal, outcomes.deal_count), outcomes.deal),
            "reason": _reason_column(outcomes),
            "owner": text_column(company.OWNERS, owner[outcomes.lead]),
        }
    )
    return table.take(pa.array(np.lexsort((outcomes.stage, outcomes.time, outcomes.lead))))

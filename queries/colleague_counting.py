"""Counts of the rules on the activities of all other leads of the account.

Counted for the whole account at each of its moments, less what is the lead's own, so that a large account
costs no more than its leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from queries.hits import Hits, People
from queries.scored_rows import Counts, ScoredRows
from queries.statements import load_statement
from scoring.model import Rule
from scoring.rule_counts import (
    TWENTIETHS,
    Activities,
    LargestOfOthers,
    Seen,
    add_factors,
    count_matches,
    count_people,
    largest_factors,
    to_twentieths,
)
from scoring.timelines import TABLE_ENTRIES_PER_ROW, Integers, Timelines, distinct_instants, in_order

NO_ACCOUNT = -1


class Accounts:
    """Accounts with more than one lead, numbered from 0.

    Parameters
    ----------
    rows : ScoredRows
    """

    def __init__(self, rows: ScoredRows) -> None:
        table = rows.engine.fetch(load_statement("lead_accounts"))
        lead_numbers = table.column("lead_number").to_numpy()
        codes = pc.dictionary_encode(table.column("account_id")).combine_chunks().indices.to_numpy()
        leads = np.bincount(codes)
        numbers = np.where(leads > 1, np.cumsum(leads > 1) - 1, NO_ACCOUNT)
        last_lead = max(int(lead_numbers.max(initial=-1)), int(rows.lead_numbers.max(initial=-1)))
        self.of_lead = np.full(last_lead + 1, NO_ACCOUNT, dtype=np.int32)
        self.of_lead[lead_numbers] = numbers[codes]
        self.count = int((leads > 1).sum())

    def leads_of(self, accounts: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
        """The numbers of all leads of some accounts, rising."""
        # One place more at the end, for leads without an account.
        wanted = np.zeros(self.count + 1, dtype=np.bool_)
        wanted[accounts[accounts != NO_ACCOUNT]] = True
        return np.flatnonzero(wanted[self.of_lead])

    def ranges(self, buckets: int) -> list[range]:
        """All of them in about equal ranges, none of them empty."""
        cuts = [self.count * i // buckets for i in range(buckets + 1)]
        return [range(start, end) for start, end in pairwise(cuts) if start < end]


@dataclass(frozen=True)
class _Grids:
    """The moments of accounts, and of each of their leads by itself.

    `place` gives, for every row, its account's row.
    """

    accounts: Timelines
    leads: Timelines
    place: Integers


def look_up_colleagues(
    rows: ScoredRows, accounts: Accounts, part: range, rules: Mapping[int, Rule], counts: Mapping[int, Counts]
) -> Callable[[], None]:
    """Look up what matches for the lead-moments of some accounts; what is returned fills in their counts.

    Parameters
    ----------
    rows : ScoredRows
    accounts : Accounts
    part : range
        Numbers of accounts.
    rules : mapping
        Rules on the account's activities by their number.
    counts : mapping
        By the rule's number, the column of all rows, 0 where nothing is filled in.
    """
    account_of_row = accounts.of_lead[rows.lead_numbers]
    chosen = np.flatnonzero((account_of_row >= part.start) & (account_of_row < part.stop))
    if len(chosen) == 0:
        return lambda: None
    moments = rows.moments[chosen]
    lead_numbers = accounts.leads_of(account_of_row[chosen])
    account_of_person = accounts.of_lead[lead_numbers].astype(np.int64) - part.start
    person_of_row = np.searchsorted(lead_numbers, rows.lead_numbers[chosen])
    of_accounts, place = _account_moments(account_of_person[person_of_row], moments, len(part))
    grids = _Grids(of_accounts, Timelines(person_of_row, moments, len(lead_numbers)), place)
    # Accounts without a row have no moment, and nobody of theirs is looked up here.
    last_rows = np.maximum(of_accounts.starts[1:] - 1, 0)
    people = People(lead_numbers, of_accounts.instants[last_rows[account_of_person]], int(moments.min()))
    hits = Hits.fetch(rows.engine, people, rules)
    return partial(_fill_in, rows, chosen, rules, counts, grids, account_of_person, people, hits)


def _account_moments(accounts: Integers, moments: Integers, account_count: int) -> tuple[Timelines, Integers]:
    """Every moment of a lead, once for its account, and which of them each given one is."""
    distinct = distinct_instants(moments)
    if account_count * len(distinct) > TABLE_ENTRIES_PER_ROW * len(moments):
        return _sorted_moments(accounts, moments, account_count)
    marks = accounts * len(distinct) + np.searchsorted(distinct, moments)
    is_there = np.zeros(account_count * len(distinct), dtype=np.bool_)
    is_there[marks] = True
    owners, instants = np.divmod(np.flatnonzero(is_there), len(distinct))
    return Timelines(owners, distinct[instants], account_count), (np.cumsum(is_there) - 1)[marks]


def _sorted_moments(accounts: Integers, moments: Integers, account_count: int) -> tuple[Timelines, Integers]:
    order = in_order(accounts, moments)
    accounts, moments = accounts[order], moments[order]
    is_new = (np.diff(accounts, prepend=-1) != 0) | (np.diff(moments, prepend=0) != 0)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    return Timelines(accounts[is_new], moments[is_new], account_count), place


def _fill_in(
    rows: ScoredRows,
    chosen: npt.NDArray[np.intp],
    rules: Mapping[int, Rule],
    counts: Mapping[int, Counts],
    grids: _Grids,
    account_of_person: Integers,
    people: People,
    hits: Hits,
) -> None:
    wiped_at = rows.silences.wiped_at(people, hits)
    for numbers, places in hits.matches.items():
        who, times, wiped = hits.people.take(places), hits.times.take(places), wiped_at.take(places)
        windows = {rules[i].window_days for i in numbers}
        together = Activities(grids.accounts, account_of_person[who], who, times, windows, wiped)
        own = Activities(grids.leads, who, who, times, windows, wiped)
        for i in numbers:
            asked = rules[i].window_days, rows.silences.reach(rules[i].window_days)
            counts[i][chosen] = _count_others(rows, rules[i], grids, together.seen(*asked), own.seen(*asked))


def _count_others(rows: ScoredRows, rule: Rule, grids: _Grids, together: Seen, own: Seen) -> Counts:
    own_matches = count_matches(own, len(grids.leads))
    if rule.counting == "people":
        people = count_people(together, len(grids.accounts))[grids.place] - (own_matches > 0)
        counted = people if rule.max_count is None else np.minimum(people, rule.max_count)
        return np.where(people < rule.required_count, 0, counted * TWENTIETHS)
    matches = count_matches(together, len(grids.accounts))[grids.place] - own_matches
    if rule.decay is None:
        return to_twentieths(rule, matches, None)
    factors = rows.factors(rule.decay)
    if rule.counting == "once":
        of_others = LargestOfOthers.of(together, grids.accounts, factors)
        largest = of_others.without(grids.place, largest_factors(own, grids.leads, factors))
        return to_twentieths(rule, matches, largest)
    thousandths = add_factors(together, grids.accounts, factors)[grids.place]
    return to_twentieths(rule, matches, thousandths - add_factors(own, grids.leads, factors))

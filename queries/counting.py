"""Rule counts: how often each rule counts at each lead-moment, one aligned column a rule.

SQL says what matches; what each moment sees of it is added up, one bucket of leads after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.colleague_counting import Accounts, look_up_colleagues
from queries.conditions import TABLE_OF_SOURCE, ParameterBag, rule_test
from queries.engine import Engine
from queries.lead_buckets import MOST_ACTIVITIES, bucket_count, row_ranges
from queries.own_counting import look_up_own
from queries.scored_rows import Counts, ScoredRows
from queries.statements import Item, load_statement
from scoring.model import Model, Rule
from scoring.rule_counts import TWENTIETHS

Tell = Callable[[float], None]

Step = Callable[[], Callable[[], None]]
"""Looks up what matches in one part; what it returns fills in the counts of the part."""


def tell_nobody(_share: float) -> None:
    """Progress that nobody watches."""


def counting_key(rule: Rule) -> dict[str, Any]:
    """What the counts of a rule depend on: everything but its points, cap and names."""
    # Only where there is a limit: what was kept of the other rules before there were any stays good.
    limit = {} if rule.max_count is None else {"max_count": rule.max_count}
    return limit | {
        "source": rule.source,
        "counting": rule.counting,
        "at_least": rule.required_count,
        "window_days": rule.window_days,
        "decay": rule.decay.model_dump() if rule.decay else None,
        "match": rule.match,
        "where": [condition.model_dump() for condition in rule.where],
    }


def counted_alike(rule: Rule) -> Hashable:
    """Equal for two rules exactly when their `counting_key` is, and known many times faster than its name."""
    # Of values their text: 1 equals 1.0 and yet is another value to look for.
    tests = tuple([(one.field, one.operator, repr(one.value)) for one in rule.where])
    how = (rule.source, rule.counting, rule.required_count, rule.max_count, rule.window_days, rule.decay)
    return *how, rule.match, tests


def scoring_key(model: Model) -> dict[str, Any]:
    """What scores depend on beside the moments at which its rules are counted."""
    return {
        "rules": [
            [counting_key(rule), rule.points, rule.max_points, rule.category] for rule in model.enabled_rules
        ],
        "categories": [category.model_dump() for category in model.categories],
        "limits": [model.base_points, model.min_score, model.max_score],
    }


@dataclass(frozen=True)
class LeadMoments:
    """The lead-moments that are counted, with what counting needs to know about them.

    Parameters
    ----------
    table : Arrow table
        Columns of ``lead_moments.sql``, one row per lead-moment.
    streak_ends : Arrow table
        Columns of ``streak_ends.sql``.
    reset_days : int or None
        The model's ``inactivity_reset_days``.
    """

    table: pa.Table
    streak_ends: pa.Table
    reset_days: int | None

    def __len__(self) -> int:
        return int(self.table.num_rows)


def count_rules(
    engine: Engine,
    moments: LeadMoments,
    rules: Sequence[Rule],
    tell: Tell = tell_nobody,
    buckets: int | None = None,
) -> list[pa.ChunkedArray]:
    """The counts of every rule, in twentieths.

    Parameters
    ----------
    engine : Engine
    moments : LeadMoments
    rules : sequence of Rule
    tell : callable, optional
        Is told the share done, 0 to 1, before each bucket. What it raises ends the counting.
    buckets : int, optional
        Into how many parts the leads, and the accounts, are divided; what memory allows when not given.

    Returns
    -------
    list of Arrow columns, one for each rule, each of length ``len(moments)``
        Aligned with the rows of ``moments.table``.
    """
    if not rules:
        return []
    rows = ScoredRows(engine, moments.table, moments.streak_ends, moments.reset_days)
    counts: dict[int, Counts] = {
        i: np.zeros(len(rows), dtype=np.int32 if rule.counting == "people" else np.int16)
        for i, rule in enumerate(rules)
    }
    _run(_steps(rows, rules, counts, buckets), tell)
    return [pa.chunked_array([counts[i]]) for i in range(len(rules))]


def _run(steps: Sequence[Step], tell: Tell) -> None:
    if not steps:
        return
    # While one part is added up, SQL looks up what matches in the next.
    with ThreadPoolExecutor(max_workers=1) as ahead:
        looked_up = ahead.submit(steps[0])
        for done in range(len(steps)):
            tell(done / len(steps))
            fill_in = looked_up.result()
            if done + 1 < len(steps):
                looked_up = ahead.submit(steps[done + 1])
            fill_in()


def _steps(
    rows: ScoredRows, rules: Sequence[Rule], counts: Mapping[int, Counts], buckets: int | None
) -> list[Step]:
    """The counting in parts, each of which fills in a part of the counts."""
    own = {i: rule for i, rule in enumerate(rules) if rule.source == "activity"}
    colleagues = {i: rule for i, rule in enumerate(rules) if rule.source == "account_activity"}
    attributes = {i: rule for i, rule in enumerate(rules) if rule.source in ("lead", "account")}
    steps: list[Step] = []
    if own or colleagues:
        sizes = rows.engine.fetch(load_statement("lead_and_activity_counts")).to_pylist()[0]
        of_a_lead = sizes["activities"] / max(sizes["leads"], 1)
        memory = rows.engine.memory_bytes
    if own:
        leads = int(np.count_nonzero(np.diff(rows.lead_numbers, prepend=-1)))
        parts = buckets or bucket_count(len(rows), round(leads * of_a_lead), memory, MOST_ACTIVITIES)
        steps += [
            partial(look_up_own, rows, part, own, counts) for part in row_ranges(rows.lead_numbers, parts)
        ]
    if colleagues:
        accounts = Accounts(rows)
        # Accounts do not lie together, so that every part looks through all activities: few parts.
        leads = len(accounts.leads_of(accounts.of_lead[rows.lead_numbers]))
        parts = buckets or bucket_count(len(rows), round(leads * of_a_lead), memory)
        steps += [
            partial(look_up_colleagues, rows, accounts, part, colleagues, counts)
            for part in accounts.ranges(parts)
        ]
    if attributes:
        steps.append(partial(_look_up_attributes, rows, attributes, counts))
    return steps


def _look_up_attributes(
    rows: ScoredRows, rules: Mapping[int, Rule], counts: Mapping[int, Counts]
) -> Callable[[], None]:
    bag = ParameterBag()
    items = []
    for i, rule in rules.items():
        test = rule_test(rule, rows.engine.columns(TABLE_OF_SOURCE[rule.source]), bag)
        if rule.source == "account":
            # A lead whose account is unknown satisfies no account rule, not even a missing value.
            known = exp.column("account_id", "accounts").is_(exp.null()).not_()
            test = exp.paren(exp.and_(known, test))
        items.append(Item(f"match_{i}", {"TEST": test}))
    if not len(rows):
        return lambda: None
    asked = {"first_lead": int(rows.lead_numbers.min()), "last_lead": int(rows.lead_numbers.max())}
    leads = rows.engine.fetch(load_statement("lead_matches", {"rules": items}), bag.values | asked)
    return partial(_fill_in_attributes, rows, rules, counts, leads)


def _fill_in_attributes(
    rows: ScoredRows, rules: Mapping[int, Rule], counts: Mapping[int, Counts], leads: pa.Table
) -> None:
    lead_numbers = leads.column("lead_number").to_numpy()
    for i in rules:
        of_lead = np.zeros(lead_numbers.max(initial=-1) + 1, dtype=np.int16)
        of_lead[lead_numbers] = leads.column(f"match_{i}").to_numpy() * TWENTIETHS
        counts[i][:] = of_lead[rows.lead_numbers]

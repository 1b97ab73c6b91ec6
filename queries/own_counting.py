"""Counts of the rules on a lead's own activities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from queries.hits import Hits, People
from queries.scored_rows import Counts, ScoredRows
from scoring.model import Rule
from scoring.rule_counts import (
    DAY,
    TWENTIETHS,
    Activities,
    Seen,
    add_factors,
    count_matches,
    largest_factors,
    to_twentieths,
)
from scoring.timelines import Timelines


def look_up_own(
    rows: ScoredRows, part: slice, rules: Mapping[int, Rule], counts: Mapping[int, Counts]
) -> Callable[[], None]:
    """Look up what matches for some lead-moments; what is returned fills in their counts.

    Parameters
    ----------
    rows : ScoredRows
    part : slice
        The rows to count, all of each of their leads.
    rules : mapping
        Rules on activities by their number.
    counts : mapping
        By the rule's number, the column of all rows.
    """
    lead_numbers, moments = rows.lead_numbers[part], rows.moments[part]
    starts_lead = np.diff(lead_numbers, prepend=-1) != 0
    firsts = np.flatnonzero(starts_lead)
    lasts = np.append(firsts[1:], len(moments)) - 1
    people = People(lead_numbers[firsts], moments[lasts], int(moments.min()))
    timelines = Timelines(np.cumsum(starts_lead) - 1, moments, len(people))
    hits = Hits.fetch(rows.engine, people, rules)
    return partial(_fill_in, rows, part, rules, counts, timelines, people, hits)


def _fill_in(
    rows: ScoredRows,
    part: slice,
    rules: Mapping[int, Rule],
    counts: Mapping[int, Counts],
    timelines: Timelines,
    people: People,
    hits: Hits,
) -> None:
    wiped_at = rows.silences.wiped_at(people, hits)
    for numbers, places in hits.matches.items():
        who, times = hits.people.take(places), hits.times.take(places)
        windows = {rules[i].window_days for i in numbers}
        done = Activities(timelines, who, who, times, windows, wiped_at.take(places))
        for i in numbers:
            seen = done.seen(rules[i].window_days, rows.silences.reach(rules[i].window_days))
            counts[i][part] = _count(rows, part, rules[i], timelines, seen)


def _count(rows: ScoredRows, part: slice, rule: Rule, timelines: Timelines, seen: Seen) -> Counts:
    if rule.counting == "absent":
        old_enough = rows.ages(part) >= (rule.window_days or 0) * DAY
        return np.where((count_matches(seen, len(timelines)) == 0) & old_enough, TWENTIETHS, 0)
    # What is worth nothing any more still counts as a match, which matters only where some are required.
    matches = thousandths = None
    if rule.decay is None or rule.required_count > 1:
        matches = count_matches(seen, len(timelines))
    if rule.decay is not None:
        add = largest_factors if rule.counting == "once" else add_factors
        thousandths = add(seen, timelines, rows.factors(rule.decay))
    return to_twentieths(rule, matches, thousandths)

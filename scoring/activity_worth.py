"""Which activities one lead's points come from: age, decay factor and the rule that each counts for.

The same steps 1 to 4 as for all leads at once (`scoring.rule_counts`), for one lead at one moment, where
every single activity is to be named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from scoring.decay import decay_factor
from scoring.model import Rule
from scoring.outlook import FRESH, RuleState


@dataclass(frozen=True)
class Seen:
    """An activity that a rule sees and matches at the moment.

    Attributes
    ----------
    activity : int
        Its place in the sequences that were given.
    rule_id : str
    age_days : int
        Whole days between the activity and the moment.
    factor : int
        What is left of it, in thousandths.
    counts : bool
        Whether it gives anything: not while too few match, and of a rule that counts once, or so many times
        at most, only the newest.
    """

    activity: int
    rule_id: str
    age_days: int
    factor: int
    counts: bool


@dataclass(frozen=True)
class FreshStart:
    """A silence after which points started anew.

    Attributes
    ----------
    last_at : datetime
        The last activity before the silence.
    activities : int
        How many it wiped out, that one included.
    """

    last_at: datetime
    activities: int


def fresh_start(times: Collection[datetime], moment: datetime, reset_days: int | None) -> FreshStart | None:
    """The latest silence that wiped something out; None when there was none. Parameters as below."""
    last = wiped_out_until(times, moment, reset_days)
    return None if last is None else FreshStart(last, sum(time <= last for time in times))


def wiped_out_until(times: Collection[datetime], moment: datetime, reset_days: int | None) -> datetime | None:
    """The last activity that a silence of `reset_days` has wiped out, with all before it; None when none is.

    Parameters
    ----------
    times : collection of datetime
        Of one lead's activities before the moment.
    moment : datetime
    reset_days : int or None
    """
    if reset_days is None:
        return None
    silence = timedelta(days=reset_days)
    ordered = [*sorted(times), moment]
    return max((time for time, later in pairwise(ordered) if later - time >= silence), default=None)


def seen_activities(
    rules: Sequence[Rule],
    people: Sequence[int],
    times: Sequence[datetime],
    matches: Mapping[str, Sequence[bool]],
    lead: int,
    moment: datetime,
    reset_days: int | None,
) -> list[Seen]:
    """What every rule on activities sees of a lead and its colleagues.

    Parameters
    ----------
    rules : sequence of Rule
        On activities, the lead's own or its colleagues'.
    people : sequence of int
        Who did each activity.
    times : sequence of datetime
        When; all before the moment.
    matches : mapping
        By the rule's id, whether each activity satisfies its conditions.
    lead : int
        Who of the people is the lead.
    moment : datetime
    reset_days : int or None
        The model's ``inactivity_reset_days``.

    Returns
    -------
    list of Seen
        In the order of the rules, then of the activities. A rule on absence shows what ends the silence that
        it waits for; such activities count for nothing.
    """
    wiped = _wiped_by_person(people, times, moment, reset_days)
    found = []
    for rule in rules:
        places = [
            place
            for place, (person, time) in enumerate(zip(people, times, strict=True))
            if matches[rule.id][place]
            and (person == lead) == (rule.source == "activity")
            and _is_in_window(rule, time, moment)
            and not _is_wiped(wiped[person], time)
        ]
        found += _worth(rule, places, people, times, moment)
    return found


def rule_states(rules: Sequence[Rule], seen: Sequence[Seen]) -> dict[str, RuleState]:
    """What each rule on the lead's own activities sees; see `seen_activities`."""
    states = {}
    for rule in rules:
        if rule.source == "activity":
            own = [one for one in seen if one.rule_id == rule.id]
            states[rule.id] = RuleState(len(own), sum(one.factor for one in own))
    return states


def _wiped_by_person(
    people: Sequence[int], times: Sequence[datetime], moment: datetime, reset_days: int | None
) -> dict[int, datetime | None]:
    of_person: dict[int, list[datetime]] = {}
    for person, time in zip(people, times, strict=True):
        of_person.setdefault(person, []).append(time)
    return {person: wiped_out_until(own, moment, reset_days) for person, own in of_person.items()}


def _is_in_window(rule: Rule, time: datetime, moment: datetime) -> bool:
    return rule.window_days is None or moment - time <= timedelta(days=rule.window_days)


def _is_wiped(until: datetime | None, time: datetime) -> bool:
    return until is not None and time <= until


def _worth(
    rule: Rule,
    places: Sequence[int],
    people: Sequence[int],
    times: Sequence[datetime],
    moment: datetime,
) -> list[Seen]:
    matching = len({people[place] for place in places}) if rule.counting == "people" else len(places)
    enough = matching >= rule.required_count and rule.counting != "absent"
    ages = {place: (moment - times[place]).days for place in places}
    factors = {
        place: FRESH if rule.decay is None else decay_factor(rule.decay, age) for place, age in ages.items()
    }
    counting = _counting(rule, places, people, times, factors) if enough else set()
    return [
        Seen(place, rule.id, ages[place], factors[place], place in counting and factors[place] > 0)
        for place in places
    ]


def _counting(
    rule: Rule,
    places: Sequence[int],
    people: Sequence[int],
    times: Sequence[datetime],
    factors: Mapping[int, int],
) -> set[int]:
    """The activities that the count is made of: the newest ones where the rule does not count them all."""
    newest_first = sorted(places, key=lambda place: times[place], reverse=True)
    if rule.counting == "once":
        return set(newest_first[:1])
    if rule.max_count is None:
        return set(places)
    if rule.counting == "people":
        who = list(dict.fromkeys(people[place] for place in newest_first))[: rule.max_count]
        return {place for place in places if people[place] in who}
    # Factors never rise with age, so those before are the larger ones.
    before = accumulate((factors[place] for place in newest_first), initial=0)
    limit = rule.max_count * FRESH
    return {place for place, sum_before in zip(newest_first, before, strict=False) if sum_before < limit}

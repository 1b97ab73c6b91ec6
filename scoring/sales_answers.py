"""What sales accepted and rejected: by tier, source and campaign, and which rules bring the rejected ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.statistics import rate, wilson_interval

NO_REASON = "(no reason given)"
NOT_KNOWN = "(not known)"


class Bring(StrEnum):
    """What a rule's firing says about the answer of sales."""

    REJECTED = "brings rejected leads"
    ACCEPTED = "brings accepted leads"
    CHANCE = "no more than chance"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True, eq=False)
class SalesAnswers:
    """Every answer of sales to a lead, with the lead's score just before it.

    Parameters
    ----------
    tiers, rules : tuple of str
        Names of the model's tiers; ids of its enabled rules.
    rejected : bool array, shape (answers,)
    tier, score : int array, shape (answers,)
        As of the answer; `tier` is a place in `tiers`.
    fired : bool array, shape (rules, answers)
        Whether the rule gave or took anything.
    reason, source, campaign : tuple of str, length answers
        `NO_REASON` and `NOT_KNOWN` where the data say nothing; `reason` is of rejections only.
    """

    tiers: tuple[str, ...]
    rules: tuple[str, ...]
    rejected: NDArray[np.bool_]
    tier: IntArray
    score: IntArray
    fired: NDArray[np.bool_]
    reason: tuple[str, ...]
    source: tuple[str, ...]
    campaign: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rejected)


@dataclass(frozen=True)
class AnswerShare:
    """Answers about a part of the leads: how many of them rejections, with the Wilson interval."""

    name: str
    answers: int
    rejected: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RuleAnswers:
    """Answers about leads for which a rule fired, against those for which it did not.

    `difference` is the first rejection rate less the second, with an interval that holds for all rules of the
    model together; None where one of the two has no answer.
    """

    rule: str
    fired: AnswerShare
    silent: AnswerShare
    difference: float | None
    low: float | None
    high: float | None
    bring: Bring


@dataclass(frozen=True)
class ReasonAnswers:
    """Rejections for one reason, and the rule that they have more often than accepted leads do.

    Attributes
    ----------
    share : float
        Of all rejections.
    rule : str or None
        The rule with the largest difference whose interval excludes 0; None when there is none.
    with_rule, low, high : float or None
        Share of this reason's rejections for which that rule fired, with its Wilson interval.
    accepted_with_rule : float or None
        The same of the accepted leads.
    """

    reason: str
    rejected: int
    share: float
    rule: str | None
    with_rule: float | None
    low: float | None
    high: float | None
    accepted_with_rule: float | None


def answers_by_tier(answers: SalesAnswers) -> tuple[AnswerShare, ...]:
    """One share for each tier of the model, in its order."""
    return tuple(
        _share(name, answers.rejected[answers.tier == place]) for place, name in enumerate(answers.tiers)
    )


def answers_by(names: Sequence[str], rejected: NDArray[np.bool_]) -> tuple[AnswerShare, ...]:
    """One share for each name, the one with the most answers first.

    Examples
    --------
    >>> [(one.name, one.rejected, one.answers) for one in answers_by(["a", "b", "a"], np.array([True] * 3))]
    [('a', 2, 2), ('b', 1, 1)]
    """
    known: dict[str, int] = {}
    places = np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)
    answers = np.bincount(places, minlength=len(known))
    sent_back = np.bincount(places[rejected], minlength=len(known))
    shares = [_counted(name, int(sent_back[i]), int(answers[i])) for name, i in known.items()]
    return tuple(sorted(shares, key=lambda one: (-one.answers, one.name)))


def answers_by_rule(answers: SalesAnswers) -> tuple[RuleAnswers, ...]:
    """Every enabled rule, the one that brings the most rejected leads beyond the others first."""
    found = [_rule(answers, place) for place in range(len(answers.rules))]
    return tuple(sorted(found, key=lambda one: -(one.difference if one.difference is not None else -2.0)))


def answers_by_reason(answers: SalesAnswers) -> tuple[ReasonAnswers, ...]:
    """Every reason that sales gave, most frequent first."""
    known: dict[str, int] = {}
    places = np.array([known.setdefault(name, len(known)) for name in answers.reason], dtype=np.int64)
    accepted = answers.fired[:, ~answers.rejected].sum(axis=1)
    found = [
        _reason(answers, name, answers.fired[:, chosen], accepted)
        for name, place in known.items()
        if (chosen := answers.rejected & (places == place)).any()
    ]
    return tuple(sorted(found, key=lambda one: (-one.rejected, one.reason)))


def difference_interval(
    part_a: int, whole_a: int, part_b: int, whole_b: int, confidence: float = 0.95
) -> tuple[float, float, float] | None:
    """Share a less share b with its interval; None when one of the two is of nothing.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    if not whole_a or not whole_b:
        return None
    a, b = part_a / whole_a, part_b / whole_b
    a_low, a_high = wilson_interval(part_a, whole_a, confidence)
    b_low, b_high = wilson_interval(part_b, whole_b, confidence)
    assert a_low is not None and a_high is not None and b_low is not None and b_high is not None
    difference = a - b
    return (
        difference,
        difference - math.hypot(a - a_low, b_high - b),
        difference + math.hypot(a_high - a, b - b_low),
    )


def _confidence(rules: int) -> float:
    """Of one interval, so that all of them hold together at 95 % (Bonferroni)."""
    return 1 - 0.05 / max(1, rules)


def _share(name: str, rejected: NDArray[np.bool_]) -> AnswerShare:
    return _counted(name, int(rejected.sum()), len(rejected))


def _counted(name: str, part: int, whole: int) -> AnswerShare:
    low, high = wilson_interval(part, whole)
    return AnswerShare(name, whole, part, rate(part, whole), low, high)


def _rule(answers: SalesAnswers, place: int) -> RuleAnswers:
    name, fires = answers.rules[place], answers.fired[place]
    fired, silent = _share(name, answers.rejected[fires]), _share(name, answers.rejected[~fires])
    found = difference_interval(
        fired.rejected, fired.answers, silent.rejected, silent.answers, _confidence(len(answers.rules))
    )
    if found is None:
        return RuleAnswers(name, fired, silent, None, None, None, Bring.TOO_LITTLE_DATA)
    _, low, high = found
    if min(fired.answers, silent.answers) < MIN_LEADS_FOR_RATE:
        bring = Bring.TOO_LITTLE_DATA
    elif low > 0:
        bring = Bring.REJECTED
    else:
        bring = Bring.ACCEPTED if high < 0 else Bring.CHANCE
    return RuleAnswers(name, fired, silent, *found, bring)


def _reason(
    answers: SalesAnswers, name: str, fired: NDArray[np.bool_], accepted_with: IntArray
) -> ReasonAnswers:
    """Of the rejections whose rules are given; `accepted_with` counts accepted leads by rule."""
    number, total = fired.shape[1], int(answers.rejected.sum())
    accepted = len(answers) - total
    confidence = _confidence(len(answers.rules))
    best: tuple[float, int, int, int] | None = None
    for place, (here, there) in enumerate(
        zip(fired.sum(axis=1).tolist(), accepted_with.tolist(), strict=True)
    ):
        found = difference_interval(here, number, there, accepted, confidence)
        if found is not None and found[1] > 0 and (best is None or found[0] > best[0]):
            best = (found[0], place, here, there)
    if best is None:
        return ReasonAnswers(name, number, number / total, None, None, None, None, None)
    _, place, here, there = best
    low, high = wilson_interval(here, number)
    return ReasonAnswers(
        name,
        number,
        number / total,
        answers.rules[place],
        here / number,
        low,
        high,
        rate(there, accepted),
    )

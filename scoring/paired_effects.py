"""What a change of scores does to a figure, and whether that is more than chance: from rows with both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.comparison import Level, judge_difference
from scoring.enough_data import MIN_LEADS_FOR_RATE, enough_for_verdict
from scoring.returning_leads import Outcomes, Returns, largest_error
from scoring.statistics import FloatArray, auc_delong, auc_placements, normal_quantile, rate

MIN_WINS_MOVED = 6
"""Wins among the leads that move, real or expected of so many leads. With fewer no direction can be told: of
five that all point one way chance makes the same in 6 of 100 cases (sign test), of six in 3."""


@dataclass(frozen=True)
class Effect:
    """A figure after a change, and its difference from before with the likely range of that difference.

    `value` and `difference` are None where there is nothing to divide by; `low` and `high` where too little
    data tell. `level` says whether the difference is more than chance.
    """

    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    level: Level

    @property
    def size(self) -> float:
        """How large the difference is, either way; below every size where it is unknown."""
        return -1.0 if self.difference is None else abs(self.difference)

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance."""
        return self.level in (Level.BETTER, Level.WORSE)


@dataclass(frozen=True, eq=False)
class BothScores:
    """The same mature leads under two models.

    Parameters
    ----------
    rows : Outcomes
    now, changed : int array, shape (n,)
        Scores less the lowest possible one.
    score_count : int
        Number of possible scores.
    returns : Returns
    """

    rows: Outcomes
    now: IntArray
    changed: IntArray
    score_count: int
    returns: Returns

    def only(self, chosen: NDArray[np.bool_]) -> BothScores:
        """Some of the rows."""
        rows = Outcomes(self.rows.period[chosen], self.rows.converted[chosen], self.rows.leads[chosen])
        return BothScores(rows, self.now[chosen], self.changed[chosen], self.score_count, self.returns)

    def classes(self, score: IntArray) -> tuple[IntArray, IntArray]:
        """Leads at each score, converted and not."""
        won = self.rows.converted
        return self._at_scores(score, won), self._at_scores(score, ~won)

    def _at_scores(self, score: IntArray, chosen: NDArray[np.bool_]) -> IntArray:
        # Sums of whole numbers below 2 ** 53 are exact in doubles.
        sums = np.bincount(score[chosen], self.rows.leads[chosen], self.score_count)
        return sums.astype(np.int64)


def auc_effect(both: BothScores) -> Effect:
    """What the change does to the AUC.

    Notes
    -----
    DeLong's influence of each lead on the difference of two AUCs (DeLong, DeLong, Clarke-Pearson 1988,
    Biometrics 44, 837-845) with the error of `largest_error`.
    """
    (won_now, lost_now), (won, lost) = both.classes(both.now), both.classes(both.changed)
    before, after = auc_delong(won_now, lost_now)[0], auc_delong(won, lost)[0]
    if before is None or after is None:
        return _nothing(after)
    of_won_now, of_lost_now = auc_placements(won_now, lost_now)
    of_won, of_lost = auc_placements(won, lost)
    converted = both.rows.converted
    excess = np.where(
        converted,
        of_won[both.changed] - of_won_now[both.now],
        of_lost[both.changed] - of_lost_now[both.now],
    ) - (after - before)
    count = both.rows.conversions
    influence = excess / np.where(converted, count, both.rows.lead_count - count)
    moved = (both.now != both.changed).astype(np.float64)
    base_rate = count / both.rows.lead_count
    return _effect(before, after, influence, both, _can_tell(both, moved, base_rate))


def rate_effect(both: BothScores, worked_now: FloatArray, worked: FloatArray) -> Effect:
    """What the change does to the conversion rate of the leads that are worked.

    Parameters
    ----------
    both : BothScores
    worked_now, worked : float array, shape (n,)
        Share of each row's leads that is worked before and after the change, in [0, 1].
    """
    before, after = _rate_of(both, worked_now), _rate_of(both, worked)
    if before is None or after is None:
        return _nothing(after)
    won, leads = both.rows.converted, both.rows.leads
    sizes = [float((leads * part).sum()) for part in (worked_now, worked)]
    influence = (won - after) * worked / sizes[1] - (won - before) * worked_now / sizes[0]
    enough = min(sizes) >= MIN_LEADS_FOR_RATE and _can_tell(both, np.abs(worked - worked_now), before)
    return _effect(before, after, influence, both, enough)


def caught_effect(both: BothScores, worked_now: FloatArray, worked: FloatArray) -> Effect:
    """What the change does to the share of wins among the leads that are worked, equally many both times.

    Parameters
    ----------
    both : BothScores
    worked_now, worked : float array, shape (n,)
        As for `rate_effect`.

    Notes
    -----
    Who is worked is settled by a number of leads, so a lead that comes in puts another one out. At equal
    number the share follows from the rate of those worked, and a lead's influence is that on this rate.
    """
    won, leads = both.rows.converted, both.rows.leads
    wins = both.rows.conversions
    if wins == 0:
        return _nothing(None)
    before, after = (float((leads * part)[won].sum()) / wins for part in (worked_now, worked))
    rate_now, rate_after = _rate_of(both, worked_now) or 0.0, _rate_of(both, worked) or 0.0
    gained = (won - rate_after) * worked - (won - rate_now) * worked_now
    influence = (gained - (after - before) * won) / wins
    return _effect(before, after, influence, both, _can_tell(both, np.abs(worked - worked_now), rate_now))


def worked_from(score: IntArray, threshold: int) -> FloatArray:
    """All leads from a threshold up, as shares of each row."""
    return (score >= threshold).astype(np.float64)


def worked_best(both: BothScores, score: IntArray, room: float) -> FloatArray:
    """The best-scored leads that there is room for, as shares of each row.

    Leads with the score at which the room ends are taken in proportion.
    """
    at = np.bincount(score, both.rows.leads, both.score_count)
    above = np.cumsum(at[::-1])[::-1] - at
    share = np.clip(np.divide(room - above, at, out=np.zeros(len(at)), where=at > 0), 0.0, 1.0)
    return np.asarray(share[score], dtype=np.float64)


def _rate_of(both: BothScores, worked: FloatArray) -> float | None:
    taken = both.rows.leads * worked
    return rate(float(taken[both.rows.converted].sum()), float(taken.sum()))


def _can_tell(both: BothScores, moved: FloatArray, expected_rate: float) -> bool:
    """Whether the leads that move are enough for a normal interval."""
    taken = both.rows.leads * moved
    wins = float(taken[both.rows.converted].sum())
    return max(wins, expected_rate * float(taken.sum())) >= MIN_WINS_MOVED


def _effect(before: float, after: float, influence: Any, both: BothScores, can_tell: bool) -> Effect:
    difference = after - before
    if not enough_for_verdict(both.rows.conversions, both.rows.lead_count):
        return Effect(after, difference, None, None, Level.TOO_LITTLE_DATA)
    if difference == 0 and not influence.any():
        return Effect(after, 0.0, 0.0, 0.0, Level.NO_DIFFERENCE)
    error = largest_error(influence, both.rows, both.returns)
    if error is None or not can_tell:
        return Effect(after, difference, None, None, Level.TOO_LITTLE_DATA)
    reach = normal_quantile() * error
    low, high = difference - reach, difference + reach
    return Effect(after, difference, low, high, judge_difference(low, high))


def _nothing(value: float | None) -> Effect:
    return Effect(value, None, None, None, Level.TOO_LITTLE_DATA)

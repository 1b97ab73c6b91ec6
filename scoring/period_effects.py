"""What a change of scores does to a goal within each period, all periods together, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.comparison import Level, judge_difference
from scoring.enough_data import enough_for_verdict
from scoring.goal import Offer, goal_value, worked_shares
from scoring.paired_effects import MIN_WINS_MOVED, BothScores, Effect
from scoring.returning_leads import Outcomes, largest_error
from scoring.statistics import FloatArray, auc_placements, normal_quantile
from scoring.suggestion import Goal

UNKNOWN = Effect(None, None, None, None, Level.TOO_LITTLE_DATA)


def effect_within_periods(both: BothScores, offer: Offer, goal: Goal) -> Effect:
    """The goal's figure after a change, its difference from before, and the likely range of that.

    Parameters
    ----------
    both : BothScores
        The period of a row is the place of a period of `offer`.
    offer : Offer
    goal : Goal

    Notes
    -----
    Each lead's influence on the figure (that of `scoring.paired_effects`, period by period) with the error of
    `largest_error`, which is never too small whichever leads return.
    """
    rows = both.rows
    tables = [_by_score(both, score, len(offer.periods)) for score in (both.now, both.changed)]
    before, after = (goal_value(goal, won, others, offer.rooms) for won, others in tables)
    if before is None or after is None:
        return UNKNOWN
    difference = after - before
    if not enough_for_verdict(rows.conversions, rows.lead_count):
        return Effect(after, difference, None, None, Level.TOO_LITTLE_DATA)
    influence, moved = _influence(both, offer, goal, tables)
    if difference == 0 and not influence.any():
        return Effect(after, 0.0, 0.0, 0.0, Level.NO_DIFFERENCE)
    error = largest_error(influence, rows, both.returns)
    if error is None or not _can_tell(rows, moved):
        return Effect(after, difference, None, None, Level.TOO_LITTLE_DATA)
    reach = normal_quantile() * error
    low, high = difference - reach, difference + reach
    return Effect(after, difference, low, high, judge_difference(low, high))


def join(parts: Sequence[BothScores]) -> BothScores:
    """Rows of several periods that were scored by different models, side by side."""
    first = parts[0]
    rows = Outcomes(
        np.concatenate([part.rows.period for part in parts]),
        np.concatenate([part.rows.converted for part in parts]),
        np.concatenate([part.rows.leads for part in parts]),
    )
    return BothScores(
        rows,
        np.concatenate([part.now for part in parts]),
        np.concatenate([part.changed for part in parts]),
        first.score_count,
        first.returns,
    )


def _influence(
    both: BothScores, offer: Offer, goal: Goal, tables: list[tuple[FloatArray, FloatArray]]
) -> tuple[FloatArray, FloatArray]:
    """What one lead of each row adds to the difference, and how far it moves, shapes (n,)."""
    scores = (both.now, both.changed)
    if goal is Goal.RANKING:
        now, changed = (_order(both, score, *table) for score, table in zip(scores, tables, strict=True))
        return changed - now, (both.now != both.changed).astype(np.float64)
    (now, worked_now), (changed, worked) = (
        _caught(both, score, *table, offer.rooms) for score, table in zip(scores, tables, strict=True)
    )
    return changed - now, np.abs(worked - worked_now)


def _caught(
    both: BothScores, score: NDArray[np.int64], won: FloatArray, others: FloatArray, rooms: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Influence on the share of wins caught, and the share of each row that is worked.

    A lead that is worked puts another one of its period out, which would have won at the rate of those that
    are worked there.
    """
    shares = worked_shares(won + others, rooms)
    caught = (won * shares).sum(axis=1)
    worked_leads = ((won + others) * shares).sum(axis=1)
    rate = np.divide(caught, worked_leads, out=np.zeros(len(caught)), where=worked_leads > 0)
    period, converted = both.rows.period, both.rows.converted
    worked = shares[period, score]
    wins = won.sum()
    influence = ((converted - rate[period]) * worked - caught.sum() / wins * converted) / wins
    return influence, worked


def _order(both: BothScores, score: NDArray[np.int64], won: FloatArray, others: FloatArray) -> FloatArray:
    """Influence on the share of pairs in the right order: DeLong's, weighted by the period's pairs."""
    pairs = won.sum(axis=1) * others.sum(axis=1)
    influence = np.zeros(len(score))
    for place in np.flatnonzero(pairs):
        of_won, of_others = auc_placements(won[place], others[place])
        auc = float(won[place] @ of_won) / won[place].sum()
        weight = pairs[place] / pairs.sum()
        mine = both.rows.period == place
        for chosen, placement, leads in (
            (mine & both.rows.converted, of_won, won[place].sum()),
            (mine & ~both.rows.converted, of_others, others[place].sum()),
        ):
            influence[chosen] = weight * (placement[score[chosen]] - auc) / leads
    return influence


def _by_score(both: BothScores, score: NDArray[np.int64], periods: int) -> tuple[FloatArray, FloatArray]:
    """Leads that converted and those that did not, shape (periods, scores)."""
    shape = (2, periods, both.score_count)
    place = (both.rows.converted * shape[1] + both.rows.period) * shape[2] + score
    counts = np.bincount(place, both.rows.leads, int(np.prod(shape)))
    others, won = counts.astype(np.float64, copy=False).reshape(shape)
    return won, others


def _can_tell(rows: Outcomes, moved: FloatArray) -> bool:
    """Whether the leads that move are enough for a normal interval."""
    taken = rows.leads * moved
    wins = float(taken[rows.converted].sum())
    return max(wins, rows.conversions / rows.lead_count * float(taken.sum())) >= MIN_WINS_MOVED

"""Turning each rule's points a little up and down, from response tables alone.

A response table scores the same rows with any points of its rule. Both scores of every lead are therefore
known together, and with them what a change does to each figure and how sure that is. No lead is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from scoring.cells import Cells, count_by_score
from scoring.model import Model, Rule
from scoring.paired_effects import (
    BothScores,
    Effect,
    auc_effect,
    caught_effect,
    rate_effect,
    worked_best,
    worked_from,
)
from scoring.periods import periods_between
from scoring.response import ResponseTable, rule_points
from scoring.returning_leads import Outcomes, Returns
from scoring.sensitivity import Held, Knob, Metric, Question, Room, Sensitivity, Turn
from scoring.tally import Weights, tally
from scoring.tier_counts import count_by_tier
from scoring.tiers import tier_indices
from scoring.work_thresholds import TWO_YEARS, WEEK, Work, work_thresholds

Narrow = Callable[[Cells], Cells]


def measure_room(cells: Cells, model: Model, question: Question) -> Room:
    """How many leads the share of wins caught is measured at.

    Parameters
    ----------
    cells : Cells
        Scored with the model.
    model : Model
    question : Question
        With a capacity, all complete periods together have room for so many leads a week. Without, the room
        is what the top tier holds.
    """
    counts = count_by_score(cells, model.min_score, model.max_score)
    if question.leads_per_week is None:
        top = count_by_tier(cells, counts, model).leads[:, -1]
        return Room(float(top.sum()), None, cells.periods)
    work = Work(leads_per_week=question.leads_per_week)
    by_period = work_thresholds(cells, counts, model.observation, work).capacity_by_period
    complete = tuple(label for label, _ in by_period)
    leads = _weeks(complete, cells.observed_until, model) * question.leads_per_week
    return Room(leads, question.leads_per_week, complete)


def turn_rule(
    table: ResponseTable, model: Model, rule: Rule, question: Question, room: Room, narrow: Narrow
) -> Knob:
    """What fewer and more points of one rule would do; its cap stays.

    Parameters
    ----------
    table : ResponseTable
        Of the rule in this model.
    model : Model
    rule : Rule
        An enabled rule of the model.
    question : Question
    room : Room
        Of the same model and the same part of the leads.
    narrow : callable
        Takes cells to those that are looked at, row by row whatever their scores.
    """
    # The rows that are looked at, found once for all points: each carries its number in the table.
    numbered = replace(table.cells, score=np.arange(len(table.count)))
    looked_at = narrow(numbered)
    now = _with_scores(looked_at, table, rule, rule.points)
    turns = []
    for points in (rule.points - question.step, rule.points + question.step):
        changed = _with_scores(looked_at, table, rule, points)
        both = _both_scores(now, changed, model)
        caught, auc = _ranking_effects(both, now.periods, room)
        top_rate = _top_rate_effect(now, changed, both, model)
        moved = int(both.rows.leads[both.now != both.changed].sum())
        held = None if moved else _why_held(table, rule, points)
        turns.append(Turn(points, moved, caught, auc, top_rate, held))
    fewer, more = turns
    return Knob(rule.id, rule.points, rule.max_points, fewer, more)


def gather_sensitivity(
    cells: Cells,
    model: Model,
    question: Question,
    room: Room,
    knobs: Sequence[Knob],
    left_out: tuple[str, ...] = (),
) -> Sensitivity:
    """The rules in order, with the figures before any change.

    Parameters
    ----------
    cells : Cells
        Scored with the model, of the leads that are looked at.
    knobs : sequence of Knob
        In the model's order.
    """
    same = _both_scores(cells, cells, model)
    caught, auc = _ranking_effects(same, cells.periods, room)
    found = Sensitivity(
        model=model.name,
        step=question.step,
        top_tier=model.tiers[-1].name,
        left_out=left_out,
        leads=same.rows.lead_count,
        conversions=same.rows.conversions,
        room=room,
        wins_caught=caught.value,
        auc=auc.value,
        top_rate=_top_rate_effect(cells, cells, same, model).value,
        knobs=tuple(knobs),
    )
    return replace(found, knobs=found.ranked(Metric.WINS_CAUGHT))


def _with_scores(looked_at: Cells, table: ResponseTable, rule: Rule, points: int) -> Cells:
    scored = table.at(points, rule.max_points)
    place = None if scored.place is None else scored.place[looked_at.score]
    return replace(looked_at, score=scored.score[looked_at.score], place=place)


def _ranking_effects(both: BothScores, periods: tuple[str, ...], room: Room) -> tuple[Effect, Effect]:
    in_room = np.array([label in room.periods for label in periods], dtype=np.bool_)
    offered = both.only(in_room[both.rows.period])
    caught = caught_effect(
        offered,
        worked_best(offered, offered.now, room.leads),
        worked_best(offered, offered.changed, room.leads),
    )
    return caught, auc_effect(both)


def _top_rate_effect(now: Cells, changed: Cells, both: BothScores, model: Model) -> Effect:
    top = model.tiers[-1].threshold - model.min_score
    if model.grid is not None:
        # Not the score but the tier itself decides who is worked.
        top = len(model.tiers) - 1
        wide = model.model_copy(update={"min_score": 0, "max_score": max(top, 1)})
        both = _both_scores(_by_tier(now, model), _by_tier(changed, model), wide)
    return rate_effect(both, worked_from(both.now, top), worked_from(both.changed, top))


def _by_tier(cells: Cells, model: Model) -> Cells:
    """The cells with the index of their tier in the place of their score."""
    return replace(cells, score=tier_indices(cells.score, model, cells.place))


def _both_scores(now: Cells, changed: Cells, model: Model) -> BothScores:
    """The mature leads by both scores; rows that are equal in everything become one."""
    mature, count = now.mature, model.max_score - model.min_score + 1
    columns = [now.period, now.converted, now.score - model.min_score, changed.score - model.min_score]
    shape = (max(len(now.periods), 1), 2, count, count)
    place = np.ravel_multi_index([column[mature].astype(np.int64) for column in columns], shape)
    weights = Weights(now.leads[mature].astype(np.float64), *[np.zeros(0, dtype=np.int64)] * 2)
    places, leads, _ = tally(place, math.prod(shape), weights)
    period, converted, before, after = np.unravel_index(places, shape)
    rows = Outcomes(period, converted.astype(np.bool_), leads)
    return BothScores(rows, before, after, count, Returns.of(model, now))


def _why_held(table: ResponseTable, rule: Rule, points: int) -> Held:
    fires = table.count > 0
    if not fires.any():
        return Held.NEVER_FIRES
    count = table.count[fires]
    before = rule_points(count, rule.points, rule.max_points)
    same = np.array_equal(before, rule_points(count, points, rule.max_points))
    return Held.OWN_LIMIT if same else Held.OTHER_LIMITS


def _weeks(labels: tuple[str, ...], observed_until: datetime, model: Model) -> float:
    """Length of the periods with these labels together."""
    if not labels:
        return 0.0
    first = datetime(max(int(min(labels)[:4]), 3), 1, 1) - TWO_YEARS
    periods = periods_between(first, observed_until, model.observation)
    return sum((one.ends_at - one.starts_at) / WEEK for one in periods if one.label in labels)

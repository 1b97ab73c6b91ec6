"""Points found by what was known before each period, and judged on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from scoring.cells import Cells
from scoring.goal import Offer, only_rows, value_of, values_of_choices
from scoring.joint_cells import JointCells
from scoring.model import Model
from scoring.paired_effects import BothScores, Effect
from scoring.period_effects import effect_within_periods, join
from scoring.points_regression import clear_weights, scale_to_points
from scoring.points_search import Found, outside_limits, search_points
from scoring.prediction import History
from scoring.response import ResponseTable
from scoring.returning_leads import Outcomes, Returns
from scoring.suggestion import LARGEST_LOSS, Aim, Goal, cap_for, with_points
from scoring.top_tier_size import balancing_base_points, top_leads, without_ends


class Scored(Protocol):
    """The leads under any model that differs from the one in question in points and starting points."""

    @property
    def history(self) -> History:
        """All lead-moments, as a regression wants them."""
        ...

    def cells(self, model: Model) -> Cells:
        """Counted by score."""
        ...

    def table(self, model: Model, rule_id: str) -> ResponseTable:
        """Counted by everything but the points of one enabled rule."""
        ...

    def joint(self, model: Model, changed: Model) -> JointCells:
        """Counted by the scores under both models."""
        ...


@dataclass(frozen=True, eq=False)
class Lesson:
    """What some periods would have suggested.

    Parameters
    ----------
    offer : Offer
        The periods.
    found : Found
    base_points : int
        With which the changed model's top tier is as large as the model's own.
    spare : tuple of str
        Rules that could go.
    """

    offer: Offer
    found: Found
    base_points: int
    spare: tuple[str, ...]

    def changed(self, model: Model) -> Model:
        """The model with all that was found."""
        points = with_points(model, self.found.points)
        return points.model_copy(update={"base_points": self.base_points})


@dataclass(frozen=True, eq=False)
class Fold:
    """A period, and what was learned before it."""

    period: str
    lesson: Lesson


def learn(model: Model, aim: Aim, scored: Scored, offer: Offer) -> Lesson:
    """Find points on some periods, and rules that they show to be spare."""
    found = search_points(model, scored.table, offer, aim, _tried(model, aim, scored, offer))
    changed = with_points(model, found.points)
    base_points = model.base_points
    if found.points:
        target = top_leads(scored.cells(model), offer, model)
        base_points = balancing_base_points(scored.cells(without_ends(changed)), offer, changed, target)
    return Lesson(offer, found, base_points, spare_rules(model, scored, offer, aim.goal))


def spare_rules(model: Model, scored: Scored, offer: Offer, goal: Goal) -> tuple[str, ...]:
    """Rules that together can go at hardly any loss to either goal, the cheapest first.

    Each is tried after those that cost less have gone, and stays where all of them together cost too much:
    of two rules that tell the same one can go.
    """
    now = {each: _value(scored.cells(model), offer, each, model) for each in Goal}
    costs: dict[str, float] = {}
    for rule in model.enabled_rules:
        table, without = scored.table(model, rule.id), [(0, cap_for(rule, 0))]
        losses = {each: _loss(now[each], values_of_choices(table, offer, each, without)[0]) for each in Goal}
        if all(loss <= LARGEST_LOSS[each] for each, loss in losses.items()):
            costs[rule.id] = losses[goal]
    gone: list[str] = []
    for rule_id in sorted(costs, key=lambda each: costs[each]):
        smaller = with_points(model, dict.fromkeys([*gone, rule_id], 0))
        cells = scored.cells(smaller)
        losses = {each: _loss(now[each], _value(cells, offer, each, model)) for each in Goal}
        if all(loss <= LARGEST_LOSS[each] for each, loss in losses.items()):
            gone.append(rule_id)
    return tuple(gone)


def judge_model(
    model: Model,
    scored: Scored,
    folds: Sequence[Fold],
    offer: Offer,
    goal: Goal,
    changed: Callable[[Lesson], Model],
) -> Effect:
    """What the lessons do to the goal, each on the period that came after it.

    Parameters
    ----------
    offer : Offer
        The periods of the folds.
    changed : callable
        The model that a lesson leads to.
    """
    parts = []
    for place, fold in enumerate(folds):
        joint = scored.joint(model, changed(fold.lesson)).only([fold.period])
        rows = Outcomes(np.full(len(joint.leads), place), joint.converted, joint.leads.astype(np.int64))
        scores = (joint.score_a - model.min_score, joint.score_b - model.min_score)
        parts.append(_both(rows, *scores, model, _returns(model, scored, folds)))
    return effect_within_periods(join(parts), offer, goal)


def judge_rule(
    model: Model, scored: Scored, folds: Sequence[Fold], offer: Offer, goal: Goal, rule_id: str, aim: Aim
) -> Effect:
    """The same for one rule's change by itself."""
    rule = model.rule(rule_id)
    table = scored.table(with_points(model, outside_limits(model, aim)), rule_id)
    parts = []
    for place, fold in enumerate(folds):
        rows, _ = offer.only([fold.period]).rows(table.cells)
        part = only_rows(table, np.flatnonzero(rows))
        points = fold.lesson.found.alone[rule_id]
        now, changed = (part.at(each, cap_for(rule, each)) for each in (rule.points, points))
        outcomes = Outcomes(np.full(len(now.leads), place), now.converted, now.leads.astype(np.int64))
        scores = (now.score - model.min_score, changed.score - model.min_score)
        parts.append(_both(outcomes, *scores, model, _returns(model, scored, folds)))
    return effect_within_periods(join(parts), offer, goal)


def _tried(model: Model, aim: Aim, scored: Scored, offer: Offer) -> Callable[..., Sequence[int]]:
    limits = {rule.id: aim.limits_of(model, rule) for rule in model.enabled_rules}
    if aim.goal is Goal.WINS:
        tried = {rule.id: limits[rule.id].tried(rule.points) for rule in model.enabled_rules}
    else:
        points = regression_points(model, aim, scored, offer)
        # To leave a rule out is always worth a try where the limits allow it.
        tried = {rule: tuple({limits[rule].nearest(0), points[rule]}) for rule in points}
    return lambda rule: tried[rule.id]


def regression_points(model: Model, aim: Aim, scored: Scored, offer: Offer) -> Mapping[str, int]:
    """The points that a regression on some periods gives every enabled rule."""
    history = scored.history
    places = [place for place, label in enumerate(history.periods) if label in offer.periods]
    rows = history.at(history.mature & np.isin(history.period, places))
    cells = scored.cells(model)
    weights = clear_weights(rows, Returns.of(model, cells))
    by_rule = {rule.id: float(weight) for rule, weight in zip(model.enabled_rules, weights, strict=True)}
    target = top_leads(cells, offer, model)

    def size(changed: Model) -> float:
        return top_leads(scored.cells(without_ends(changed)), offer, changed)

    return scale_to_points(model, by_rule, aim, size, target)


def _value(cells: Cells, offer: Offer, goal: Goal, model: Model) -> float | None:
    return value_of(cells, offer, goal, model.min_score, model.max_score)


def _loss(before: float | None, after: float | None) -> float:
    return 0.0 if before is None or after is None else before - after


def _both(rows: Outcomes, now: np.ndarray, changed: np.ndarray, model: Model, returns: Returns) -> BothScores:
    return BothScores(rows, now, changed, model.max_score - model.min_score + 1, returns)


def _returns(model: Model, scored: Scored, folds: Sequence[Fold]) -> Returns:
    every = Returns.of(model, scored.cells(model))
    return replace(every, converted=min(every.converted, len(folds)), others=min(every.others, len(folds)))

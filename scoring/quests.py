"""Quests of a model, and what a lead has earned in all its life.

A *quest* is an enabled rule of a category that the model marks with ``quests = true``, on the lead's own
activities, with positive points and a count that ends: once, or `max_count` times. It is *completed* when its
full count is reached by the activities before the moment, however old they are: decay, window and the silence
after which points start anew take away points, never a badge.

*Lifetime points* are the starting points and what the enabled rules on the lead's own activities with
positive points would give, each with its own limits, if nothing ever faded, grew too old or was wiped out.
Limits of categories and of the score belong to the current points and play no part. So lifetime points never
fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import Model, Rule
from scoring.response import rule_points
from scoring.rule_counts import TWENTIETHS, most_twentieths

Counts = NDArray[np.integer[Any]]


def is_quest(model: Model, rule: Rule) -> bool:
    """Whether a rule of the model is a quest as long as it is switched on."""
    ends = rule.counting == "once" or rule.max_count is not None
    return _earns(rule) and ends and model.category(rule.category).quests


def can_be_quest(rule: Rule) -> bool:
    """Whether a rule would be one with points and an end: it counts what a lead does itself."""
    return rule.source == "activity" and rule.counting in ("each", "once")


def quests_of(model: Model) -> tuple[Rule, ...]:
    """The quests of a model, in its order; none for a model without any."""
    return tuple(rule for rule in model.enabled_rules if is_quest(model, rule))


def categories_with_quests(model: Model) -> tuple[str, ...]:
    """Categories that would hold quests if the model marked them, those that it marks among them."""
    marked = tuple(model.category(name).model_copy(update={"quests": True}) for name in model.category_names)
    asked = model.model_copy(update={"categories": marked})
    return tuple(dict.fromkeys(rule.category for rule in quests_of(asked)))


def quest_times(rule: Rule) -> int:
    """How many activities complete a quest.

    Examples
    --------
    >>> quest_times(Rule(id="a", category="c", source="activity", points=5, max_count=3))
    3
    """
    return max(full_count(rule) // TWENTIETHS, rule.required_count)


def full_count(rule: Rule) -> int:
    """The largest count of a quest, in twentieths."""
    return TWENTIETHS if rule.counting == "once" else most_twentieths(rule)


def quest_points(rule: Rule) -> int:
    """What a quest gives when it is completed and nothing has faded."""
    return int(rule_points(np.array([full_count(rule)]), rule.points, rule.max_points)[0])


def lifetime_model(model: Model) -> Model:
    """The model whose rule counts are those of a whole life.

    Returns
    -------
    Model
        The enabled rules on own activities with positive points, without decay and window, in the model's
        order; no silence wipes anything out. Leads, moments and outcomes are those of the model.
    """
    rules = tuple(
        rule.model_copy(update={"decay": None, "window_days": None})
        for rule in model.enabled_rules
        if _earns(rule)
    )
    return model.model_copy(update={"rules": rules, "inactivity_reset_days": None})


def lifetime_points(model: Model, counts: Sequence[Counts], row_count: int) -> NDArray[np.int64]:
    """Lifetime points of every row.

    Parameters
    ----------
    model : Model
    counts : sequence of int arrays of shape (row_count,)
        Of each rule of `lifetime_model`, in twentieths.
    row_count : int
        Needed where no rule earns anything.
    """
    total = np.full(row_count, model.base_points, dtype=np.int64)
    for rule, column in zip(lifetime_model(model).rules, counts, strict=True):
        total += rule_points(column, rule.points, rule.max_points)
    return total


def completed_quests(model: Model, counts: Sequence[Counts], row_count: int) -> NDArray[np.bool_]:
    """Which quests each row has completed, shape (quests, row_count); see `lifetime_points`."""
    by_rule = zip(lifetime_model(model).rules, counts, strict=True)
    done = [column >= full_count(rule) for rule, column in by_rule if is_quest(model, rule)]
    return np.array(done, dtype=np.bool_).reshape(len(done), row_count)


def _earns(rule: Rule) -> bool:
    return can_be_quest(rule) and rule.points > 0

"""Who entered and left each tier from one instant to the next, and what drove it, over whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.model import Model, Rule
from scoring.response import rule_points

Ints = npt.NDArray[np.integer[Any]]
Integers = npt.NDArray[np.int64]
NOWHERE = -1
"""Stands for the tier of a lead that is not scored at an instant, and for the rule where none did it."""


class Cause(Enum):
    """Why a lead came into a tier or left it."""

    NEW = "new"
    """It was created since the instant before."""
    REOPENED = "reopened"
    """It was known before, but not open."""
    ACTIVITY = "activity"
    """Somebody did something: a rule counts more, or one for silence counts less."""
    SILENCE = "silence"
    """Nothing was done for so long that a rule for silence holds now."""
    FADED = "faded"
    """What was done grew too old for its window, or is worth less."""
    RESET = "reset"
    """The lead was silent for so long that all it had done no longer counts."""
    WON = "won"
    """It converted."""
    CLOSED = "closed"
    """Sales closed it without a win."""
    TOO_OLD = "too_old"
    """It is older than leads that are scored."""


CAUSES = tuple(Cause)


@dataclass(frozen=True, eq=False)
class Steps:
    """Leads whose tier is another one than at the instant before.

    Attributes
    ----------
    week : int array of shape (steps,)
        The place of the later instant.
    source, target : int arrays
        Tiers before and after by their place in the model, `NOWHERE` where the lead was not scored.
    before, after : int arrays
        The lead's rows at both instants, `NOWHERE` where there is none.
    """

    week: Integers
    source: Integers
    target: Integers
    before: Integers
    after: Integers

    @classmethod
    def find(cls, leads: Ints, weeks: Ints, tiers: Ints, week_count: int) -> Steps:
        """The steps of all leads.

        Parameters
        ----------
        leads, weeks, tiers : int arrays of shape (rows,)
            One row for each lead and instant at which it is scored, sorted by both.
        week_count : int
            Instants; what is not scored at the last one may still be scored later, and has not left.
        """
        rows = np.arange(len(leads))
        follows = np.zeros(len(leads), dtype=np.bool_)
        follows[1:] = (leads[1:] == leads[:-1]) & (weeks[1:] == weeks[:-1] + 1)
        moved = np.flatnonzero(follows)
        moved = moved[tiers[moved] != tiers[moved - 1]]
        came = np.flatnonzero(~follows & (weeks > 0))
        is_left = np.ones(len(leads), dtype=np.bool_)
        is_left[:-1] = ~follows[1:]
        left = np.flatnonzero(is_left & (weeks < week_count - 1))
        return cls(
            week=np.concatenate([weeks[moved], weeks[came], weeks[left] + 1]).astype(np.int64),
            source=np.concatenate([tiers[moved - 1], _nowhere(came), tiers[left]]).astype(np.int64),
            target=np.concatenate([tiers[moved], tiers[came], _nowhere(left)]).astype(np.int64),
            before=np.concatenate([rows[moved - 1], _nowhere(came), rows[left]]),
            after=np.concatenate([rows[moved], rows[came], _nowhere(left)]),
        )

    def __len__(self) -> int:
        return len(self.week)


def _nowhere(like: Ints) -> Integers:
    """`NOWHERE` so many times."""
    return np.full(len(like), NOWHERE, dtype=np.int64)


def find_drivers(
    model: Model,
    counts_before: Sequence[Ints],
    counts_after: Sequence[Ints],
    is_up: npt.NDArray[np.bool_],
    is_reset: npt.NDArray[np.bool_],
) -> tuple[Integers, Integers]:
    """Which rule drove each step from tier to tier, and how.

    The driver is the rule whose points changed most in the direction of the step, the first one in the
    model's order where several did; where a grid turns the direction round, the one that changed most.

    Parameters
    ----------
    model : Model
    counts_before, counts_after : sequences of int arrays of shape (steps,)
        Of each enabled rule, in twentieths.
    is_up, is_reset : bool arrays
        Whether the step leads to a higher tier; whether a silence was completed since the instant before.

    Returns
    -------
    rules, causes : int arrays of shape (steps,)
        Places among the enabled rules and in `CAUSES`.
    """
    rules = model.enabled_rules
    changes = np.stack(
        [
            rule_points(after, rule.points, rule.max_points)
            - rule_points(before, rule.points, rule.max_points)
            for rule, before, after in zip(rules, counts_before, counts_after, strict=True)
        ]
    )
    directed = np.where(is_up, changes, -changes)
    drivers = np.argmax(directed, axis=0)
    turned = np.flatnonzero(directed.max(axis=0, initial=0) <= 0)
    drivers[turned] = np.argmax(np.abs(changes[:, turned]), axis=0)
    causes = np.zeros(len(drivers), dtype=np.int64)
    for place, rule in enumerate(rules):
        mine = np.flatnonzero(drivers == place)
        rose = counts_after[place][mine] > counts_before[place][mine]
        causes[mine] = _causes(rule, rose, is_reset[mine], model.inactivity_reset_days)
    return drivers, causes


def silence_reaches(rule: Rule, reset_days: int | None) -> bool:
    """Whether a silence of the model's reset can take away what the rule counts.

    What a window shorter than the silence saw was too old before the silence was complete.
    """
    return (
        reset_days is not None
        and rule.source == "activity"
        and rule.counting != "absent"
        and (rule.window_days is None or rule.window_days >= reset_days)
    )


def _causes(
    rule: Rule, rose: npt.NDArray[np.bool_], is_reset: npt.NDArray[np.bool_], reset_days: int | None
) -> Integers:
    if rule.counting == "absent":
        return np.where(rose, CAUSES.index(Cause.SILENCE), CAUSES.index(Cause.ACTIVITY))
    fell = np.where(
        is_reset & silence_reaches(rule, reset_days), CAUSES.index(Cause.RESET), CAUSES.index(Cause.FADED)
    )
    return np.where(rose, CAUSES.index(Cause.ACTIVITY), fell)

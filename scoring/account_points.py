"""From the scores of leads to the scores of their accounts, many accounts at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.account_scoring import AccountScore, Flags, Integers


@dataclass(frozen=True, eq=False)
class Members:
    """Scored leads, each with the account (at one instant) that it belongs to.

    Parameters
    ----------
    account : int array of shape (leads,)
        0 to `account_count` - 1, in any order.
    score : int array of shape (leads,)
    engaged : bool array of shape (leads,)
    department : int array of shape (leads,)
        Equal for equal departments; negative where there is none.
    account_count : int
        An account without a lead has no score of its own: all of its parts are 0, and it is clipped.
    """

    account: Integers
    score: Integers
    engaged: Flags
    department: Integers
    account_count: int


@dataclass(frozen=True, eq=False)
class AccountPoints:
    """What accounts score and where it comes from; int arrays of shape (accounts,).

    Attributes
    ----------
    people, engaged, departments : int array
        Leads, engaged ones, and distinct departments of these.
    lead_points, person_points, department_points, rule_points : int array
        The parts of the score; their sum, clipped, is the score.
    score : int array
    """

    people: Integers
    engaged: Integers
    departments: Integers
    lead_points: Integers
    person_points: Integers
    department_points: Integers
    rule_points: Integers
    score: Integers

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return 8 * self.people.nbytes


def account_points(block: AccountScore, members: Members, rule_points: Integers) -> AccountPoints:
    """Score accounts; see `scoring.account_scoring` for what is added up.

    Parameters
    ----------
    block : AccountScore
    members : Members
    rule_points : int array of shape (accounts,)
        What the rules on attributes give.

    Examples
    --------
    >>> from scoring.model_parts import Tier
    >>> block = AccountScore(lead_part="top", top=2, tiers=(Tier(name="all", threshold=0),),
    ...     engaged_score=10, points_per_person=5)
    >>> members = Members(np.array([0, 0, 0, 1]), np.array([30, 5, 10, 7]),
    ...     np.array([True, False, True, False]), np.full(4, -1), account_count=2)
    >>> account_points(block, members, np.zeros(2, dtype=np.int64)).score
    array([50,  7])
    """
    count = members.account_count
    people = np.bincount(members.account, minlength=count)
    engaged = np.bincount(members.account[members.engaged], minlength=count)
    departments = _distinct_departments(members)
    lead_points = _lead_points(block, members, people)
    person_points = _capped(block.points_per_person * engaged, block.max_person_points)
    department_points = _capped(block.points_per_department * departments, block.max_department_points)
    total = lead_points + person_points + department_points + rule_points
    return AccountPoints(
        people=people,
        engaged=engaged,
        departments=departments,
        lead_points=lead_points,
        person_points=person_points,
        department_points=department_points,
        rule_points=rule_points,
        score=np.clip(total, block.min_score, block.max_score),
    )


def _lead_points(block: AccountScore, members: Members, people: Integers) -> Integers:
    points = np.zeros(members.account_count, dtype=np.int64)
    if block.lead_part == "max":
        points[people > 0] = np.iinfo(np.int64).min
        np.maximum.at(points, members.account, members.score)
    elif block.lead_part == "top":
        best = _best(members, block.top or 1)
        np.add.at(points, members.account[best], members.score[best])
    else:
        np.add.at(points, members.account, members.score)
    if block.lead_part == "mean":
        # Halves are rounded up, also below 0; an account without leads has nothing to divide.
        points = (2 * points + people) // np.maximum(2 * people, 1)
    return points


def _best(members: Members, most: int) -> NDArray[np.intp]:
    """The places of the leads with the highest scores of each account."""
    order = np.lexsort((-members.score, members.account))
    account = members.account[order]
    is_first = np.ones(len(account), dtype=np.bool_)
    is_first[1:] = account[1:] != account[:-1]
    places = np.arange(len(account))
    rank = places - np.maximum.accumulate(np.where(is_first, places, 0))
    best: NDArray[np.intp] = order[rank < most]
    return best


def _distinct_departments(members: Members) -> Integers:
    counted = members.engaged & (members.department >= 0)
    department = members.department[counted]
    width = int(department.max(initial=0)) + 1
    distinct = np.unique(members.account[counted] * width + department)
    found: Integers = np.bincount(distinct // width, minlength=members.account_count)
    return found


def _capped(points: Integers, cap: int | None) -> NDArray[Any]:
    return points if cap is None else np.minimum(points, cap)

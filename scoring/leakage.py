"""Whether a column, a type of activity or a rule knows how a lead ended: judgement on counts, limits by name.

Nothing here can prove a leak; it finds what honest data do not look like. Every limit says why it is where
it is. Of a limit on a share or an AUC the lower end of the 95 % interval counts, so that a small sample does
not raise an alarm by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.cells import IntArray
from scoring.cohort_ranking import Ranking
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT
from scoring.statistics import rate, wilson_interval

OPEN, LOST, CONVERTED = range(3)
"""How a lead ended, as the statements number it."""

MIN_LEADS = 20
"""Fewer leads behind a finding may be a handful of odd records."""

MOSTLY = 0.5
"""A type of activity follows the outcome when more than half of it does: most leads never convert, so most of
any honest type belongs to leads that have no conversion to follow."""

TIMES_USUAL = 2
"""Where customers go on reading newsletters, every type comes after the conversion; a leak stands out by at
least twice the other types' share."""

DAYS_BEFORE = 1
"""Within a day before: what is done to book a win (contract sent, account set up) is entered as it is won."""

FILLED_RATIO = 20
"""Filled only for one kind of ending: the others have it less than a twentieth as often. Honest columns are
filled unevenly too (better leads are better documented), but not twenty to one."""

IMPLAUSIBLE_ATTRIBUTE_AUC = 0.75
"""No single thing known about a person or company before they act ranks buyers this well. Within a quarter
the best honest attribute of the UCI bank data reaches 0.60 (the leaking `duration` 0.89), of the demo data
0.61; whole application scorecards, of ten or more attributes, reach 0.7 to 0.8 (Thomas, Edelman, Crook 2002,
Credit Scoring and Its Applications)."""

IMPLAUSIBLE_ACTIVITY_AUC = 0.9
"""What leads do tells more: past purchases alone rank CDNOW's buyers of a quarter with up to 0.83."""

PURE_RATE = 0.9
"""A value whose leads nearly all convert, where less than half of the others do, is a stage, no attribute."""

USUAL_RATE = 0.5


@dataclass(frozen=True)
class FollowingType:
    """A type of activity and how much of it follows the conversion.

    Parameters
    ----------
    activity_type : str
        In lower case.
    activities : int
        Of leads that count.
    after, just_before : int
        At or after the lead's first conversion; within a day before it.
    leads : int
        Leads behind those two.
    """

    activity_type: str
    activities: int
    after: int
    just_before: int
    leads: int

    @property
    def share(self) -> float:
        """The share that comes after the conversion or within a day before it; 0 of nothing."""
        return rate(self.after + self.just_before, self.activities) or 0.0


def types_that_follow(types: Sequence[FollowingType]) -> list[FollowingType]:
    """The types that mostly come after the conversion (or within a day before it) although others do not."""
    return [
        kind
        for kind in types
        if _mostly_follows(kind) and _share_of_others(types, kind) * TIMES_USUAL <= kind.share
    ]


def _mostly_follows(kind: FollowingType) -> bool:
    low, _ = wilson_interval(kind.after + kind.just_before, kind.activities)
    return kind.leads >= MIN_LEADS and low is not None and low > MOSTLY


def _share_of_others(types: Sequence[FollowingType], kind: FollowingType) -> float:
    others = [other for other in types if other is not kind]
    following = sum(other.after + other.just_before for other in others)
    return rate(following, sum(other.activities for other in others)) or 0.0


@dataclass(frozen=True, eq=False)
class Fills:
    """How often an attribute has a value, by cohort and ending.

    Parameters
    ----------
    leads, filled : int array, shape (cohorts, 3)
        All leads and those with a value; columns OPEN, LOST, CONVERTED.
    """

    leads: IntArray
    filled: IntArray

    def gap(self, ending: int, others: Sequence[int]) -> FillGap:
        """Leads of one ending against leads of others, as if both had the cohorts of the one.

        Cohorts in which either is missing say nothing and are left out.
        """
        leads, filled = self.leads[:, ending], self.filled[:, ending]
        other_leads = self.leads[:, list(others)].sum(axis=1)
        other_filled = self.filled[:, list(others)].sum(axis=1)
        both = (leads > 0) & (other_leads > 0)
        count = int(leads[both].sum())
        other_share = other_filled[both] / other_leads[both]
        return FillGap(
            leads=count,
            filled=int(filled[both].sum()),
            other_leads=int(other_leads[both].sum()),
            other_filled=int(other_filled[both].sum()),
            other_share=float((other_share * leads[both]).sum() / count) if count else 0.0,
        )


@dataclass(frozen=True)
class FillGap:
    """Leads of one ending and of others with how many have a value.

    `other_share` is weighted by the cohorts of the one ending.
    """

    leads: int
    filled: int
    other_leads: int
    other_filled: int
    other_share: float

    @property
    def share(self) -> float:
        """The share of the one ending's leads that has a value; 0 of nothing."""
        return rate(self.filled, self.leads) or 0.0

    @property
    def one_sided(self) -> bool:
        """Whether only leads of the one ending have a value, as far as such data can say."""
        return (
            min(self.filled, self.other_leads) >= MIN_LEADS and self.share >= FILLED_RATIO * self.other_share
        )


def ranks_too_well(ranking: Ranking | None, limit: float) -> bool:
    """Whether a single value ranks converted leads better than honest values of its kind do."""
    return (
        ranking is not None
        and min(ranking.converted, ranking.others) >= MIN_CONVERSIONS_FOR_VERDICT
        and ranking.at_least >= limit
    )


def values_of_winners(won: IntArray, others: IntArray) -> IntArray:
    """Places of the values that nearly only converted leads have, the one of most leads first.

    Parameters
    ----------
    won, others : int array, shape (values,)
        Leads with each value of an attribute.
    """
    leads, all_won, all_leads = won + others, int(won.sum()), int((won + others).sum())
    found = []
    for place in np.flatnonzero(leads >= MIN_LEADS):
        low, _ = wilson_interval(int(won[place]), int(leads[place]))
        usual = rate(all_won - int(won[place]), all_leads - int(leads[place]))
        if low is not None and low > PURE_RATE and usual is not None and usual < USUAL_RATE:
            found.append(int(place))
    return np.array(sorted(found, key=lambda place: -int(leads[place])), dtype=np.int64)

"""The block ``[account_score]`` of a model file: how an account's score comes from the scores of its leads.

An account at an instant T is scored from its *members*: its leads that are scored at T (known, not left out,
open, not too old). With scores s1 >= s2 >= ... >= sn of n >= 1 members, in whole numbers:

1. **Lead points**, by `from`: ``sum`` s1 + ... + sn; ``max`` s1; ``top`` the sum of the first `top` of them;
   ``mean`` their mean, halves rounded up: ``floor((2 * (s1 + ... + sn) + n) / (2 * n))``.
2. **Engaged people**: members in the lead tier `engaged_tier` or a higher one, or whose score reaches
   `engaged_score`, or who did anything at or after T - `engaged_within_days` days and before T (whatever it
   was, seen through the model's reset like every rule). Without any of these keys every member is engaged.
3. **People points**: `points_per_person` x engaged people, at most `max_person_points`.
4. **Department points**: `points_per_department` x distinct departments of engaged people, at most
   `max_department_points`. The department is the lead's `department_field`, compared without regard to case;
   a missing one is none.
5. **Rule points**: the points of each enabled rule whose conditions the account's attributes satisfy. An
   account that is not in ``accounts`` satisfies none.
6. **Score**: the sum of 1, 3, 4 and 5, clipped to [`min_score`, `max_score`]. **Tier**: the last one whose
   threshold the score reaches.

Which accounts are scored when, and when one converted, stands in `queries.account_moments`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StrictInt, StrictStr, model_validator

from scoring.model_parts import (
    Condition,
    Days,
    Name,
    Points,
    Score,
    Tier,
    Value,
    require,
    require_tiers,
    require_unique,
)

if TYPE_CHECKING:
    from scoring.model import Model

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

AccountLimit = Annotated[StrictInt, Field(ge=-10_000, le=10_000)]
PointsEach = Annotated[StrictInt, Field(ge=0, le=1000)]
Cap = Annotated[StrictInt, Field(ge=1, le=1_000_000)]

LeadPart = Literal["sum", "mean", "max", "top"]


class AccountRule(Value):
    """Points for an account whose attributes satisfy the conditions; without any, every known one does."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9_]+$", max_length=100)]
    points: Points
    label: Name | None = None
    enabled: bool = True
    match: Literal["all", "any"] = "all"
    where: tuple[Condition, ...] = ()

    @property
    def shown_label(self) -> str:
        """The label, or the id of a rule without one."""
        return self.label or self.id


class AccountScore(Value):
    """How accounts are scored; the module says what each key does."""

    lead_part: LeadPart = Field(alias="from")
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    top: Annotated[StrictInt, Field(ge=1, le=1000)] | None = None
    min_score: AccountLimit = 0
    max_score: AccountLimit = 1000
    engaged_tier: Name | None = None
    engaged_score: Score | None = None
    engaged_within_days: Days | None = None
    points_per_person: PointsEach = 0
    max_person_points: Cap | None = None
    points_per_department: PointsEach = 0
    max_department_points: Cap | None = None
    department_field: Name | None = None
    rules: tuple[AccountRule, ...] = ()

    @model_validator(mode="after")
    def _keys_fit_together(self) -> AccountScore:
        if self.lead_part == "top":
            require(self.top is not None, "top must be given with from top: how many of the best leads count")
        else:
            require(self.top is None, f"top must not be given with from {self.lead_part}")
        both = self.engaged_tier is not None and self.engaged_score is not None
        require(not both, "engaged_tier must not be given together with engaged_score; leave one out")
        if self.points_per_person or self.points_per_department:
            message = (
                "engaged_tier, engaged_score or engaged_within_days must be given with points_per_person "
            )
            require(self.says_who_is_engaged, message + "or points_per_department: they say who is engaged")
        for key in ("person", "department"):
            given = getattr(self, f"max_{key}_points") is not None
            message = f"points_per_{key} must be above 0 with max_{key}_points, got 0"
            require(not given or getattr(self, f"points_per_{key}") > 0, message)
        if self.points_per_department:
            message = "department_field must be given with points_per_department: a column of leads"
            require(self.department_field is not None, message)
        require_tiers(self.tiers, self.min_score, self.max_score)
        require_unique("rules: id", (rule.id for rule in self.rules))
        return self

    @property
    def says_who_is_engaged(self) -> bool:
        """Whether any key tells engaged people from the others."""
        keys = (self.engaged_tier, self.engaged_score, self.engaged_within_days)
        return any(key is not None for key in keys)

    def check_names(self, tiers: Sequence[str]) -> None:
        """Refuse an `engaged_tier` that is none of the model's tiers of leads."""
        if self.engaged_tier is not None:
            message = f"account_score: engaged_tier must be one of the model's tiers {', '.join(tiers)}"
            require(self.engaged_tier in tiers, f"{message}, got {self.engaged_tier!r}")

    @property
    def enabled_rules(self) -> tuple[AccountRule, ...]:
        """The rules that are switched on, in the block's order."""
        return tuple(rule for rule in self.rules if rule.enabled)


def account_score_of(model: Model) -> AccountScore:
    """How a model scores accounts: its block, or what holds without one.

    Without a block an account scores what its best lead scores (`from` max), in the model's own range and
    tiers, and a person is engaged from the second tier on.
    """
    if model.account_score is not None:
        return model.account_score
    return AccountScore(
        lead_part="max",
        tiers=model.tiers,
        min_score=model.min_score,
        max_score=model.max_score,
        engaged_tier=model.tiers[1].name if len(model.tiers) > 1 else None,
    )


def account_model(model: Model) -> Model:
    """The model with the range and tiers of its accounts and without rules: what figures of accounts need."""
    block = account_score_of(model)
    return model.model_copy(
        update={
            "tiers": block.tiers,
            "base_points": 0,
            "min_score": block.min_score,
            "max_score": block.max_score,
            "categories": (),
            "rules": (),
            "grid": None,
            "account_score": None,
        }
    )


def is_engaged(model: Model, scores: Integers, tiers: Integers, active: Flags | None) -> Flags:
    """Which scored leads are engaged.

    Parameters
    ----------
    model : Model
    scores, tiers : int arrays of shape (leads,)
        `tiers` are places in the model's.
    active : bool array of shape (leads,), or None
        Whether a lead did anything within `engaged_within_days`; None where the model does not ask.
    """
    block = account_score_of(model)
    engaged = np.full(len(scores), not block.says_who_is_engaged)
    if block.engaged_tier is not None:
        names = [tier.name for tier in model.tiers]
        engaged |= tiers >= names.index(block.engaged_tier)
    if block.engaged_score is not None:
        engaged |= scores >= block.engaged_score
    if active is not None:
        engaged |= active
    return engaged

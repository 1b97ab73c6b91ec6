"""A lead-scoring model as a frozen value: exactly the keys of the model file, with their defaults.

Pydantic rather than plain dataclasses: the model is read from a file that people write, and every key needs a
type, a range and an error that says where it stands. Pydantic gives that for one line a key; frozen, strict
models are as hashable and comparable as frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr, model_validator

from scoring.account_scoring import AccountScore
from scoring.grid import Grid
from scoring.model_parts import (
    BARE_OPERATORS,
    LIST_OPERATORS,
    NUMBER_OPERATORS,
    TEXT_OPERATORS,
    Condition,
    Days,
    Description,
    Name,
    Operator,
    Points,
    Scalar,
    Score,
    Tier,
    Value,
    require,
    require_tiers,
    require_unique,
)

__all__ = [
    "ACTIVITY_SOURCES",
    "BARE_OPERATORS",
    "LIST_OPERATORS",
    "NUMBER_OPERATORS",
    "TEXT_OPERATORS",
    "Category",
    "Condition",
    "Conversion",
    "Decay",
    "Model",
    "Observation",
    "Operator",
    "Rule",
    "Scalar",
    "Tier",
]

Source = Literal["activity", "lead", "account", "account_activity"]
Count = Literal["each", "once", "absent", "people"]

ACTIVITY_SOURCES = frozenset({"activity", "account_activity"})


class Decay(Value):
    """How an activity's worth fades with its age in whole days."""

    kind: Literal["half_life", "linear", "step"]
    days: Days
    percent: Annotated[StrictInt, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _percent_belongs_to_step(self) -> Decay:
        if self.kind == "step":
            require(self.percent is not None, "percent must be given with kind step")
        else:
            require(self.percent is None, f"percent must not be given with kind {self.kind}")
        return self


class Rule(Value):
    """Points for a lead whose activities or attributes satisfy the conditions."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9_]+$", max_length=100)]
    category: Name
    source: Source
    points: Points
    label: Name | None = None
    enabled: bool = True
    max_points: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    match: Literal["all", "any"] = "all"
    count: Count | None = None
    at_least: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    max_count: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    window_days: Days | None = None
    decay: Decay | None = None
    where: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _keys_fit_source(self) -> Rule:
        if self.source not in ACTIVITY_SOURCES:
            for key in ("count", "at_least", "max_count", "window_days", "decay"):
                require(getattr(self, key) is None, f"{key} must not be given with source {self.source}")
        if self.counting == "absent":
            require(self.source == "activity", f"count absent must have source activity, got {self.source}")
            require(self.window_days is not None, "window_days must be given with count absent")
            require(self.at_least is None, "at_least must not be given with count absent")
            require(self.decay is None, "decay must not be given with count absent")
        if self.counting in ("once", "absent"):
            message = f"max_count must not be given with count {self.counting}, got {self.max_count}"
            require(self.max_count is None, message)
        if self.counting == "people":
            fits = self.source == "account_activity"
            require(fits, f"count people must have source account_activity, got {self.source}")
            require(self.decay is None, "decay must not be given with count people")
        return self

    @property
    def counting(self) -> Count:
        """How matching activities are counted; ``each`` unless the rule says otherwise."""
        return self.count or "each"

    @property
    def required_count(self) -> int:
        """How many activities (or colleagues) must match before the rule gives anything."""
        return self.at_least or 1

    @property
    def shown_label(self) -> str:
        """The label, or the id of a rule without one."""
        return self.label or self.id


class Category(Value):
    """Limits on the sum of a category's rules, and whether those that come to an end are quests."""

    name: Name
    min_points: Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)] | None = None
    max_points: Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)] | None = None
    quests: bool = False

    @model_validator(mode="after")
    def _limits_in_order(self) -> Category:
        if self.min_points is not None and self.max_points is not None:
            message = f"max_points must be at least min_points, got {self.max_points} < {self.min_points}"
            require(self.max_points >= self.min_points, message)
        return self


class Conversion(Value):
    """What counts as success, within how many days, and what takes a lead out of the game."""

    stages: Annotated[tuple[Name, ...], Field(min_length=1)]
    horizon_days: Days
    closing_stages: tuple[Name, ...] = ()
    reopening_stages: tuple[Name, ...] = ()
    repeatable: bool = False

    @model_validator(mode="after")
    def _repeatable_stages_stay_open(self) -> Conversion:
        if self.repeatable:
            both = _folded(self.stages) & _folded(self.closing_stages)
            message = f"repeatable must not be true while a stage is also closing, got {sorted(both)}"
            require(not both, message)
        return self


class Observation(Value):
    """When a lead is scored for the back-test, and into which period that falls."""

    moment: Literal["period_start", "days_after_creation"] = "period_start"
    period: Literal["quarter", "month"] = "quarter"
    days_after_creation: Annotated[StrictInt, Field(ge=0, le=36_500)] = 7
    fiscal_year_start_month: Annotated[StrictInt, Field(ge=1, le=12)] = 1
    max_age_days: Days | None = None


class Model(Value):
    """A whole scoring model. Equal models are equal values with equal hashes."""

    schema_version: Literal[1]
    name: Name
    conversion: Conversion
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    description: Description | None = None
    base_points: Score = 0
    min_score: Score = 0
    max_score: Score = 100
    inactivity_reset_days: Days | None = None
    observation: Observation = Observation()
    exclude: tuple[Condition, ...] = ()
    categories: tuple[Category, ...] = ()
    rules: tuple[Rule, ...] = ()
    grid: Grid | None = None
    account_score: AccountScore | None = None

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Model:
        require_tiers(self.tiers, self.min_score, self.max_score)
        require_unique("categories: name", (category.name for category in self.categories))
        require_unique("rules: id", (rule.id for rule in self.rules))
        if self.grid is not None:
            self.grid.check_names([tier.name for tier in self.tiers], self.category_names)
        if self.account_score is not None:
            self.account_score.check_names([tier.name for tier in self.tiers])
        return self

    @property
    def enabled_rules(self) -> tuple[Rule, ...]:
        """The rules that are switched on, in the model's order."""
        return tuple(rule for rule in self.rules if rule.enabled)

    @property
    def category_names(self) -> tuple[str, ...]:
        """Every category, listed ones first, then those that only rules name."""
        listed = [category.name for category in self.categories]
        return tuple(dict.fromkeys([*listed, *(rule.category for rule in self.rules)]))

    def category(self, name: str) -> Category:
        """The category's limits; one without limits when it is not listed."""
        return next((c for c in self.categories if c.name == name), Category(name=name))

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; ``KeyError`` when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


def _folded(stages: Iterable[str]) -> set[str]:
    return {stage.lower() for stage in stages}

"""A lead-scoring model as a frozen value: exactly the keys of the model file, with their defaults.

Pydantic rather than plain dataclasses: the model is read from a file that people write, and every key needs a
type, a range and an error that says where it stands. Pydantic gives that for one line a key; frozen, strict
models are as hashable and comparable as frozen dataclasses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, model_validator

Number = StrictInt | StrictFloat
Scalar = StrictInt | StrictFloat | StrictStr
Score = Annotated[StrictInt, Field(ge=-1000, le=1000)]
Points = Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)]
Days = Annotated[StrictInt, Field(ge=1, le=36_500)]
Name = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Description = Annotated[StrictStr, Field(min_length=1, max_length=300)]

Operator = Literal[
    "equals",
    "not_equals",
    "in",
    "not_in",
    "contains",
    "starts_with",
    "matches",
    "gt",
    "ge",
    "lt",
    "le",
    "between",
    "is_missing",
    "is_present",
]
Source = Literal["activity", "lead", "account", "account_activity"]
Count = Literal["each", "once", "absent", "people"]

LIST_OPERATORS = frozenset({"in", "not_in"})
TEXT_OPERATORS = frozenset({"contains", "starts_with", "matches"})
NUMBER_OPERATORS = frozenset({"gt", "ge", "lt", "le"})
BARE_OPERATORS = frozenset({"is_missing", "is_present"})
ACTIVITY_SOURCES = frozenset({"activity", "account_activity"})


class _Value(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Condition(_Value):
    """One test on a field: ``field`` ``is`` ``value``."""

    field: Name
    operator: Operator = Field(alias="is")
    value: Scalar | tuple[Scalar, ...] | None = None

    @model_validator(mode="after")
    def _value_fits_operator(self) -> Condition:
        operator, value = self.operator, self.value
        if operator in BARE_OPERATORS:
            _require(value is None, f"value must not be given with {operator}, got {value!r}")
        elif operator in LIST_OPERATORS:
            fits = isinstance(value, tuple) and len(value) > 0
            _require(fits, f"value must be a non-empty list with {operator}, got {_shown(value)}")
        elif operator == "between":
            fits = isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value))
            _require(fits, f"value must be two numbers with between, got {_shown(value)}")
        elif operator in NUMBER_OPERATORS:
            _require(_is_number(value), f"value must be a number with {operator}, got {_shown(value)}")
        elif operator in TEXT_OPERATORS:
            _require(isinstance(value, str), f"value must be a text with {operator}, got {_shown(value)}")
        else:
            fits = value is not None and not isinstance(value, tuple)
            _require(fits, f"value must be one text or number with {operator}, got {_shown(value)}")
        return self


class Decay(_Value):
    """How an activity's worth fades with its age in whole days."""

    kind: Literal["half_life", "linear", "step"]
    days: Days
    percent: Annotated[StrictInt, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _percent_belongs_to_step(self) -> Decay:
        if self.kind == "step":
            _require(self.percent is not None, "percent must be given with kind step")
        else:
            _require(self.percent is None, f"percent must not be given with kind {self.kind}")
        return self


class Rule(_Value):
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
    window_days: Days | None = None
    decay: Decay | None = None
    where: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _keys_fit_source(self) -> Rule:
        if self.source not in ACTIVITY_SOURCES:
            for key in ("count", "at_least", "window_days", "decay"):
                _require(getattr(self, key) is None, f"{key} must not be given with source {self.source}")
        if self.counting == "absent":
            _require(self.source == "activity", f"count absent must have source activity, got {self.source}")
            _require(self.window_days is not None, "window_days must be given with count absent")
            _require(self.at_least is None, "at_least must not be given with count absent")
            _require(self.decay is None, "decay must not be given with count absent")
        if self.counting == "people":
            fits = self.source == "account_activity"
            _require(fits, f"count people must have source account_activity, got {self.source}")
            _require(self.decay is None, "decay must not be given with count people")
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


class Tier(_Value):
    """A band of scores, from its threshold up to the next tier's."""

    name: Name
    threshold: Points
    label: Name | None = None
    action: StrictStr | None = None
    owner: StrictStr | None = None
    respond_within_hours: Annotated[Number, Field(gt=0)] | None = None

    @property
    def shown_label(self) -> str:
        """The label, or the name of a tier without one."""
        return self.label or self.name


class Category(_Value):
    """Limits on the sum of a category's rules."""

    name: Name
    min_points: Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)] | None = None
    max_points: Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _limits_in_order(self) -> Category:
        if self.min_points is not None and self.max_points is not None:
            message = f"max_points must be at least min_points, got {self.max_points} < {self.min_points}"
            _require(self.max_points >= self.min_points, message)
        return self


class Conversion(_Value):
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
            _require(not both, message)
        return self


class Observation(_Value):
    """When a lead is scored for the back-test, and into which period that falls."""

    moment: Literal["period_start", "days_after_creation"] = "period_start"
    period: Literal["quarter", "month"] = "quarter"
    days_after_creation: Annotated[StrictInt, Field(ge=0, le=36_500)] = 7
    fiscal_year_start_month: Annotated[StrictInt, Field(ge=1, le=12)] = 1
    max_age_days: Days | None = None


class Model(_Value):
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

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Model:
        message = f"max_score must be greater than min_score, got {self.max_score} <= {self.min_score}"
        _require(self.max_score > self.min_score, message)
        _require_unique("tiers: name", (tier.name for tier in self.tiers))
        _require_unique("categories: name", (category.name for category in self.categories))
        _require_unique("rules: id", (rule.id for rule in self.rules))
        first = self.tiers[0]
        message = f"tiers: the threshold of the first tier {first.name!r} must equal min_score"
        _require(first.threshold == self.min_score, f"{message} {self.min_score}, got {first.threshold}")
        for lower, higher in zip(self.tiers, self.tiers[1:], strict=False):
            message = f"tiers: the threshold of {higher.name!r} must be above {lower.threshold}"
            _require(
                higher.threshold > lower.threshold,
                f"{message}, that of {lower.name!r}, got {higher.threshold}",
            )
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


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _require_unique(what: str, names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    _require(not twice, f"{what} must be unique, got {', '.join(map(repr, twice))} more than once")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _folded(stages: Iterable[str]) -> set[str]:
    return {stage.lower() for stage in stages}

"""What the parts of a model are made of: types with their ranges, the frozen base, conditions and tiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
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

LIST_OPERATORS = frozenset({"in", "not_in"})
TEXT_OPERATORS = frozenset({"contains", "starts_with", "matches"})
NUMBER_OPERATORS = frozenset({"gt", "ge", "lt", "le"})
BARE_OPERATORS = frozenset({"is_missing", "is_present"})


class Value(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Condition(Value):
    """One test on a field: ``field`` ``is`` ``value``."""

    field: Name
    operator: Operator = Field(alias="is")
    value: Scalar | tuple[Scalar, ...] | None = None

    @model_validator(mode="after")
    def _value_fits_operator(self) -> Condition:
        operator, value = self.operator, self.value
        if operator in BARE_OPERATORS:
            require(value is None, f"value must not be given with {operator}, got {value!r}")
        elif operator in LIST_OPERATORS:
            fits = isinstance(value, tuple) and len(value) > 0
            require(fits, f"value must be a non-empty list with {operator}, got {_shown(value)}")
        elif operator == "between":
            fits = isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value))
            require(fits, f"value must be two numbers with between, got {_shown(value)}")
        elif operator in NUMBER_OPERATORS:
            require(_is_number(value), f"value must be a number with {operator}, got {_shown(value)}")
        elif operator in TEXT_OPERATORS:
            require(isinstance(value, str), f"value must be a text with {operator}, got {_shown(value)}")
        else:
            fits = value is not None and not isinstance(value, tuple)
            require(fits, f"value must be one text or number with {operator}, got {_shown(value)}")
        return self


class Tier(Value):
    """A band of scores, from its threshold up to the next tier's."""

    name: Name
    threshold: Points
    label: Name | None = None
    action: StrictStr | None = None
    owner: StrictStr | None = None
    respond_within_hours: Annotated[Number, Field(gt=0)] | None = None
    perk: StrictStr | None = None

    @property
    def shown_label(self) -> str:
        """The label, or the name of a tier without one."""
        return self.label or self.name


def require(holds: bool, message: str) -> None:
    """Refuse a value: ValueError with the message unless it holds."""
    if not holds:
        raise ValueError(message)


def require_unique(what: str, names: Iterable[str]) -> None:
    """Refuse names of which one stands twice."""
    twice = [name for name, times in Counter(names).items() if times > 1]
    require(not twice, f"{what} must be unique, got {', '.join(map(repr, twice))} more than once")


def require_tiers(tiers: Sequence[Tier], min_score: int, max_score: int) -> None:
    """Refuse a score range that is none, and tiers that do not rise from its lowest score."""
    message = f"max_score must be greater than min_score, got {max_score} <= {min_score}"
    require(max_score > min_score, message)
    require_unique("tiers: name", (tier.name for tier in tiers))
    first = tiers[0]
    message = f"tiers: the threshold of the first tier {first.name!r} must equal min_score"
    require(first.threshold == min_score, f"{message} {min_score}, got {first.threshold}")
    for lower, higher in pairwise(tiers):
        message = f"tiers: the threshold of {higher.name!r} must be above {lower.threshold}"
        require(
            higher.threshold > lower.threshold,
            f"{message}, that of {lower.name!r}, got {higher.threshold}",
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return repr(list(value)) if isinstance(value, tuple) else repr(value)

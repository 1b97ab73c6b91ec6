"""What the console sends: changes to the draft, each with its number.

The browser repeats what was not acknowledged yet, so that no change is lost when several are made quickly,
and the numbers see to it that none is made twice. A change that cannot be is refused with its reason and
leaves the draft as it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pages.components.tune import changes
from scoring.errors import ModelError
from scoring.model import Model, Rule

MOST_OPERATIONS = 1000
"""More than hands make between two answers."""

Key = Annotated[str, Field(max_length=200)]


class Operation(BaseModel, ABC):
    """One thing that was done in the console."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    number: Annotated[int, Field(ge=1)]

    @abstractmethod
    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """The model after it, and what was done in words; ModelError when that cannot be."""


class PointsChange(Operation):
    """Other points for a rule."""

    kind: Literal["points"]
    rule: Key
    value: int

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        rule = _rule(model, self.rule)
        return changes.change_rule(model, rule.id, points=self.value), f"points for {rule.shown_label}"


class CapChange(Operation):
    """Another cap for a rule; None for none."""

    kind: Literal["cap"]
    rule: Key
    value: int | None

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        rule = _rule(model, self.rule)
        return changes.change_rule(model, rule.id, max_points=self.value), f"limit of {rule.shown_label}"


class Switch(Operation):
    """A rule on or off."""

    kind: Literal["switch"]
    rule: Key
    value: bool

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        rule = _rule(model, self.rule)
        note = f"{rule.shown_label} {'on' if self.value else 'off'}"
        return changes.change_rule(model, rule.id, enabled=self.value), note


class Reset(Operation):
    """A rule as it is in the model in use."""

    kind: Literal["reset"]
    rule: Key

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        rule, before = _rule(model, self.rule), _rule(in_use, self.rule)
        return changes.replace_rule(model, rule.id, before), f"resetting {rule.shown_label}"


class ThresholdChange(Operation):
    """Another lowest score of a tier."""

    kind: Literal["threshold"]
    tier: Key
    value: int

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        tier = next((tier for tier in model.tiers if tier.name == self.tier), None)
        if tier is None:
            raise ModelError(f"the tier must be one of your draft, got {self.tier!r}")
        changed = changes.change_tier(model, tier.name, threshold=self.value)
        return changed, f"threshold of {tier.shown_label}"


class LimitChange(Operation):
    """Another limit of a category; None for none."""

    kind: Literal["limit"]
    category: Key
    which: Literal["min_points", "max_points"]
    value: int | None

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        if self.category not in model.category_names:
            raise ModelError(f"the category must be one of your draft, got {self.category!r}")
        changed = changes.change_category(model, self.category, **{self.which: self.value})
        return changed, f"limits of {self.category}"


class Edit(Operation):
    """The editor opened for a rule, or for a new one; changes nothing by itself."""

    kind: Literal["edit"]
    rule: Key | None

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        if self.rule is not None:
            _rule(model, self.rule)
        return model, "opening the editor"


class EditTiers(Operation):
    """The tiers opened to be edited; changes nothing by itself."""

    kind: Literal["tiers"]

    def change(self, model: Model, in_use: Model) -> tuple[Model, str]:
        """See `Operation`."""
        return model, "opening the tiers"


class Sent(BaseModel):
    """Everything that one console has not seen acknowledged."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    client: Annotated[str, Field(min_length=1, max_length=100)]
    operations: Annotated[
        list[
            Annotated[
                PointsChange | CapChange | Switch | Reset | ThresholdChange | LimitChange | Edit | EditTiers,
                Field(discriminator="kind"),
            ]
        ],
        Field(max_length=MOST_OPERATIONS),
    ]


@dataclass(frozen=True)
class Applied:
    """How far the operations of a console were followed.

    Attributes
    ----------
    client : str
        Which console; another one counts from the beginning.
    number : int
        The last operation that was made or refused.
    problems : tuple of (int, str)
        The refused ones of the last batch, each with the reason.
    """

    client: str = ""
    number: int = 0
    problems: tuple[tuple[int, str], ...] = ()


def parse_sent(value: object) -> Sent | None:
    """What a console sent; None for anything that no console sends."""
    try:
        return Sent.model_validate(value)
    except ValidationError:
        return None


def follow(sent: Sent, applied: Applied, act: Callable[[Operation], None]) -> Applied:
    """Do what was not done yet, in order.

    Parameters
    ----------
    sent : Sent
    applied : Applied
        How far operations were followed before.
    act : callable
        Does what one operation says; a ModelError refuses it.
    """
    number = applied.number if sent.client == applied.client else 0
    problems = []
    for operation in sent.operations:
        if operation.number <= number:
            continue
        number = operation.number
        try:
            act(operation)
        except ModelError as error:
            problems.append((number, str(error).replace(f"{changes.SOURCE}: ", "")))
    return Applied(sent.client, number, tuple(problems))


def _rule(model: Model, rule_id: str) -> Rule:
    try:
        return model.rule(rule_id)
    except KeyError:
        raise ModelError(f"the rule must be one of {model.name!r}, got {rule_id!r}") from None

"""Which kinds of activity a rule is about, apart from its other conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.model import Condition, Rule

TYPE_FIELD = "activity_type"


@dataclass(frozen=True)
class RuleEvents:
    """A rule's kinds of activity.

    Attributes
    ----------
    types : tuple of str
        Empty where the rule does not say, so that it is about every kind.
    refinements : tuple of Condition
        What else an activity must be.
    """

    types: tuple[str, ...]
    refinements: tuple[Condition, ...]

    @property
    def words(self) -> str:
        """``“email_click” or “email_open”``."""
        return " or ".join(f"“{one}”" for one in self.types) or "any activity"


def rule_events(rule: Rule) -> RuleEvents:
    """Take the kinds of activity out of a rule's conditions, where they alone decide them."""
    conditions = tuple(rule.where)
    if rule.match == "any" and len(conditions) > 1:
        if all(_names_types(one) for one in conditions):
            return RuleEvents(_types(conditions), ())
        return RuleEvents((), conditions)
    naming = [one for one in conditions if _names_types(one)]
    if len(naming) != 1:
        return RuleEvents((), conditions)
    return RuleEvents(_types(naming), tuple(one for one in conditions if one is not naming[0]))


def _names_types(condition: Condition) -> bool:
    return condition.field == TYPE_FIELD and condition.operator in ("equals", "in")


def _types(conditions: Sequence[Condition]) -> tuple[str, ...]:
    names: list[str] = []
    for condition in conditions:
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        names += [str(value) for value in values]
    return tuple(dict.fromkeys(names))

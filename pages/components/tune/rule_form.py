"""What is being entered for a rule: may be incomplete, keeps everything, becomes a rule once it is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pydantic import ValidationError

from scoring.model import (
    ACTIVITY_SOURCES,
    BARE_OPERATORS,
    LIST_OPERATORS,
    NUMBER_OPERATORS,
    Condition,
    Decay,
    Rule,
    Scalar,
)

Value = Scalar | tuple[Scalar | None, ...] | None
Problems = dict[str, str]
"""By the field it belongs to (``label``, ``where.0``...), what to do."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass
class ConditionForm:
    """One condition as far as it was entered."""

    field: str | None = None
    operator: str = "equals"
    value: Value = None

    def set_operator(self, operator: str) -> None:
        """Another operator; the value is kept as far as it fits."""
        old, self.operator = self.value, operator
        first = next(iter(old), None) if isinstance(old, tuple) else old
        if operator in LIST_OPERATORS:
            self.value = old if isinstance(old, tuple) else (() if old is None else (old,))
        elif operator == "between":
            both = (*(old if isinstance(old, tuple) else (old,)), None, None)[:2]
            self.value = tuple(_number_or_none(one) for one in both)
        elif operator in NUMBER_OPERATORS:
            self.value = _number_or_none(first)
        elif operator in ("contains", "starts_with", "matches"):
            self.value = None if first is None else str(first)
        elif operator not in BARE_OPERATORS:
            self.value = first

    def problem(self) -> str | None:
        """What is missing, None when nothing is."""
        if not self.field:
            return "Choose a column."
        value = self.value
        if self.operator in BARE_OPERATORS:
            return None
        if self.operator == "between":
            low, high = value if isinstance(value, tuple) else (None, None)
            if low is None or high is None:
                return "Enter both numbers."
            return "The first number must not be above the second." if low > high else None  # type: ignore[operator]
        if value is None or value in ("", ()):
            return "Enter a number." if self.operator in NUMBER_OPERATORS else "Choose or enter a value."
        return None

    def build(self) -> Condition:
        """The condition; only where there is no problem."""
        value = None if self.operator in BARE_OPERATORS else self.value
        return Condition.model_validate({"field": self.field, "is": self.operator, "value": value})


@dataclass
class RuleForm:
    """A rule as far as it was entered.

    Attributes
    ----------
    rule_id : str or None
        The rule of the draft that this one is; None before it got in.
    is_new : bool
        Whether its id may still follow its name.
    applied : Rule or None
        What went into the draft last.
    """

    rule_id: str | None = None
    is_new: bool = True
    applied: Rule | None = None
    label: str = ""
    category: str | None = None
    source: str = "activity"
    points: int | None = None
    max_points: int | None = None
    match: str = "all"
    count: str = "each"
    at_least: int | None = None
    max_count: int | None = None
    window_days: int | None = None
    decay_kind: str = "none"
    decay_days: int | None = None
    decay_percent: int | None = None
    enabled: bool = True
    where: list[ConditionForm] = field(default_factory=list)
    refused: Problems = field(default_factory=dict)

    @classmethod
    def from_rule(cls, rule: Rule, is_new: bool) -> RuleForm:
        """The form of a rule that the draft has."""
        decay = rule.decay
        return cls(
            rule_id=rule.id,
            is_new=is_new,
            applied=rule,
            label=rule.shown_label,
            category=rule.category,
            source=rule.source,
            points=rule.points,
            max_points=rule.max_points,
            match=rule.match,
            count=rule.counting,
            at_least=rule.at_least,
            max_count=rule.max_count,
            window_days=rule.window_days,
            decay_kind=decay.kind if decay else "none",
            decay_days=decay.days if decay else None,
            decay_percent=decay.percent if decay else None,
            enabled=rule.enabled,
            where=[ConditionForm(c.field, c.operator, c.value) for c in rule.where],
        )

    @property
    def counting(self) -> str:
        """How activities are counted, for a source that can be counted so."""
        if self.count == "people" and self.source != "account_activity":
            return "each"
        return "each" if self.count == "absent" and self.source != "activity" else self.count

    @property
    def fades(self) -> bool:
        """Whether points of this kind of rule can fade."""
        return self.source in ACTIVITY_SOURCES and self.counting in ("each", "once")

    def problems(self) -> Problems:
        """What is missing or does not fit, by field; empty when the rule is whole."""
        found: Problems = {}
        if not self.label.strip():
            found["label"] = "Give the rule a name."
        if not (self.category or "").strip():
            found["category"] = "Choose a category, or type a new one."
        if self.points is None:
            found["points"] = "Enter the points, for example 5 or -10."
        if self.source == "activity" and self.counting == "absent" and self.window_days is None:
            found["window_days"] = "Enter for how many days nothing must have happened."
        if self.fades and self.decay_kind != "none":
            if self.decay_days is None:
                found["decay_days"] = "Enter a number of days."
            if self.decay_kind == "step" and self.decay_percent is None:
                found["decay_percent"] = "Enter by how many percent the points drop."
        for place, condition in enumerate(self.where):
            if problem := condition.problem():
                found[f"where.{place}"] = problem
        return found

    def build(self, rule_id: str) -> Rule:
        """The rule.

        Only what its source and way of counting know goes in; the rest stays in the form, in case the user
        comes back to it.

        Raises
        ------
        ValidationError
            When it is not whole; see `problems`.
        """
        label = self.label.strip()
        keeps_no_label = self.applied is not None and self.applied.label is None and label == self.applied.id
        content: dict[str, object] = {
            "id": rule_id,
            "label": None if keeps_no_label else label,
            "category": self.category,
            "source": self.source,
            "points": self.points,
            "max_points": self.max_points,
            "match": self.match,
            "enabled": self.enabled,
            "where": tuple(condition.build() for condition in self.where),
        }
        if self.source in ACTIVITY_SOURCES:
            content["count"] = None if self.counting == "each" else self.counting
            content["window_days"] = self.window_days
            content["at_least"] = self.at_least if self.counting != "absent" else None
            content["max_count"] = self.max_count if self.counting in ("each", "people") else None
        if self.fades and self.decay_kind != "none":
            content["decay"] = Decay.model_validate(
                {
                    "kind": self.decay_kind,
                    "days": self.decay_days,
                    "percent": self.decay_percent if self.decay_kind == "step" else None,
                }
            )
        rule = Rule.model_validate(content)
        same = self.applied is not None and _with_explicit_defaults(rule) == _with_explicit_defaults(
            self.applied
        )
        return self.applied if same and self.applied is not None else rule


def problems_of(error: ValidationError) -> Problems:
    """Anything that `RuleForm.problems` did not foresee, by its field."""
    return {
        str(one["loc"][0] if one["loc"] else "label"): str(one["msg"]).removeprefix("Value error, ")
        for one in error.errors()
    }


def typed_value(text: str, as_number: bool) -> Scalar:
    """What was typed, as a number where the column holds numbers and it is one.

    Examples
    --------
    >>> typed_value("200", True), typed_value("2.5", True), typed_value("200", False), typed_value("x", True)
    (200, 2.5, '200', 'x')
    """
    if not as_number or not _NUMBER.fullmatch(text.strip()):
        return text
    return whole_if_possible(float(text))


def whole_if_possible(number: float) -> int | float:
    """The same number as an int where it has no fraction."""
    return int(number) if number.is_integer() else number


def _number_or_none(value: Scalar | None) -> int | float | None:
    if isinstance(value, str):
        typed = typed_value(value, True)
        return None if isinstance(typed, str) else typed
    return value


def _with_explicit_defaults(rule: Rule) -> Rule:
    """``count = "each"`` and ``at_least = 1`` may be left out of a file: the same rule."""
    changes: dict[str, object] = {}
    if rule.source in ACTIVITY_SOURCES:
        changes = {"count": rule.counting, "at_least": rule.required_count}
    return rule.model_copy(update=changes)

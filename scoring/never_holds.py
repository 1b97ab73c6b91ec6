"""Ranges that no number lies in, because their lower end is above their upper one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.model import Condition, Model

LOWER_ENDS, UPPER_ENDS = {"gt": True, "ge": False}, {"lt": True, "le": False}
"""Whether the end itself is left out."""


@dataclass(frozen=True)
class NeverHolds:
    """What can hold for nothing.

    Attributes
    ----------
    field : str
    rule : str or None
        Id of the rule; None for what the model leaves out.
    sentence : str
        What was found, and what to do; names the rule by its label.
    """

    field: str
    rule: str | None
    sentence: str


def never_holds(model: Model) -> list[NeverHolds]:
    """Every range of the enabled rules and of what is left out that no number can lie in.

    A range is one ``between``, or a lower and an upper end for the same field where all conditions must hold.
    Each field is named once a rule; empty when nothing is wrong.
    """
    owned: list[tuple[str | None, str, tuple[Condition, ...], bool]] = [
        (rule.id, rule.shown_label, rule.where, rule.match == "all") for rule in model.enabled_rules
    ]
    # Each exclusion stands by itself.
    owned += [(None, "What is left out", (condition,), False) for condition in model.exclude]
    return [
        NeverHolds(field, rule, f"{label}: no number is {words}, so this can never hold. {advice}")
        for rule, label, conditions, together in owned
        for field, words, advice in _empty_ranges(conditions, together)
    ]


def _empty_ranges(conditions: tuple[Condition, ...], together: bool) -> Iterator[tuple[str, str, str]]:
    seen = set()
    for condition in conditions:
        if condition.operator == "between" and condition.field not in seen:
            low, high = _numbers(condition)
            if low > high:
                seen.add(condition.field)
                yield condition.field, f"between {low:,} and {high:,}", "Write the smaller number first."
    if not together:
        return
    for lower in conditions:
        for upper in conditions:
            if lower.field in seen or lower.field != upper.field or not _is_empty(lower, upper):
                continue
            seen.add(lower.field)
            words = (
                f"{_WORDS[lower.operator]} {_number(lower):,} and {_WORDS[upper.operator]} {_number(upper):,}"
            )
            yield lower.field, words, "Put one of the two right."


_WORDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


def _is_empty(lower: Condition, upper: Condition) -> bool:
    if lower.operator not in LOWER_ENDS or upper.operator not in UPPER_ENDS:
        return False
    open_end = LOWER_ENDS[lower.operator] or UPPER_ENDS[upper.operator]
    return _number(lower) > _number(upper) or (open_end and _number(lower) == _number(upper))


def _numbers(condition: Condition) -> tuple[float, float]:
    assert isinstance(condition.value, tuple)  # the condition was checked when it was made
    low, high = condition.value
    assert not isinstance(low, str)
    assert not isinstance(high, str)
    return low, high


def _number(condition: Condition) -> float:
    assert isinstance(condition.value, int | float)
    return condition.value

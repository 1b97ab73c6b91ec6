"""Parts of a model in plain words: conditions, fading, counting."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.model import Condition, Decay, Rule

OPERATOR_WORDS = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "starts_with": "starts with",
    "matches": "matches the pattern",
    "gt": "is more than",
    "ge": "is at least",
    "lt": "is less than",
    "le": "is at most",
    "between": "is between",
    "is_missing": "is empty",
    "is_present": "is filled in",
}

SOURCE_WORDS = {
    "activity": "what the lead did",
    "lead": "what is known about the lead",
    "account": "what is known about the lead's company",
    "account_activity": "what colleagues at the same company did",
}

COUNT_WORDS = {
    "each": "every time",
    "once": "only once",
    "absent": "when it did not happen",
    "people": "for each colleague",
}


def condition_words(condition: Condition) -> str:
    """One condition as a clause.

    Examples
    --------
    >>> condition_words(Condition(field="page", operator="starts_with", value="/pricing"))
    'page starts with /pricing'
    """
    words = f"{condition.field} {OPERATOR_WORDS[condition.operator]}"
    value = condition.value
    if value is None:
        return words
    if isinstance(value, tuple):
        link = " and " if condition.operator == "between" else ", "
        return f"{words} {link.join(str(one) for one in value)}"
    return f"{words} {value}"


def conditions_words(conditions: Sequence[Condition], match: str) -> str:
    """All conditions of a rule; ``anything`` without one."""
    link = " and " if match == "all" else " or "
    return link.join(condition_words(condition) for condition in conditions) or "anything"


def decay_words(decay: Decay | None) -> str:
    """How points fade, in a few words.

    Examples
    --------
    >>> decay_words(Decay(kind="half_life", days=60)), decay_words(None)
    ('half after 60 days', 'not at all')
    """
    if decay is None:
        return "not at all"
    if decay.kind == "half_life":
        return f"half after {decay.days} days"
    if decay.kind == "linear":
        return f"evenly, to nothing after {decay.days} days"
    return f"by {decay.percent} % every {decay.days} days"


def points_words(rule: Rule) -> str:
    """A rule's points and limits: ``+5 points, at most 20``, ``+25 points, at most 3 times``."""
    limit = f", at most {rule.max_points}" if rule.max_points is not None else ""
    if rule.max_count is not None:
        people = rule.counting == "people"
        single, several = ("colleague", "colleagues") if people else ("time", "times")
        limit += f", at most {rule.max_count} {single if rule.max_count == 1 else several}"
    return f"{rule.points:+d} points{limit}"

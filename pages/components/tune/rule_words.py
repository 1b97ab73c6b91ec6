"""A rule in plain words, for its editor."""

from __future__ import annotations

from scoring.model import Condition, Decay, Rule

SOURCES = {
    "activity": "what the lead did",
    "lead": "what is known about the lead",
    "account": "what is known about the lead's company",
    "account_activity": "what colleagues at the same company did",
}

OPERATORS = {
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

COUNTS = {
    "each": "every time",
    "once": "only once, however often it happened",
    "absent": "when it did not happen",
    "people": "for each colleague",
}

DECAYS = {
    "none": "do not fade",
    "half_life": "fade by half, again and again",
    "linear": "fade evenly, down to nothing",
    "step": "drop by a percentage, step by step",
}


def describe_decay(decay: Decay | None) -> str:
    """How the points of a rule fade.

    Examples
    --------
    >>> describe_decay(Decay(kind="half_life", days=60))
    'Points fade: half is left after 60 days, a quarter after 120 days.'
    """
    if decay is None:
        return "Points do not fade."
    days = decay.days
    if decay.kind == "half_life":
        return f"Points fade: half is left after {days} days, a quarter after {2 * days} days."
    if decay.kind == "linear":
        return f"Points fade evenly: half is left after {days / 2:g} days, nothing after {days} days."
    left = 1 - (decay.percent or 0) / 100
    return (
        f"Points drop by {decay.percent} % every {days} days: {100 * left:.0f} % is left after {days} days, "
        f"{100 * left**2:.0f} % after {2 * days} days."
    )


def describe_rule(rule: Rule) -> str:
    """The whole rule as a sentence."""
    per = {
        "each": " every time",
        "once": " once",
        "absent": f" when nothing of this happened for {rule.window_days} days",
        "people": " for each colleague",
    }
    if rule.source in ("lead", "account"):
        when = f"when {_conditions(rule)}" if rule.where else "for every lead"
        return f"{_points(rule)} {when}."
    what = (
        f" {SOURCES[rule.source]} has {_conditions(rule)}"
        if rule.where
        else f" {SOURCES[rule.source]}, anything"
    )
    times = f", from {rule.at_least} times on" if rule.required_count > 1 else ""
    window = (
        f", in the last {rule.window_days} days" if rule.window_days and rule.counting != "absent" else ""
    )
    return f"{_points(rule)}{per[rule.counting]}, counting{what}{times}{window}."


def _points(rule: Rule) -> str:
    cap = f", at most {rule.max_points}" if rule.max_points else ""
    return f"{rule.points:+d} points{cap},"


def _conditions(rule: Rule) -> str:
    return (" and " if rule.match == "all" else " or ").join(describe_condition(c) for c in rule.where)


def describe_condition(condition: Condition) -> str:
    """One condition: ``page starts with /pricing``."""
    words = f"{condition.field} {OPERATORS[condition.operator]}"
    value = condition.value
    if value is None:
        return words
    if isinstance(value, tuple):
        link = " and " if condition.operator == "between" else ", "
        return f"{words} {link.join(str(one) for one in value)}"
    return f"{words} {value}"

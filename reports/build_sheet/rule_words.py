"""Everything that a rule gives, in one clause: it stands beside a rule that cannot be built."""

from __future__ import annotations

from scoring.model import Rule
from scoring.model_words import conditions_words, decay_words, points_words


def given_words(rule: Rule) -> str:
    """Points, limits and timing: ``+5 points, at most 20, over the last 90 days``."""
    parts = [points_words(rule)]
    if rule.counting == "absent":
        parts.append("when it did not happen")
    if rule.at_least is not None:
        parts.append(f"from {rule.at_least} on")
    if rule.window_days is not None:
        parts.append(f"over the last {rule.window_days} days")
    if rule.decay is not None:
        parts.append(f"fading {decay_words(rule.decay)}")
    return ", ".join(parts)


def rule_in_words(rule: Rule) -> str:
    """The same with the conditions."""
    return f"{given_words(rule)}, for {conditions_words(rule.where, rule.match)}"

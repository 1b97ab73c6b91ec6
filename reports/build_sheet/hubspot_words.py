"""HubSpot's names for things, which several parts of its sheet use."""

from __future__ import annotations

from reports.build_sheet.filters import PhraseBook
from reports.build_sheet.hubspot_decay import GroupDecay, nearest_decay
from scoring.model import Rule

FILTERS = PhraseBook(
    words={
        "equals": "is any of",
        "in": "is any of",
        "not_equals": "is none of",
        "not_in": "is none of",
        "contains": "contains any of",
        "starts_with": "starts with any of",
        "gt": "is greater than",
        "ge": "is greater than or equal to",
        "lt": "is less than",
        "le": "is less than or equal to",
        "between": "is between",
        "is_missing": "is unknown",
        "is_present": "is known",
    },
    separator=", ",
    missing_passes=True,
)

STARTING_GROUP = "Starting points"


def fading(rule: Rule) -> GroupDecay | None:
    """The decay of the group that the rule stands in."""
    return None if rule.decay is None else nearest_decay(rule.decay, rule.window_days)


def is_event_rule(rule: Rule) -> bool:
    """Whether the rule is built as an event rule; silence is a segment and so a property rule."""
    return rule.source == "activity" and rule.counting != "absent"


def group_name(rule: Rule) -> str:
    """The group that a rule stands in: one for each category, kind of rule and fading."""
    if not is_event_rule(rule):
        return f"{rule.category}: properties"
    decay = fading(rule)
    return f"{rule.category}: events" + (f", fading {decay.words}" if decay else "")


def group_kind(rule: Rule) -> str:
    """``event group`` or ``property group``."""
    return "event group" if is_event_rule(rule) else "property group"


def place_of(rule: Rule) -> str:
    """Where the rule is entered."""
    return f"{group_kind(rule).capitalize()} “{group_name(rule)}”"

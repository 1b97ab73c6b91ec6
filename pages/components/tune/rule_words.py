"""A rule in plain words, for its editor."""

from __future__ import annotations

from scoring.model import Decay, Rule
from scoring.model_words import SOURCE_WORDS, conditions_words, points_words

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
        when = f"when {conditions_words(rule.where, rule.match)}" if rule.where else "for every lead"
        return f"{points_words(rule)}, {when}."
    what = (
        f" {SOURCE_WORDS[rule.source]} has {conditions_words(rule.where, rule.match)}"
        if rule.where
        else f" {SOURCE_WORDS[rule.source]}, anything"
    )
    times = f", from {rule.at_least} times on" if rule.required_count > 1 else ""
    window = (
        f", in the last {rule.window_days} days" if rule.window_days and rule.counting != "absent" else ""
    )
    how = "" if rule.max_count is not None else f",{per[rule.counting]}"
    return f"{points_words(rule)}{how}, counting{what}{times}{window}."

"""What brought leads into a tier or took them out of it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.model import Model
from scoring.tier_moves import Cause
from scoring.tier_timeline import Move, TierTimeline, summed

_WITHOUT_RULE = {
    Cause.NEW: "new leads",
    Cause.REOPENED: "opened again",
    Cause.WON: "won",
    Cause.CLOSED: "closed without a win",
    Cause.TOO_OLD: "too old to be scored",
}
_WITH_RULE = {
    Cause.ACTIVITY: "{rule}: something was done",
    Cause.SILENCE: "{rule}: nothing was done for long enough",
    Cause.FADED: "{rule}: faded or too old",
    Cause.RESET: "silence: everything before it counts no longer",
}
_GROUPS = {
    Cause.ACTIVITY: "something was done",
    Cause.SILENCE: "nothing was done",
    Cause.FADED: "faded or too old",
    Cause.RESET: "reset after a silence",
}


def cause_words(cause: Cause, rule_id: str | None, model: Model) -> str:
    """One cause with its rule; the label of the rule is text of a user."""
    if cause in _WITHOUT_RULE:
        return _WITHOUT_RULE[cause]
    label = model.rule(rule_id).shown_label if rule_id is not None else ""
    return _WITH_RULE[cause].format(rule=label)


def cause_group(cause: Cause) -> str:
    """One cause without its rule."""
    return _WITHOUT_RULE.get(cause) or _GROUPS[cause]


def timeline_sentence(timeline: TierTimeline, model: Model) -> str:
    """What happened to the highest tier over the whole span."""
    name = timeline.tiers[-1]
    label = model.tiers[-1].shown_label
    came, left = int(timeline.entries[:, -1].sum()), int(timeline.exits[:, -1].sum())
    start, end = int(timeline.leads[0, -1]), int(timeline.leads[-1, -1])
    weeks = len(timeline.instants) - 1
    text = (
        f"In {weeks} weeks {label} went from {start:,} to {end:,} leads: {came:,} times a lead came in, "
        f"{left:,} times one left"
    )
    brought, took = _most(timeline.entering(name)), _most(timeline.leaving(name))
    if brought and took:
        text += f"; most came by {brought}, most left by {took}"
    return text + "."


def _most(moves: Iterator[Move]) -> str | None:
    totals: dict[str, int] = {}
    for cause, _, _, _, leads in summed(moves):
        totals[cause_group(cause)] = totals.get(cause_group(cause), 0) + leads
    if not totals:
        return None
    group, leads = max(totals.items(), key=lambda item: item[1])
    return f"“{group}” ({leads:,})"

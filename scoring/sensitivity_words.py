"""Which rule matters, in words: plain texts, which may hold names from the model."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scoring.comparison import Level
from scoring.paired_effects import MIN_WINS_MOVED, Effect
from scoring.sensitivity import Held, Knob, Metric, Room, Sensitivity, Turn

FALSE_ALARMS = 0.05
"""Share of changes without any effect whose 95 % range leaves 0 out."""


def headline(found: Sensitivity, metric: Metric, labels: Mapping[str, str], tier: str) -> str:
    """Which rule matters most for a figure, among those whose effect is more than chance.

    Parameters
    ----------
    found : Sensitivity
    metric : Metric
    labels : mapping of rule id to shown label
    tier : str
        What the top tier is called.
    """
    if not found.knobs:
        return "There is no rule whose points could be changed"
    turned = [
        (knob, turn)
        for knob in found.knobs
        for turn in (knob.fewer, knob.more)
        if turn.effect(metric).is_clear
    ]
    if not turned:
        return f"No single rule changes {_figure(metric, tier)} by more than chance"
    knob, turn = max(turned, key=lambda pair: pair[1].effect(metric).size)
    way = "more" if turn.points > knob.points else "fewer"
    return (
        f"“{labels.get(knob.rule, knob.rule)}” matters most: with {_points(found.step)} {way} "
        f"{_consequence(turn.effect(metric), metric, tier)}"
    )


def figure_name(metric: Metric, tier: str) -> str:
    """What a figure is called; `tier` is what the top tier is called."""
    return {
        Metric.WINS_CAUGHT: "Share of wins caught",
        Metric.AUC: "Picking the buyer",
        Metric.TOP_RATE: f"Rate of {tier}",
    }[metric]


def room_words(room: Room, tier: str) -> str:
    """Which leads the share of wins caught is about."""
    if room.leads_per_week is None:
        return f"the {room.leads:,.0f} best-scored leads, as many as {tier} holds now"
    if not room.periods:
        return "no leads: no period is complete yet, so their weeks are not known"
    return (
        f"the {room.leads:,.0f} best-scored leads, which is {room.leads_per_week:g} a week in "
        f"{len(room.periods)} complete periods"
    )


def held_words(found: Sensitivity, labels: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each rule of which some change moves no score."""
    lines = []
    for knob in found.knobs:
        name = f"“{labels.get(knob.rule, knob.rule)}”"
        if knob.fewer.held is Held.NEVER_FIRES:
            lines.append(f"{name} fires for no lead, so its points change nothing.")
            continue
        ways = [("fewer", knob.fewer), ("more", knob.more)]
        still = [(way, turn) for way, turn in ways if turn.held is not None]
        if still:
            way = " or ".join(way for way, _ in still)
            lines.append(f"{name}: {_points(found.step)} {way} move no score; {_reason(knob, still[0][1])}.")
    return tuple(lines)


def sensitivity_notes(found: Sensitivity) -> tuple[str, ...]:
    """How the figures are to be taken."""
    changes = sum(turn.held is None for knob in found.knobs for turn in (knob.fewer, knob.more))
    lines = ["A rule keeps its limit: where it is reached, more points change nothing."]
    if changes:
        by_luck = math.ceil(changes * FALSE_ALARMS)
        lines.append(
            "The order is by the size of the effect and says nothing about chance; the likely ranges do. "
            "They allow for leads that return in several periods and are rather too wide than too narrow. "
            f"Each is for itself: of {changes} changes without any effect up to {by_luck} would look like "
            "more than chance."
        )
    lines += [f"{label} is kept back for the final check of your draft." for label in found.left_out]
    return tuple(lines)


def sensitivity_sentences(found: Sensitivity, labels: Mapping[str, str], tier: str) -> tuple[str, ...]:
    """Everything in words, for a reader of plain text; the headline of every figure first."""
    lines = [f"{figure_name(metric, tier)}: {headline(found, metric, labels, tier)}." for metric in Metric]
    return (*lines, *held_words(found, labels), *sensitivity_notes(found))


def level_words(effect: Effect) -> str:
    """Whether an effect is more than chance."""
    if effect.level is Level.TOO_LITTLE_DATA:
        return f"too little data: fewer than {MIN_WINS_MOVED} wins among the leads that move"
    if effect.is_clear:
        return "more than chance"
    return "no more than chance" if effect.difference else "no difference"


def _figure(metric: Metric, tier: str) -> str:
    return {
        Metric.WINS_CAUGHT: "the share of wins caught",
        Metric.AUC: "how well the score picks the buyer",
        Metric.TOP_RATE: f"the rate of {tier}",
    }[metric]


def _consequence(effect: Effect, metric: Metric, tier: str) -> str:
    rises = (effect.difference or 0) > 0
    size = f"{100 * effect.size:.1f}"
    if metric is Metric.WINS_CAUGHT:
        return f"{size} % of all wins are {'caught in addition' if rises else 'lost'}"
    if metric is Metric.AUC:
        return f"the buyer is picked {size} times in 100 {'more' if rises else 'less'} often"
    return f"{tier} converts {size} points {'better' if rises else 'worse'}"


def _reason(knob: Knob, turn: Turn) -> str:
    if turn.held is Held.OWN_LIMIT:
        return f"it is at its limit of {knob.max_points}"
    return "the limits of its category or of the score hold it"


def _points(step: int) -> str:
    return f"{step} point{'' if step == 1 else 's'}"

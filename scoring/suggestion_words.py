"""Suggested points in words: plain texts, which may hold names from the model."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.comparison import Level
from scoring.paired_effects import Effect
from scoring.suggestion import Goal, Suggestion, Suggestions


def suggestion_headline(found: Suggestions) -> str:
    """What all changes together gain out of time, or why nothing is suggested."""
    if found.refusal:
        return f"Nothing is suggested: {found.refusal}."
    count = len(found.changes)
    return (
        f"{count} {'change' if count == 1 else 'changes together'} {_gain(found.goal, count)} in "
        f"{_periods(found.judged)} that came after what they were found on: "
        f"{gain_words(found.together, found.goal)}."
    )


def change_words(change: Suggestion) -> str:
    """What a suggestion changes: ``5 to 20 points, at most 60``."""
    if change.points == 0:
        return f"could go, gives {change.points_now} now"
    words = f"{change.points_now} to {change.points} points"
    if change.max_points is None:
        return words
    return f"{words}, at {'most' if change.points > 0 else 'worst'} {_signed_cap(change)}"


def gain_words(effect: Effect | None, goal: Goal) -> str:
    """A gain with its likely range, and whether it is more than chance."""
    if effect is None or effect.difference is None:
        return "it cannot be measured"
    text = f"{100 * effect.difference:+.1f} {unit(goal)}"
    if effect.low is None or effect.high is None:
        return f"{text}, too little data for a likely range"
    text += f" (likely {100 * effect.low:+.1f} to {100 * effect.high:+.1f})"
    verdicts = {Level.BETTER: "more than chance", Level.WORSE: "a loss that is more than chance"}
    if effect.difference == 0 == effect.low == effect.high:
        return f"{text}, no difference"
    return f"{text}, {verdicts.get(effect.level, 'no more than chance')}"


def unit(goal: Goal) -> str:
    """What a gain is counted in, by the hundred."""
    return "% of all wins" if goal is Goal.WINS else "times in 100"


def goal_words(found: Suggestions) -> str:
    """What the points are to be better at."""
    if found.goal is Goal.RANKING:
        return "how often the score picks the buyer over the non-buyer of the same period"
    if found.leads_per_week is None:
        return f"wins caught by the best leads of each period, as many as {found.top_tier} holds in it now"
    return f"wins caught by the best leads of each period, {found.leads_per_week:g} a week"


def spare_words(found: Suggestions, labels: Mapping[str, str]) -> str:
    """Which rules can go; empty where nothing was judged."""
    spare = found.spare
    if not spare.rules:
        return "" if found.together is None else "No rule can go without a loss that would show."
    names = ", ".join(f"“{labels.get(rule, rule)}”" for rule in spare.rules)
    start = "Instead of that, with" if found.changes and not found.refusal else "With"
    return (
        f"{start} the points that all rules have now, these can go without a loss that would show: {names}. "
        f"What a model without all of them gains out of time: {gain_words(spare.wins_caught, Goal.WINS)}; "
        f"{gain_words(spare.auc, Goal.RANKING)}."
    )


def base_points_words(found: Suggestions) -> str:
    """What happens to the starting points; empty where they stay."""
    if found.base_points == found.base_points_now:
        return ""
    return (
        f"Starting points {found.base_points_now} to {found.base_points}, so that {found.top_tier} "
        f"keeps its size: {found.top_leads_now:,} leads now, {found.top_leads:,} then."
    )


def suggestion_notes(found: Suggestions) -> tuple[str, ...]:
    """How the figures are to be taken, and which periods had no part in them."""
    lines = [f"{label} was not foretold: {reason}." for label, reason in found.skipped]
    lines += [f"{label} is kept back for the final check of your draft." for label in found.left_out]
    return tuple(lines)


def suggestion_sentences(found: Suggestions, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Everything in words, the most important first."""
    lines = [suggestion_headline(found)]
    if found.changes and not found.refusal:
        if text := base_points_words(found):
            lines.append(text)
        unsure = [one.rule for one in found.changes if one.alone.level is not Level.BETTER]
        if unsure:
            names = ", ".join(f"“{labels.get(rule, rule)}”" for rule in unsure)
            lines.append(f"By itself no more than chance out of time: {names}.")
    if spare := spare_words(found, labels):
        lines.append(spare)
    return (*lines, *suggestion_notes(found))


def _gain(goal: Goal, count: int) -> str:
    ending = "es" if count == 1 else ""
    return f"catch{ending} more wins" if goal is Goal.WINS else f"put{ending[1:]} leads into a better order"


def _periods(labels: tuple[str, ...]) -> str:
    return f"{len(labels)} {'period' if len(labels) == 1 else 'periods'}"


def _signed_cap(change: Suggestion) -> str:
    assert change.max_points is not None
    return str(change.max_points if change.points > 0 else -change.max_points)

"""Rules as HubSpot's event rules, property rules and segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from reports.build_sheet.activities import RuleEvents, rule_events
from reports.build_sheet.filters import Filter, filters_of
from reports.build_sheet.hubspot_words import FILTERS, fading, place_of
from reports.build_sheet.rule_words import rule_in_words
from reports.build_sheet.sheet import Draft, SheetLine, impossible, nothing
from reports.build_sheet.steps import limit_of, points_of, steps_of
from reports.build_sheet.unknown import KEEP
from scoring.model import Condition, Count, Model, Rule
from scoring.model_words import condition_words, decay_words


def rule_line(rule: Rule, model: Model) -> SheetLine:
    """One rule in HubSpot's words."""
    label = rule.shown_label
    if not rule.enabled:
        return nothing("rule", rule.id, label, "It is switched off: leave it out.")
    if rule.points == 0:
        return nothing("rule", rule.id, label, "It gives no points: leave it out.")
    if rule.counting not in get_args(Count) or rule.source == "account_activity":
        return _beyond_a_contact(rule)
    if rule.source == "activity":
        return _absent_line(rule, model) if rule.counting == "absent" else _event_line(rule)
    return _property_line(rule)


def _beyond_a_contact(rule: Rule) -> SheetLine:
    what = "the number of its colleagues" if rule.counting == "people" else "its colleagues' activities"
    reasons = [f"A contact's score cannot read {what}."]
    advice = (
        f"It would give {rule_in_words(rule)}. Nearest: a company engagement score with this event, and a "
        "workflow that copies it to the company's contacts; that also counts the contact's own activities. "
        + KEEP
    )
    return impossible("rule", rule.id, rule.shown_label, reasons, advice)


def _unanswerable(rule: Rule, lost: Sequence[Condition]) -> SheetLine:
    reasons = [f"No filter asks whether {condition_words(one)}." for one in lost]
    place = "activity" if rule.source == "activity" else "record"
    advice = (
        f"Write a yes-or-no property or event of your own where the {place} is made, ask for that, and give "
        f"{rule_in_words(rule)}."
    )
    return impossible("rule", rule.id, rule.shown_label, reasons, advice)


def _event_line(rule: Rule) -> SheetLine:
    events = rule_events(rule)
    filters, lost = filters_of(events.refinements, FILTERS)
    if lost:
        return _unanswerable(rule, lost)
    draft = Draft()
    _name_events(rule, events, filters, draft)
    _points(rule, events, draft)
    _timing(rule, draft)
    return draft.line("rule", rule.id, rule.shown_label, place_of(rule))


def _name_events(rule: Rule, events: RuleEvents, filters: Sequence[Filter], draft: Draft) -> None:
    draft.settings.append(f"Event: {events.words}")
    if not events.types:
        draft.differences.append(
            "An event rule is about one kind of event, this rule about any: it needs one for every kind, "
            "and kinds "
            "that are left out give nothing."
        )
    elif len(events.types) > 1:
        draft.advice.append(f"Enter it {len(events.types)} times, once for each event.")
    draft.differences += [f"{one.difference}." for one in filters if one.difference]
    if rule.match == "any" and len(filters) > 1:
        draft.settings += [f"Refine, one rule each: {one.text}" for one in filters]
        draft.differences.append(
            "Conditions of one rule must all hold, so each needs a rule of its own, and an activity that "
            "satisfies "
            "several gives points several times."
        )
    else:
        draft.settings += [f"Refine: {one.text}" for one in filters]


def _rules_needed(rule: Rule, events: RuleEvents) -> bool:
    """Whether several event rules stand for this one."""
    conditions = len(events.refinements) if rule.match == "any" else 0
    return not events.types or len(events.types) > 1 or conditions > 1


def _points(rule: Rule, events: RuleEvents, draft: Draft) -> None:
    needed, cap = rule.required_count, limit_of(rule)
    if needed > 1:
        _points_from(rule, draft)
    elif rule.counting == "once":
        once = points_of(rule, 1)
        draft.settings.append(f"Points: {once:+d} every time, rule limit {abs(once)}, so that it counts once")
        if rule.decay is not None:
            draft.differences.append(
                "Only the newest activity counts in Tierline; here faded older ones fill up to the limit."
            )
    elif cap is None:
        draft.settings.append(f"Points: {rule.points:+d} every time, no rule limit")
    else:
        draft.settings.append(f"Points: {rule.points:+d} every time, rule limit {cap}")
    shared = needed > 1 or rule.counting == "once" or cap is not None
    if shared and _rules_needed(rule, events):
        what = "the number of times and the limit hold" if needed > 1 else "the limit holds"
        draft.differences.append(
            f"It becomes several event rules, and {what} for each of them, not for all together."
        )
        draft.advice.append(
            "A group of their own with that limit holds them together, but outside of their group's."
        )


def _points_from(rule: Rule, draft: Draft) -> None:
    """Points from a number of times on, in steps where every further time gives more."""
    found = steps_of(rule)
    for step in found.steps:
        several = ", one rule each" if step.last > step.first else ""
        draft.settings.append(
            f"Points: {step.points:+d} once, frequency at least {step.times_words} times{several}"
        )
    if rule.decay is not None:
        draft.differences.append(
            "Points for a frequency are given once and do not fade activity by activity."
        )
    draft.differences += found.cut_words(rule)


def _timing(rule: Rule, draft: Draft) -> None:
    decay = fading(rule)
    if decay is None:
        frame = "all time" if rule.window_days is None else f"the last {rule.window_days} days"
        draft.settings.append(f"Time frame: {frame}")
        return
    draft.settings.append(f"Decay of the group: {decay.words}; time frame: all time")
    model_words = decay_words(rule.decay)
    if rule.window_days is not None:
        model_words += f", and not at all after {rule.window_days} days"
    draft.differences.append(
        f"Points fade in equal steps instead of {model_words}: at most {100 * decay.worst_share:.0f} of "
        "100 points apart, "
        f"at {decay.worst_day} days."
    )
    if rule.window_days is not None:
        draft.advice.append(
            f"A group that fades has no time frame, so the {rule.window_days} days are part of the fading."
        )


def _property_line(rule: Rule) -> SheetLine:
    filters, lost = filters_of(rule.where, FILTERS)
    if lost:
        return _unanswerable(rule, lost)
    draft = Draft(differences=[f"{one.difference}." for one in filters if one.difference])
    company = rule.source == "account"
    owner = "associated company" if company else "contact"
    if rule.match == "any" and len(filters) > 1:
        name = f"“{rule.shown_label}”"
        draft.settings.append(f"Active segment {name}, any of:")
        draft.settings += [f"{owner}: {one.text}" for one in filters]
        draft.settings.append(f"Criterion: segment membership is {name}")
    elif filters:
        draft.settings += [f"Criterion: {owner}: {one.text}" for one in filters]
    else:
        draft.settings.append("Criterion: create date is known (every record)")
    if company:
        draft.settings.append("Criterion: associated company: record ID is known")
        draft.advice.append(
            "Where your account does not offer the company's properties in a contact score, copy them to "
            "the contact "
            "with a workflow."
        )
    draft.settings.append(f"Points: {points_of(rule, 1):+d}")
    return draft.line("rule", rule.id, rule.shown_label, place_of(rule))


def _absent_line(rule: Rule, model: Model) -> SheetLine:
    events = rule_events(rule)
    filters, lost = filters_of(events.refinements, FILTERS)
    if lost:
        return _unanswerable(rule, lost)
    days, name = rule.window_days or 0, f"“{rule.shown_label}”"
    draft = Draft(differences=[f"{one.difference}." for one in filters if one.difference])
    link = " or " if rule.match == "any" else " and "
    refined = f" with {link.join(one.text for one in filters)}" if filters else ""
    draft.settings += [
        f"Active segment {name}: create date is more than {days} days ago",
        f"and has not done {events.words}{refined} in the last {days} days",
        f"Criterion: segment membership is {name}",
        f"Points: {points_of(rule, 1):+d}",
    ]
    reset = model.inactivity_reset_days
    if reset is not None and reset < days:
        draft.differences.append(
            f"Activities before {reset} days of silence are forgotten in Tierline, here they still count "
            "as done."
        )
    return draft.line("rule", rule.id, rule.shown_label, place_of(rule))

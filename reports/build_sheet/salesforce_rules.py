"""Rules as scoring rules, completion actions and automation rules of Account Engagement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from reports.build_sheet.activities import RuleEvents, rule_events
from reports.build_sheet.filters import Filter, PhraseBook, filters_of, quoted
from reports.build_sheet.rule_words import rule_in_words
from reports.build_sheet.sheet import Draft, SheetLine, impossible, nothing
from reports.build_sheet.steps import limit_of, points_of, steps_of
from reports.build_sheet.unknown import KEEP
from scoring.model import Condition, Count, Rule
from scoring.model_words import condition_words, decay_words

FILTERS = PhraseBook(
    words={
        "equals": "is",
        "in": "is",
        "not_equals": "is not",
        "not_in": "is not",
        "contains": "contains",
        "gt": "is greater than",
        "ge": "is, or is greater than,",
        "lt": "is less than",
        "le": "is, or is less than,",
        "between": "is between, ends included,",
        "is_missing": "is empty",
        "is_present": "is not empty",
        "starts_with": "contains",
    },
    separator="; ",
    missing_passes=True,
)

AUTOMATION = "Automation rule"


def rule_line(rule: Rule) -> SheetLine:
    """One rule in Account Engagement's words."""
    label = rule.shown_label
    if not rule.enabled or rule.points == 0:
        why = "It gives no points" if rule.enabled else "It is switched off"
        return nothing("rule", rule.id, label, f"{why}: leave it out.")
    if rule.counting not in get_args(Count) or rule.source == "account_activity":
        return _beyond_a_prospect(rule)
    filters, lost = filters_of(
        rule_events(rule).refinements if rule.source == "activity" else rule.where, FILTERS
    )
    if lost:
        return _unanswerable(rule, lost)
    if rule.source != "activity":
        return _field_line(rule, filters)
    return _absent_line(rule, filters) if rule.counting == "absent" else _activity_line(rule, filters)


def _beyond_a_prospect(rule: Rule) -> SheetLine:
    what = "the number of its colleagues" if rule.counting == "people" else "its colleagues' activities"
    reasons = [f"A prospect's score cannot read {what}."]
    return impossible(
        "rule", rule.id, rule.shown_label, reasons, f"It would give {rule_in_words(rule)}. {KEEP}"
    )


def _unanswerable(rule: Rule, lost: Sequence[Condition]) -> SheetLine:
    reasons = [f"No criterion asks whether {condition_words(one)}." for one in lost]
    advice = (
        "Write a yes-or-no prospect field where the record is made and let an automation rule ask for it; "
        f"give {rule_in_words(rule)}."
    )
    return impossible("rule", rule.id, rule.shown_label, reasons, advice)


def _activity_line(rule: Rule, filters: Sequence[Filter]) -> SheetLine:
    events, draft = rule_events(rule), Draft()
    counted = rule.required_count > 1 or rule.counting == "once" or limit_of(rule) is not None
    place = _name_activity(rule, events, filters, draft, counted)
    if counted:
        _count_times(rule, draft)
    else:
        draft.settings.append(f"Points: {rule.points:+d} each time")
    _stay(rule, draft)
    return draft.line("rule", rule.id, rule.shown_label, place)


def _name_activity(
    rule: Rule, events: RuleEvents, filters: Sequence[Filter], draft: Draft, counted: bool
) -> str:
    """Where the activity is scored, and what of its conditions is lost there."""
    draft.settings.append(f"Activity: {events.words}")
    if not events.types:
        draft.differences.append(
            "Points belong to a kind of activity: kinds for which none are entered give nothing."
        )
    if not filters:
        if counted or not events.types:
            return "Completion actions of every asset of that kind"
        return "Scoring rules (baseline), its prospect activity"
    link = " or " if rule.match == "any" else " and "
    draft.settings.append(f"Only assets where {link.join(one.text for one in filters)}")
    draft.differences.append(
        "Completion and page actions belong to an asset or page: new ones with these properties must be "
        "given the action "
        "by hand."
    )
    draft.differences += _misread(rule, filters)
    return "Page actions and completion actions of those assets"


def _count_times(rule: Rule, draft: Draft) -> None:
    """Points that depend on how often: a counter field, and automation rules that read it."""
    counter, found = quoted(f"{rule.id} count"), steps_of(rule)
    draft.settings.append(f"Completion action: increment the number field {counter} by 1")
    for step in found.steps:
        several = "rules" if step.last > step.first else "rule"
        draft.settings.append(
            f"Automation {several}, not repeated, for {step.times_words}: {counter} is that or greater, "
            f"adjust score by {step.points:+d}"
        )
    draft.differences += found.cut_words(rule)


def _stay(rule: Rule, draft: Draft) -> None:
    """Points that would go away with time stay, but for what automation takes back."""
    if rule.window_days is None and rule.decay is None:
        return
    gone = []
    if rule.decay is not None:
        gone.append(f"fade {decay_words(rule.decay)}")
    if rule.window_days is not None:
        gone.append(f"end after {rule.window_days} days")
    draft.differences.append(
        f"Points do not go away by themselves: here they stay, in Tierline they {' and '.join(gone)}."
    )
    days = (
        rule.window_days if rule.decay is None else min(rule.decay.days, rule.window_days or rule.decay.days)
    )
    last = quoted(f"{rule.id} last")
    draft.advice.append(
        f"Nearest: a completion action that writes the date into {last}, and an automation rule that "
        f"repeats every {days} "
        f"days: {last} is more than {days} days ago and score is greater than 0, adjust score by "
        f"{-rule.points:+d}."
    )


def _misread(rule: Rule, filters: Sequence[Filter]) -> list[str]:
    said = [f"{one.difference}." for one in filters if one.difference]
    for condition in rule.where:
        if condition.operator == "starts_with" or str(condition.value).startswith("^"):
            said.append(
                f"There is no “starts with”: {quoted(str(condition.value))} is also found further inside."
            )
    return said


def _field_line(rule: Rule, filters: Sequence[Filter]) -> SheetLine:
    owner = "Prospect account field" if rule.source == "account" else "Prospect field"
    draft = Draft(differences=_misread(rule, filters))
    match = "any" if rule.match == "any" else "all"
    points = points_of(rule, rule.required_count)
    draft.settings.append(f"Automation rule, not repeated, match {match}: adjust score by {points:+d}")
    draft.settings += [f"{owner}: {one.text}" for one in filters] or [
        "Prospect: email is not empty (everybody)"
    ]
    if rule.source == "account" and not filters:
        draft.settings.append("Prospect account: name is not empty")
    draft.differences.append(
        "The points are given when the rule first matches and stay when the value changes, unless taken back."
    )
    draft.advice.append(
        f"A second rule for the contrary, adjusting by {-points:+d}, takes them back once. As fit alone, "
        "use a grading "
        "profile: one criterion for this rule, in thirds of a grade."
    )
    return draft.line("rule", rule.id, rule.shown_label, AUTOMATION)


def _absent_line(rule: Rule, filters: Sequence[Filter]) -> SheetLine:
    events, days, points = rule_events(rule), rule.window_days, points_of(rule, rule.required_count)
    last = quoted(f"{rule.id} last")
    link = " or " if rule.match == "any" else " and "
    only = f", only assets where {link.join(one.text for one in filters)}" if filters else ""
    draft = Draft(
        settings=[
            f"Completion action on {events.words}{only}: write the date into {last}",
            f"Automation rule: {last} is more than {days} days ago, or empty, and created more than {days} "
            "days ago, "
            f"adjust score by {points:+d}",
        ],
        differences=[
            "The points are given once and stay when the prospect comes back, unless a second rule takes "
            "them back.",
            *_misread(rule, filters),
        ],
        advice=[f"Second rule, repeated: {last} is within {days} days, adjust score by {-points:+d}."],
    )
    return draft.line("rule", rule.id, rule.shown_label, AUTOMATION)

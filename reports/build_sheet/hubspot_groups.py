"""Categories as HubSpot's groups and their limits."""

from __future__ import annotations

from reports.build_sheet.hubspot_words import group_kind, group_name
from reports.build_sheet.reach import lowest_sum
from reports.build_sheet.sheet import Draft, SheetLine, nothing
from reports.build_sheet.unknown import unknown_line
from scoring.model import Category, Model, Rule


def group_lines(model: Model) -> list[SheetLine]:
    """One line for each category: the groups that it becomes, and what of its limits they hold."""
    return [_line(model, model.category(name)) for name in model.category_names]


def _line(model: Model, category: Category) -> SheetLine:
    unknown = unknown_line("group", category.name, category.name, category, "HubSpot")
    if unknown:
        return unknown
    rules = [rule for rule in model.enabled_rules if rule.category == category.name and _is_built(rule)]
    groups = list(dict.fromkeys((group_name(rule), group_kind(rule)) for rule in rules))
    if not groups:
        return nothing(
            "group", category.name, category.name, "None of its rules is built: no group is needed."
        )
    draft = Draft()
    lowest, highest = category.min_points, category.max_points
    for name, kind in groups:
        limit = (
            f"group limit {highest}"
            if highest is not None
            else "no group limit of the model's; enter the largest"
        )
        draft.settings.append(f"Add {kind} “{name}”, {limit}")
    if highest is not None and len(groups) > 1:
        draft.differences.append(
            f"The limit of {highest} points holds for each of the {len(groups)} groups, not for all "
            "together, which "
            f"can give up to {highest * len(groups) if highest > 0 else highest}."
        )
        draft.advice.append(
            "One group is enough only for rules of one kind (events or properties) that fade alike; "
            "splitting the limit "
            "between the groups keeps the sum below it."
        )
    if highest is not None and highest < 0:
        draft.differences.append(
            f"A group's limit is not negative; the {highest} points at most cannot be entered."
        )
    if lowest is not None and (lowest > 0 or lowest_sum(rules) < lowest):
        draft.differences.append(
            f"No lowest value is offered for a group, so it can fall below {lowest} points when points are "
            "taken away."
        )
    return draft.line("group", category.name, category.name, "Groups of the score")


def _is_built(rule: Rule) -> bool:
    return rule.source != "account_activity" and rule.points != 0

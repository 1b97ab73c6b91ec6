"""A model in HubSpot's words: a contact score made of event groups and property groups.

What is taken of the product (its lead scoring tool, which replaced score properties in August 2025): a
score has groups, a group event rules or property rules and a limit of its own; an event rule gives points
for every time, up to a limit of its own, or once from a number of times on; it looks at a number of past
days or its group fades, not both; scores can be kept to, or withhold, members of a segment; a score can
read the associated company's properties. A contact's score knows nothing of what other contacts did.
"""

from __future__ import annotations

from reports.build_sheet.accounts import account_lines
from reports.build_sheet.hubspot_groups import group_lines
from reports.build_sheet.hubspot_rules import rule_line
from reports.build_sheet.hubspot_setup import setup_lines, tier_line
from reports.build_sheet.hubspot_words import FILTERS
from reports.build_sheet.sheet import BuildSheet, SheetLine
from reports.build_sheet.unknown import unknown_line, unknown_lines
from scoring.model import Model

PRODUCT = "HubSpot"

NOTES = (
    "Written for the lead scoring tool (Marketing > Lead Scoring), as a contact score. A score with both "
    "event "
    "and property groups is a combined score, which needs Marketing Hub Enterprise; without it, build one "
    "engagement and one fit score and add them up in a calculated property.",
    "Names in “quotes” are the columns and values of your data: choose the contact property or event that "
    "they came from.",
    "HubSpot reads properties as they are today and recalculates by itself; only activities have a time.",
    "HubSpot keeps fractions where Tierline rounds every rule to whole points.",
    "After building, export the score and run “tierline compare-live”: it says whether HubSpot runs "
    "this model, and which rules differ.",
)


def hubspot_sheet(model: Model) -> BuildSheet:
    """The build sheet of a model for HubSpot; every rule, tier and category has a line."""
    lines: list[SheetLine] = [*setup_lines(model), *unknown_lines(model, PRODUCT), *group_lines(model)]
    for rule in model.rules:
        unknown = unknown_line("rule", rule.id, rule.shown_label, rule, PRODUCT) if rule.enabled else None
        lines.append(unknown or rule_line(rule, model))
    for place, tier in enumerate(model.tiers):
        unknown = unknown_line("tier", tier.name, tier.shown_label, tier, PRODUCT)
        lines.append(unknown or tier_line(model, place))
    lines += account_lines(model, PRODUCT, FILTERS)
    return BuildSheet(PRODUCT, model.name, tuple(lines), NOTES)

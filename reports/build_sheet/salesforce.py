"""A model in the words of Salesforce Account Engagement (Pardot).

What is taken of the product: scoring rules give points for a kind of prospect activity, each time;
completion and page actions add points for single assets and pages; automation rules match prospects by
fields, once unless repeated, and adjust the score or set it to a number; scoring categories keep a second
score for the assets of a folder, which can only be adjusted; grades (F to A+, from D, in thirds) come from
a profile's criteria. Points do not fade and have no limits.
"""

from __future__ import annotations

from reports.build_sheet.accounts import account_lines
from reports.build_sheet.excluded import LABEL, cannot_leave_out
from reports.build_sheet.filters import filters_of
from reports.build_sheet.finished import final_stages, nobody_finishes
from reports.build_sheet.grid import cells_of_tier
from reports.build_sheet.reach import lowest_sum
from reports.build_sheet.salesforce_rules import AUTOMATION, FILTERS, rule_line
from reports.build_sheet.sheet import BuildSheet, Draft, SheetLine, impossible, nothing
from reports.build_sheet.unknown import unknown_line, unknown_lines
from scoring.model import Category, Model

PRODUCT = "Salesforce Account Engagement"
SCORED_ONLY = "Dynamic list"

NOTES = (
    "Written for Account Engagement (Pardot). Changing scoring rules scores all prospects anew, backwards "
    "in time; "
    "automation rules start paused and act from when they are resumed.",
    "Names in “quotes” are the columns and values of your data: choose the prospect field or activity that "
    "they "
    "came from.",
    "Set the points of every prospect activity that this sheet does not name to 0: the baseline gives "
    "points for many.",
    "Account Engagement has no decay, no time frames and no limits: what stands for them here are "
    "automation rules "
    "that take points back, so expect scores to run higher than in Tierline.",
    "After building, export the score and run “tierline compare-live”: it says how far it is from this "
    "model, "
    "and which rules differ.",
)


def salesforce_sheet(model: Model) -> BuildSheet:
    """The build sheet of a model for Account Engagement; every rule, tier and category has a line."""
    lines: list[SheetLine] = [*_setup_lines(model), *unknown_lines(model, PRODUCT)]
    for name in model.category_names:
        category = model.category(name)
        unknown = unknown_line("group", name, name, category, PRODUCT)
        lines.append(unknown or _category_line(model, category))
    for rule in model.rules:
        unknown = unknown_line("rule", rule.id, rule.shown_label, rule, PRODUCT) if rule.enabled else None
        lines.append(unknown or rule_line(rule))
    for place, tier in enumerate(model.tiers):
        unknown = unknown_line("tier", tier.name, tier.shown_label, tier, PRODUCT)
        lines.append(unknown or _tier_line(model, place))
    lines += account_lines(model, PRODUCT, None)
    return BuildSheet(PRODUCT, model.name, tuple(lines), NOTES)


def _setup_lines(model: Model) -> list[SheetLine]:
    lines = [_limits(model), _starting_points(model), _reset(model), _finished(model), _observation(model)]
    lines += [_excluded(model)] if model.exclude else []
    return [line for line in lines if line is not None]


def _limits(model: Model) -> SheetLine:
    draft = Draft(settings=["Use the prospect score; there is nothing to switch on"])
    low = model.base_points + lowest_sum(model.enabled_rules) < model.min_score
    draft.differences.append(
        f"There is no highest score: it can pass {model.max_score}"
        + (f", and fall below {model.min_score}" if low else "")
        + "; tiers stay the same, as only their lowest scores matter."
    )
    label = f"{model.name}: {model.min_score} to {model.max_score} points"
    return draft.line("model", "score", label, "Account Engagement Settings > Automation Settings > Scoring")


def _starting_points(model: Model) -> SheetLine | None:
    if model.base_points == 0:
        return None
    draft = Draft(
        settings=[
            "Automation rule, not repeated: email is not empty (everybody)",
            f"Action: adjust score by {model.base_points:+d}",
        ]
    )
    return draft.line("model", "base_points", f"{model.base_points} starting points", AUTOMATION)


def _reset(model: Model) -> SheetLine | None:
    days = model.inactivity_reset_days
    if days is None:
        return None
    draft = Draft(
        settings=[
            f"Automation rule, repeated: last activity is more than {days} days ago",
            f"Action: set score to {model.base_points}",
        ],
        differences=["Points for who a prospect is are forgotten with it; in Tierline only activities are."],
        advice=[
            "Use a grade for them, or a list on which the rule puts the prospect and from which they are "
            "given anew."
        ],
    )
    label = f"Forget after {days} days of silence"
    return draft.line("model", "inactivity_reset_days", label, AUTOMATION)


def _finished(model: Model) -> SheetLine:
    conversion = model.conversion
    final = final_stages(conversion)
    if not final:
        return nobody_finishes(conversion)
    stages = "; ".join(f"“{stage}”" for stage in final)
    draft = Draft(
        settings=[f"Dynamic list “Finished”: opportunity status or lead status is {stages}"],
        differences=["Finished prospects keep being scored; they are kept out of the tiers' lists instead."],
        advice=[
            f"The {conversion.horizon_days} days to convert belong to the back-test: nothing is to be "
            "built for them."
        ],
    )
    if conversion.reopening_stages:
        draft.settings.append(
            "unless it is " + "; ".join(f"“{one}”" for one in conversion.reopening_stages) + " by now"
        )
    return draft.line("model", "conversion", "Leads that are finished", SCORED_ONLY)


def _observation(model: Model) -> SheetLine:
    oldest = model.observation.max_age_days
    if oldest is None:
        why = "When the back-test looks has no counterpart: prospects are scored all the time."
        return nothing("model", "observation", "When leads are scored", why)
    draft = Draft(
        settings=[f"Dynamic list “Too old”: created more than {oldest} days ago"],
        differences=["Old prospects keep being scored; they are kept out of the tiers' lists instead."],
    )
    return draft.line("model", "observation", f"Leads older than {oldest} days are left out", SCORED_ONLY)


def _excluded(model: Model) -> SheetLine:
    filters, lost = filters_of(model.exclude, FILTERS)
    if lost:
        return cannot_leave_out(filters, lost, "criterion", "prospect field")
    draft = Draft(
        settings=["Dynamic list “Not scored”, match any:", *(one.text for one in filters)],
        differences=["They keep being scored; they are kept out of the tiers' lists instead."],
    )
    draft.differences += [
        f"There is no “starts with”: “{one.value}” is also found further inside."
        for one in model.exclude
        if one.operator == "starts_with"
    ]
    return draft.line("model", "exclude", LABEL, SCORED_ONLY)


def _category_line(model: Model, category: Category) -> SheetLine:
    name, low, high = category.name, category.min_points, category.max_points
    rules = [
        rule for rule in model.enabled_rules if rule.category == name and rule.source != "account_activity"
    ]
    if not rules:
        return nothing("group", name, name, "None of its rules is built.")
    limits = [
        *([f"at least {low}"] if low is not None else []),
        *([f"at most {high}"] if high is not None else []),
    ]
    if limits:
        reason = (
            f"Nothing limits the points of a category ({' and '.join(limits)} in Tierline): they add up "
            "without end."
        )
        advice = (
            f"To report on it, make a scoring category “{name}” for the folder of its assets. To hold the "
            "limit, give "
            "every rule in it a limit of its own, which the sheet builds with counters."
        )
        return impossible("group", name, name, (reason,), advice)
    why = (
        f"It has no limits: its points are part of the score. A scoring category “{name}” is for reporting "
        "only."
    )
    return nothing("group", name, name, why)


def _tier_line(model: Model, place: int) -> SheetLine:
    tier = model.tiers[place]
    cells = cells_of_tier(model, tier.name)
    if model.grid is not None and not cells:
        return nothing("tier", tier.name, tier.shown_label, "No cell of the grid is assigned to it.")
    draft = Draft()
    if cells and model.grid is not None:
        rows = model.grid.rows.category
        draft.settings.append(f"Dynamic list “{tier.shown_label}”, match any:")
        draft.settings += cells
        draft.differences.append(
            f"A prospect has one score and a grade: build “{rows}” as a grading profile, whose grades go "
            "up from D in "
            "thirds, and let a grade stand for each of its spans; points and grades do not match to the "
            "point."
        )
    else:
        bounds = " and ".join(_bounds(model, place)) or "email is not empty (everybody)"
        draft.settings.append(
            f"Dynamic list “{tier.shown_label}”: {bounds}, not on the lists of those who are left out"
        )
    hours = tier.respond_within_hours
    if tier.action or tier.owner or hours is not None:
        due = f", due within {hours:g} hours" if hours is not None else ""
        draft.settings.append(
            f"Automation rule on the list: assign or create a Salesforce task “{tier.action or 'follow up'}”"
            f"{f' for {tier.owner}' if tier.owner else ''}{due}"
        )
    if tier.perk:
        draft.settings.append(f"Automation rule on the list: email with the perk, “{tier.perk}”")
    return draft.line("tier", tier.name, tier.shown_label, SCORED_ONLY)


def _bounds(model: Model, place: int) -> tuple[str, ...]:
    low = model.tiers[place].threshold if place else None
    high = model.tiers[place + 1].threshold if place + 1 < len(model.tiers) else None
    return (
        *([f"score is greater than {low - 1}"] if low is not None else []),
        *([f"score is less than {high}"] if high is not None else []),
    )

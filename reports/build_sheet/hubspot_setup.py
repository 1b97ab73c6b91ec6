"""The score itself, who is scored, and tiers, in HubSpot's words."""

from __future__ import annotations

from math import ceil

from reports.build_sheet.excluded import LABEL, cannot_leave_out
from reports.build_sheet.filters import filters_of
from reports.build_sheet.finished import final_stages, nobody_finishes
from reports.build_sheet.grid import cells_of_tier
from reports.build_sheet.hubspot_words import FILTERS, STARTING_GROUP
from reports.build_sheet.reach import lowest_sum
from reports.build_sheet.sheet import Draft, SheetLine, nothing
from scoring.model import Model

SCORE_SETTINGS = "Score settings"


def setup_lines(model: Model) -> list[SheetLine]:
    """The score's limits, starting points, reset and who is left out."""
    lines = [_limits(model), _starting_points(model), _reset(model), _success(model), _observation(model)]
    lines += [_excluded(model)] if model.exclude else []
    return [line for line in lines if line is not None]


def tier_line(model: Model, place: int) -> SheetLine:
    """A tier as an active segment on the score, or on both scores of a grid."""
    tier = model.tiers[place]
    cells = cells_of_tier(model, tier.name)
    if model.grid is not None and not cells:
        return nothing("tier", tier.name, tier.shown_label, "No cell of the grid is assigned to it.")
    draft = Draft()
    if cells:
        draft.settings.append(f"Active segment “{tier.shown_label}”, any of:")
        draft.settings += cells
        draft.advice.append(
            "Build the two categories of the grid as two scores; a combined score's own grid has three by "
            "three."
        )
    else:
        bounds = " and ".join(score_bounds(model, place)) or "score is known"
        draft.settings.append(f"Active segment “{tier.shown_label}”: {bounds}")
    hours = tier.respond_within_hours
    if tier.action or tier.owner or hours is not None:
        due = f", due {hours:g} hours after the contact joins the segment" if hours is not None else ""
        draft.settings.append(
            f"Workflow on joining: task “{tier.action or 'follow up'}”"
            f"{f' for {tier.owner}' if tier.owner else ''}{due}"
        )
    if tier.perk:
        draft.settings.append(f"Workflow on joining: email with the perk, “{tier.perk}”")
    return draft.line("tier", tier.name, tier.shown_label, "CRM > Segments")


def score_bounds(model: Model, place: int) -> tuple[str, ...]:
    """The scores of a tier, in filters."""
    low = model.tiers[place].threshold if place else None
    high = model.tiers[place + 1].threshold if place + 1 < len(model.tiers) else None
    return (
        *([f"score is greater than or equal to {low}"] if low is not None else []),
        *([f"score is less than {high}"] if high is not None else []),
    )


def _limits(model: Model) -> SheetLine:
    offered = 100 * ceil(max(abs(model.max_score), 1) / 100)
    draft = Draft(settings=["Type: contact score", f"Score limit: {offered}"])
    if offered != model.max_score:
        draft.differences.append(
            f"Limits come in hundreds, so scores can go up to {offered} instead of {model.max_score}; "
            "tiers stay the same."
        )
    if model.base_points + lowest_sum(model.enabled_rules) < model.min_score:
        draft.differences.append(
            f"A score can fall below {model.min_score} when points are taken away; such contacts stay in "
            f"“{model.tiers[0].shown_label}”."
        )
    if model.min_score > min(model.base_points, 0):
        draft.differences.append(
            f"A contact without points has {model.base_points}, not {model.min_score}; it stays in the "
            "lowest tier."
        )
    draft.advice.append(
        f"Where your subscription stops below {offered} points (Professional: 100), divide all points, "
        "limits and "
        "thresholds by the same number."
    )
    return draft.line(
        "model", "score", f"{model.name}: {model.min_score} to {model.max_score} points", SCORE_SETTINGS
    )


def _starting_points(model: Model) -> SheetLine | None:
    if model.base_points == 0:
        return None
    draft = Draft(
        settings=["Criterion: create date is known (every record)", f"Points: {model.base_points:+d}"]
    )
    place = f"Property group “{STARTING_GROUP}”, group limit {max(model.base_points, 0)}"
    return draft.line("model", "base_points", f"{model.base_points} starting points", place)


def _reset(model: Model) -> SheetLine | None:
    days = model.inactivity_reset_days
    if days is None:
        return None
    draft = Draft(
        settings=[
            f"Contact-based workflow: last activity date is more than {days} days ago",
            "Action: reset the score's engagement points",
            "Let contacts enrol again",
        ],
        differences=[
            "The workflow forgets by its own clock and by what HubSpot counts as activity; Tierline "
            "forgets everything "
            f"before a silence of {days} days between any two activities."
        ],
        advice=["Without that action in your account, give every time frame at most so many days."],
    )
    return draft.line(
        "model", "inactivity_reset_days", f"Forget after {days} days of silence", "Automation > Workflows"
    )


def _excluded(model: Model) -> SheetLine:
    filters, lost = filters_of(model.exclude, FILTERS)
    if lost:
        return cannot_leave_out(filters, lost, "filter", "property")
    draft = Draft(
        settings=["Active segment “Not scored”, any of:", *(one.text for one in filters)],
        differences=[f"{one.difference}." for one in filters if one.difference],
    )
    draft.settings.append("Score settings: exclude members of “Not scored”")
    return draft.line("model", "exclude", LABEL, "CRM > Segments")


def _success(model: Model) -> SheetLine:
    conversion = model.conversion
    final = final_stages(conversion)
    if not final:
        return nobody_finishes(conversion)
    stages = ", ".join(f"“{stage}”" for stage in final)
    draft = Draft(
        settings=[f"Active segment “Finished”: lifecycle stage or lead status is any of {stages}"],
        differences=[
            "Tierline stops scoring a lead at the outcome's time; HubSpot goes by the stage as it is today."
        ],
    )
    if conversion.reopening_stages:
        again = ", ".join(f"“{stage}”" for stage in conversion.reopening_stages)
        draft.settings.append(f"unless it is {again} by now")
    draft.settings.append("Score settings: exclude members of “Finished”")
    draft.advice.append(
        f"The {conversion.horizon_days} days to convert belong to the back-test: nothing is to be built "
        "for them."
    )
    return draft.line("model", "conversion", "Leads that are finished", "CRM > Segments")


def _observation(model: Model) -> SheetLine:
    oldest = model.observation.max_age_days
    if oldest is None:
        why = "When the back-test looks has no counterpart: HubSpot scores all the time."
        return nothing("model", "observation", "When leads are scored", why)
    draft = Draft(
        settings=[
            f"Active segment “Too old”: create date is more than {oldest} days ago",
            "Score settings: exclude members of “Too old”",
        ]
    )
    return draft.line(
        "model", "observation", f"Leads older than {oldest} days are left out", "CRM > Segments"
    )

"""What a model says and a build sheet has no words for: it is listed, never passed over.

A sheet names the keys that it translates. Any other key that is not at its default becomes a line that says
it cannot be built, so a kind of scoring that comes to the model later is missing from no sheet.
"""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel

from reports.build_sheet.rule_words import rule_in_words
from reports.build_sheet.sheet import Part, SheetLine, impossible
from scoring.account_scoring import AccountRule, AccountScore
from scoring.model import Category, Conversion, Model, Observation, Rule, Tier

KNOWN: dict[type[BaseModel], frozenset[str]] = {
    Model: frozenset(
        {
            *("schema_version", "name", "description", "conversion", "tiers", "base_points"),
            *("min_score", "max_score", "inactivity_reset_days", "observation", "exclude"),
            *("categories", "rules", "grid", "account_score"),
        }
    ),
    Conversion: frozenset({"stages", "horizon_days", "closing_stages", "reopening_stages", "repeatable"}),
    Observation: frozenset(
        {"moment", "period", "days_after_creation", "fiscal_year_start_month", "max_age_days"}
    ),
    Rule: frozenset(
        {
            *("id", "category", "source", "points", "label", "enabled", "max_points", "match", "count"),
            *("at_least", "max_count", "window_days", "decay", "where"),
        }
    ),
    Tier: frozenset({"name", "threshold", "label", "action", "owner", "respond_within_hours", "perk"}),
    Category: frozenset({"name", "min_points", "max_points", "quests"}),
    AccountScore: frozenset(
        {
            *("lead_part", "tiers", "top", "min_score", "max_score", "engaged_tier", "engaged_score"),
            *("engaged_within_days", "points_per_person", "max_person_points", "points_per_department"),
            *("max_department_points", "department_field", "rules"),
        }
    ),
    AccountRule: frozenset({"id", "points", "label", "enabled", "match", "where"}),
}
"""The keys that the sheets translate or say nothing is to be built for."""

KEEP = (
    "Keep it in Tierline: score there and bring the result to the CRM with the hand-over list, whose tier "
    "and "
    "score columns can be imported."
)
"""What can always be done instead."""


def unknown_keys(value: BaseModel, known: Collection[str] | None = None) -> tuple[str, ...]:
    """The keys that are not at their default and not known, in the model's order.

    Examples
    --------
    >>> unknown_keys(Category(name="fit", max_points=40))
    ()
    >>> unknown_keys(Category(name="fit", max_points=40), known={"name"})
    ('max_points',)
    """
    if known is None:
        known = next((KNOWN[one] for one in type(value).__mro__ if one in KNOWN), frozenset())
    fields = type(value).model_fields
    return tuple(
        name
        for name, info in fields.items()
        if name not in known and getattr(value, name) != info.get_default(call_default_factory=True)
    )


def unknown_line(part: Part, key: str, label: str, value: BaseModel, product: str) -> SheetLine | None:
    """A line for a part with such keys, None for one without."""
    names = unknown_keys(value)
    if not names:
        return None
    said = ", ".join(f"{name} = {getattr(value, name)}" for name in names)
    advice = f"It would give {rule_in_words(value)}. {KEEP}" if isinstance(value, Rule) else KEEP
    return impossible(part, key, label, (f"{product} has nothing like {said}.",), advice)


def unknown_lines(model: Model, product: str) -> list[SheetLine]:
    """Lines for such keys of the model itself, one a key."""
    lines = []
    for part in (model, model.conversion, model.observation):
        for name in unknown_keys(part):
            reason = f"{product} has nothing like {name} = {getattr(part, name)}."
            lines.append(impossible("model", name, name.replace("_", " "), (reason,), KEEP))
    return lines

"""What differs between the account scores of two models, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scoring.account_scoring import AccountRule, AccountScore
from scoring.model_parts import Tier
from scoring.model_words import conditions_words

Difference = tuple[tuple[str, ...], Any, Any, str]
"""Place, before, after and words, as a change of a model has them."""

PLACE = ("account_score",)
LEAD_PART_WORDS = {
    "sum": "the sum of its leads' scores",
    "mean": "the average of its leads' scores",
    "max": "its best lead's score",
}
_KEYS = (
    ("min_score", "lowest score of an account"),
    ("max_score", "highest score of an account"),
    ("engaged_tier", "people of an account are engaged from tier"),
    ("engaged_score", "people of an account are engaged from score"),
    ("engaged_within_days", "people of an account are engaged who did something within so many days"),
    ("points_per_person", "points for each engaged person"),
    ("max_person_points", "points for engaged people at most"),
    ("points_per_department", "points for each department"),
    ("max_department_points", "points for departments at most"),
    ("department_field", "the department of a lead stands in"),
)
_TIER_WORDS = {"label": "is shown as", "respond_within_hours": "hours to respond"}


def lead_part_words(block: AccountScore) -> str:
    """How an account's score comes from its leads' scores: ``the sum of its 3 best leads' scores``."""
    if block.lead_part == "top":
        return "its best lead's score" if block.top == 1 else f"the sum of its {block.top} best leads' scores"
    return LEAD_PART_WORDS[block.lead_part]


def account_score_changes(before: AccountScore | None, after: AccountScore | None) -> Iterator[Difference]:
    """Everything that differs, nothing exactly when the two are equal."""
    if before is None or after is None:
        if after is not None:
            yield PLACE, None, after, f"accounts are scored: {lead_part_words(after)}"
        elif before is not None:
            yield PLACE, before, None, "accounts are no longer scored in their own way"
        return
    for key in ("lead_part", "top"):
        value = getattr(before, key), getattr(after, key)
        if value[0] != value[1]:
            old, new = lead_part_words(before), lead_part_words(after)
            yield (*PLACE, key), *value, f"an account's score starts from {_arrow(old, new)}"
            break
    yield from _keys(PLACE, before, after, _KEYS)
    yield from _tiers(before, after)
    yield from _rules(before, after)


def _tiers(before: AccountScore, after: AccountScore) -> Iterator[Difference]:
    place = (*PLACE, "tiers")
    old = {tier.name: tier for tier in before.tiers}
    new = {tier.name: tier for tier in after.tiers}
    for name, tier in new.items():
        if name in old:
            keys = [key for key in Tier.model_fields if key != "name"]
            named = tuple((key, f"account tier {name} {_TIER_WORDS.get(key, key)}") for key in keys)
            yield from _keys((*place, name), old[name], tier, named)
        else:
            yield (*place, name), None, tier, f"account tier {name} added, from {tier.threshold}"
    for name, tier in old.items():
        if name not in new:
            yield (*place, name), tier, None, f"account tier {name} removed, it began at {tier.threshold}"


def _rules(before: AccountScore, after: AccountScore) -> Iterator[Difference]:
    place = (*PLACE, "rules")
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for rule_id, rule in new.items():
        if rule_id in old:
            yield from _rule((*place, rule_id), old[rule_id], rule)
        else:
            words = f"{rule.shown_label} added for accounts: {rule.points:+d} points"
            yield (*place, rule_id), None, rule, words
    for rule_id, rule in old.items():
        if rule_id not in new:
            words = f"{rule.shown_label} removed for accounts: it gave {rule.points:+d} points"
            yield (*place, rule_id), rule, None, words
    common = [rule_id for rule_id in old if rule_id in new]
    if common != [rule_id for rule_id in new if rule_id in old]:
        yield place, list(old), list(new), "order of the rules for accounts"


def _rule(place: tuple[str, ...], before: AccountRule, after: AccountRule) -> Iterator[Difference]:
    label = after.shown_label
    if before.points != after.points:
        words = f"{label} {before.points} -> {after.points} points for accounts"
        yield (*place, "points"), before.points, after.points, words
    if before.enabled != after.enabled:
        words = f"{label} switched {'on' if after.enabled else 'off'} for accounts"
        yield (*place, "enabled"), before.enabled, after.enabled, words
    yield from _keys(place, before, after, (("label", f"account rule {after.id} is called"),))
    if (before.where, before.match) != (after.where, after.match):
        old, new = (conditions_words(rule.where, rule.match) for rule in (before, after))
        words = f"{label} for accounts when {_arrow(old, new)}"
        yield (*place, "where"), before.where, after.where, words


def _keys(
    place: tuple[str, ...],
    before: AccountScore | AccountRule | Tier,
    after: AccountScore | AccountRule | Tier,
    keys: tuple[tuple[str, str], ...],
) -> Iterator[Difference]:
    for key, name in keys:
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield (*place, key), old, new, f"{name} {_arrow(_said(old), _said(new))}"


def _said(value: Any) -> str:
    if value is None:
        return "none"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _arrow(old: str, new: str) -> str:
    return f"{old} -> {new}" if old != new else f"{new} (written differently, with the same meaning)"

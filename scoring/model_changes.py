"""What differs between two models: as values for programs, and in words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from scoring.account_changes import account_score_changes
from scoring.grid_changes import grid_changes
from scoring.model import Category, Model, Rule, Tier
from scoring.model_words import (
    COUNT_WORDS,
    SOURCE_WORDS,
    condition_words,
    conditions_words,
    decay_words,
    points_words,
)

Place = tuple[str, ...]
"""Where in a model: ``("rules", "pricing_page", "points")``, ``("tiers", "SQL")``, ``("base_points",)``."""

SAME_WORDS = "written differently, with the same meaning"


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    Attributes
    ----------
    place : tuple of str
        The part, its id or name where it has one, and the key; without the key the whole part came or went.
    before, after : object
        The values as JSON holds them, None for nothing.
    words : str
        ``SQL threshold 100 -> 90``.
    """

    place: Place
    before: Any
    after: Any
    words: str


def model_changes(before: Model, after: Model) -> tuple[Change, ...]:
    """Everything that differs, settings first, then tiers, categories and rules in the newer model's order.

    Returns
    -------
    tuple of Change
        Empty exactly when the models are equal.
    """
    return (
        *_settings(before, after),
        *_excluded(before, after),
        *_tiers(before, after),
        *_categories(before, after),
        *_rules(before, after),
        *(_change(*one) for one in account_score_changes(before.account_score, after.account_score)),
        *(_change(*one) for one in grid_changes(before.grid, after.grid)),
    )


def changes_in_words(changes: tuple[Change, ...], most: int | None = None) -> str:
    """All changes in one line, ``SQL threshold 100 -> 90; Pricing page 9 -> 14 points``.

    Parameters
    ----------
    most : int, optional
        Name so many and count the others.

    Returns
    -------
    str
        ``nothing`` where nothing differs.
    """
    named = [change.words for change in changes[:most]]
    left = len(changes) - len(named)
    return "; ".join([*named, *([f"{left} more"] if left else [])]) or "nothing"


Words = Callable[[Any], str]


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _listed(values: Any) -> str:
    return ", ".join(values) or "none"


def _quoted(value: Any) -> str:
    return "none" if value is None else f"“{value}”"


def _yes_no(value: Any) -> str:
    return "yes" if value else "no"


_SETTINGS: tuple[tuple[Place, str, Words], ...] = (
    (("name",), "name", _quoted),
    (("description",), "description", _quoted),
    (("base_points",), "starting points", _said),
    (("min_score",), "lowest score", _said),
    (("max_score",), "highest score", _said),
    (("inactivity_reset_days",), "days of silence after which points start anew", _said),
    (("conversion", "stages"), "stages that count as converted", _listed),
    (("conversion", "horizon_days"), "days allowed to convert", _said),
    (("conversion", "closing_stages"), "stages that close a lead", _listed),
    (("conversion", "reopening_stages"), "stages that reopen a lead", _listed),
    (("conversion", "repeatable"), "a lead can convert again", _yes_no),
    (("observation", "moment"), "leads are scored", lambda value: value.replace("_", " ")),
    (("observation", "period"), "period", _said),
    (("observation", "days_after_creation"), "scored so many days after it came in", _said),
    (("observation", "fiscal_year_start_month"), "first month of the fiscal year", _said),
    (("observation", "max_age_days"), "oldest lead in days", _said),
)


def _settings(before: Model, after: Model) -> Iterator[Change]:
    for place, name, words in _SETTINGS:
        old, new = _value_at(before, place), _value_at(after, place)
        if old != new:
            yield _change(place, old, new, f"{name} {_arrow(words(old), words(new))}")


def _excluded(before: Model, after: Model) -> Iterator[Change]:
    place: Place = ("exclude",)
    gone = [one for one in before.exclude if one not in after.exclude]
    new = [one for one in after.exclude if one not in before.exclude]
    yield from (_change(place, one, None, f"no longer left out: {condition_words(one)}") for one in gone)
    yield from (_change(place, None, one, f"left out: {condition_words(one)}") for one in new)
    if not gone and not new and before.exclude != after.exclude:
        yield _change(place, before.exclude, after.exclude, f"leads left out: {SAME_WORDS}")


def _tiers(before: Model, after: Model) -> Iterator[Change]:
    old = {tier.name: tier for tier in before.tiers}
    new = {tier.name: tier for tier in after.tiers}
    for name, tier in new.items():
        if name not in old:
            yield _change(("tiers", name), None, tier, f"tier {name} added, from {tier.threshold}")
        else:
            yield from _tier(old[name], tier)
    for name, tier in old.items():
        if name not in new:
            yield _change(("tiers", name), tier, None, f"tier {name} removed, it began at {tier.threshold}")


def _tier(before: Tier, after: Tier) -> Iterator[Change]:
    name = after.name
    keys: tuple[tuple[str, str, Words], ...] = (
        ("threshold", f"{name} threshold", _said),
        ("label", f"{name} is shown as", _quoted),
        ("action", f"{name} action", _quoted),
        ("owner", f"{name} owner", _quoted),
        ("respond_within_hours", f"{name} hours to respond", _said),
        ("perk", f"{name} perk", _quoted),
    )
    yield from _fields(("tiers", name), before, after, keys)


def _categories(before: Model, after: Model) -> Iterator[Change]:
    old = {category.name: category for category in before.categories}
    new = {category.name: category for category in after.categories}
    keys: tuple[tuple[str, str, Words], ...] = (
        ("min_points", "at least", _said),
        ("max_points", "at most", _said),
        ("quests", "holds quests", _yes_no),
    )
    for name in dict.fromkeys([*new, *old]):
        if name in old and name in new:
            named = tuple((key, f"{name} {word}", words) for key, word, words in keys)
            yield from _fields(("categories", name), old[name], new[name], named)
        elif name in new:
            yield _change(("categories", name), None, new[name], f"limits of {name}: {_limits(new[name])}")
        else:
            words = f"limits of {name} removed: {_limits(old[name])}"
            yield _change(("categories", name), old[name], None, words)
    common = [name for name in old if name in new]
    if common != [name for name in new if name in old]:
        yield _change(("categories",), list(old), list(new), "order of the categories")


def _limits(category: Category) -> str:
    return f"at least {_said(category.min_points)}, at most {_said(category.max_points)}"


def _rules(before: Model, after: Model) -> Iterator[Change]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for rule_id, rule in new.items():
        if rule_id in old:
            yield from _rule(old[rule_id], rule)
        else:
            words = f"{rule.shown_label} added: {points_words(rule)}"
            yield _change(("rules", rule_id), None, rule, words)
    for rule_id, rule in old.items():
        if rule_id not in new:
            words = f"{rule.shown_label} removed: it gave {points_words(rule)}"
            yield _change(("rules", rule_id), rule, None, words)
    common = [rule_id for rule_id in old if rule_id in new]
    if common != [rule_id for rule_id in new if rule_id in old]:
        yield _change(("rules",), list(old), list(new), "order of the rules")


def _rule(before: Rule, after: Rule) -> Iterator[Change]:
    place: Place = ("rules", after.id)
    label = after.shown_label
    if before.points != after.points:
        words = f"{label} {before.points} -> {after.points} points"
        yield _change((*place, "points"), before.points, after.points, words)
    if before.enabled != after.enabled:
        words = f"{label} switched {'on' if after.enabled else 'off'}"
        yield _change((*place, "enabled"), before.enabled, after.enabled, words)
    keys: tuple[tuple[str, str, Words], ...] = (
        ("label", f"rule {after.id} is called", _quoted),
        ("max_points", f"{label} at most", _said),
        ("count", f"{label} counts", lambda count: COUNT_WORDS[count or "each"]),
        ("at_least", f"{label} from so many times on", lambda times: str(times or 1)),
        ("max_count", f"{label} counts at most so many times", _said),
        (
            "window_days",
            f"{label} looks back so many days",
            lambda days: "all" if days is None else str(days),
        ),
        ("decay", f"{label} fades", decay_words),
        ("category", f"{label} category", _quoted),
        ("source", f"{label} is about", lambda source: SOURCE_WORDS[source]),
    )
    yield from _fields(place, before, after, keys)
    if (before.where, before.match) != (after.where, after.match):
        old, new = (conditions_words(rule.where, rule.match) for rule in (before, after))
        yield _change((*place, "where"), before.where, after.where, f"{label} when {_arrow(old, new)}")


def _fields(
    place: Place, before: BaseModel, after: BaseModel, keys: tuple[tuple[str, str, Words], ...]
) -> Iterator[Change]:
    for key, name, words in keys:
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield _change((*place, key), old, new, f"{name} {_arrow(words(old), words(new))}")


def _arrow(old: str, new: str) -> str:
    return f"{old} -> {new}" if old != new else f"{new} ({SAME_WORDS})"


def _value_at(model: Model, place: Place) -> Any:
    value: Any = model
    for key in place:
        value = getattr(value, key)
    return value


def _change(place: Place, before: Any, after: Any, words: str) -> Change:
    return Change(place, _plain(before), _plain(after), words)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value

"""A model without a leak: what the click "leave it out" does."""

from __future__ import annotations

from queries.findings import Finding
from scoring.model import Condition, Model, Rule

TYPE = "activity_type"


def without_leak(model: Model, finding: Finding) -> Model:
    """The model with the rules that see a leak switched off, or kept from seeing it.

    Parameters
    ----------
    model : Model
    finding : Finding
        One of `queries.guard.leaks.check_leaks`; its evidence names the rules that see it.

    Returns
    -------
    Model
        An equal one when no rule sees it. A rule on an attribute is switched off. A rule on activities counts
        the leaking type no longer; it is switched off when nothing else is left for it, or when its
        conditions are joined by "any" and one that is not about the type lets it in.
    """
    seen_by = set(finding.evidence.get("rules", ()))
    if finding.evidence.get("test") == "activity_after":
        changed = {
            rule.id: _without_type(rule, str(finding.evidence["value"])) for rule in _named(model, seen_by)
        }
    else:
        changed = {rule.id: _switched_off(rule) for rule in _named(model, seen_by)}
    return model.model_copy(update={"rules": tuple(changed.get(rule.id, rule) for rule in model.rules)})


def _named(model: Model, rules: set[str]) -> list[Rule]:
    return [rule for rule in model.rules if rule.id in rules]


def _switched_off(rule: Rule) -> Rule:
    return rule.model_copy(update={"enabled": False})


def _without_type(rule: Rule, activity_type: str) -> Rule:
    """The rule without one type of activity (in lower case)."""
    joined_by_any = rule.match == "any" and len(rule.where) > 1
    where: list[Condition] = []
    is_excluded = False
    for condition in rule.where:
        names = _names(condition)
        if activity_type not in names:
            where.append(condition)
            continue
        # Without this name the condition no longer lets the type in, and "all" needs nothing more.
        is_excluded = True
        kept = tuple(value for value in names.values() if str(value).lower() != activity_type)
        if kept:
            where.append(condition.model_copy(update={"value": kept}))
        elif not joined_by_any:
            return _switched_off(rule)
    if joined_by_any:
        only_names = all(_names(condition) for condition in where)
        return (
            rule.model_copy(update={"where": tuple(where)}) if where and only_names else _switched_off(rule)
        )
    if not is_excluded:
        where.append(Condition(field=TYPE, operator="not_equals", value=activity_type))
    return rule.model_copy(update={"where": tuple(where), "match": "all"})


def _names(condition: Condition) -> dict[str, str | int | float]:
    """The types of activity that a condition lets in by name: in lower case, and as they are written."""
    if condition.field != TYPE or condition.operator not in ("equals", "in"):
        return {}
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return {str(value).lower(): value for value in values if value is not None}

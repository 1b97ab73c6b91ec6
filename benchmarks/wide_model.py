"""A model of 60 rules, as teams have after some years: every rule of the guideline several times over."""

from __future__ import annotations

from typing import NamedTuple

from scoring.model import Category, Decay, Model, Rule

RULES = 60


class Variant(NamedTuple):
    """Another look at the same activities: how far back, and how they fade. It is a category of its own."""

    category: str
    window_days: int
    decay: Decay | None
    most_times: int
    limit: int


VARIANTS = (
    Variant("last month", 30, None, 2, 40),
    Variant("last quarter", 90, Decay(kind="half_life", days=30), 3, 40),
    Variant("fading", 365, Decay(kind="linear", days=120), 4, 60),
    Variant("in steps", 180, Decay(kind="step", days=30, percent=25), 5, 60),
)


def wide_model(guideline: Model) -> Model:
    """The guideline with all its rules, and its rules on a lead's own activities once more for each variant.

    Raises
    ------
    ValueError
        When this does not give as many rules as it should.
    """
    own = [rule for rule in guideline.rules if rule.source == "activity" and rule.counting != "absent"]
    varied = [_varied(rule, variant) for variant in VARIANTS for rule in own]
    rules = (*(rule.model_copy(update={"enabled": True}) for rule in guideline.rules), *varied)
    if len(rules) != RULES:
        raise ValueError(f"the wide model must have {RULES} rules, got {len(rules)}; change VARIANTS")
    categories = [Category(name=variant.category, max_points=variant.limit) for variant in VARIANTS]
    return guideline.model_copy(
        update={
            "name": f"{RULES} rules",
            "max_score": 400,
            "rules": rules,
            "categories": (*guideline.categories, *categories),
        }
    )


def _varied(rule: Rule, variant: Variant) -> Rule:
    points = max(1, rule.points // 3)
    return rule.model_copy(
        update={
            "id": f"{rule.id}_{variant.category.replace(' ', '_')}",
            "label": f"{rule.shown_label}: {variant.category}",
            "category": variant.category,
            "points": points,
            "max_points": points * variant.most_times,
            "window_days": variant.window_days,
            "decay": variant.decay,
        }
    )

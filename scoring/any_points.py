"""A model without what points decide: equal for all drafts that see the same leads and activities."""

from __future__ import annotations

from scoring.model import Category, Model, Tier


def without_points(model: Model) -> Model:
    """A model of the same rules that is equal for all points, limits, thresholds and grids.

    What is asked of it is the same as of the model: which leads and moments there are, what counts as
    converted, and what each rule sees.
    """
    rules = tuple(rule.model_copy(update={"points": 1, "max_points": None}) for rule in model.rules)
    names = dict.fromkeys(rule.category for rule in model.rules)
    return model.model_copy(
        update={
            "name": "any points",
            "description": None,
            "rules": rules,
            "categories": tuple(Category(name=name) for name in names),
            "tiers": (Tier(name="all", threshold=0),),
            "grid": None,
            "account_score": None,
            "base_points": 0,
            "min_score": 0,
            "max_score": 1000,
        }
    )

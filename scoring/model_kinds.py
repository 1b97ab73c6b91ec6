"""Which kinds of scoring a model uses, read off its rules and settings."""

from __future__ import annotations

from scoring.model import Model
from scoring.quests import quests_of


def model_kinds(model: Model) -> tuple[str, ...]:
    """The kinds in words, in a fixed order; empty for a model without enabled rules and without a reset.

    Examples
    --------
    >>> from scoring.model import Conversion, Rule, Tier
    >>> model = Model(
    ...     schema_version=1,
    ...     name="m",
    ...     conversion=Conversion(stages=("won",), horizon_days=90),
    ...     tiers=(Tier(name="all", threshold=0),),
    ...     rules=(Rule(id="r", category="c", source="lead", points=1),),
    ...     inactivity_reset_days=60,
    ... )
    >>> model_kinds(model)
    ('who they are', 'points start anew after 60 days of silence')
    """
    rules = model.enabled_rules
    sources = {rule.source for rule in rules}
    reset = model.inactivity_reset_days
    kinds = {
        "who they are": bool(sources & {"lead", "account"}),
        "what they do": "activity" in sources,
        "what colleagues do": "account_activity" in sources,
        "points fade": any(rule.decay is not None for rule in rules),
        f"points start anew after {reset} days of silence": reset is not None,
        "quests to complete": bool(quests_of(model)),
        "customers can buy again": model.conversion.repeatable,
    }
    return tuple(words for words, holds in kinds.items() if holds)

"""How well each rule alone ranks the lead-moments of a model's back-test."""

from __future__ import annotations

from queries.flow import Flow, Progress, silent
from scoring.cells import count_by_score
from scoring.cohort_ranking import Ranking, cohort_ranking
from scoring.model import Category, Model, Rule, Tier

ALONE_MIN, ALONE_MAX = 0, 1000


def rank_rules(flow: Flow, model: Model, progress: Progress = silent) -> list[tuple[Rule, Ranking | None]]:
    """Each enabled rule with the ranking of mature lead-moments by its count, within periods.

    None where nobody converted, or everybody. Counts above 1,000 rank alike.
    """
    # Counts what is not counted yet of all rules in one go.
    flow.cells(model, progress=lambda share, text: progress(share / 2, text))
    found = []
    rules = model.enabled_rules
    for place, rule in enumerate(rules):
        progress(0.5 + 0.5 * place / len(rules), f"Looking at the rule {rule.shown_label}")
        cells = flow.cells(_alone(model, rule))
        counts = count_by_score(cells, ALONE_MIN, ALONE_MAX)
        found.append((rule, cohort_ranking(zip(counts.converted, counts.not_converted, strict=True))))
    return found


def _alone(model: Model, rule: Rule) -> Model:
    """The model with nothing but one rule, a point each time, so that the score is the rule's count."""
    return model.model_copy(
        update={
            "rules": (rule.model_copy(update={"points": 1, "max_points": None}),),
            "categories": (Category(name=rule.category),),
            "tiers": (Tier(name="all", threshold=ALONE_MIN),),
            "base_points": 0,
            "min_score": ALONE_MIN,
            "max_score": ALONE_MAX,
        }
    )

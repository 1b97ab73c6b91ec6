"""Tiers that no lead can be in are named, and a model's mistakes keep nothing of their callers alive."""

import pytest

from queries.dataset import open_flow, ready_models
from queries.rule_checks import check_rules
from scoring.errors import ModelError
from scoring.model_file import parse_model
from scoring.reach import out_of_reach

MODEL = """
schema_version = 1
name = "Reach"
max_score = 100

[conversion]
stages = ["won"]
horizon_days = 90

[[tiers]]
name = "Low"
threshold = 0

[[tiers]]
name = "High"
threshold = {threshold}
"""


def test_a_tier_at_the_highest_score_can_be_reached_and_one_above_cannot():
    assert out_of_reach(parse_model(MODEL.format(threshold=100))) == []
    (said,) = out_of_reach(parse_model(MODEL.format(threshold=100_000)))
    assert said.startswith("High begins at 100,000 points, above the highest score, 100:")


def test_a_grid_has_no_tier_out_of_reach():
    model = next(model for model in ready_models().values() if model.grid is not None)
    tiers = tuple(
        tier.model_copy(update={"threshold": tier.threshold + place * 10_000})
        for place, tier in enumerate(model.tiers)
    )
    assert out_of_reach(model.model_copy(update={"tiers": tiers})) == []


def test_the_check_names_a_tier_out_of_reach(demo_workspace):
    (finding,) = check_rules(open_flow(demo_workspace), parse_model(MODEL.format(threshold=101)))
    assert (finding.kind, finding.severity) == ("tier_out_of_reach", "warning")


def test_an_error_about_a_model_does_not_keep_its_callers_alive():
    with pytest.raises(ModelError) as raised:
        parse_model(MODEL.format(threshold=-5))
    assert raised.value.__context__ is None

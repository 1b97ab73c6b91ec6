"""The waterfall adds up, and every limit that clips is a step of its own."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.lead_scores import score_rows
from scoring.model_file import model_from_dict
from scoring.waterfall import compute_waterfall

LEADS = 1000


def random_model(rng):
    categories = ["fit", "engagement", "other"]
    limits = [sorted(rng.integers(-30, 60, 2).tolist()) for _ in categories]
    low = int(rng.integers(-60, 20))
    return model_from_dict(
        {
            "schema_version": 1,
            "name": "random",
            "base_points": int(rng.integers(-20, 40)),
            "min_score": low,
            "max_score": low + int(rng.integers(5, 120)),
            "conversion": {"stages": ["won"], "horizon_days": 90},
            "tiers": [{"name": "all", "threshold": low}],
            "categories": [
                {"name": name, "min_points": lowest, "max_points": highest}
                for name, (lowest, highest) in zip(categories[:2], limits[:2], strict=True)
            ],
            "rules": [
                {"id": f"r{i}", "category": categories[i % 3], "source": "activity"}
                | {"points": int(rng.integers(-15, 25))}
                | ({"max_points": int(rng.integers(1, 40))} if rng.random() < 0.5 else {})
                | ({"enabled": False} if rng.random() < 0.15 else {})
                for i in range(9)
            ],
        }
    )


def test_a_thousand_random_leads_add_up_with_every_limit_as_its_own_step():
    rng = np.random.default_rng(3)
    clipped = {"category_limit": 0, "score_limit": 0}
    for _ in range(LEADS // 50):
        model = random_model(rng)
        rules = model.enabled_rules
        counts = rng.integers(0, 100, (len(rules), 50))
        scores = score_rows(model, list(counts), 50)
        for lead in range(50):
            of_lead = {rule.id: int(counts[i, lead]) for i, rule in enumerate(rules)}
            waterfall = compute_waterfall(model, of_lead)
            steps = waterfall.steps
            assert waterfall.score == scores.score[lead] == sum(step.points for step in steps)
            assert [step.total for step in steps] == np.cumsum([step.points for step in steps]).tolist()
            assert all(step.points for step in steps if step.kind in clipped)
            for name, points in scores.categories.items():
                assert sum(step.points for step in steps if step.category == name) == points[lead]
                raw = sum(s.points for s in steps if s.category == name and s.kind == "rule")
                limits = [s for s in steps if s.category == name and s.kind == "category_limit"]
                assert len(limits) == (raw != points[lead])
            for kind in clipped:
                clipped[kind] += sum(step.kind == kind for step in steps)
    assert min(clipped.values()) > 100


def test_a_cap_is_told_with_what_it_cuts():
    rule = {"id": "click", "category": "a", "source": "activity", "points": 5, "max_points": 12}
    model = model_from_dict(
        {
            "schema_version": 1,
            "name": "m",
            "conversion": {"stages": ["won"], "horizon_days": 90},
            "tiers": [{"name": "all", "threshold": 0}],
            "rules": [rule],
        }
    )
    capped = compute_waterfall(model, {"click": 80}).rules["click"]
    assert (capped.points, capped.uncapped, capped.cap, capped.is_capped) == (12, 20, 12, True)
    assert not compute_waterfall(model, {"click": 40}).rules["click"].is_capped
    with pytest.raises(KeyError):
        compute_waterfall(model, {})

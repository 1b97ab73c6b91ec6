"""Random blocks that score accounts, beside the random models of ``tests.strategies``."""

from hypothesis import strategies as st

from tests.strategies import conditions, given_keys, rarely, sometimes


@st.composite
def account_scores(draw, model):
    """A valid ``account_score`` of a model as ``tests.strategies.models`` draws it."""
    lead_part = draw(st.sampled_from(["sum", "mean", "max", "top"]))
    low, high = draw(st.sampled_from([(0, 1000), (0, 12), (-40, 30), (-3000, 3000)]))
    thresholds = draw(st.lists(st.sampled_from([1, 3, 7, 10, 25]), max_size=2, unique=True).map(sorted))
    person, department = draw(st.sampled_from([(0, 0), (3, 0), (0, 4), (2, 5), (2, 5)]))
    engaged = draw(st.sampled_from(["tier", "score", "days", "tier and days", "score and days"]))
    if not person and not department:
        engaged = draw(st.sampled_from([engaged, ""]))
    rule_count = draw(st.integers(0, 3))
    fields = st.sampled_from(["region", "job_title", "employees"])
    names = [tier["name"] for tier in model["tiers"]]
    return given_keys(
        {
            "from": lead_part,
            "top": draw(st.sampled_from([1, 2, 3])) if lead_part == "top" else None,
            "min_score": low,
            "max_score": high,
            "engaged_tier": draw(st.sampled_from(names)) if "tier" in engaged else None,
            "engaged_score": draw(st.sampled_from([-5, -5, 0, 2, 6, 20])) if "score" in engaged else None,
            "engaged_within_days": draw(st.sampled_from([1, 30, 90])) if "days" in engaged else None,
            "points_per_person": person or None,
            "max_person_points": draw(sometimes(st.sampled_from([2, 6]))) if person else None,
            "points_per_department": department or None,
            "max_department_points": draw(sometimes(st.sampled_from([4, 9]))) if department else None,
            "department_field": draw(fields) if department else None,
            "rules": [draw(account_rules(f"account_rule_{place}")) for place in range(rule_count)],
            "tiers": [
                {"name": f"Account tier {place}", "threshold": threshold}
                for place, threshold in enumerate([low, *(t for t in thresholds if low < t <= high)])
            ],
        }
    )


@st.composite
def account_rules(draw, rule_id):
    return given_keys(
        {
            "id": rule_id,
            "points": draw(st.sampled_from([-7, 1, 4, 15])),
            "enabled": draw(rarely(st.just(False))),
            "match": draw(sometimes(st.sampled_from(["all", "any"]))),
            "where": draw(sometimes(st.lists(conditions("account"), max_size=2))),
        }
    )

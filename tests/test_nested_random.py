"""What rules add equals the plain loop on random data and models."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queries.nested import rules_add
from scoring.model_file import model_from_dict
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import cases, instants
from tests.test_comparison_queries import opens_nothing


@st.composite
def groups(draw):
    """A case with more wins than usual, and some of the rules of its model, not all of those that are on."""
    case = draw(cases())
    lead_ids = [lead["lead_id"] for lead in case.data["leads"]]
    wins = draw(st.lists(st.tuples(st.sampled_from(lead_ids), instants()), min_size=3, max_size=8))
    won = [{"lead_id": lead_id, "occurred_at": at, "stage": "won"} for lead_id, at in wins]
    case = case._replace(data=case.data | {"outcomes": case.data["outcomes"] + won})
    ids = [rule["id"] for rule in case.model["rules"] if rule.get("enabled", True)]
    assume(len(ids) > 1)
    chosen = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids) - 1, unique=True))
    return case, chosen


@examples(60)
@given(group=groups())
def test_what_rules_add_equals_the_plain_loop(tmp_path, group):
    case, chosen = group
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if opens_nothing(flow, case):
            return
        added = rules_add(flow, model, rules=chosen, observed_until=case.observed_until)
    plain = reference.rules_add(case.data, case.model, chosen, case.imported_at, case.observed_until)
    assert [part.period for part in added.periods] == [label for label in plain if label != "pooled"]
    for part in (*added.periods, added.pooled):
        expected = plain[part.period]
        assert part.conversions == expected["conversions"]
        assert part.worked_leads == expected.get("worked", part.worked_leads)
        found = [part.auc.auc_a, part.auc.auc_b, part.caught_without, part.caught.value]
        for value, right in zip(found, [*expected["auc"], *expected["caught"]], strict=True):
            assert value == (None if right is None else pytest.approx(float(right)))

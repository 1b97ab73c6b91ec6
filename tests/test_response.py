"""A response table gives the exact cells of every model that differs in one rule's points and cap."""

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.backtest import compute_backtest, to_json
from scoring.model_file import model_from_dict
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import POINTS, cases


@examples(500, part=8)
@given(
    case=cases(),
    points=st.sampled_from(POINTS),
    cap=st.sampled_from([None, 1, 3, 12]),
    place=st.integers(0, 4),
)
def test_figures_from_a_response_table_equal_those_of_the_changed_model(tmp_path, case, points, cap, place):
    model = model_from_dict(case.model)
    assume(model.enabled_rules)
    rule = model.enabled_rules[place % len(model.enabled_rules)]
    changed_rule = rule.model_copy(update={"points": points, "max_points": cap})
    rules = tuple(changed_rule if each is rule else each for each in model.rules)
    changed = model.model_copy(update={"rules": rules})
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        assume(flow.observed_until is not None or case.observed_until is not None)
        table = flow.response_table(model, rule.id, case.segment, case.observed_until)
        expected = flow.cells(changed, case.segment, case.observed_until)
    assert to_json(compute_backtest(table.at(points, cap), changed)) == to_json(
        compute_backtest(expected, changed)
    )

"""Ranges that no number can lie in are named, whoever wrote them."""

import pytest

from pages.components.tune.summary import find_warnings
from queries.dataset import model_in_use, open_flow
from queries.rule_checks import check_rules
from scoring.backtest import compute_backtest
from scoring.model_file import parse_model
from scoring.never_holds import never_holds

MODEL = """
schema_version = 1
name = "Ranges"

[conversion]
stages = ["{stage}"]
horizon_days = 90

[[tiers]]
name = "All"
threshold = 0

[[rules]]
id = "size"
label = "Company size"
category = "fit"
source = "account"
points = 5
match = "{match}"
{where}
"""


def model_of(*conditions, match="all", stage="won"):
    where = "\n".join(
        f'[[rules.where]]\nfield = "employees"\nis = "{operator}"\nvalue = {value}'
        for operator, value in conditions
    )
    return parse_model(MODEL.format(where=where, match=match, stage=stage))


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([("between", "[5, 1]")], "between 5 and 1"),
        ([("gt", 1000), ("lt", 10)], "above 1,000 and below 10"),
        ([("ge", 10), ("lt", 10)], "at least 10 and below 10"),
    ],
)
def test_a_range_without_a_number_is_named(conditions, words):
    (one,) = never_holds(model_of(*conditions))
    assert (one.rule, one.field) == ("size", "employees")
    assert one.sentence.startswith(f"Company size: no number is {words},")


@pytest.mark.parametrize(
    ("conditions", "match"),
    [
        ([("between", "[1, 5]")], "all"),
        ([("between", "[5, 5]")], "all"),
        ([("ge", 10), ("le", 10)], "all"),
        ([("gt", 1000), ("lt", 10)], "any"),
    ],
)
def test_a_range_with_a_number_is_not(conditions, match):
    assert never_holds(model_of(*conditions, match=match)) == []


def test_a_reversed_range_is_named_even_where_another_condition_is_enough():
    assert never_holds(model_of(("between", "[5, 1]"), ("gt", 10), match="any"))


def test_what_is_left_out_is_looked_at_too():
    text = MODEL.format(where="", match="all", stage="won")
    text += '\n[[exclude]]\nfield = "employees"\nis = "between"\nvalue = [9, 3]\n'
    (one,) = never_holds(parse_model(text))
    assert one.rule is None


def test_the_check_and_the_page_say_it(demo_workspace):
    flow, model = open_flow(demo_workspace), model_of(("between", "[5, 1]"))
    (finding,) = check_rules(flow, model)
    assert (finding.kind, finding.rule, finding.table) == ("never_holds", "size", "accounts")
    pooled = compute_backtest(flow.cells(model), model).pooled
    assert finding.message in find_warnings(model, pooled, "All")


def test_the_check_names_the_stages_when_none_of_them_is_a_conversion(demo_workspace):
    (finding,) = check_rules(open_flow(demo_workspace), model_of(("ge", 1), stage="gewonnen"))
    assert (finding.kind, finding.severity) == ("no_conversions", "error")
    assert "'gewonnen'" in finding.message
    assert "'won'" in finding.message


def test_the_models_that_come_along_have_no_such_range(demo_workspace):
    assert never_holds(model_in_use(demo_workspace)) == []

"""Accounts through SQL and numpy equal the plain loop of ``tests/reference.py``, to the integer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.account_backtest import account_backtest
from queries.errors import QueryError
from queries.scored_accounts import scored_accounts
from scoring.account_scoring import account_model
from scoring.backtest import to_json
from scoring.model_file import model_from_dict
from scoring.tiers import tier_names
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.strategies_accounts import account_scores
from tests.test_semantics import same

EXAMPLES = examples(300)
PARTS = (
    "people",
    "engaged",
    "departments",
    "lead_points",
    "person_points",
    "department_points",
    "rule_points",
)


@st.composite
def account_cases(draw):
    """A case whose model may score accounts in its own way."""
    case = draw(cases())
    if draw(st.sampled_from([True, True, True, False])):
        case.model["account_score"] = draw(account_scores(case.model))
    return case


@EXAMPLES
@given(case=account_cases())
def test_every_accounts_score_and_every_figure_equal_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        check_scores(flow, model, case)
        check_figures(flow, model, case)


def check_scores(flow, model, case):
    if flow.observed_until is None and case.at is None:
        with pytest.raises(QueryError, match="got none"):
            scored_accounts(flow, model)
        return
    found = scored_accounts(flow, model, case.at)
    columns = {name: getattr(found.points, name).tolist() for name in ("score", *PARTS)}
    columns["tier"] = tier_names(found.points.score, account_model(model)).tolist()
    columns["account_id"] = found.account_ids().to_pylist()
    ours = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    plain = reference.accounts_at(case.data, case.model, case.at, imported_at=case.imported_at)
    assert ours == [{name: row[name] for name in columns} for row in plain]


def check_figures(flow, model, case):
    if flow.observed_until is None and case.observed_until is None:
        with pytest.raises(QueryError, match="got none"):
            account_backtest(flow, model)
        return
    ours = account_backtest(flow, model, case.observed_until)
    plain, through_others = reference.account_backtest(
        case.data, case.model, case.imported_at, case.observed_until
    )
    assert same(to_json(ours.backtest), plain)
    assert {label: ours.through_others[label] for label in through_others} == through_others

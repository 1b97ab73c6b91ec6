"""The SQL path equals the plain loop of ``tests/reference.py``, to the integer."""

import pytest
from hypothesis import given

from queries.errors import QueryError
from queries.flow import Flow
from queries.score_table import PLACE, score_table
from scoring.backtest import backtest_by_segment, compute_backtest, to_json
from scoring.model import Model
from scoring.model_file import model_from_dict
from scoring.tiers import tier_names
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.strategies import Case, cases

EXAMPLES = examples(500)


def sql_backtest(flow: Flow, model, case):
    cells = flow.cells(model, case.segment, case.observed_until)
    if case.segment is None:
        return to_json(compute_backtest(cells, model))
    by_segment = backtest_by_segment(cells, model)
    return {"segments": {value: to_json(figures) for value, figures in by_segment.items()}}


def same(ours, plain):
    """Equal keys, integers and nulls; floats to the twelfth digit (sums in another order)."""
    if isinstance(plain, dict):
        assert list(ours) == list(plain)
        return all(same(ours[key], plain[key]) for key in plain)
    if isinstance(plain, list):
        assert len(ours) == len(plain)
        return all(same(a, b) for a, b in zip(ours, plain, strict=True))
    if isinstance(plain, float):
        assert ours == pytest.approx(plain, rel=1e-12, abs=1e-12)
        return True
    assert ours == plain
    return True


@EXAMPLES
@given(case=cases())
def test_every_score_every_rules_points_and_every_figure_equal_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        check_scores(flow, model, case)
        check_figures(flow, model, case)


def check_scores(flow: Flow, model: Model, case: Case) -> None:
    if flow.observed_until is None and case.at is None:
        with pytest.raises(QueryError, match="got none"):
            score_table(flow, model)
        return
    ours = score_table(flow, model, case.at)
    places = ours.column(PLACE).to_numpy() if model.grid is not None else None
    tiers = tier_names(ours.column("score").to_numpy(), model, places)
    known = ours.drop_columns([PLACE]) if model.grid is not None else ours
    rows = [row | {"tier": tier} for row, tier in zip(known.to_pylist(), tiers, strict=True)]
    assert rows == reference.score_at(case.data, case.model, case.at, imported_at=case.imported_at)


def check_figures(flow: Flow, model: Model, case: Case) -> None:
    if flow.observed_until is None and case.observed_until is None:
        with pytest.raises(QueryError, match="got none"):
            flow.cells(model)
        return
    ours = sql_backtest(flow, model, case)
    plain = reference.backtest(case.data, case.model, case.imported_at, case.observed_until, case.segment)
    assert same(ours, {"segments": plain["segments"]} if case.segment is not None else plain)

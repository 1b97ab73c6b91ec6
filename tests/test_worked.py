"""The share that sales worked stands beside every rate, is of the same leads, and is not made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from statsmodels.stats.proportion import proportion_confint

from queries.account_moments import account_moments
from queries.account_worked import known_worked_accounts, worked_accounts
from queries.comparison import joint_cells
from queries.dataset import model_in_use, ready_models
from queries.dataset import open_flow as open_demo
from queries.worked import (
    known_worked,
    known_worked_cells,
    known_worked_moves,
    known_worked_parts,
    tells_worked,
    worked_by_tier,
)
from scoring.backtest import backtest_by_segment
from scoring.evidence import kept_back
from scoring.grid_figures import compute_grid
from scoring.joint_cells import swap_set
from scoring.model_file import model_from_dict
from scoring.worked import beside_rates, of_tier, pooled, worked_json, worked_shares
from tests import reference, reference_sales
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_account_semantics import account_cases
from tests.test_semantics import EXAMPLES

FEWER = settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 100))


def counts(shares):
    return {(one.period, one.tier): (one.leads, one.worked) for one in shares if one.leads}


def has_data(case):
    return reference.Facts(case.data, case.model, case.imported_at, case.observed_until).observed_until


@FEWER
@given(case=cases())
def test_tiers_cells_and_parts_equal_the_plain_loop(tmp_path, case):
    if has_data(case) is None:
        return
    model, given_case = model_from_dict(case.model), (case.data, case.model, case.imported_at)
    until = case.observed_until
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        assert counts(worked_by_tier(flow, model, until)) == reference_sales.worked(*given_case, until)
        told = tells_worked(flow, model)
        assert bool(known_worked(flow, model, until)) == told
        cells = known_worked_cells(flow, model, until)
        assert bool(cells) == (told and model.grid is not None)
        if cells:
            grid = model.grid
            pairs = [(row, column) for row in grid.row_labels for column in grid.column_labels]
            called = dict(zip(pairs, grid.cell_names, strict=True))
            by_cell = reference_sales.worked(
                *given_case, until, lambda lead, moment, scored: called[tuple(scored["cell"])]
            )
            assert counts(cells) == by_cell
            leads = {
                one.cell: one.leads
                for one in compute_grid(flow.cells(model, None, until), model).pooled.cells
            }
            assert {name: one.leads for name, one in pooled(cells).items()} == leads
        if case.segment is None or not told:
            return
        rows = reference.lead_moments(*given_case, until, case.segment)
        part_of = {(row["lead_id"], row["moment"]): row["segment"] for row in rows}
        plain = reference_sales.worked(
            *given_case,
            until,
            lambda lead, moment, scored: (part_of[lead["lead_id"], moment], scored["tier"]),
        )
        parts = known_worked_parts(flow, model, case.segment, until)
        ours = {
            (period, (value, tier)): found
            for value, shares in parts.items()
            for (period, tier), found in counts(shares).items()
        }
        assert ours == plain
        for value, figures in backtest_by_segment(flow.cells(model, case.segment, until), model).items():
            leads = {tier.tier: tier.leads for tier in figures.pooled.tiers if tier.leads}
            assert {t: one.leads for t, one in pooled(parts.get(value, ())).items() if one.leads} == leads


@FEWER
@given(case=account_cases())
def test_accounts_equal_the_plain_loop(tmp_path, case):
    if has_data(case) is None:
        return
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        found = worked_accounts(flow, model, account_moments(flow, model, case.observed_until))
        assert counts(found) == reference_sales.worked_accounts(
            case.data, case.model, case.imported_at, case.observed_until
        )


def some_shares():
    """Two tiers in two periods: 1 of 2 and 2 of 2, then 0 of 1 and nobody."""
    tier, period = np.array([0, 0, 1, 1, 0]), np.array([0, 0, 0, 0, 1])
    worked = np.array([True, False, True, True, False])
    return worked_shares(tier, period, worked, ["low", "high"], ["2025-Q1", "2025-Q2"])


def test_periods_can_be_left_out_of_the_whole():
    shares = some_shares()
    assert {name: (one.worked, one.leads) for name, one in pooled(shares).items()} == {
        "low": (1, 3),
        "high": (2, 2),
    }
    kept = pooled(shares, ["2025-Q1"])
    assert (kept["low"].worked, kept["low"].leads, kept["low"].share) == (0, 1, 0.0)
    assert (kept["high"].leads, kept["high"].share, kept["high"].low) == (0, None, None)
    expected = proportion_confint(0, 1, method="wilson")
    assert (kept["low"].low, kept["low"].high) == pytest.approx(expected, abs=1e-12)
    whole = pooled(shares, ["another period"])
    assert whole == pooled(shares)
    assert {label: one.leads for label, one in of_tier(shares, "low").items()} == {
        "2025-Q1": 2,
        "2025-Q2": 1,
        "pooled": 3,
    }


def test_the_share_stands_in_each_row_that_has_a_rate_and_every_other_key_stays():
    rows = [{"tier": "low", "rate": 0.1}, {"tier": "high", "rate": None}]
    labels = ("2025-Q1", "2025-Q2", "2025-Q3")
    document = {
        "model": "m",
        "periods": [{"period": label, "tiers": rows} for label in labels],
        "pooled": {"period": "pooled", "tiers": rows},
    }
    known = beside_rates(document, some_shares())
    assert [[row["worked_share"] for row in one["tiers"]] for one in known["periods"]] == [
        [0.5, 1.0],
        [0.0, None],
        [None, None],
    ]
    assert [row["worked"] for row in known["periods"][2]["tiers"]] == [0, 0]
    assert known["pooled"]["tiers"][0] == {"tier": "low", "rate": 0.1, "worked": 1, "worked_share": 1 / 3}
    assert known["model"] == "m"
    unknown = beside_rates(document, ())
    for figures in (*unknown["periods"], unknown["pooled"]):
        assert [row | worked_json(None) for row in rows] == figures["tiers"]


def test_moves_are_of_the_leads_that_the_comparison_moves(demo_workspace):
    flow, champion = open_demo(demo_workspace), model_in_use(demo_workspace)
    top = champion.tiers[-1].model_copy(update={"threshold": champion.tiers[-1].threshold - 30})
    draft = champion.model_copy(update={"tiers": (*champion.tiers[:-1], top)})
    left_out = kept_back(flow.cells(champion), champion)
    moves = known_worked_moves(flow, champion, draft, left_out)
    joint = joint_cells(flow, champion, draft)
    kept = joint.only([label for label in joint.periods if label not in left_out])
    swap = swap_set(kept, champion, draft)
    assert left_out
    assert [moves[a.name, b.name].leads for a in champion.tiers for b in draft.tiers] == [
        int(number) for number in swap.leads.ravel()
    ]
    for place, model in enumerate((champion, draft)):
        whole = pooled(known_worked(flow, model), left_out)
        for tier in model.tiers:
            parts = [one for pair, one in moves.items() if pair[place] == tier.name]
            assert sum(one.worked for one in parts) == whole[tier.name].worked
            assert sum(one.leads for one in parts) == whole[tier.name].leads


def test_wins_alone_tell_nothing_of_what_was_worked(wins_only):
    flow, model = open_demo(wins_only), ready_models()["fit_engagement"]
    assert known_worked(flow, model) == known_worked_cells(flow, model) == ()
    assert known_worked_accounts(flow, model) == ()
    assert known_worked_moves(flow, model, model) == {}
    assert known_worked_parts(flow, model, "region") == {}
    assert sum(one.worked for one in worked_by_tier(flow, model)) > 0

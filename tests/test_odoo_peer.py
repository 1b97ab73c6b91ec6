"""The peer's formula is Odoo's, and both sides learn from the same past."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import CategoricalNB

from benchmarks.naive_bayes import MISSING, fit_naive_bayes
from benchmarks.ranking import Table, compare_with_odoo, format_ranked, main, rank_periods, read_table
from queries.dataset import open_flow, ready_models
from queries.prediction import history_of
from scoring.model_file import format_model

GUIDELINE = ready_models()["b2b_guideline"]
A, B = 0, 1


def test_a_case_counted_by_hand():
    """Won: A, A; lost: A, B, B, B. One attribute, so each score is a product of two."""
    codes = np.array([A, A, A, B, B, B])
    won = np.array([True, True, False, False, False, False])
    fit = fit_naive_bayes([codes], won, np.ones(6, dtype=int))
    of_a = (2 / 6 * 2.1 / 2.2, 4 / 6 * 1.1 / 4.2)
    of_b = (2 / 6 * 0.1 / 2.2, 4 / 6 * 3.1 / 4.2)
    expected = [of_a[0] / sum(of_a), of_b[0] / sum(of_b), 2 / 6, 2 / 6]
    never_seen = 7
    assert fit.probability([np.array([A, B, MISSING, never_seen])]) == pytest.approx(expected)


def test_a_missing_value_enters_no_sum_of_its_attribute():
    codes = np.array([A, A, B, MISSING, MISSING])
    won = np.array([True, False, False, True, True])
    fit = fit_naive_bayes([codes], won, np.ones(5, dtype=int))
    score_won, score_lost = 3 / 5 * 1.1 / 1.2, 2 / 5 * 1.1 / 2.2
    assert fit.probability([np.array([A])]) == pytest.approx([score_won / (score_won + score_lost)])


def test_it_is_the_categorical_naive_bayes_of_scikit_learn_with_a_tenth():
    rng = np.random.default_rng(3)
    codes = [rng.integers(0, size, 500) for size in (2, 5, 9)]
    for size, column in zip((2, 5, 9), codes, strict=True):
        column[:size] = np.arange(size)  # every value was seen
    won = rng.random(500) < 0.2 + 0.1 * codes[1]
    fit = fit_naive_bayes(codes, won, np.ones(500, dtype=int))
    oracle = CategoricalNB(alpha=0.1).fit(np.column_stack(codes), won)
    expected = oracle.predict_proba(np.column_stack(codes))[:, 1]
    assert fit.probability(codes) == pytest.approx(expected)


def test_a_row_of_several_leads_is_as_many_rows():
    rng = np.random.default_rng(4)
    codes, won, leads = rng.integers(-1, 4, 60), rng.random(60) < 0.4, rng.integers(1, 5, 60)
    grouped = fit_naive_bayes([codes], won, leads)
    single = fit_naive_bayes([codes.repeat(leads)], won.repeat(leads), np.ones(leads.sum(), dtype=int))
    assert grouped.odds == pytest.approx(single.odds)
    assert grouped.factors[0] == pytest.approx(single.factors[0])


def test_without_a_win_or_a_loss_nothing_is_counted():
    for won in (True, False):
        with pytest.raises(ValueError, match="must be won and lost"):
            fit_naive_bayes([np.zeros(3, dtype=int)], np.full(3, won), np.ones(3, dtype=int))


@pytest.fixture(scope="module")
def table(demo_workspace) -> Table:
    return read_table(open_flow(demo_workspace), GUIDELINE)


@pytest.fixture(scope="module")
def ranked(demo_workspace, table):
    return rank_periods(table, history_of(open_flow(demo_workspace), GUIDELINE), GUIDELINE.enabled_rules)


def test_attributes_are_columns_that_can_be_split_by(table):
    assert {"leads.seniority", "leads.source", "accounts.industry", "leads.campaign"} <= set(table.attributes)
    assert not any("_id" in name or name.endswith("created_at") for name in table.attributes)
    assert (table.attributes["accounts.industry"] == MISSING).any()


def test_the_peer_is_fitted_to_what_was_known_before_each_period(table, ranked):
    history = table.history
    for one in ranked:
        number = history.periods.index(one.period)
        past = history.mature & np.isin(history.period, history.known_before(number))
        here = history.mature & (history.period == number)
        codes = list(table.attributes.values())
        fit = fit_naive_bayes([c[past] for c in codes], history.converted[past], history.leads[past])
        chance = fit.probability([c[here] for c in codes])
        assert one.bayes == pytest.approx(roc_auc_score(history.converted[here], chance), abs=1e-9)
        assert (one.leads, one.conversions) == (here.sum(), history.converted[here].sum())


def test_what_happens_later_changes_no_earlier_period(demo_workspace, table, ranked):
    history = table.history
    last = history.periods.index(ranked[-1].period)
    turned = np.where(history.period == last, ~history.converted, history.converted)
    flow = open_flow(demo_workspace)
    changed = Table(replace(history, converted=turned), table.attributes)
    again = rank_periods(changed, history_of(flow, GUIDELINE), GUIDELINE.enabled_rules)
    assert [one.bayes for one in again[:-1]] == [one.bayes for one in ranked[:-1]]
    assert again[-1].bayes == pytest.approx(1 - ranked[-1].bayes)


def test_the_difference_is_that_of_the_two_columns(ranked):
    judged = [one for one in ranked if one.difference is not None]
    assert judged
    for one in judged:
        assert one.difference.auc_a == pytest.approx(one.bayes)
        assert one.difference.auc_b == pytest.approx(one.learned, abs=1e-3)
        assert one.difference.low < one.difference.difference < one.difference.high
    # What leads do tells more than who they are: planted, and no attribute knows it.
    assert judged[-1].difference.low > 0


def test_the_command_prints_the_table(demo_workspace, tmp_path, ranked):
    path = tmp_path / "model.toml"
    path.write_text(format_model(GUIDELINE), encoding="utf-8")
    arguments = ["--workspace", str(demo_workspace.path), "--model", str(path), "--json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    [(name, rows)] = json.loads(result.stdout).items()
    assert name.endswith("B2B guideline")
    assert [row["bayes"] for row in rows] == [one.bayes for one in ranked]
    assert "ours less Odoo" in format_ranked(name, ranked)
    assert len(compare_with_odoo(open_flow(demo_workspace), GUIDELINE)) == len(ranked)

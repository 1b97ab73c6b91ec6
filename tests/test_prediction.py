"""A learned model: the regression against scikit-learn, and that no period's fit knows what came after."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from queries.dataset import open_flow, ready_models
from queries.prediction import history_of, lead_probabilities
from queries.score_table import score_table
from scoring.logistic import fit_logistic
from scoring.model import Rule
from scoring.prediction import History, features_of, predict
from scoring.prediction_words import level_sentence, promise_sentence, sentence

RULES = tuple(
    Rule(id=f"r{i}", category="fit", source="activity", points=5, max_points=10 if i else None)
    for i in range(3)
)


def random_rows(seed, rows=4000, slopes=(0.8, -0.5, 0.0)):
    rng = np.random.default_rng(seed)
    features = rng.poisson(1.0, (rows, 3)).astype(float)
    chance = 1 / (1 + np.exp(2 - features @ np.array(slopes)))
    return features, rng.random(rows) < chance, rng.integers(1, 4, rows)


def history(seed=1, periods=6, slopes=(0.8, -0.5, 0.0), horizon_days=80):
    """Quarters of 90 days, all leads scored at their start."""
    features, converted, leads = random_rows(seed, 6000, slopes)
    starts = tuple(datetime(2024, 1, 1) + timedelta(days=90 * i) for i in range(periods))
    period = np.sort(np.random.default_rng(seed).integers(0, periods, 6000))
    return History(
        periods=tuple(f"P{i}" for i in range(periods)),
        first_moments=starts,
        last_moments=starts,
        horizon=timedelta(days=horizon_days),
        period=period,
        converted=converted,
        mature=period < periods - 1,
        leads=leads,
        features=features,
        score=features[:, 0].astype(np.int64) * 5,
    )


@pytest.mark.parametrize("penalty", [0.5, 1.0, 100.0])
def test_the_regression_equals_scikit_learns(penalty):
    features, converted, leads = random_rows(7)
    ours = fit_logistic(features, converted, leads, penalty)
    mean = leads @ features / leads.sum()
    spread = np.sqrt(leads @ (features - mean) ** 2 / leads.sum())
    theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=1000)
    theirs.fit((features - mean) / spread, converted, sample_weight=leads)
    assert ours.coefficients == pytest.approx(theirs.coef_[0] / spread, abs=1e-5)
    expected = theirs.predict_proba((features - mean) / spread)[:, 1]
    assert ours.probability(features) == pytest.approx(expected, abs=1e-6)


def test_what_never_varies_gets_no_weight_and_a_start_changes_nothing():
    features, converted, leads = random_rows(8)
    features[:, 2] = 3.0
    fit = fit_logistic(features, converted, leads, 1.0)
    assert fit.coefficients[2] == 0
    again = fit_logistic(features, converted, leads, 1.0, start=fit)
    assert again.coefficients == pytest.approx(fit.coefficients, abs=1e-6)


def test_separable_data_are_fitted_without_running_away():
    features = np.array([[0.0], [1.0]])
    fit = fit_logistic(features, np.array([False, True]), np.array([500, 500]), 1.0)
    chance = fit.probability(features)
    assert chance[0] < 0.1
    assert chance[1] > 0.9
    assert np.isfinite(fit.coefficients).all()


def test_one_kind_of_outcome_is_refused():
    with pytest.raises(ValueError, match="leads of both kinds, got 0 of 2"):
        fit_logistic(np.zeros((2, 1)), np.array([False, False]), np.array([1, 1]), 1.0)


def test_features_go_no_further_than_the_cap():
    features = features_of(RULES, [np.array([0, 20, 4000])] * 3)
    assert features.tolist() == [[0, 0, 0], [1, 1, 1], [200, 2, 2]]


def test_planted_effects_are_learned_and_beat_a_score_that_knows_one_of_them():
    prediction = predict(history(), RULES)
    assert prediction.fit is not None
    assert prediction.fit.coefficients == pytest.approx([0.8, -0.5, 0.0], abs=0.12)
    assert [result.period for result in prediction.periods] == ["P1", "P2", "P3", "P4"]
    assert all(result.ranking.difference > 0 for result in prediction.periods[1:])
    assert "better than the points in" in sentence(prediction)


def test_a_period_learns_only_from_leads_whose_days_had_passed():
    results = predict(history(horizon_days=80), RULES).periods
    assert {result.period: result.learned_from for result in results}["P2"] == ("P0", "P1")
    results = predict(history(horizon_days=100), RULES).periods
    assert {result.period: result.learned_from for result in results}["P2"] == ("P0",)


def test_what_happens_later_changes_no_earlier_forecast():
    rows = history()
    changed = replace(rows, converted=np.where(rows.period >= 3, ~rows.converted, rows.converted))
    before, after = predict(rows, RULES).periods, predict(changed, RULES).periods
    assert before[:2] == after[:2]
    assert before[2].promised.expected == after[2].promised.expected
    assert before[3] != after[3]


def test_too_few_conversions_are_refused_with_the_numbers():
    rows = history()
    few = replace(rows, converted=rows.converted & (np.cumsum(rows.converted) <= 5))
    prediction = predict(few, RULES)
    assert prediction.fit is None
    found = few.at(few.mature).conversions
    assert prediction.refusal == f"{found} conversions were known before, and 30 are needed to learn from"
    assert sentence(prediction).startswith("Nothing can be learned yet")


def test_on_the_demo_data_learning_recovers_what_was_planted(demo_workspace):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    rows = history_of(flow, model)
    assert int(rows.leads[rows.mature].sum()) == int(flow.cells(model).leads[flow.cells(model).mature].sum())
    prediction = predict(rows, model.enabled_rules)
    learned = dict(zip([rule.id for rule in model.enabled_rules], prediction.fit.coefficients, strict=True))
    assert learned["careers_page"] < 0
    assert learned["pricing_page"] > 0
    assert sum(result.ranking.low > 0 for result in prediction.periods) >= len(prediction.periods) / 2
    assert all(result.ranking.difference > 0 for result in prediction.periods)


def test_every_open_lead_gets_a_chance(demo_workspace):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    prediction = predict(history_of(flow, model), model.enabled_rules)
    table = lead_probabilities(flow, model, prediction.fit)
    scores = score_table(flow, model)
    assert sorted(table.column("lead_id").to_pylist()) == scores.column("lead_id").to_pylist()
    chance = table.column("probability").to_numpy()
    assert (np.diff(chance) <= 0).all()
    assert 0 < chance.min() <= chance.max() < 1


def with_new_level(rows, start):
    """The same leads, of whom from a period on only every third that had converted still does."""
    kept = np.arange(len(rows.leads)) % 3 == 0
    return replace(rows, converted=rows.converted & ((rows.period < start) | kept))


def test_the_level_is_learned_from_what_came_in_foretold_periods():
    rows = with_new_level(history(periods=8), start=3)
    prediction = predict(rows, RULES)
    by_period = {each.period: each for each in prediction.periods}
    # P3 is promised as if nothing had changed; what came of it is known before P4.
    assert by_period["P3"].promised.high < 0.7
    assert by_period["P4"].level_factor < 0.95 < by_period["P2"].level_factor
    assert by_period["P6"].promised.ratio > by_period["P4"].promised.ratio
    # The order is that of what was learned, whatever the level.
    known = rows.at(rows.mature)
    learned = fit_logistic(known.features, known.converted, known.leads, prediction.penalty)
    assert prediction.fit.coefficients == pytest.approx(learned.coefficients)
    assert prediction.fit.intercept == pytest.approx(learned.intercept + np.log(prediction.level_factor))


def test_without_a_change_of_level_chances_hold_in_most_bands():
    held = []
    for seed in range(1, 7):
        rows = history(seed=seed, periods=10)
        # Each row one lead: copies of a lead convert together, which no likely range allows for.
        prediction = predict(replace(rows, leads=np.ones_like(rows.leads)), RULES)
        assert 0.8 < prediction.level_factor < 1.25
        assert sum(band.leads for band in prediction.bands) == sum(each.leads for each in prediction.periods)
        large = [band for band in prediction.bands if band.leads > 200]
        held += [band.low <= band.expected / band.leads <= band.high for band in large]
    # Not in all: what is learned from a few hundred leads is itself not exact.
    assert len(held) > 20
    assert np.mean(held) > 0.7


def test_words_tell_what_was_promised_and_what_came():
    prediction = predict(history(), RULES)
    came = sum(each.conversions for each in prediction.periods)
    assert f"{came:,} came" in promise_sentence(prediction)
    assert f"times {prediction.level_factor:.2f}" in level_sentence(prediction)


def test_what_was_learned_and_never_judged_says_so():
    rows = history(periods=2)
    prediction = predict(rows, RULES)
    assert prediction.fit is not None
    assert not prediction.periods
    assert "cannot be judged yet" in sentence(prediction)
    assert promise_sentence(prediction) == ""
    assert "too few wins came" in level_sentence(prediction)


def test_a_difference_that_nobody_would_notice_is_none():
    prediction = predict(history(), RULES)
    tiny = [
        replace(each, ranking=replace(each.ranking, difference=1e-5, low=1e-6, high=2e-5))
        for each in prediction.periods
    ]
    assert "better than the points in 0" in sentence(replace(prediction, periods=tuple(tiny)))


def test_the_command_prints_what_was_computed_and_writes_the_chances(demo_workspace, tmp_path):
    def run(*arguments):
        command = [sys.executable, "-c", "from commands.main import main; main()", "predict", *arguments]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=os.environ | {"NO_COLOR": "1"},
        )

    folder, out = str(demo_workspace.path), tmp_path / "chances.csv"
    done = run("--workspace", folder, "--json", "--out", str(out))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    expected = predict(history_of(flow, model), model.enabled_rules)
    assert [each["ranking"]["auc_b"] for each in document["periods"]] == pytest.approx(
        [each.ranking.auc_b for each in expected.periods]
    )
    assert (
        out.read_text(encoding="utf-8").splitlines()[0].replace('"', "")
        == "lead_id,moment,probability,score,tier"
    )
    assert [each["conversions"] for each in document["bands"]] == [
        each.conversions for each in expected.bands
    ]
    told = run("--workspace", folder).stdout
    for words in (sentence, promise_sentence, level_sentence):
        assert words(expected) in told


def test_the_command_pretends_that_the_data_end_earlier(demo_workspace):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    end = datetime(2026, 1, 15)
    early = history_of(flow, model, observed_until=end)
    assert all(moment <= end for moment in early.last_moments)
    assert not early.mature[early.period == len(early.periods) - 1].any()

"""Forecasts of open periods: honest on simulated periods and on the demo, without hindsight, or declined."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from queries.dataset import model_in_use
from queries.dataset import open_flow as open_workspace
from queries.errors import QueryError
from queries.maturation import find_cohorts
from scoring import forecast_draws
from scoring.backtest import compute_backtest
from scoring.forecast import MIN_PAST_CONVERSIONS, as_datetime, forecast_open, forecast_period
from scoring.forecast_replay import amount_coverage, coverage, replay_forecasts
from scoring.maturation import DAY, Cohorts
from scoring.model_file import model_from_dict
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_semantics import EXAMPLES

QUARTER, HORIZON = 91 * DAY, 90 * DAY


def simulated(random, *, periods=9, leads=1500, rate=0.03, spread=0.3, gradual=False):
    """Quarters whose rate and timing differ by more than chance; with `gradual`, leads come in day by day."""
    rows = []
    for place in range(periods):
        own_rate = rate * np.exp(random.normal(0, spread))
        mean_delay = 40 * np.exp(random.normal(0, spread))
        count = int(leads * random.uniform(0.7, 1.3))
        moments = place * QUARTER + (random.integers(0, QUARTER, count) if gradual else np.zeros(count, int))
        delays = (random.exponential(mean_delay, count) * DAY).astype(np.int64)
        scale = own_rate / (1 - np.exp(-90 / mean_delay))
        won = (random.random(count) < scale) & (delays < HORIZON)
        rows.append((np.full(count, place), moments, won, delays, random.lognormal(10, 0.5, count)))
    place, moment, won, delay, amount = (np.concatenate(column) for column in zip(*rows, strict=True))
    until = int(moment.max()) + HORIZON
    return Cohorts(
        tuple(f"{2020 + n // 4}-Q{n % 4 + 1}" for n in range(periods)),
        ("only",),
        HORIZON,
        until,
        place,
        np.zeros_like(place),
        moment,
        np.ones_like(place),
        place[won],
        np.zeros(int(won.sum()), int),
        moment[won],
        delay[won],
        (amount[won] * 10_000).astype(np.int64),
    )


@pytest.mark.parametrize(("gradual", "rate"), [(False, 0.03), (True, 0.03), (False, 0.4)])
def test_intervals_of_simulated_periods_hold_the_truth_as_often_as_they_say(monkeypatch, gradual, rate):
    monkeypatch.setattr(forecast_draws, "DRAWS", 8_000)
    random = np.random.default_rng(17)
    replays = []
    for _ in range(25):
        cohorts = simulated(random, periods=7, rate=rate, gradual=gradual)
        replays += replay_forecasts(cohorts, ages=(0.25, 0.7))
    held = coverage(replays)
    assert held.forecasts >= 150
    assert 0.85 <= held.share <= 0.99
    assert amount_coverage(replays).share >= 0.85


def test_intervals_are_narrower_the_more_is_known_and_end_in_the_truth():
    cohorts = simulated(np.random.default_rng(1))
    place, last = 8, int(cohorts.last_moments[8])
    widths = []
    for day in (10, 40, 70, 89):
        wins = forecast_period(cohorts, place, None, last + day * DAY).conversions
        widths.append(wins.high - wins.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] <= widths[0] / 4
    truth = cohorts.of(place, None, last + HORIZON).conversions
    end = forecast_period(cohorts, place, None, last + HORIZON)
    assert end.known == truth


def test_the_demo_is_foretold(demo_workspace):
    cohorts = find_cohorts(open_workspace(demo_workspace), model_in_use(demo_workspace))
    replays = replay_forecasts(cohorts, (None, len(cohorts.tiers) - 1))
    assert coverage(replays).forecasts >= 25
    assert coverage(replays).share >= 0.85
    assert amount_coverage(replays).share >= 0.85


def test_nothing_that_came_later_changes_a_forecast():
    random = np.random.default_rng(4)
    cohorts = simulated(random, gradual=True)
    at = 6 * QUARTER + 50 * DAY
    before = forecast_period(cohorts, 6, None, at)
    assert before.conversions is not None
    assert before.known > 0
    seen, scored = cohorts.won_moment + cohorts.delay <= at, cohorts.moment <= at
    known = replace(
        cohorts,
        observed_until=at,
        period=cohorts.period[scored],
        tier=cohorts.tier[scored],
        moment=cohorts.moment[scored],
        leads=cohorts.leads[scored],
        won_period=cohorts.won_period[seen],
        won_tier=cohorts.won_tier[seen],
        won_moment=cohorts.won_moment[seen],
        delay=cohorts.delay[seen],
        amount=cohorts.amount[seen],
    )
    assert forecast_period(known, 6, None, at) == before


def test_a_replay_is_what_the_data_cut_off_then_give(demo_workspace):
    flow, model = open_workspace(demo_workspace), model_in_use(demo_workspace)
    whole = find_cohorts(flow, model)
    for place in (4, 6):
        at = int(whole.first_moments[place]) + 30 * DAY
        cut = find_cohorts(flow, model, as_datetime(at))
        assert cut.periods == whole.periods[: len(cut.periods)]
        assert forecast_period(cut, place, None, at) == forecast_period(whole, place, None, at)


def test_too_little_data_is_declined_with_its_numbers():
    cohorts = simulated(np.random.default_rng(2), periods=3)
    young = forecast_period(cohorts, 2, None, 2 * QUARTER + 30 * DAY)
    assert young.conversions is None
    assert "3 complete periods" in young.refusal
    assert "there are 2" in young.refusal
    rare = simulated(np.random.default_rng(2), periods=6, leads=100, rate=0.01)
    found = forecast_period(rare, 5, None, 5 * QUARTER + 30 * DAY)
    assert found.conversions is None
    assert found.past_conversions < MIN_PAST_CONVERSIONS
    assert f"takes {MIN_PAST_CONVERSIONS} conversions" in found.refusal
    assert f"there are {found.past_conversions}" in found.refusal


def test_a_period_unlike_any_before_is_declined_and_says_what_would_be_usual():
    cohorts = simulated(np.random.default_rng(8), periods=9, leads=200_000, spread=0.001)
    place, at = 8, 8 * QUARTER + 45 * DAY
    mine = cohorts.won_period == place
    seven = np.concatenate([np.flatnonzero(~mine), np.repeat(np.flatnonzero(mine), 7)])
    fields = ("won_period", "won_tier", "won_moment", "delay", "amount")
    strange = replace(cohorts, **{name: getattr(cohorts, name)[seven] for name in fields})
    found = forecast_period(strange, place, None, at)
    assert found.conversions is None
    assert "unlike any past period" in found.refusal
    assert forecast_period(cohorts, place, None, at).conversions is not None


def test_at_once_or_all_late_both_ends_of_timing_work():
    cohorts = simulated(np.random.default_rng(9))
    at = 8 * QUARTER + 30 * DAY
    sudden = replace(cohorts, delay=np.zeros_like(cohorts.delay))
    wins = forecast_period(sudden, 8, None, at).conversions
    assert wins.low <= (cohorts.won_period == 8).sum() <= wins.high
    assert wins.high - wins.low <= 0.2 * wins.expected
    late = replace(cohorts, delay=np.full_like(cohorts.delay, 80 * DAY))
    found = forecast_period(late, 8, None, at)
    assert found.known == 0
    assert found.seen_share == 0
    assert found.conversions.low > 0


def test_without_amounts_there_is_no_amount():
    cohorts = simulated(np.random.default_rng(9))
    free = replace(cohorts, amount=np.zeros_like(cohorts.amount))
    found = forecast_period(free, 8, None, 8 * QUARTER + 30 * DAY)
    assert found.conversions is not None
    assert found.amount is None


@settings(parent=EXAMPLES)
@given(case=cases())
def test_cohorts_equal_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None:
            with pytest.raises(QueryError):
                find_cohorts(flow, model)
            return
        cohorts = find_cohorts(flow, model)
        cells = flow.cells(model)
    rows = reference.lead_moments(case.data, case.model, case.imported_at)
    groups, wins = {}, []
    for row in rows:
        key = (row["period"], row["tier"], row["moment"])
        groups[key] = groups.get(key, 0) + 1
        if row["converted"]:
            wins.append((*key, int(row["amount"] * 10_000)))
    columns = (cohorts.period, cohorts.tier, cohorts.moment, cohorts.leads)
    found = {
        (cohorts.periods[period], cohorts.tiers[tier], as_datetime(moment)): int(leads)
        for period, tier, moment, leads in zip(*columns, strict=True)
    }
    assert found == groups
    won = (cohorts.won_period, cohorts.won_tier, cohorts.won_moment, cohorts.amount)
    assert sorted(
        (cohorts.periods[period], cohorts.tiers[tier], as_datetime(moment), int(amount))
        for period, tier, moment, amount in zip(*won, strict=True)
    ) == sorted(wins)
    until = cohorts.observed_until
    assert np.all((cohorts.delay >= 0) & (cohorts.delay < cohorts.horizon))
    assert np.all(cohorts.won_moment + cohorts.delay <= until)
    backtest = compute_backtest(cells, model)
    complete = [figures.period for figures in backtest.periods if not figures.immature_leads]
    assert [cohorts.periods[place] for place in cohorts.complete_by(until)] == complete
    assert set(forecast_open(cohorts)) == {f.period for f in backtest.periods} - set(complete)


def test_delays_are_those_to_the_first_conversion(tmp_path):
    start = datetime(2025, 1, 1)
    document = {
        "schema_version": 1,
        "name": "model",
        "conversion": {"stages": ["won"], "horizon_days": 30},
        "tiers": [{"name": "all", "threshold": 0}],
    }
    data = {
        "leads": [{"lead_id": "a", "created_at": start - timedelta(days=5)}],
        "accounts": [],
        "activities": [],
        "outcomes": [
            {"lead_id": "a", "stage": "won", "occurred_at": start + timedelta(days=9)},
            {"lead_id": "a", "stage": "won", "occurred_at": start + timedelta(days=3, hours=6)},
            {"lead_id": "a", "stage": "won", "occurred_at": start + timedelta(days=60)},
        ],
    }
    with open_flow(tmp_path / "data.duckdb", data, datetime(2026, 1, 1)) as flow:
        cohorts = find_cohorts(flow, model_from_dict(document))
    assert (cohorts.delay / DAY).tolist() == [3.25]

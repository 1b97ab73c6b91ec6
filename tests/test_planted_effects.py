"""Every effect that the demo data plant can be seen in the figures, as a user would look for it."""

import numpy as np
import pytest

from demo_data.generator import generate
from queries.catalogue import leads_matched
from queries.dataset import open_flow, ready_models
from queries.importing import load_tables
from queries.workspace import Workspace
from scoring.backtest import backtest_by_segment, compute_backtest
from scoring.model import Condition, Observation, Rule, Tier
from scoring.statistics import wilson_interval

GUIDELINE = ready_models()["b2b_guideline"]


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("planted"))
    load_tables(workspace, generate(20_000, seed=1))
    return open_flow(workspace)


def changed(rule_id, **values):
    """The guideline with one rule changed, as on the Tune page."""
    rules = tuple(rule.model_copy(update=values) if rule.id == rule_id else rule for rule in GUIDELINE.rules)
    return GUIDELINE.model_copy(update={"rules": rules})


def only(rule, observation=None):
    """A model that asks one question: does the rule give anything?"""
    rule = rule.model_copy(update={"points": 1, "max_points": 1, "decay": None, "enabled": True})
    tiers = (Tier(name="without", threshold=0), Tier(name="with", threshold=1))
    values = {"rules": (rule,), "tiers": tiers, "categories": (), "base_points": 0, "max_score": 10}
    return GUIDELINE.model_copy(update=values | ({"observation": observation} if observation else {}))


def with_and_without(flow, rule, observation=None):
    """The tiers of `only`: leads with and without the rule."""
    model = only(rule, observation)
    without, with_it = compute_backtest(flow.cells(model), model).pooled.tiers
    return with_it, without


def auc(flow, model):
    return compute_backtest(flow.cells(model), model).pooled.auc


@pytest.mark.parametrize("rule_id", ["pricing_page", "event"])
def test_a_strong_behaviour_converts_far_better_and_more_points_for_it_help(flow, rule_id):
    with_it, without = with_and_without(flow, GUIDELINE.rule(rule_id))
    assert with_it.low > 2 * without.high
    points = GUIDELINE.rule(rule_id).points
    assert auc(flow, changed(rule_id, points=0)) < auc(flow, GUIDELINE)
    assert points > 0


def test_more_points_for_the_prices_pick_the_buyer_more_often(flow):
    assert auc(flow, changed("pricing_page", points=20, max_points=60)) > auc(flow, GUIDELINE)


def test_email_opens_are_popular_and_worthless(flow):
    with_it, without = with_and_without(flow, GUIDELINE.rule("email_open"))
    assert with_it.leads > without.leads
    assert with_it.low < without.high  # no more than chance between them, where a good rule doubles the rate
    assert with_it.rate < 1.2 * without.rate
    assert auc(flow, changed("email_open", points=0)) > auc(flow, GUIDELINE)


def test_who_looks_at_the_jobs_does_not_buy(flow):
    with_it, without = with_and_without(flow, GUIDELINE.rule("careers_page"))
    assert with_it.high < without.low / 2
    assert auc(flow, changed("careers_page", points=-30, max_points=90)) > auc(flow, GUIDELINE)


def test_a_trial_matters_for_days_only(flow):
    trial = GUIDELINE.rule("trial")
    by_month = Observation(period="month")
    fresh, _ = with_and_without(flow, trial.model_copy(update={"window_days": 14}), by_month)
    any_age, _ = with_and_without(flow, trial.model_copy(update={"window_days": None}), by_month)
    assert fresh.rate > 1.5 * any_age.rate


def test_fit_multiplies_what_engagement_is_worth(flow):
    """The gain from looking at the prices is larger, as a difference of rates, among senior leads."""
    model = only(GUIDELINE.rule("pricing_page"))
    by_seniority = backtest_by_segment(flow.cells(model, "seniority"), model)
    gains = {}
    for name, seniorities in {"senior": ("C-level", "VP", "Director"), "other": ("Staff", "Manager")}.items():
        groups = [by_seniority[s].pooled.tiers for s in seniorities if s in by_seniority]
        assert groups
        rates = [
            sum(tiers[place].conversions for tiers in groups) / sum(tiers[place].leads for tiers in groups)
            for place in (0, 1)
        ]
        gains[name] = rates[1] - rates[0]
    assert gains["senior"] > 1.5 * gains["other"]


def test_the_bought_list_floods_one_quarter_and_never_buys(flow):
    by_source = backtest_by_segment(flow.cells(GUIDELINE, "source"), GUIDELINE)
    bought = by_source["purchased_list"]
    flooded = next(period for period in bought.periods if period.period == "2025-Q4")
    assert flooded.leads > 500
    assert sum(tier.leads for tier in flooded.tiers[1:]) > 0.3 * flooded.leads  # they look engaged
    assert bought.pooled.conversions == 0
    whole = compute_backtest(flow.cells(GUIDELINE), GUIDELINE)
    marketing_ready = {period.period: period.tiers[1].leads for period in whole.periods}
    assert marketing_ready["2025-Q4"] > 1.3 * marketing_ready["2025-Q3"]
    flooded_psi = next(period.psi for period in whole.periods if period.period == "2025-Q4")
    before = [period.psi for period in whole.periods if "2024-Q4" <= period.period < "2025-Q4"]
    assert flooded_psi > max(before)


def test_the_leak_cannot_be_seen_in_scores_as_of_a_date(flow):
    condition = Condition(field="activity_type", operator="equals", value="onboarding_call")
    leak = Rule(id="leak", category="engagement", source="activity", points=5, where=(condition,))
    assert leads_matched(flow.engine, leak) > 100
    with_it, _ = with_and_without(flow, leak)
    assert with_it.leads == 0


def test_the_year_has_its_seasons(flow):
    figures = compute_backtest(flow.cells(GUIDELINE), GUIDELINE)
    rate = {period.period: period.rate for period in figures.periods}
    for year in ("2024", "2025"):
        third = next(p for p in figures.periods if p.period == f"{year}-Q3")
        fourth = next(p for p in figures.periods if p.period == f"{year}-Q4")
        assert wilson_interval(fourth.conversions, fourth.leads)[0] > third.rate
    assert rate["2026-Q2"] is None


def test_the_guideline_is_decent_and_can_be_beaten(flow):
    figures = compute_backtest(flow.cells(GUIDELINE), GUIDELINE)
    rates = [tier.rate for tier in figures.pooled.tiers]
    assert rates == sorted(rates)
    assert 0.70 < np.mean([period.auc for period in figures.periods if period.auc is not None]) < 0.80

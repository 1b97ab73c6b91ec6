"""What the demo data plant on networks and in the shop is there, and nothing else has moved for it."""

import numpy as np
import pytest

from demo_data import effects
from demo_data.generator import generate
from demo_data.kinds import WORDS, Kind
from queries.dataset import open_flow, ready_models
from queries.importing import load_tables
from queries.workspace import Workspace
from scoring.backtest import compute_backtest
from scoring.model import Condition, Rule, Tier

ADDED = {
    WORDS[companion.kind].activity_type for companion in (*effects.SOCIAL, *effects.SHOP, *effects.COMMUNITY)
}


@pytest.fixture(scope="module")
def tables():
    return generate(20_000, seed=1)


@pytest.fixture(scope="module")
def flow(tables, tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("companions"))
    load_tables(workspace, tables)
    return open_flow(workspace)


def with_and_without(flow, **conditions):
    """Figures of the lead-quarters with such an activity in the last 90 days, and of those without."""
    guideline = ready_models()["b2b_guideline"]
    where = tuple(
        Condition(field=field, operator="equals", value=value) for field, value in conditions.items()
    )
    rule = Rule(
        id="asked",
        category="asked",
        source="activity",
        points=1,
        max_points=1,
        window_days=90,
        where=where,
    )
    tiers = (Tier(name="without", threshold=0), Tier(name="with", threshold=1))
    values = {"rules": (rule,), "tiers": tiers, "categories": (), "base_points": 0}
    model = guideline.model_copy(update=values)
    without, with_it = compute_backtest(flow.cells(model), model).pooled.tiers
    return with_it, without


@pytest.mark.parametrize("interaction", ["comment", "share", "mention"])
def test_who_writes_or_passes_on_buys_more_often_than_who_likes(flow, interaction):
    telling, _ = with_and_without(flow, activity_type="social_engagement", interaction=interaction)
    liked, _ = with_and_without(flow, activity_type="social_engagement", interaction="like")
    assert telling.low > liked.high


@pytest.mark.parametrize("interaction", ["like", "click"])
def test_likes_and_clicks_say_no_more_than_any_other_activity(flow, interaction):
    habit, _ = with_and_without(flow, activity_type="social_engagement", interaction=interaction)
    # White papers are what a busy lead does without meaning much.
    paper, _ = with_and_without(flow, activity_type="white_paper_download")
    assert habit.rate < 1.25 * paper.rate


def test_a_cart_tells_and_a_product_passed_on_does_not(flow):
    cart, _ = with_and_without(flow, activity_type="cart_add")
    order, _ = with_and_without(flow, activity_type="shop_order")
    passed_on, _ = with_and_without(flow, activity_type="product_share")
    assert cart.low > passed_on.rate
    assert order.low > passed_on.rate


def test_who_refers_a_friend_buys_more_often_than_who_writes_a_review(flow):
    referral, _ = with_and_without(flow, activity_type="referral")
    review, without_review = with_and_without(flow, activity_type="review")
    assert referral.low > review.high
    assert review.low > without_review.high


@pytest.mark.parametrize("name", ["social", "retail"])
def test_the_ready_made_model_sorts_the_demo_leads(flow, name):
    model = ready_models()[name]
    pooled = compute_backtest(flow.cells(model), model).pooled
    assert pooled.auc_low > 0.65
    rates = [tier.rate for tier in pooled.tiers]
    assert rates == sorted(rates)
    assert min(tier.leads for tier in pooled.tiers) > 100


def test_they_change_no_score_of_a_model_that_does_not_ask_for_them(tables, flow, tmp_path):
    activities = tables["activities"]
    kept = ~np.isin(activities["activity_type"].to_numpy(zero_copy_only=False), list(ADDED))
    workspace = Workspace.open(tmp_path)
    load_tables(workspace, tables | {"activities": activities.filter(kept)})
    model = ready_models()["b2b_guideline"]
    alone = open_flow(workspace)
    assert alone.observed_until == flow.observed_until
    assert compute_backtest(alone.cells(model), model) == compute_backtest(flow.cells(model), model)


def test_they_come_before_the_win_and_never_alone(tables):
    activities, outcomes = (tables[name].to_pandas() for name in ("activities", "outcomes"))
    added = activities[activities.activity_type.isin(ADDED)]
    others = activities[~activities.activity_type.isin(ADDED)]
    won_at = outcomes[outcomes.stage == "won"].set_index("lead_id").occurred_at
    assert not (added.occurred_at > added.lead_id.map(won_at)).any()
    days = {"lead_id": others.lead_id, "day": others.occurred_at.dt.date}
    beside = added.assign(day=added.occurred_at.dt.date).merge(
        others.assign(**days)[["lead_id", "day"]].drop_duplicates(), how="left", indicator=True
    )
    assert (beside["_merge"] == "both").all()


def test_every_kind_that_goes_along_is_in_the_words(tables):
    seen = set(tables["activities"]["interaction"].to_pylist())
    assert {"like", "comment", "share", "mention", "click"} <= seen
    networks = set(tables["activities"]["network"].to_pylist())
    assert {"linkedin", "x", "youtube", "facebook", "instagram"} <= networks
    assert all(kind in WORDS for kind in Kind)

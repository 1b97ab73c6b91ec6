"""Changes are held against the tier of the same name; where there is none, that is said."""

import pytest

from pages.components.tune.compared import compared_tier
from pages.components.tune.figure_row import top_tier_figures
from pages.components.tune.summary import Names, describe_change
from queries.dataset import model_in_use, open_flow
from scoring.backtest import compute_backtest
from scoring.model import Tier


@pytest.fixture
def in_use(demo_workspace):
    return model_in_use(demo_workspace)


def with_top(model, threshold, **names):
    top = Tier(threshold=threshold, **names)
    return model.model_copy(update={"tiers": (*model.tiers, top)})


def pooled(flow, model):
    return compute_backtest(flow.cells(model), model).pooled


def test_tiers_of_the_same_name_are_compared_without_a_word(in_use):
    compared = compared_tier(in_use, in_use)
    assert (compared.place, compared.is_same, compared.note) == (len(in_use.tiers) - 1, True, "")


def test_a_new_top_tier_is_held_against_the_old_one_and_that_is_said(in_use):
    compared = compared_tier(with_top(in_use, 150, name="VIP"), in_use)
    assert (compared.place, compared.is_same) == (len(in_use.tiers) - 1, False)
    assert "no tier VIP" in compared.note
    assert compared.note.endswith("against its top tier, Sales-ready (SQL).")


def test_a_tier_that_is_shown_like_another_is_called_by_its_name(in_use):
    draft = with_top(in_use, 150, name="VIP", label=in_use.tiers[-1].shown_label)
    assert "no tier named VIP;" in compared_tier(draft, in_use).note


def test_where_the_model_in_use_goes_on_above_the_same_tier_is_compared(in_use):
    compared = compared_tier(in_use, with_top(in_use, 150, name="VIP"))
    assert (compared.place, compared.is_same) == (len(in_use.tiers) - 1, True)
    assert "ends where VIP begins" in compared.note


def test_what_another_tier_does_is_neither_praised_nor_blamed(demo_workspace, in_use):
    flow, draft = open_flow(demo_workspace), with_top(in_use, 150, name="VIP")
    now, before = pooled(flow, draft), pooled(flow, in_use)
    leads, rate, caught, lift, auc = top_tier_figures(draft, now, before, compared_tier(draft, in_use))
    assert leads.change == f"−{before.tiers[-1].leads - now.tiers[-1].leads:,}"
    assert not any(figure.more_is_better for figure in (leads, rate, caught, lift))
    assert auc.more_is_better, "how the score ranks has nothing to do with tiers"


def test_the_same_tier_below_another_one_is_compared_with_itself(demo_workspace, in_use):
    flow, graded = open_flow(demo_workspace), with_top(in_use, 150, name="VIP")
    now, before = pooled(flow, in_use), pooled(flow, graded)
    leads, *_ = top_tier_figures(in_use, now, before, compared_tier(in_use, graded))
    assert leads.change == f"+{before.tiers[-1].leads:,}", "it gets exactly the leads of the tier above"


def test_words_name_both_tiers(demo_workspace, in_use):
    flow, draft = open_flow(demo_workspace), with_top(in_use, 150, name="VIP")
    now, before = pooled(flow, draft), pooled(flow, in_use)
    text = describe_change(now, before, Names("VIP", "quarter", compared_tier(draft, in_use)))
    assert f"{now.tiers[-1].leads:,} lead-quarters" in text
    assert f"The top tier in use, Sales-ready (SQL): {before.tiers[-1].leads:,} lead-quarters" in text
    assert "fewer" not in text
    assert "still picks the buyer" in text

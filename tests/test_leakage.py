"""Judgement on leaks: cohorts keep drift out, halves keep memory out, limits hold where they say."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from scoring.cohort_ranking import Ranking, cohort_ranking, rank_numbers, rank_values
from scoring.hindsight import filled_when_closed, known_today
from scoring.leakage import (
    CONVERTED,
    IMPLAUSIBLE_ATTRIBUTE_AUC,
    LOST,
    OPEN,
    Fills,
    FollowingType,
    ranks_too_well,
    types_that_follow,
    values_of_winners,
)
from scoring.model_file import model_from_dict


def leads(numbers, cohort, won):
    """Rows of one lead each, as rank_numbers takes them."""
    won = np.asarray(won, dtype=np.int64)
    return np.asarray(numbers, dtype=np.float64), np.asarray(cohort), won, 1 - won


def test_one_cohort_gives_the_u_statistic_with_ties():
    rng = np.random.default_rng(1)
    for _ in range(30):
        numbers, won = rng.integers(0, 6, 80), rng.integers(0, 2, 80)
        u = mannwhitneyu(numbers[won == 1], numbers[won == 0]).statistic
        ranking = rank_numbers(*leads(numbers, np.zeros(80, dtype=int), won))
        assert ranking.auc == pytest.approx(u / (won.sum() * (80 - won.sum())), abs=1e-12)


def test_several_cohorts_count_only_pairs_of_leads_of_one_cohort():
    rng = np.random.default_rng(2)
    for _ in range(20):
        numbers, cohort, won = rng.integers(0, 5, 60), np.arange(60) % 3, np.arange(60) // 3 % 2
        pairs = [
            0.5 if numbers[i] == numbers[j] else float(numbers[i] > numbers[j])
            for i in range(60)
            for j in range(60)
            if won[i] and not won[j] and cohort[i] == cohort[j]
        ]
        assert rank_numbers(*leads(numbers, cohort, won)).auc == pytest.approx(np.mean(pairs), abs=1e-12)


def test_a_base_rate_that_drifts_with_the_value_is_not_knowledge():
    rng = np.random.default_rng(3)
    cohort = np.repeat([0, 1], 5_000)
    won = rng.random(10_000) < np.where(cohort == 0, 0.05, 0.5)
    numbers = cohort * 10 + rng.integers(0, 3, 10_000)
    pooled = rank_numbers(*leads(numbers, np.zeros(10_000, dtype=int), won))
    assert pooled.strength > IMPLAUSIBLE_ATTRIBUTE_AUC
    assert rank_numbers(*leads(numbers, cohort, won)).strength < 0.52


def test_a_value_for_every_few_leads_does_not_know_the_outcome_by_heart():
    rng = np.random.default_rng(4)
    value, won = rng.integers(0, 400, 4_000), rng.integers(0, 2, 4_000)
    cohort, fold = np.zeros(4_000, dtype=int), np.arange(4_000) % 2
    ranking = rank_values(value, cohort, fold, won, 1 - won)
    assert abs(ranking.auc - 0.5) < 3 * ranking.error
    by_heart = rank_numbers(*leads([won[value == v].mean() for v in value], cohort, won))
    assert by_heart.auc > 0.6


def test_a_value_that_tells_the_outcome_is_ranked_so_whatever_its_order():
    rng = np.random.default_rng(5)
    won = rng.integers(0, 2, 2_000)
    value = np.where(won == 1, 1, rng.choice([0, 2], 2_000))
    rest = (np.zeros(2_000, dtype=int), np.arange(2_000) % 2, won, 1 - won)
    assert rank_values(value, *rest).auc == 1.0
    assert rank_numbers(value.astype(float), rest[0], won, 1 - won).strength < 0.6


def test_the_error_covers_the_truth_as_often_as_it_should():
    rng = np.random.default_rng(6)
    truth, inside = 0.5, 0
    for _ in range(400):
        numbers, cohort = rng.integers(0, 8, 150), rng.integers(0, 3, 150)
        ranking = rank_numbers(*leads(numbers, cohort, rng.random(150) < 0.3))
        inside += abs(ranking.auc - truth) <= 1.96 * ranking.error
    assert 0.91 <= inside / 400 <= 0.98


def test_without_two_leads_of_either_class_in_a_cohort_there_is_no_ranking():
    assert cohort_ranking([]) is None
    assert cohort_ranking([(np.array([1, 0]), np.array([5, 5]))]) is None
    empty = np.zeros(0, dtype=np.int64)
    assert rank_values(empty, empty, empty, empty, empty) is None


def test_too_few_conversions_are_never_implausible():
    assert ranks_too_well(Ranking(1.0, 0.0, 30, 30), IMPLAUSIBLE_ATTRIBUTE_AUC)
    assert not ranks_too_well(Ranking(1.0, 0.0, 29, 30_000), IMPLAUSIBLE_ATTRIBUTE_AUC)
    assert not ranks_too_well(None, IMPLAUSIBLE_ATTRIBUTE_AUC)


def test_the_lower_end_of_the_interval_decides_in_both_directions():
    limit = IMPLAUSIBLE_ATTRIBUTE_AUC
    assert ranks_too_well(Ranking(0.2, 0.01, 500, 500), limit)
    assert not ranks_too_well(Ranking(0.8, 0.04, 500, 500), limit)


def follows(name, activities, after, just_before=0, leads=1_000):
    return FollowingType(name, activities, after, just_before, leads)


def test_a_type_that_mostly_follows_the_conversion_is_found_and_others_are_not():
    types = [
        follows("onboarding", 500, 490),
        follows("contract", 400, 0, 380),
        follows("click", 9_000, 300, 90),
    ]
    assert [kind.activity_type for kind in types_that_follow(types)] == ["onboarding", "contract"]


def test_where_customers_go_on_as_before_no_type_stands_out():
    types = [follows("open", 5_000, 3_100), follows("click", 4_000, 2_300), follows("visit", 3_000, 1_800)]
    assert types_that_follow(types) == []


def test_a_handful_of_leads_is_no_finding():
    quiet = follows("click", 9_000, 10)
    assert types_that_follow([follows("odd", 400, 400, leads=19), quiet]) == []
    assert types_that_follow([follows("few", 30, 17, leads=25), quiet]) == []  # 57 %, which may be chance


def fills(*cohorts):
    """Of each cohort (leads, filled) of open, lost and converted leads."""
    return Fills(
        np.array([[pair[0] for pair in cohort] for cohort in cohorts]),
        np.array([[pair[1] for pair in cohort] for cohort in cohorts]),
    )


def test_a_column_of_won_deals_only_is_one_sided():
    gap = fills([(400, 0), (300, 1), (100, 60)]).gap(CONVERTED, (OPEN, LOST))
    assert (gap.share, gap.other_share) == (0.6, pytest.approx(1 / 700))
    assert gap.one_sided


def test_a_column_that_came_later_is_not_one_sided():
    """Filled for nobody at first and for everybody later, when more leads converted."""
    old, new = [(900, 0), (0, 0), (10, 0)], [(100, 100), (0, 0), (500, 500)]
    gap = fills(old, new).gap(CONVERTED, (OPEN, LOST))
    assert gap.other_share == pytest.approx(500 / 510)
    assert not gap.one_sided


def test_cohorts_without_leads_to_compare_with_are_left_out():
    gap = fills([(0, 0), (0, 0), (50, 50)], [(10, 5), (0, 0), (30, 3)]).gap(CONVERTED, (OPEN, LOST))
    assert (gap.leads, gap.filled, gap.other_leads, gap.other_share) == (30, 3, 10, 0.5)
    nothing = fills([(0, 0), (0, 0), (50, 50)]).gap(CONVERTED, (OPEN, LOST))
    assert (nothing.share, nothing.other_share, nothing.one_sided) == (0.0, 0.0, False)


def test_better_documented_leads_are_no_leak():
    assert not fills([(1_000, 300), (500, 150), (200, 180)]).gap(CONVERTED, (OPEN, LOST)).one_sided


def test_a_value_that_only_winners_have_is_found_unless_everybody_wins():
    won, others = np.array([40, 19, 100, 30]), np.array([0, 0, 900, 800])
    assert list(values_of_winners(won, others)) == [0]
    assert list(values_of_winners(np.array([40, 900]), np.array([0, 100]))) == []


def test_what_is_filled_in_as_leads_close_changes_with_the_outcome():
    converted, lost = filled_when_closed(fills([(100, 30), (100, 95), (100, 100)]))
    assert (converted.share, converted.other_share, lost.share) == (1.0, 0.3, 0.95)


def test_what_foretells_the_outcome_does_not_change_with_it():
    """Filled more for converted leads and less for lost ones: known beforehand."""
    assert filled_when_closed(fills([(100, 50), (100, 20), (100, 95)])) is None


def test_an_even_column_and_too_few_leads_are_no_hindsight():
    assert filled_when_closed(fills([(100, 80), (100, 82), (100, 90)])) is None
    assert filled_when_closed(fills([(10, 0), (10, 10), (10, 10)])) is None


def test_without_lost_leads_the_open_ones_decide():
    converted, lost = filled_when_closed(fills([(100, 30), (0, 0), (100, 100)]))
    assert lost is None
    assert converted.share == 1.0


def test_known_today_are_the_enabled_rules_on_attributes():
    rules = [
        {"id": source, "category": "a", "source": source, "points": 1}
        for source in ("activity", "lead", "account", "account_activity")
    ]
    rules.append({"id": "off", "category": "a", "source": "lead", "points": 1, "enabled": False})
    model = model_from_dict(
        {
            "schema_version": 1,
            "name": "m",
            "conversion": {"stages": ["won"], "horizon_days": 9},
            "tiers": [{"name": "all", "threshold": 0}],
            "rules": rules,
        }
    )
    assert [rule.id for rule in known_today(model)] == ["lead", "account"]

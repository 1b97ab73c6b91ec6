"""What sales did equals the plain loops of ``tests/reference_sales.py``; shares and promises by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from queries.funnel import funnel_times, marketing_tier
from queries.sales import sales_answers, sales_responses
from queries.worked import worked_by_tier
from scoring.alignment_words import funnel_sentence, holdout_sentence
from scoring.errors import ScoringError
from scoring.funnel import DAY, NEVER, FunnelTimes, compute_funnel
from scoring.holdout import holdout_size, plan_holdout
from scoring.model_file import model_from_dict
from scoring.sales_answers import (
    Bring,
    SalesAnswers,
    answers_by,
    answers_by_reason,
    answers_by_rule,
    answers_by_tier,
    difference_interval,
)
from scoring.sales_response import HOUR, ResponseTimes, tier_responses
from scoring.sales_stages import sales_stages
from scoring.worked import pooled, worked_shares
from tests import reference, reference_sales
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_definition import GUIDELINE
from tests.test_semantics import EXAMPLES


@settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 100))
@given(case=cases())
def test_funnel_responses_leads_worked_and_answers_equal_the_plain_loops(tmp_path, case):
    model = model_from_dict(case.model)
    if reference.Facts(case.data, case.model, case.imported_at).observed_until is None:
        return
    given_case = (case.data, case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if len(model.tiers) > 1:
            tier = marketing_tier(model).name
            ours = funnel_times(flow, model)
            rows, before = reference_sales.funnel(*given_case, tier, case.imported_at)
            assert times_of(ours.times) == rows
            assert ours.wins_before_mql == before
        found = sales_responses(flow, model)
        plain = reference_sales.responses(*given_case, case.imported_at)
        ours = [
            (tier, at, touched, hands)
            for tier, [at, touched], hands in zip(
                found.tier.tolist(),
                times_of(np.stack([found.entered_at, found.touched_at], axis=1)),
                found.in_hands.tolist(),
                strict=True,
            )
        ]
        assert ours == [row[1:] for row in plain]
        shares = {(one.period, one.tier): (one.leads, one.worked) for one in worked_by_tier(flow, model)}
        assert {key: value for key, value in shares.items() if value[0]} == reference_sales.worked(
            *given_case, case.imported_at
        )
        answers, table = sales_answers(flow, model)
        tiers = [answers.tiers[place] for place in answers.tier]
        names = ("lead_id", "moment", "is_rejected")
        columns = [table.column(name).to_pylist() for name in names]
        assert list(zip(*columns, answers.score.tolist(), tiers, strict=True)) == reference_sales.answers(
            *given_case, case.imported_at
        )


def times_of(times):
    """Rows of microseconds as datetimes, None for never."""
    start = datetime(1970, 1, 1)
    return [
        [None if one == NEVER else start + timedelta(microseconds=one) for one in row]
        for row in times.tolist()
    ]


def test_a_step_counts_only_leads_that_had_the_time():
    # Created on day 0, 0, 0 and 95 of 100; the second reached it after the 30 days, the last has time left.
    times = np.full((4, 5), NEVER)
    times[:, 0] = np.array([0, 0, 0, 95]) * DAY
    times[:, 1] = np.array([10, 30, NEVER // DAY, 96]) * DAY
    times[2, 1] = NEVER
    mql = compute_funnel(FunnelTimes(times, 0, 30, datetime(1970, 4, 11))).steps[0]
    assert (mql.reached, mql.complete, mql.passed, mql.still_open, mql.open_passed) == (3, 3, 1, 1, 1)
    assert (mql.rate, mql.days_median) == (1 / 3, 10)


def test_a_step_that_nothing_tells_is_left_out_and_the_next_counts_from_the_one_before():
    # Nobody wrote down acceptance or qualification: both fall on the win, 20 days after the tier.
    times = np.full((2, 5), NEVER)
    times[:, 0] = 0
    times[:, 1] = 10 * DAY
    times[0, 2:] = 30 * DAY
    told = compute_funnel(FunnelTimes(times, 0, 40, datetime(1970, 4, 11)), untold=("sal", "sql"))
    assert [step.step for step in told.steps] == ["mql", "won"]
    won = told.steps[-1]
    assert (won.complete, won.passed, won.days_median) == (2, 1, 20)
    assert "leads to “Won”: 50.0\u00a0% (1 of 2) of those that had 40 days, half" in funnel_sentence(told)


def test_a_funnel_of_nothing_has_no_rates():
    funnel = compute_funnel(FunnelTimes(np.empty((0, 5), dtype=np.int64), 0, 30, datetime(2025, 1, 1)))
    assert [(step.reached, step.rate, step.days_median) for step in funnel.steps] == [(0, None, None)] * 4


def test_a_promise_is_judged_by_the_leads_whose_time_has_passed():
    until = datetime(1970, 4, 11)
    end = 100 * DAY
    # Sales-ready: answered after 3 h, after 5 h, never, not yet after 1 h, in hands already.
    times = ResponseTimes(
        tier=np.full(5, 2),
        entered_at=np.array([0, 0, 0, end - HOUR, 0]),
        touched_at=np.array([3 * HOUR, 5 * HOUR, NEVER, NEVER, HOUR]),
        in_hands=np.array([False] * 4 + [True]),
        observed_until=until,
    )
    nurture, _, sql = tier_responses(times, GUIDELINE)
    assert (sql.entered, sql.in_hands, sql.due, sql.kept, sql.kept_rate) == (4, 1, 3, 1, 1 / 3)
    assert (sql.complete, sql.worked, sql.hours_median) == (3, 2, 4.0)
    assert sql.promise == "sales: call, within 4 hours"
    assert (nurture.entered, nurture.due, nurture.kept_rate, nurture.hours_median) == (0, 0, None, None)


def planted_answers():
    """Rule a fires for most rejections, b for most acceptances, c for half of each; reasons follow a."""
    rejected = np.array([True] * 100 + [False] * 100)
    fired = np.zeros((3, 200), dtype=np.bool_)
    fired[0, :90] = True
    fired[0, 100:120] = True
    fired[1, 110:] = True
    fired[2, ::2] = True
    return SalesAnswers(
        tiers=("low", "high"),
        rules=("a", "b", "c"),
        rejected=rejected,
        tier=np.array([0, 1] * 100),
        score=np.zeros(200, dtype=np.int64),
        fired=fired,
        reason=("student",) * 60 + ("no budget",) * 40 + ("",) * 100,
        source=("list",) * 100 + ("web",) * 100,
        campaign=("x",) * 200,
    )


def test_the_rule_that_brings_the_rejected_ones_is_named():
    answers = planted_answers()
    rules = answers_by_rule(answers)
    assert [(one.rule, one.bring) for one in rules] == [
        ("a", Bring.REJECTED),
        ("c", Bring.CHANCE),
        ("b", Bring.ACCEPTED),
    ]
    assert rules[0].difference == pytest.approx(90 / 110 - 10 / 90)
    student, budget = answers_by_reason(answers)
    assert (student.reason, student.rejected, student.share, student.rule) == ("student", 60, 0.6, "a")
    assert (student.with_rule, student.accepted_with_rule) == (1.0, 0.2)
    assert (budget.reason, budget.rule, budget.with_rule) == ("no budget", "a", 0.75)
    assert [(one.name, one.rate) for one in answers_by(answers.source, answers.rejected)] == [
        ("list", 1.0),
        ("web", 0.0),
    ]
    assert [(one.name, one.answers, one.rejected) for one in answers_by_tier(answers)] == [
        ("low", 100, 50),
        ("high", 100, 50),
    ]


def test_with_few_answers_nothing_is_concluded_about_a_rule():
    few = planted_answers()
    keep = np.arange(95, 105)
    part = SalesAnswers(
        few.tiers, few.rules, few.rejected[keep], few.tier[keep], few.score[keep], few.fired[:, keep],
        *(tuple(texts[place] for place in keep) for texts in (few.reason, few.source, few.campaign)),
    )  # fmt: skip
    assert {one.bring for one in answers_by_rule(part)} == {Bring.TOO_LITTLE_DATA}


def test_the_interval_of_a_difference_is_newcombes():
    # Newcombe (1998), table II, example (a), method 10: 56/70 against 48/80.
    difference, low, high = difference_interval(56, 70, 48, 80)
    assert (round(difference, 4), round(low, 4), round(high, 4)) == (0.2, 0.0524, 0.3339)
    assert difference_interval(0, 0, 1, 2) is None


@given(
    st.floats(0, 1, allow_nan=False),
    st.floats(0.005, 0.3, allow_nan=False),
    st.sampled_from([0.9, 0.95, 0.99]),
)
def test_a_holdout_is_the_smallest_that_gives_the_precision(rate, precision, confidence):
    size = holdout_size(rate, precision, confidence)

    def half_width(leads):
        low, high = proportion_confint(rate * leads, leads, alpha=1 - confidence, method="wilson")
        return (high - low) / 2

    assert half_width(size) <= precision + 1e-9
    assert size == 1 or half_width(size - 1) > precision - 1e-9


def test_a_holdouts_share_follows_from_what_comes_in():
    plan = plan_holdout(10, 1000, available=1300, precision=0.02)
    assert plan.expected_rate == pytest.approx(0.0183, abs=1e-4)
    assert plan.share == pytest.approx(plan.size / 1300)
    assert plan.is_reachable
    assert plan_holdout(0, 0, 1, 0.05).share == 1.0
    assert not plan_holdout(0, 0, 1, 0.05).is_reachable
    assert plan_holdout(0, 10, 0, 0.05).share is None
    for wrong in ((1.2, 0.1), (0.1, 0), (0.1, 0.5)):
        with pytest.raises(ScoringError):
            holdout_size(*wrong)


def test_stages_are_told_by_their_names_and_what_is_missing_is_said():
    found = sales_stages(
        ["MQL", "Sales Accepted Lead", "Unqualified", "Opportunity", "Won", "call"], GUIDELINE
    )
    assert (found.handed_over, found.accepted, found.rejected) == (
        ("mql",),
        ("sales accepted lead",),
        ("unqualified",),
    )
    assert (found.qualified, found.won, found.other) == (("opportunity",), ("won",), ("call",))
    assert found.notes == ()
    assert found.has_answers
    bare = sales_stages(["won"], GUIDELINE)
    assert len(bare.notes) == 3
    assert not bare.has_answers
    assert "load these outcomes" in bare.notes[0]


def test_every_lead_counts_in_one_share_of_its_period_and_in_the_pooled_one():
    tier, period = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
    shares = worked_shares(tier, period, np.array([True, True, False, False]), ["a", "b"], ["p", "q", "r"])
    assert [(one.period, one.tier, one.worked, one.leads) for one in shares] == [
        ("p", "a", 1, 1),
        ("p", "b", 1, 1),
        ("q", "a", 0, 1),
        ("q", "b", 0, 1),
        ("pooled", "a", 1, 2),
        ("pooled", "b", 1, 2),
    ]
    assert not pooled(shares)["a"].is_hardly_worked
    assert (
        worked_shares(*[np.array([], dtype=np.int64)] * 2, np.array([], dtype=bool), ["a"], [])[0].share
        is None
    )


def test_a_single_tier_has_no_funnel():
    alone = GUIDELINE.model_copy(update={"tiers": GUIDELINE.tiers[:1]})
    with pytest.raises(ScoringError, match="a tier above the lowest"):
        marketing_tier(alone)


def test_a_holdout_of_leads_that_sales_works_anyway_is_not_asked_for():
    worked = plan_holdout(40, 1000, 300.0, 0.01, worked_share=0.97)
    assert holdout_sentence(worked, "quarter").endswith("no holdout is needed.")
    hardly = plan_holdout(40, 1000, 3000.0, 0.01, worked_share=0.05)
    assert "chosen at random" in holdout_sentence(hardly, "quarter")

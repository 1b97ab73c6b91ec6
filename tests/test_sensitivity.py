"""Turning each rule's points: the figures are those of the changed model, and no range is too narrow."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queries.comparison import lead_rows
from queries.dataset import model_in_use, open_flow
from queries.sensitivity import rule_sensitivity
from scoring.auc_difference import clustered_auc_difference, paired_auc_difference
from scoring.backtest import compute_backtest
from scoring.comparison import Level
from scoring.errors import ScoringError
from scoring.evidence import kept_back
from scoring.jackknife import aggregate_leads, rate_difference
from scoring.joint_cells import JointCells, LeadRows
from scoring.model import Condition, Observation, Rule
from scoring.model_file import model_from_dict
from scoring.paired_effects import (
    BothScores,
    auc_effect,
    caught_effect,
    rate_effect,
    worked_best,
    worked_from,
)
from scoring.periods import periods_between
from scoring.returning_leads import Outcomes, Returns
from scoring.sensitivity import Held, Metric, Question
from tests.seeded import examples
from tests.sql_path import open_flow as open_case
from tests.strategies import cases

SCORES = 40
CUT = 25
BOTH_WAYS = ("fewer", "more")


def with_points(model, rule_id, points):
    rules = tuple(
        rule.model_copy(update={"points": points}) if rule.id == rule_id else rule for rule in model.rules
    )
    return model.model_copy(update={"rules": rules})


def wins_among_best(cells, room, periods):
    """Share of wins among the best-scored leads, score by score from the top."""
    chosen = cells.mature & np.isin(np.array(cells.periods)[cells.period], periods)
    wins = int(cells.leads[chosen & cells.converted].sum())
    if not wins:
        return None
    caught = 0.0
    for score in sorted(set(cells.score[chosen].tolist()), reverse=True):
        at = chosen & (cells.score == score)
        share = min(1.0, room / int(cells.leads[at].sum()))
        caught += share * int(cells.leads[at & cells.converted].sum())
        room -= share * int(cells.leads[at].sum())
    return caught / wins


@examples(500, part=10)
@given(
    case=cases(),
    step=st.integers(1, 9),
    leads_per_week=st.sampled_from([None, 0.05, 0.3, 50.0]),
    value=st.integers(0, 2),
)
def test_every_figure_is_that_of_the_changed_model_computed_anew(tmp_path, case, step, leads_per_week, value):
    model = model_from_dict(case.model)
    with open_case(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        assume(flow.observed_until is not None or case.observed_until is not None)
        whole = flow.cells(model, case.segment, case.observed_until)
        values = whole.segments[value : value + 1] if case.segment else ()

        def looked_at(changed):
            cells = flow.cells(changed, case.segment, case.observed_until)
            cells = cells.filter(values) if values else cells
            return cells.only([one for one in cells.periods if one not in found.left_out])

        found = rule_sensitivity(
            flow,
            model,
            Question(step, leads_per_week),
            segment=case.segment,
            values=values,
            observed_until=case.observed_until,
        )
        assert found.left_out == kept_back(whole, model)
        assert {knob.rule for knob in found.knobs} == {rule.id for rule in model.enabled_rules}
        now = looked_at(model)
        before = compute_backtest(now, model).pooled
        top = before.tiers[-1]
        assert (found.auc, found.top_rate) == (pytest.approx(before.auc), pytest.approx(top.rate))
        if leads_per_week is None:
            assert found.room.leads == top.leads
            if model.grid is None:  # the best-scored leads of a grid are of several tiers
                assert found.wins_caught == pytest.approx(top.capture)
        for knob in found.knobs:
            for turn, sign in ((knob.fewer, -1), (knob.more, 1)):
                assert turn.points == model.rule(knob.rule).points + sign * step
                changed = with_points(model, knob.rule, turn.points)
                cells = looked_at(changed)
                after = compute_backtest(cells, changed).pooled
                assert turn.auc.value == pytest.approx(after.auc)
                assert turn.top_rate.value == pytest.approx(after.tiers[-1].rate)
                expected = wins_among_best(cells, found.room.leads, found.room.periods)
                assert turn.wins_caught.value == pytest.approx(expected)
                assert (turn.held is None) == (turn.leads_moved > 0)
                for metric in Metric:
                    effect, value_now = turn.effect(metric), found.now(metric)
                    if effect.difference is not None:
                        assert effect.difference == pytest.approx(effect.value - value_now, abs=1e-12)


def returning_rows(seed, leads, periods, *, repeat, towards_outcome=False):
    """Leads that return until they convert, and whose scores a change moves the same way each time.

    With `towards_outcome` the way depends on the outcome, so that what a lead adds to both classes agrees.
    """
    random = np.random.default_rng(seed)
    quality, shift = random.normal(size=leads), 5 * random.normal(size=leads)
    rows = []
    for lead in range(leads):
        first = int(random.integers(periods)) if not repeat else 0
        for period in range(first, periods if repeat else first + 1):
            won = bool(random.random() < 0.4 / (1 + math.exp(-2 * quality[lead])))
            now = quality[lead] * 6 + 20 + random.normal()
            way = -1 if towards_outcome and not won else 1
            changed = now + way * shift[lead] + random.normal()
            rows.append((lead, period, *np.clip([now, changed], 0, SCORES - 1).astype(int), won))
            if won:
                break
    lead, period, now, changed, won = (np.array(column) for column in zip(*rows, strict=True))
    labels = tuple(f"20{year:02d}-Q1" for year in range(periods))
    return LeadRows(labels, lead, period, now, changed, won.astype(bool))


def as_groups(rows, returns):
    """The same rows without knowing whose they are."""
    keys = np.stack([rows.period, rows.score_a, rows.score_b, rows.converted])
    found, leads = np.unique(keys, axis=1, return_counts=True)
    outcomes = Outcomes(found[0], found[3].astype(bool), leads)
    return BothScores(outcomes, found[1], found[2], SCORES, returns)


def reach(effect):
    return (effect.high - effect.low) / 2


def width(low, high):
    return high - low


@pytest.mark.parametrize("towards_outcome", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_range_of_the_auc_is_never_narrower_than_the_one_that_knows_who_returns(seed, towards_outcome):
    rows = returning_rows(seed, 500, 3 + seed, repeat=True, towards_outcome=towards_outcome)
    exact = clustered_auc_difference(rows)
    effect = auc_effect(as_groups(rows, Returns(1, len(rows.periods))))
    assert effect.difference == pytest.approx(exact.difference)
    assert effect.low <= exact.low + 1e-12
    assert effect.high >= exact.high - 1e-12
    # Not so wide that it says nothing, either.
    assert width(effect.low, effect.high) < 2.5 * width(exact.low, exact.high)
    if towards_outcome:
        # The case is a hard one: rows taken for leads of their own would make the range too narrow.
        as_leads = auc_effect(as_groups(rows, Returns(1, 1)))
        assert width(as_leads.low, as_leads.high) < width(exact.low, exact.high)


@pytest.mark.parametrize("seed", range(4))
def test_when_no_lead_returns_the_range_is_that_of_delong(seed):
    rows = returning_rows(seed, 900, 4, repeat=False)
    joint = JointCells(
        rows.periods, rows.period, rows.score_a, rows.score_b, rows.converted, np.ones_like(rows.lead)
    )
    exact = paired_auc_difference(joint)
    effect = auc_effect(as_groups(rows, Returns(1, 1)))
    assert (effect.low, effect.high) == (pytest.approx(exact.low), pytest.approx(exact.high))


@pytest.mark.parametrize("seed", range(4))
def test_a_conversion_seen_from_two_moments_counts_once(seed):
    rows = returning_rows(seed, 500, 5, repeat=True)
    follows = (rows.lead[1:] == rows.lead[:-1]) & rows.converted[1:]
    twice = replace(rows, converted=rows.converted | np.append(follows, False))
    exact = clustered_auc_difference(twice)
    effect = auc_effect(as_groups(twice, Returns(2, 5)))
    assert effect.low <= exact.low + 1e-12
    assert effect.high >= exact.high - 1e-12
    once = auc_effect(as_groups(twice, Returns(1, 5)))
    assert width(once.low, once.high) < width(effect.low, effect.high)


@pytest.mark.parametrize("repeat", [False, True])
def test_a_range_of_the_rate_is_the_jackknifes_or_wider(repeat):
    rows = returning_rows(5, 4000, 4, repeat=repeat)
    exact = rate_difference(aggregate_leads(rows, rows.score_a >= CUT, rows.score_b >= CUT))
    both = as_groups(rows, Returns(1, 4 if repeat else 1))
    effect = rate_effect(both, worked_from(both.now, CUT), worked_from(both.changed, CUT))
    assert effect.difference == pytest.approx(exact.difference)
    exact_reach = (exact.high - exact.low) / 2
    if repeat:
        assert exact_reach < reach(effect) < 2.5 * exact_reach
    else:
        assert reach(effect) == pytest.approx(exact_reach, rel=0.02)


def test_the_range_of_the_wins_caught_at_equal_number_is_as_wide_as_resampling_says():
    rows = returning_rows(9, 3000, 1, repeat=False)
    both, room = as_groups(rows, Returns(1, 1)), 300.0

    def caught(leads):
        groups = BothScores(
            Outcomes(both.rows.period, both.rows.converted, leads),
            both.now,
            both.changed,
            SCORES,
            Returns(1, 1),
        )
        return caught_effect(
            groups, worked_best(groups, both.now, room), worked_best(groups, both.changed, room)
        )

    random = np.random.default_rng(3)
    shares = both.rows.leads / both.rows.leads.sum()
    drawn = [caught(random.multinomial(3000, shares)).difference for _ in range(600)]
    assert reach(caught(both.rows.leads)) / 1.96 == pytest.approx(np.std(drawn), rel=0.15)


def test_few_wins_among_the_leads_that_move_are_no_evidence():
    """Four leads that did not convert leave the top tier: its rate rises for certain, and means nothing."""
    converted = np.array([True, True, False, False, False])
    leads = np.array([40, 60, 4, 396, 2000])
    now, changed = np.array([30, 10, 30, 30, 10]), np.array([30, 10, 10, 30, 10])
    both = BothScores(Outcomes(np.zeros(5, dtype=int), converted, leads), now, changed, SCORES, Returns(1, 1))
    effect = rate_effect(both, worked_from(now, CUT), worked_from(changed, CUT))
    assert effect.difference > 0
    assert (effect.low, effect.high, effect.level) == (None, None, Level.TOO_LITTLE_DATA)


@pytest.mark.parametrize("month", [1, 2, 4])
@pytest.mark.parametrize("period", ["quarter", "month"])
@pytest.mark.parametrize("horizon", [1, 28, 30, 89, 90, 91, 180, 400])
def test_no_conversion_is_seen_from_more_moments_than_counted(demo_workspace, month, period, horizon):
    model, flow = model_in_use(demo_workspace), open_flow(demo_workspace)
    cells = flow.cells(model)
    observation = Observation(period=period, fiscal_year_start_month=month if period == "quarter" else 1)
    model = model.model_copy(
        update={
            "observation": observation,
            "conversion": model.conversion.model_copy(update={"horizon_days": horizon}),
        }
    )
    moments = [
        one.starts_at for one in periods_between(datetime(2000, 1, 1), datetime(2012, 1, 1), observation)
    ]
    seen = max(
        sum(first <= other < first + timedelta(days=horizon) for other in moments) for first in moments
    )
    counted = Returns.of(model, cells)
    assert counted.converted >= min(seen, len(cells.periods))
    assert counted.converted <= seen + 2
    assert counted.others == len(cells.periods)


def test_moments_of_their_own_return_nobody_and_repeatable_wins_may_return_always(demo_workspace):
    model, flow = model_in_use(demo_workspace), open_flow(demo_workspace)
    cells = flow.cells(model)
    once = model.model_copy(update={"observation": Observation(moment="days_after_creation")})
    assert Returns.of(once, cells) == Returns(1, 1)
    again = model.conversion.model_copy(update={"repeatable": True})
    most = len(cells.periods)
    assert Returns.of(model.model_copy(update={"conversion": again}), cells) == Returns(most, most)


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


def test_the_demos_ranges_hold_those_that_know_which_leads_return(flow, model):
    found = rule_sensitivity(flow, model)
    kept = [one for one in flow.cells(model).periods if one not in found.left_out]
    for knob in found.knobs[:4]:
        for way in BOTH_WAYS:
            turn = getattr(knob, way)
            rows = lead_rows(flow, model, with_points(model, knob.rule, turn.points)).only(kept)
            exact = clustered_auc_difference(rows)
            assert turn.auc.difference == pytest.approx(exact.difference)
            assert turn.auc.low <= exact.low + 1e-12
            assert turn.auc.high >= exact.high - 1e-12


def test_opens_are_worth_less_than_they_get(flow, model):
    """The demo plants opens that tell nothing: fewer points for them rank better, and more rank worse."""
    found = rule_sensitivity(flow, model)
    opens = next(knob for knob in found.knobs if knob.rule == "email_open")
    assert opens.fewer.auc.difference > 0 > opens.more.auc.difference
    assert opens in found.ranked(Metric.AUC)[:3]
    careers = next(knob for knob in found.knobs if knob.rule == "careers_page")
    assert careers.fewer.auc.difference > 0 > careers.more.auc.difference


def rule_on(activity_type, **more):
    where = (Condition(field="activity_type", operator="equals", value=activity_type),)
    return Rule(id="extra", category="engagement", source="activity", where=where, **more)


def test_a_rule_that_never_fires_stands_last_and_says_why(flow, model):
    extra = rule_on("onboarding_call", points=10)
    found = rule_sensitivity(flow, model.model_copy(update={"rules": (extra, *model.rules)}))
    knob = found.ranked(Metric.AUC)[-1]
    assert knob.rule == "extra"
    assert knob.more.held is knob.fewer.held is Held.NEVER_FIRES
    assert [knob.size(metric) for metric in Metric] == [0, 0, 0]
    assert knob.more.auc.level is Level.NO_DIFFERENCE


def test_a_rule_at_its_limit_does_not_move(flow, model):
    extra = rule_on("page_view", points=30, max_points=10)
    found = rule_sensitivity(flow, model.model_copy(update={"rules": (*model.rules, extra)}))
    knob = next(knob for knob in found.knobs if knob.rule == "extra")
    assert (knob.more.points, knob.more.leads_moved, knob.more.held) == (35, 0, Held.OWN_LIMIT)
    assert knob.more.wins_caught.difference == 0


def test_a_category_at_its_limit_holds_its_rules(flow, model):
    category = model.category("engagement").model_copy(update={"min_points": 0, "max_points": 0})
    others = tuple(one for one in model.categories if one.name != "engagement")
    found = rule_sensitivity(flow, model.model_copy(update={"categories": (*others, category)}))
    knob = next(knob for knob in found.knobs if knob.rule == "pricing_page")
    assert knob.fewer.held is knob.more.held is Held.OTHER_LIMITS


def test_rules_with_equal_effects_stay_in_the_models_order(flow, model):
    same = [rule_on("onboarding_call", points=1).model_copy(update={"id": name}) for name in ("b", "a", "c")]
    found = rule_sensitivity(flow, model.model_copy(update={"rules": (*same, *model.rules)}))
    assert [knob.rule for knob in found.ranked(Metric.AUC)][-3:] == ["b", "a", "c"]


def test_sales_room_is_that_of_the_complete_periods(flow, model):
    found = rule_sensitivity(flow, model, Question(5, 7.0))
    first, last = found.room.periods[0], found.room.periods[-1]
    assert not set(found.room.periods) & set(found.left_out)
    spans = {
        one.label: one
        for one in periods_between(
            datetime(2023, 1, 1), datetime.now(UTC).replace(tzinfo=None), model.observation
        )
    }
    days = (spans[last].ends_at - spans[first].starts_at).days
    assert found.room.leads == pytest.approx(days)


def test_an_equal_question_is_answered_once_and_another_anew(flow, model):
    told = []
    first = rule_sensitivity(flow, model, Question(6), progress=lambda share, _text: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1
    labels = tuple(rule.model_copy(update={"label": "Another"}) for rule in model.rules)
    assert rule_sensitivity(flow, model.model_copy(update={"rules": labels}), Question(6)) is first
    other = with_points(model, "email_open", 0)
    assert rule_sensitivity(flow, other, Question(6)) is not first


def test_what_progress_raises_ends_the_work_and_nothing_is_kept(flow, model):
    def stop(share, _text):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rule_sensitivity(flow, model, Question(8), progress=stop)
    assert rule_sensitivity(flow, model, Question(8)).step == 8


def test_a_model_without_rules_has_figures_and_no_knobs(flow, model):
    found = rule_sensitivity(flow, model.model_copy(update={"rules": ()}))
    assert found.knobs == ()
    assert found.auc == 0.5


@pytest.mark.parametrize(
    ("arguments", "named"), [((0,), "1 to 1000, got 0"), ((5, 0.0), "above 0"), ((5, math.nan), "above 0")]
)
def test_a_question_that_cannot_be_answered_is_refused(arguments, named):
    with pytest.raises(ScoringError, match=named):
        Question(*arguments)

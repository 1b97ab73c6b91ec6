"""Suggested points: the search is exact, limits hold, and what is planted is found again out of time."""

import itertools
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from demo_data.generator import generate
from queries.dataset import open_flow, ready_models
from queries.importing import load_tables
from queries.suggestion import _Scored, suggest
from queries.workspace import Workspace
from scoring.comparison import Level
from scoring.errors import ScoringError
from scoring.evidence import kept_back
from scoring.goal import Offer, value_of
from scoring.model import Rule
from scoring.model_file import model_from_dict, parse_model
from scoring.paired_effects import BothScores
from scoring.period_effects import effect_within_periods
from scoring.points_search import search_points
from scoring.returning_leads import Outcomes, Returns
from scoring.suggest import known_before, offer_of
from scoring.suggestion import Aim, Goal, Limits, cap_for, take, with_points
from scoring.suggestion_words import suggestion_headline, suggestion_sentences
from scoring.top_tier_size import balancing_base_points, top_leads, without_ends
from scoring.walk_forward import learn, regression_points
from tests.seeded import examples
from tests.sql_path import open_flow as open_case
from tests.strategies import cases
from tests.test_real_data import EXAMPLES, load_example, needs_data

GUIDELINE = ready_models()["b2b_guideline"]


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("suggested"))
    load_tables(workspace, generate(20_000, seed=1))
    return open_flow(workspace)


@pytest.fixture(scope="module")
def by_goal(flow):
    return {goal: suggest(flow, GUIDELINE, Aim(goal)) for goal in Goal}


def caught_by_hand(cells, offer):
    """Share of wins among the best of each period, lead by lead down the scores."""
    caught = wins = 0.0
    for label, room in zip(offer.periods, offer.rooms, strict=True):
        rows = cells.mature & (np.array(cells.periods)[cells.period] == label)
        left = room
        wins += cells.leads[rows & cells.converted].sum()
        for score in sorted(set(cells.score[rows].tolist()), reverse=True):
            at = rows & (cells.score == score)
            share = min(1.0, left / cells.leads[at].sum())
            caught += share * cells.leads[at & cells.converted].sum()
            left -= share * cells.leads[at].sum()
    return caught / wins if wins else None


def order_by_hand(cells, offer):
    """Share of pairs of one period in the right order, pair by pair."""
    right = pairs = 0.0
    for label in offer.periods:
        rows = np.flatnonzero(cells.mature & (np.array(cells.periods)[cells.period] == label))
        for won, lost in itertools.product(rows[cells.converted[rows]], rows[~cells.converted[rows]]):
            weight = int(cells.leads[won]) * int(cells.leads[lost])
            pairs += weight
            right += weight * (1 + np.sign(int(cells.score[won]) - int(cells.score[lost]))) / 2
    return right / pairs if pairs else None


def offered(cells, model):
    """Every period with as many places as leads with more than the lowest score, half of them."""
    rooms = []
    for label in cells.periods:
        rows = cells.mature & (np.array(cells.periods)[cells.period] == label)
        rooms.append(cells.leads[rows & (cells.score > model.min_score)].sum() / 2)
    return Offer(cells.periods, np.array(rooms, dtype=np.float64))


@examples(500, part=10)
@given(case=cases(), goal=st.sampled_from(list(Goal)), most=st.integers(1, 3))
def test_the_search_takes_what_trying_every_model_would_take(tmp_path, case, goal, most):
    model = model_from_dict(case.model)
    assume(model.enabled_rules)
    by_hand = {Goal.WINS: caught_by_hand, Goal.RANKING: order_by_hand}[goal]
    values = {rule.id: sorted({-4, 0, 3, 12, rule.points}) for rule in model.enabled_rules}
    limits = {rule.id: Limits(values[rule.id][0], values[rule.id][-1]) for rule in model.enabled_rules}
    with open_case(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        assume(flow.observed_until is not None)
        offer = offered(flow.cells(model), model)
        aim = Aim(goal, most, limits, least_gain=0.01)

        def measured(points):
            return by_hand(flow.cells(with_points(model, points)), offer)

        found = search_points(model, flow.response_table, offer, aim, lambda rule: values[rule.id])
        now = measured({})
        assert found.value_now == (None if now is None else pytest.approx(now))
        points = {}
        for step in found.steps:
            assert step.value == pytest.approx(measured(points | {step.rule: step.points}))
            tried = {
                (rule.id, one): measured(points | {rule.id: one})
                for rule in model.enabled_rules
                if len(points) < most or rule.id in points
                for one in values[rule.id]
            }
            best = max(tried.values())
            # Nothing is better, but for a rule that can go at the cost of less than a gain worth having.
            assert step.value >= best - (aim.smallest_gain if step.points == 0 else 1e-9)
            assert step.value - now >= aim.smallest_gain - 1e-9
            points[step.rule], now = step.points, step.value
        # Where it stopped, nothing that it may still change gains enough.
        left = [rule for rule in model.enabled_rules if len(points) < most or rule.id in points]
        for rule, one in [(each, one) for each in left for one in values[each.id] if now is not None]:
            preferred = measured(points | {rule.id: 0})
            reached = max(measured(points | {rule.id: one}), preferred)
            gone = preferred > reached - aim.smallest_gain
            assert (preferred if gone else reached) - now < aim.smallest_gain + 1e-9
        assert len(found.points) <= most


def test_the_value_of_cells_is_that_of_counting_by_hand(flow):
    cells = flow.cells(GUIDELINE)
    offer = offered(cells, GUIDELINE)
    value = value_of(cells, offer, Goal.WINS, GUIDELINE.min_score, GUIDELINE.max_score)
    assert value == pytest.approx(caught_by_hand(cells, offer))


def test_opens_go_jobs_turn_negative_and_fresh_interest_rises(by_goal):
    points = {goal: {one.rule: one.points for one in found.changes} for goal, found in by_goal.items()}
    for goal in Goal:
        assert points[goal]["email_open"] == 0
        assert points[goal]["careers_page"] < 0
    assert points[Goal.WINS]["recent"] > GUIDELINE.rule("recent").points


@pytest.mark.parametrize("goal", list(Goal))
def test_all_together_beat_the_guideline_out_of_time_by_more_than_chance(by_goal, goal):
    found = by_goal[goal]
    assert found.refusal == ""
    assert found.together.level is Level.BETTER
    assert found.together.low > 0
    assert len(found.judged) >= 3
    assert "more than chance" in suggestion_headline(found)


def test_the_regression_gives_what_is_planted_its_sign(flow):
    scored = _Scored(flow, GUIDELINE)
    cells, aim = scored.cells(GUIDELINE), Aim(Goal.RANKING)
    offer = offer_of(cells, scored.history, GUIDELINE, aim, kept_back(cells, GUIDELINE))
    points = regression_points(GUIDELINE, aim, scored, offer)
    assert points["email_open"] == 0
    assert points["careers_page"] < 0
    assert points["event"] > 0
    for strong in ("pricing_page", "colleagues", "seniority", "industry", "company_size"):
        assert points[strong] > GUIDELINE.rule(strong).points
    changed = without_ends(with_points(GUIDELINE, points))
    size, held = top_leads(cells, offer, GUIDELINE), top_leads(scored.cells(changed), offer, changed)
    assert held == pytest.approx(size, rel=0.3)


def test_the_top_tier_keeps_its_size(flow, by_goal):
    for found in by_goal.values():
        assert found.top_leads == pytest.approx(found.top_leads_now, rel=0.1)
        changed = take(GUIDELINE, found.points).model_copy(update={"base_points": found.base_points})
        cells = flow.cells(changed)
        offer = Offer(found.searched, np.zeros(len(found.searched)))
        assert top_leads(cells, offer, changed) == found.top_leads


def test_starting_points_are_those_that_come_nearest(flow):
    changed = with_points(GUIDELINE, {"pricing_page": 20, "email_open": 0})
    cells = flow.cells(GUIDELINE)
    offer = Offer(cells.periods[:-1], np.zeros(len(cells.periods) - 1))
    target = top_leads(cells, offer, GUIDELINE)
    base = balancing_base_points(flow.cells(without_ends(changed)), offer, changed, target)

    def off(base_points):
        model = changed.model_copy(update={"base_points": base_points})
        return abs(top_leads(flow.cells(model), offer, model) - target)

    assert off(base) == min(off(each) for each in range(-40, 41))


def test_nothing_is_searched_or_judged_on_the_period_that_is_kept_back(flow, by_goal):
    cells = flow.cells(GUIDELINE)
    for found in by_goal.values():
        assert found.left_out == kept_back(cells, GUIDELINE)
        assert not {*found.left_out} & {*found.searched, *found.judged}


class Changed:
    """The leads with other outcomes from one period on."""

    def __init__(self, scored, first):
        self.scored, self.first = scored, first

    def _turned(self, part):
        labels = np.array(part.periods)[part.period]
        return replace(part, converted=np.where(labels >= self.first, ~part.converted, part.converted))

    @property
    def history(self):
        return self._turned(self.scored.history)

    def cells(self, model):
        return self._turned(self.scored.cells(model))

    def table(self, model, rule_id):
        table = self.scored.table(model, rule_id)
        return replace(table, cells=self._turned(table.cells))

    def joint(self, model, changed):
        return self._turned(self.scored.joint(model, changed))


@pytest.mark.parametrize("goal", list(Goal))
def test_what_happens_later_changes_no_earlier_lesson(flow, goal):
    scored = _Scored(flow, GUIDELINE)
    aim = Aim(goal, 2)
    label = "2025-Q2"
    cells = scored.cells(GUIDELINE)
    offer = offer_of(cells, scored.history, GUIDELINE, aim, ()).only(known_before(scored.history, label))
    assert max(offer.periods) < label
    before, after = (learn(GUIDELINE, aim, each, offer) for each in (scored, Changed(scored, label)))
    assert before.found.points == after.found.points
    assert (before.base_points, before.spare) == (after.base_points, after.spare)


def test_limits_hold_and_a_rule_outside_of_its_own_is_moved(flow):
    limits = {"recent": Limits(10, 20), "careers_page": Limits(-5, -3), "email_open": Limits(1, 1)}
    found = suggest(flow, GUIDELINE, Aim(limits=limits))
    points = {one.rule: one.points for one in found.changes}
    assert -5 <= points["careers_page"] <= -3
    assert 10 <= points.get("recent", 10) <= 20
    assert "email_open" not in points
    usual = {rule.id: Limits.usual(GUIDELINE, rule) for rule in GUIDELINE.enabled_rules}
    for rule, value in points.items():
        assert usual[rule].low <= value <= usual[rule].high


def test_at_most_so_many_rules_change(flow):
    assert len(suggest(flow, GUIDELINE, Aim(most_changes=1)).changes) == 1


def test_sales_capacity_sets_how_many_leads_count(flow):
    found = suggest(flow, GUIDELINE, Aim(most_changes=1, leads_per_week=10.0))
    weeks = sum({"1": 90, "2": 91, "3": 92, "4": 92}[label[-1]] for label in found.searched) / 7
    assert found.room == pytest.approx(10 * weeks)


def test_noise_is_declined(tmp_path):
    """The same leads, each with the outcomes of another one that came in the same month."""
    tables = generate(8000, seed=2)
    leads = tables["leads"].select(["lead_id", "created_at"]).to_pandas()
    months = leads["created_at"].dt.strftime("%Y-%m")
    dealt = (
        leads["lead_id"]
        .groupby(months)
        .transform(lambda ids: np.random.default_rng(3).permutation(ids.to_numpy()))
    )
    partner = dict(zip(leads["lead_id"], dealt, strict=True))
    outcomes = tables["outcomes"]
    mixed = pa.array([partner[one] for one in outcomes.column("lead_id").to_pylist()], pa.string())
    place = outcomes.column_names.index("lead_id")
    tables = tables | {"outcomes": outcomes.set_column(place, "lead_id", mixed)}
    workspace = Workspace.open(tmp_path)
    load_tables(workspace, tables)
    for goal in Goal:
        found = suggest(open_flow(workspace), GUIDELINE, Aim(goal))
        assert found.judged
        assert found.refusal
        assert found.together.level is not Level.BETTER
        assert suggestion_headline(found).startswith("Nothing is suggested: ")


def test_too_few_wins_are_declined_with_the_number_needed(demo_workspace):
    model = GUIDELINE.model_copy(
        update={"conversion": GUIDELINE.conversion.model_copy(update={"horizon_days": 1})}
    )
    found = suggest(open_flow(demo_workspace), model)
    needed = 10 * len(model.enabled_rules)
    assert found.changes == ()
    assert found.together is None
    assert f"{needed} are needed to learn from" in found.refusal
    assert suggestion_headline(found).startswith("Nothing is suggested: ")


@needs_data
@pytest.mark.parametrize("goal", list(Goal))
def test_on_maven_nothing_is_suggested(tmp_path, goal):
    model = parse_model((EXAMPLES / "maven_crm" / "model.toml").read_text(encoding="utf-8"))
    found = suggest(open_flow(load_example("maven_crm", tmp_path)), model, Aim(goal))
    assert found.changes == ()
    assert found.refusal.startswith("no period can be judged by what was known before it: ")
    assert "are needed to learn from" in suggestion_headline(found)


def test_rules_that_can_go_cost_nothing_that_shows(flow, by_goal):
    spare = by_goal[Goal.WINS].spare
    assert "email_open" in spare.rules
    assert not {"pricing_page", "seniority", "recent"} & {*spare.rules}
    assert spare.wins_caught.level is not Level.WORSE
    assert spare.auc.level is not Level.WORSE
    sentences = suggestion_sentences(by_goal[Goal.WINS], {"email_open": "Opened an email"})
    assert any("can go without a loss that would show" in line for line in sentences)


def test_a_taken_rule_without_points_is_switched_off_and_caps_keep_step(by_goal):
    changed = take(GUIDELINE, by_goal[Goal.WINS].points)
    opened = changed.rule("email_open")
    assert (opened.enabled, opened.points) == (False, 1)
    careers = changed.rule("careers_page")
    assert careers.max_points == 5 * abs(careers.points)
    assert take(GUIDELINE, {}) == GUIDELINE


@pytest.mark.parametrize(
    ("points", "cap", "new", "expected"),
    [(5, 15, 20, 60), (5, None, 9, None), (2, 10, -30, 150), (0, 7, 9, 7), (3, 10, 1, 3), (100, 1, 1, 1)],
)
def test_a_cap_is_reached_after_as_many_times_as_before(points, cap, new, expected):
    rule = Rule(id="a", category="c", source="lead", points=points, max_points=cap)
    assert cap_for(rule, new) == expected


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Limits(3, 2), "3..2"),
        (lambda: Limits(0, 1001), "0..1001"),
        (lambda: Aim(most_changes=0), "most_changes"),
        (lambda: Aim(leads_per_week=0.0), "leads_per_week"),
        (lambda: Aim(limits={"silent": Limits(0, 1)}).check(GUIDELINE), "'silent'"),
    ],
)
def test_bad_aims_are_refused(make, named):
    with pytest.raises(ScoringError, match=named):
        make()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("goal", list(Goal))
def test_a_range_is_as_wide_as_resampling_says_where_no_lead_returns(seed, goal):
    rng = np.random.default_rng(seed)
    count, scores = 3000, 40
    quality = rng.normal(size=count)
    now = np.clip(quality * 5 + 20 + rng.normal(size=count) * 3, 0, scores - 1).astype(int)
    changed = np.clip(quality * 6 + 20 + rng.normal(size=count) * 3, 0, scores - 1).astype(int)
    won = rng.random(count) < 0.25 / (1 + np.exp(-2 * quality))
    period = rng.integers(0, 2, count)
    offer = Offer(("2025-Q1", "2025-Q2"), np.array([150.0, 200.0]))

    def effect(rows):
        outcomes = Outcomes(period[rows], won[rows], np.ones(len(rows), dtype=np.int64))
        both = BothScores(outcomes, now[rows], changed[rows], scores, Returns(1, 1))
        return effect_within_periods(both, offer, goal)

    found = effect(np.arange(count))
    drawn = [effect(rng.integers(0, count, count)).difference for _ in range(400)]
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(np.std(drawn), rel=0.2)

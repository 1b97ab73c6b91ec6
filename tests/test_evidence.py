"""What the evidence says about the demo data, where the truth is planted; what it says of next to nothing."""

from dataclasses import replace

import numpy as np
import pytest

from demo_data.generator import generate
from queries.dataset import open_flow, ready_models
from queries.evidence import compare, model_evidence, rules_evidence, source_column
from queries.importing import load_tables
from queries.workspace import Workspace
from scoring.backtest import compute_backtest
from scoring.calibration import fit_calibration
from scoring.comparison import Level
from scoring.comparison_evidence import comparison_sentences
from scoring.drift import Change
from scoring.errors import ScoringError
from scoring.evidence import evidence_sentences, gather_evidence, kept_back
from scoring.rule_evidence import Evidence
from scoring.rule_report import rule_sentences
from scoring.signal_strength import Strength
from scoring.work_thresholds import Work
from tests.test_backtest_figures import make_cells

GUIDELINE = ready_models()["b2b_guideline"]


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("evidence"))
    load_tables(workspace, generate(6_000, seed=1))
    return open_flow(workspace)


@pytest.fixture(scope="module")
def cells(flow):
    return flow.cells(GUIDELINE, source_column(flow.engine))


def with_points(name="Draft", **changes):
    """The guideline with other points (and caps) for some rules."""
    rules = tuple(
        rule.model_copy(update=dict(zip(("points", "max_points"), changes[rule.id], strict=True)))
        if rule.id in changes
        else rule
        for rule in GUIDELINE.rules
    )
    return GUIDELINE.model_copy(update={"name": name, "rules": rules})


IMPROVED = with_points(
    email_open=(0, None),
    pricing_page=(15, 45),
    careers_page=(-30, 90),
    seniority=(20, None),
    company_size=(10, None),
)


def shuffled():
    """Every rule's points given to another rule."""
    points = [rule.points for rule in GUIDELINE.rules]
    order = np.random.default_rng(3).permutation(len(points))
    rules = tuple(
        rule.model_copy(update={"points": points[other], "max_points": None})
        for rule, other in zip(GUIDELINE.rules, order, strict=True)
    )
    return GUIDELINE.model_copy(update={"name": "Shuffled", "rules": rules})


def test_the_worthless_rule_has_no_lift_and_a_strong_one_has(flow):
    report = rules_evidence(flow, GUIDELINE)
    by_rule = {line.rule: line for line in report.rules}
    opens, prices, jobs = (by_rule[rule].evidence for rule in ("email_open", "pricing_page", "careers_page"))
    assert opens.evidence is Evidence.NOTHING and opens.fired > 1_000
    assert prices.evidence is Evidence.HELPS and prices.lift_low > 1.5
    assert jobs.evidence is Evidence.HARMS and jobs.lift_high < 0.8
    labels = {rule.id: rule.label for rule in GUIDELINE.rules}
    text = " ".join(rule_sentences(report, labels))
    assert "Opened an email: tells nothing about who buys (" in text
    assert "Looked at the jobs: gives points to leads that buy less (" in text
    assert sum(line.points_share for line in report.rules) == pytest.approx(1)


def test_the_bought_list_is_called_a_change_of_the_leads_by_name(flow):
    evidence = model_evidence(flow, GUIDELINE)
    flooded = next(report for report in evidence.drift if report.period == "2025-Q4")
    assert flooded.change is Change.LEADS_CHANGED
    assert flooded.growth.segment == "purchased_list"
    assert any(
        line.startswith("2025-Q4: Your leads changed, not the model. purchased_list grew")
        for line in evidence_sentences(evidence)
    )


def test_an_improved_model_is_called_better_also_out_of_time(flow):
    found = compare(flow, GUIDELINE, IMPROVED, final_check=True)
    assert found.left_out == ("2026-Q1",)
    assert found.comparison.pooled.verdict.level is Level.BETTER
    assert found.comparison.agreeing == found.comparison.judged > 2
    assert found.final_check.period.period == "2026-Q1"
    assert found.final_check.period.verdict.level is Level.BETTER
    sentences = comparison_sentences(found)
    assert sentences[0].startswith("Your draft is better: Your draft picks the buyer over the non-buyer")
    assert any(line.startswith("Final check on 2026-Q1: better.") for line in sentences)


def test_a_shuffled_model_is_called_worse_and_the_same_model_no_different(flow):
    worse = compare(flow, GUIDELINE, shuffled())
    assert worse.comparison.pooled.verdict.level is Level.WORSE
    assert worse.final_check is None
    assert "2026-Q1 is kept back for the final check." in comparison_sentences(worse)
    same = compare(flow, GUIDELINE, GUIDELINE)
    assert {period.verdict.level for period in (*same.comparison.periods, same.comparison.pooled)} <= {
        Level.NO_DIFFERENCE,
        Level.TOO_LITTLE_DATA,
    }
    assert same.swap.up.leads == same.swap.down.leads == 0
    assert same.top_tier.rate.difference == same.top_tier.capture.difference == 0


def test_a_draft_that_counts_otherwise_is_compared_on_the_same_leads(flow):
    """Another window and another reset give other counts, but the same leads, moments and outcomes."""
    rules = tuple(
        rule.model_copy(update={"window_days": 30}) if rule.id == "pricing_page" else rule
        for rule in GUIDELINE.rules
    )
    draft = GUIDELINE.model_copy(update={"rules": rules, "inactivity_reset_days": 90})
    pooled = compare(flow, GUIDELINE, draft, final_check=True).comparison.pooled
    known = compute_backtest(flow.cells(draft).only(flow.cells(draft).periods[:-2]), draft).pooled
    assert (pooled.leads, pooled.conversions) == (known.leads, known.conversions)
    assert pooled.auc.auc_b == pytest.approx(known.auc)


def test_evidence_does_not_see_the_period_that_is_kept_back(flow, cells):
    left_out = kept_back(cells, GUIDELINE)
    assert left_out == ("2026-Q1",)
    evidence = gather_evidence(cells, GUIDELINE, left_out)
    blind = gather_evidence(cells.only([p for p in cells.periods if p not in left_out]), GUIDELINE)
    assert evidence.left_out == left_out and blind.left_out == ()
    assert evidence.periods == blind.periods and "2026-Q1" not in evidence.periods
    assert (evidence.signal, evidence.drift, evidence.simpson) == (blind.signal, blind.drift, blind.simpson)
    rules = rules_evidence(flow, GUIDELINE, left_out=left_out)
    assert rules.periods == evidence.periods


def test_thresholds_meet_what_sales_can_work(cells):
    thresholds = gather_evidence(cells, GUIDELINE, work=Work(30, 1_000, 20)).thresholds
    assert [label for label, _ in thresholds.capacity_by_period][:2] == ["2024-Q2", "2024-Q3"]
    mature = cells.mature & (cells.score >= thresholds.capacity.threshold)
    # Eight complete quarters, April 2024 to March 2026.
    weeks = (366 + 365 - 91) / 7 + 90 / 7
    assert thresholds.capacity.leads_per_week == pytest.approx(int(cells.leads[mature].sum()) / weeks)
    assert thresholds.capacity.leads_per_week <= 30
    assert thresholds.profit.profit_low < thresholds.profit.profit < thresholds.profit.profit_high
    assert len(thresholds.profit_by_period) == 8
    with pytest.raises(ScoringError, match="given together"):
        Work(conversion_value=10)


def test_probabilities_are_judged_by_what_earlier_periods_promised(cells):
    found = gather_evidence(cells, GUIDELINE).calibration
    label, check = found.by_period[-1]
    row = cells.periods.index(label)
    size = GUIDELINE.max_score - GUIDELINE.min_score + 1

    def counted(rows, won):
        chosen = rows & cells.mature & (cells.converted == won)
        return np.bincount(cells.score[chosen], weights=cells.leads[chosen], minlength=size).astype(int)

    before, now = cells.period < row, cells.period == row
    promised = fit_calibration(counted(before, True), counted(before, False))
    expected = float((promised * (counted(now, True) + counted(now, False))).sum())
    assert (check.observed, check.expected) == (counted(now, True).sum(), pytest.approx(expected))
    assert 0 < found.brier < found.brier_of_base_rate
    everybody = fit_calibration(counted(cells.mature, True), counted(cells.mature, False))
    assert found.probability == pytest.approx(everybody)


def test_next_to_nothing_gives_no_verdict_but_says_why():
    model = GUIDELINE.model_copy(update={"max_score": 200})
    nothing = gather_evidence(make_cells([], periods=()), model, work=Work(10, 5, 1))
    assert nothing.signal.strength is Strength.TOO_LITTLE_DATA
    assert nothing.notes == ("No period is complete yet: nothing can be judged.",)
    assert nothing.curves.gains is None and nothing.drift == () and nothing.thresholds.capacity is None
    rows = [(0, 0, 10, True, False, 20, 0), (0, 0, 120, True, True, 5, 0), (0, 1, 10, False, False, 9, 0)]
    few = gather_evidence(make_cells(rows, periods=("2025-Q1", "2025-Q2")), model)
    assert few.periods == ("2025-Q1",)
    assert few.notes[0].startswith("Too few conversions for a verdict in 2025-Q1")
    assert few.notes[1] == "Fewer than 30 leads in Nurture, SQL: its rate says little."
    assert few.tier_order.holds is None and few.calibration.probability is None
    assert kept_back(make_cells(rows, periods=("2025-Q1", "2025-Q2")), model) == ()


def test_only_periods_leaves_a_back_test_of_these_periods(cells):
    part = cells.only(["2025-Q1", "2025-Q2"])
    whole = compute_backtest(cells, GUIDELINE)
    kept = [figures for figures in whole.periods if figures.period in ("2025-Q1", "2025-Q2")]
    found = compute_backtest(part, GUIDELINE).periods
    assert [replace(figures, psi=None) for figures in found] == [replace(f, psi=None) for f in kept]

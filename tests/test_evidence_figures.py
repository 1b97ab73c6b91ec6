"""Figures of evidence and comparison hold exactly what was computed, and mark what must not be trusted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pages.components.compare import curve_figures as curves
from pages.components.compare.threshold_figure import CAUGHT, LEFT, wins_left_figure
from pages.components.compare.verdict_figure import difference_figure, swap_figure
from pages.components.evidence.drift_figure import CONVERTS, RANKS, SCORES, SOURCES, drift_figure
from pages.components.evidence.entry_figure import entry_figure
from pages.components.evidence.rule_figure import KNOWN_TODAY, rule_lift_figure, shown_lines
from pages.components.figures.style import MODEL_IN_USE, tier_labels
from pages.components.theme import Theme, palette
from pages.components.tune import changes
from queries.dataset import model_in_use, open_flow
from queries.entry import entry_cells
from queries.evidence import compare, model_evidence, rules_evidence
from scoring.backtest import compute_backtest
from scoring.comparison import Level
from scoring.drift import Change
from scoring.enough_data import MIN_LEADS_FOR_RATE, enough_for_verdict
from scoring.entry import compute_entries
from scoring.hindsight import known_today
from scoring.rule_evidence import Evidence
from scoring.work_thresholds import Work

THEMES: tuple[Theme, ...] = ("light", "dark")
WORK = Work(8.0, 5000.0, 50.0)


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def draft(model):
    return changes.change_rule(model, "pricing_page", points=20, max_points=60)


@pytest.fixture(scope="module")
def in_use_evidence(flow, model):
    return model_evidence(flow, model, work=WORK)


@pytest.fixture(scope="module")
def draft_evidence(flow, draft):
    return model_evidence(flow, draft, work=WORK)


@pytest.fixture(scope="module")
def comparison(flow, model, draft):
    return compare(flow, model, draft)


@pytest.fixture(scope="module")
def report(flow, model):
    return rules_evidence(flow, model)


@pytest.fixture(scope="module")
def labels(model):
    return {rule.id: rule.shown_label for rule in model.rules}


@pytest.fixture(scope="module")
def periods(flow, model):
    return [figures for figures in compute_backtest(flow.cells(model), model).periods if figures.leads]


@pytest.fixture(scope="module")
def entries(flow, model):
    return compute_entries(entry_cells(flow, model), model)


def trace(figure, name):
    found = [one for one in figure.data if one.name == name]
    assert len(found) == 1, [one.name for one in figure.data]
    return found[0]


def title(figure):
    return figure.layout.title.text.replace("<br>", " ").replace("\u00a0", " ")


def notes(figure):
    return [one.text for one in figure.layout.annotations]


def test_drift_shows_ranking_rates_and_both_changes_of_the_leads(periods, in_use_evidence):
    figure = drift_figure(periods, in_use_evidence.drift, "light")
    assert list(trace(figure, RANKS).y) == [one.auc for one in periods]
    assert list(trace(figure, CONVERTS).y) == [one.rate for one in periods]
    reports = in_use_evidence.drift
    assert list(trace(figure, SCORES).y) == [report.score_shift.psi for report in reports]
    assert list(trace(figure, SOURCES).y) == [report.mix_shift.psi for report in reports]
    assert list(trace(figure, SCORES).x) == [report.period for report in reports]


def test_drift_is_grey_where_there_is_too_little_to_judge(periods, in_use_evidence):
    figure = drift_figure(periods, in_use_evidence.drift, "light")
    few = [not enough_for_verdict(one.conversions, one.leads) for one in periods]
    assert any(few) and not all(few)
    small = palette("light").small
    for name in (RANKS, CONVERTS):
        assert [colour == small for colour in trace(figure, name).marker.color] == few
    assert "Grey" in figure.layout.title.subtitle.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change.LEADS_CHANGED, "Your leads changed in {}; the model did not get worse"),
        (Change.MODEL_DECLINED, "The model got worse in {}"),
        (Change.BOTH, "Your leads changed in {}; the model got worse in {}"),
    ],
)
def test_the_title_says_whether_leads_or_model_changed(periods, in_use_evidence, change, words):
    *before, last = [replace(report, change=Change.STEADY) for report in in_use_evidence.drift]
    reports = [*before, replace(last, change=change)]
    assert title(drift_figure(periods, reports, "light")) == words.format(last.period, last.period)


def test_the_title_says_that_nothing_changed_or_nothing_can_be_said(periods, in_use_evidence):
    steady = [replace(report, change=Change.STEADY) for report in in_use_evidence.drift]
    assert f"ranked as well in {len(steady)} quarters" in title(drift_figure(periods, steady, "light"))
    silent = [replace(report, change=Change.TOO_LITTLE_DATA) for report in in_use_evidence.drift]
    assert "Too few conversions" in title(drift_figure(periods, silent, "light"))


def test_without_sources_only_the_scores_are_drawn(periods, in_use_evidence):
    reports = [replace(report, mix_shift=None) for report in in_use_evidence.drift]
    assert SOURCES not in [one.name for one in drift_figure(periods, reports, "light").data]


def test_rules_are_drawn_best_first_with_their_likely_range(report, labels):
    points = trace(rule_lift_figure(report, labels, (), "light"), "lift")
    lines = shown_lines(report)
    assert list(points.x) == sorted((line.evidence.lift for line in lines), reverse=True)
    reach = [line.evidence.lift_high - line.evidence.lift for line in lines]
    assert list(points.error_x.array) == pytest.approx(reach)


def test_rules_that_tell_nothing_are_grey_and_named(report, labels):
    figure = rule_lift_figure(report, labels, (), "light")
    unsure = (Evidence.NOTHING, Evidence.TOO_LITTLE_DATA)
    grey = [line.evidence.evidence in unsure for line in shown_lines(report)]
    assert any(grey)
    assert [colour == palette("light").small for colour in trace(figure, "lift").marker.color] == grey
    nothing = [line.rule for line in report.rules if line.evidence.evidence is Evidence.NOTHING]
    assert ("tells nothing" if len(nothing) == 1 else f"{len(nothing)} tell nothing") in title(figure)


def test_rules_on_what_is_known_today_are_marked(report, labels, model):
    today = [rule.id for rule in known_today(model)]
    figure = rule_lift_figure(report, labels, today, "light")
    marked = [text for text in notes(figure) if text.endswith(KNOWN_TODAY)]
    assert len(marked) == len(today) > 0


def test_a_rule_that_never_fires_is_not_drawn(report, labels):
    first = report.rules[0]
    silent = replace(first.evidence, lift=None, lift_low=None, lift_high=None, evidence=Evidence.NEVER_FIRES)
    changed = replace(report, rules=(replace(first, evidence=silent), *report.rules[1:]))
    assert len(trace(rule_lift_figure(changed, labels, (), "light"), "lift").x) == len(report.rules) - 1


def test_a_rules_name_that_looks_like_markup_stays_text(report, labels):
    hostile = labels | {report.rules[0].rule: "<img src=x>"}
    assert not any("<img" in text for text in notes(rule_lift_figure(report, hostile, (), "light")))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_entries_hold_the_rates_and_mark_open_and_small_quarters(entries, place):
    figure = entry_figure(entries, place, "Tier", "light")
    points = trace(figure, "conversion rate")
    tiers = [period.tiers[place] for period in entries.periods]
    assert list(points.y) == [tier.rate for tier in tiers]
    page, small = palette("light").page, palette("light").small
    assert [colour == page for colour in points.marker.color] == [tier.open_entries > 0 for tier in tiers]
    few = [0 < tier.mature_entries < MIN_LEADS_FOR_RATE for tier in tiers]
    assert [colour == small for colour in points.marker.line.color] == few


def test_the_difference_by_quarter_is_in_times_in_100(comparison):
    figure = difference_figure(comparison.comparison, "light")
    points = trace(figure, "difference")
    judged = comparison.comparison.periods
    assert list(points.y) == [100 * one.auc.difference for one in judged]
    few = [one.verdict.level is Level.TOO_LITTLE_DATA for one in judged]
    assert [colour == palette("light").small for colour in points.marker.color] == few
    assert f"{comparison.comparison.agreeing} of {comparison.comparison.judged}" in title(figure)


def test_the_matrix_names_every_field_and_colours_only_leads_that_change(comparison, model):
    swap, labels = comparison.swap, tier_labels(model)
    figure = swap_figure(swap, labels, labels, "light")
    rates = figure.data[0].z
    for a in range(3):
        for b in range(3):
            leads, conversions = swap.leads[2 - a, 2 - b], swap.conversions[2 - a, 2 - b]
            text = next(one.text for one in figure.layout.annotations if (one.x, one.y) == (b, a))
            assert text == "–" if not leads else f"<b>{leads:,}</b> leads" in text
            expected = None if a == b or not leads else conversions / leads
            assert rates[a][b] == expected
    moved = int(swap.leads.sum() - swap.leads.trace())
    assert title(figure) == f"{moved:,} of {int(swap.leads.sum()):,} leads change tier"


def test_gains_hold_both_curves_with_the_model_in_use_in_grey(draft_evidence, in_use_evidence):
    figure = curves.gains_figure(draft_evidence, in_use_evidence, "dark")
    for name, evidence in ((curves.YOUR_DRAFT, draft_evidence), (MODEL_IN_USE, in_use_evidence)):
        line = trace(figure, name)
        assert np.array_equal(line.x, evidence.curves.gains.leads_share)
        assert np.array_equal(line.y, evidence.curves.gains.conversions_share)
    assert trace(figure, MODEL_IN_USE).line.color == palette("dark").reference


def test_tenths_and_thresholds_hold_both_models(draft_evidence, in_use_evidence, model):
    tenths = curves.tenths_figure(draft_evidence, in_use_evidence, "light")
    assert list(trace(tenths, curves.YOUR_DRAFT).y) == [part.lift for part in draft_evidence.curves.parts]
    assert list(trace(tenths, MODEL_IN_USE).y) == [part.lift for part in in_use_evidence.curves.parts]
    figure = curves.threshold_figure(draft_evidence, in_use_evidence, model.tiers, "light")
    for evidence, ending in ((draft_evidence, ""), (in_use_evidence, ", in use")):
        curve = evidence.curves.precision_recall
        assert np.array_equal(trace(figure, curves.CONVERTED + ending).y, curve.precision)
        assert np.array_equal(trace(figure, curves.CAUGHT + ending).y, curve.recall)
    assert [shape.x0 for shape in figure.layout.shapes] == [tier.threshold for tier in model.tiers[1:]]


def test_what_a_score_is_worth_lies_on_the_fitted_line(draft_evidence, in_use_evidence, model):
    line = trace(
        curves.probability_figure(draft_evidence, in_use_evidence, model.tiers, "light"), curves.YOUR_DRAFT
    )
    fitted = draft_evidence.calibration
    everywhere = np.interp(fitted.scores, line.x, line.y)
    assert everywhere == pytest.approx(fitted.probability, abs=1e-9)
    assert len(line.x) < len(fitted.scores), "only where the line bends"


def test_too_few_conversions_draw_no_worth(draft_evidence, in_use_evidence, model):
    silent = replace(draft_evidence, calibration=replace(draft_evidence.calibration, probability=None))
    figure = curves.probability_figure(silent, in_use_evidence, model.tiers, "light")
    assert [one.name for one in figure.data] == [MODEL_IN_USE]
    assert "Too few conversions" in title(figure)


def test_wins_left_on_the_table_add_up_to_all_wins(draft_evidence):
    found = draft_evidence.thresholds
    figure = wins_left_figure(found, "light")
    by_period = [one for _, one in found.capacity_by_period]
    assert list(trace(figure, CAUGHT).y) == [one.conversions for one in by_period]
    assert list(trace(figure, LEFT).y) == [one.missed_conversions for one in by_period]
    assert f"from {found.capacity.threshold} up" in title(figure)


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_has_a_fixed_height_the_house_style_and_a_title_that_fits_a_phone(
    theme, periods, in_use_evidence, draft_evidence, report, labels, entries, comparison, model
):
    pair = draft_evidence, in_use_evidence
    names = tier_labels(model)
    for figure in (
        drift_figure(periods, in_use_evidence.drift, theme),
        rule_lift_figure(report, labels, (), theme),
        entry_figure(entries, 2, names["SQL"], theme),
        difference_figure(comparison.comparison, theme),
        swap_figure(comparison.swap, names, names, theme),
        curves.gains_figure(*pair, theme),
        curves.tenths_figure(*pair, theme),
        curves.threshold_figure(*pair, model.tiers, theme),
        curves.probability_figure(*pair, model.tiers, theme),
        wins_left_figure(draft_evidence.thresholds, theme),
    ):
        assert figure.layout.height >= 300
        assert figure.layout.template.layout.font.color == palette(theme).ink
        assert figure.layout.paper_bgcolor is None, "the template's is transparent"
        assert 1 <= len(figure.layout.title.text.split("<br>")) <= 2, figure.layout.title.text
        assert all(one.hovertemplate or one.hoverinfo == "skip" for one in figure.data)

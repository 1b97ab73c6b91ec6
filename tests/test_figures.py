"""The figures hold exactly what the back-test computed, and mark what must not be trusted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pages.components.figures import (
    auc_by_period_figure,
    leads_by_period_figure,
    score_distribution_figure,
    tier_by_period_figure,
    tier_labels,
    tier_rates_figure,
    wins_by_period_figure,
)
from pages.components.figures.style import nice_top, period_axis
from pages.components.theme import PALETTES, Theme, palette, tier_colours
from queries.dataset import model_in_use, open_flow
from scoring.backtest import compute_backtest
from scoring.distribution import score_distribution
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, MIN_LEADS_FOR_RATE
from scoring.model import Tier

THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def cells(demo_workspace, model):
    return open_flow(demo_workspace).cells(model)


@pytest.fixture(scope="module")
def backtest(cells, model):
    return compute_backtest(cells, model)


@pytest.fixture(scope="module")
def stricter(cells, model):
    """The same leads under a model with a higher top threshold."""
    top = model.tiers[-1]
    raised = top.model_copy(update={"threshold": top.threshold + 30})
    return compute_backtest(cells, model.model_copy(update={"tiers": (*model.tiers[:-1], raised)}))


def trace(figure, name):
    found = [one for one in figure.data if one.name == name]
    assert len(found) == 1, [one.name for one in figure.data]
    return found[0]


def whole_title(figure):
    return figure.layout.title.text.replace("<br>", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("theme", THEMES)
def test_the_distribution_holds_the_counts_of_both_outcomes(cells, model, theme):
    distribution = score_distribution(cells, model.min_score, model.max_score)
    figure = score_distribution_figure(distribution, model.tiers, theme)
    converted, others = trace(figure, "converted"), trace(figure, "did not convert")
    assert list(converted.y) == distribution.converted.tolist()
    assert list(others.y) == distribution.not_converted.tolist()
    assert converted.marker.color == palette(theme).converted
    assert others.marker.color == palette(theme).not_converted
    # The middle of a bin of whole scores.
    assert list(converted.x) == [low + (distribution.width - 1) / 2 for low in distribution.low]


def test_every_threshold_stands_between_its_score_and_the_one_before(cells, model):
    distribution = score_distribution(cells, model.min_score, model.max_score)
    figure = score_distribution_figure(distribution, model.tiers, "light")
    lines = [shape.x0 for shape in figure.layout.shapes if shape.type == "line"]
    assert lines == [tier.threshold - 0.5 for tier in model.tiers[1:]]
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert texts == [f"{tier.shown_label} from {tier.threshold}" for tier in model.tiers[1:]]


def test_the_distribution_says_what_half_of_the_leads_reach(cells, model):
    distribution = score_distribution(cells, model.min_score, model.max_score)
    title = whole_title(score_distribution_figure(distribution, model.tiers, "light"))
    for converted in (True, False):
        own = cells.mature & (cells.converted == converted)
        reaching = {score: int(cells.leads[own & (cells.score >= score)].sum()) for score in range(201)}
        half = max(score for score, count in reaching.items() if 2 * count >= reaching[0])
        assert f"{half} or more" in title


def test_the_model_in_use_lies_over_both_halves_of_the_distribution(cells, model):
    distribution = score_distribution(cells, model.min_score, model.max_score)
    figure = score_distribution_figure(distribution, model.tiers, "light", reference=distribution)
    lines = [one for one in figure.data if one.name == "model in use"]
    assert [list(line.y[:-1]) for line in lines] == [
        distribution.converted.tolist(),
        distribution.not_converted.tolist(),
    ]
    assert {line.line.color for line in lines} == {palette("light").reference}


def test_tier_rates_hold_rate_and_likely_range_highest_tier_first(backtest):
    figure = tier_rates_figure(backtest.pooled, "light")
    tiers = backtest.pooled.tiers[::-1]
    assert list(trace(figure, "conversion rate").x) == [tier.rate for tier in tiers]
    points = trace(figure, "likely range")
    assert list(points.x) == [tier.rate for tier in tiers]
    for tier, up, down in zip(tiers, points.error_x.array, points.error_x.arrayminus, strict=True):
        assert tier.rate + up == pytest.approx(tier.high, abs=1e-15)
        assert tier.rate - down == pytest.approx(tier.low, abs=1e-15)


def test_the_title_says_what_the_highest_tier_converts(backtest, model):
    top = backtest.pooled.tiers[-1]
    title = whole_title(tier_rates_figure(backtest.pooled, "light", labels=tier_labels(model)))
    assert title == f"Sales-ready (SQL): {100 * top.rate:.1f} % convert, {top.lift:.1f} times the average"


def test_a_tier_of_few_leads_is_grey_and_said_to_be(backtest):
    few = replace(backtest.pooled.tiers[-1], leads=MIN_LEADS_FOR_RATE - 1)
    enough = replace(backtest.pooled.tiers[0], leads=MIN_LEADS_FOR_RATE)
    figure = tier_rates_figure(replace(backtest.pooled, tiers=(enough, few)), "light")
    colours = trace(figure, "conversion rate").marker.color
    assert colours[0] == palette("light").small
    assert colours[1] == tier_colours(2, "light")[0]
    assert f"fewer than {MIN_LEADS_FOR_RATE} leads" in figure.layout.title.subtitle.text


def test_the_model_in_use_is_drawn_at_its_own_rates(backtest, stricter):
    figure = tier_rates_figure(stricter.pooled, "light", reference=backtest.pooled)
    assert list(trace(figure, "model in use").x) == [tier.rate for tier in backtest.pooled.tiers[::-1]]


def test_a_tier_by_period_holds_every_period_and_leaves_open_ones_out(backtest):
    figure = tier_by_period_figure(backtest, "SQL", "light")
    points = trace(figure, "conversion rate")
    tiers = [figures.tiers[-1] for figures in backtest.periods]
    assert list(points.x) == [figures.period for figures in backtest.periods]
    assert list(points.y) == [tier.rate for tier in tiers]
    assert points.y[-1] is None, "the demo data end within their last quarter"
    bounds = [None if tier.rate is None else tier.high - tier.rate for tier in tiers]
    assert list(points.error_y.array) == pytest.approx(bounds)


def test_a_period_without_complete_leads_is_hatched_and_said_to_be_open(backtest):
    figure = tier_by_period_figure(backtest, "SQL", "light")
    still_open = [figures.period for figures in backtest.periods if not figures.leads]
    assert still_open
    band = trace(figure, "still open")
    assert list(band.x) == still_open
    assert band.marker.pattern.shape == "/"
    assert "still open" in figure.layout.title.subtitle.text


def test_a_period_with_some_complete_leads_is_hollow(backtest):
    first = replace(backtest.periods[0], immature_leads=5)
    figure = tier_by_period_figure(replace(backtest, periods=(first, *backtest.periods[1:])), "SQL", "light")
    fills = trace(figure, "conversion rate").marker.color
    assert fills[0] == palette("light").page
    assert fills[1] != palette("light").page
    assert "Hollow" in figure.layout.title.subtitle.text


def test_the_title_counts_the_periods_above_average(backtest, model):
    lifts = [figures.tiers[-1].lift for figures in backtest.periods if figures.tiers[-1].lift is not None]
    title = whole_title(tier_by_period_figure(backtest, "SQL", "light", labels=tier_labels(model)))
    above = sum(lift > 1 for lift in lifts)
    assert title == f"Sales-ready (SQL) converted above average in {above} of {len(lifts)} quarters"


def test_the_line_of_the_model_in_use_is_thin_grey_and_behind(backtest, stricter):
    figure = tier_by_period_figure(stricter, "SQL", "dark", reference=backtest)
    names = [one.name for one in figure.data]
    assert names.index("model in use") < names.index("conversion rate")
    line = trace(figure, "model in use")
    assert list(line.y) == [figures.tiers[-1].rate for figures in backtest.periods]
    assert line.line.color == palette("dark").reference
    assert line.line.width < 2


def test_a_tier_that_the_model_in_use_does_not_have_has_no_line(backtest):
    renamed = tuple(
        replace(figures, tiers=tuple(replace(tier, tier=f"old {tier.tier}") for tier in figures.tiers))
        for figures in backtest.periods
    )
    figure = tier_by_period_figure(backtest, "SQL", "light", reference=replace(backtest, periods=renamed))
    assert set(trace(figure, "model in use").y) == {None}


def test_ranking_by_period_holds_the_aucs_and_greys_those_of_few_conversions(backtest):
    figure = auc_by_period_figure(backtest, "light")
    points = trace(figure, "times in 100")
    assert list(points.y) == [figures.auc for figures in backtest.periods]
    judged = [figures.conversions >= MIN_CONVERSIONS_FOR_VERDICT for figures in backtest.periods]
    assert any(judged)
    assert not all(judged)
    grey = [colour == palette("light").small for colour in points.marker.line.color]
    assert grey == [not one for one in judged]
    assert f"fewer than {MIN_CONVERSIONS_FOR_VERDICT} conversions" in figure.layout.title.subtitle.text


def test_leads_by_period_hold_every_tier_and_the_open_leads(backtest, model):
    figure = leads_by_period_figure(backtest, "light", labels=tier_labels(model))
    for place, tier in enumerate(model.tiers):
        leads = [figures.tiers[place].leads for figures in backtest.periods]
        assert list(trace(figure, tier.shown_label).y) == leads
    still_open = trace(figure, "still open")
    assert list(still_open.y) == [figures.immature_leads for figures in backtest.periods]
    assert still_open.marker.pattern.shape == "/"
    assert figure.layout.barmode == "stack"


def test_wins_by_period_hold_every_tier_and_the_wins_never_scored(backtest, model):
    figure = wins_by_period_figure(backtest, "light", labels=tier_labels(model))
    for place, tier in enumerate(model.tiers):
        wins = [figures.tiers[place].conversions for figures in backtest.periods]
        assert list(trace(figure, tier.shown_label).y) == wins
    never = [figures.unscored_conversions for figures in backtest.periods]
    assert sum(never) > 0
    assert list(trace(figure, "never scored").y) == never


def every_figure(backtest, cells, model, theme):
    distribution = score_distribution(cells, model.min_score, model.max_score)
    labels = tier_labels(model)
    return [
        score_distribution_figure(distribution, model.tiers, theme),
        tier_rates_figure(backtest.pooled, theme, labels=labels),
        tier_by_period_figure(backtest, model.tiers[-1].name, theme, labels=labels),
        auc_by_period_figure(backtest, theme),
        leads_by_period_figure(backtest, theme, labels=labels),
        wins_by_period_figure(backtest, theme, labels=labels),
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_has_height_title_units_and_the_colours_of_its_theme(backtest, cells, model, theme):
    for figure in every_figure(backtest, cells, model, theme):
        assert figure.layout.height > 300
        assert all(len(line) <= 42 for line in figure.layout.title.text.split("<br>"))
        axes = [*figure.select_xaxes(), *figure.select_yaxes()]
        assert any(axis.title.text for axis in axes)
        assert all(axis.fixedrange for axis in axes)
        template = figure.layout.template.layout
        assert template.font.color == palette(theme).ink
        assert template.paper_bgcolor == "rgba(0,0,0,0)"


def test_what_one_figure_changes_in_its_template_no_other_one_shows(backtest, cells, model):
    first, second = (every_figure(backtest, cells, model, "light")[0] for _ in range(2))
    first.update_layout(template={"layout": {"bargap": 0.9}})
    third = every_figure(backtest, cells, model, "light")[0]
    assert third.to_json() == second.to_json() != first.to_json()


def test_figures_of_nothing_say_so(cells, model):
    empty = replace(cells, mature=~cells.mature & False)
    nothing = compute_backtest(empty, model)
    titles = [whole_title(figure) for figure in every_figure(nothing, empty, model, "light")]
    assert titles[0] == "No complete leads of both kinds yet"
    assert titles[1] == "No complete leads in Sales-ready (SQL) yet"
    assert titles[2] == "Sales-ready (SQL): no complete quarter yet"
    assert titles[3] == "No complete leads of both kinds yet"
    assert titles[4].startswith("No complete lead-quarters yet, ")


def test_an_empty_tier_beside_full_ones_and_a_tier_of_all_leads_are_called_so(cells, model):
    beyond = Tier(name="VIP", threshold=model.max_score)
    graded = compute_backtest(cells, model.model_copy(update={"tiers": (*model.tiers, beyond)}))
    assert graded.pooled.tiers[-1].leads == 0
    leads = f"{graded.pooled.leads:,}"
    figure = tier_rates_figure(graded.pooled, "light")
    assert whole_title(figure) == f"None of the {leads} complete leads is in VIP"
    assert "<b>VIP</b> no leads" in [annotation.text for annotation in figure.layout.annotations]
    title = whole_title(tier_by_period_figure(graded, "VIP", "light"))
    assert title == "VIP has no leads in any complete quarter"

    alone = compute_backtest(cells, model.model_copy(update={"tiers": (Tier(name="All", threshold=0),)}))
    rates = [figures.rate for figures in alone.periods if figures.rate is not None]
    title = whole_title(tier_rates_figure(alone.pooled, "light"))
    assert title == f"All holds all leads: {100 * alone.pooled.rate:.1f} % convert"
    title = whole_title(tier_by_period_figure(alone, "All", "light"))
    spread = f"{100 * min(rates):.1f} % to {100 * max(rates):.1f} %"
    assert title == f"All holds all leads: by quarter {spread} convert"


def test_a_label_with_markup_is_drawn_as_it_is(backtest):
    labels = {"SQL": '<a href="http://example.com">x</a>'}
    for figure in (
        tier_rates_figure(backtest.pooled, "light", labels=labels),
        tier_by_period_figure(backtest, "SQL", "light", labels=labels),
        leads_by_period_figure(backtest, "light", labels=labels),
    ):
        assert "<a" not in figure.to_json().replace("\\u003c", "<")


def contrast(first: str, second: str) -> float:
    """Contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_colours_stand_out_from_the_page(theme):
    colours = PALETTES[theme]
    for mark in (
        *colours.tier_scale,
        colours.converted,
        colours.not_converted,
        colours.small,
        colours.reference,
    ):
        assert contrast(mark, colours.page) >= 3
    for text in (colours.ink, colours.muted):
        assert contrast(text, colours.page) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_tiers_get_stronger_in_one_direction(theme, count):
    contrasts = [contrast(colour, palette(theme).page) for colour in tier_colours(count, theme)]
    assert len(contrasts) == count
    assert all(lower < higher for lower, higher in pairwise(contrasts))


def test_the_axis_of_periods_names_each_year_once_and_stays_readable():
    quarters = period_axis(["2024-Q3", "2024-Q4", "2025-Q1"])
    assert quarters["ticktext"] == ["Q3<br>2024", "Q4", "Q1<br>2025"]
    months = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
    axis = period_axis(months)
    assert len(axis["tickvals"]) <= 10
    assert axis["ticktext"][0] == "Jan<br>2024"
    assert axis["categoryarray"] == months
    assert period_axis([])["tickvals"] == []


def test_the_end_of_an_axis_of_rates_is_round_and_covers_everything():
    assert nice_top([0.14, None, 0.03]) == 0.15
    assert nice_top([1.0]) == 1.0
    assert nice_top([]) == 0.01

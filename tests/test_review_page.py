"""The Review page through AppTest: it shows the review, says what is missing, and lists the leads."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.figures.review import (
    forecast_figure,
    mix_review_figure,
    parts_review_figure,
    tiers_review_figure,
)
from pages.components.format import as_markdown, count
from pages.components.review.behind import OUTCOME_KEY, PART_KEY, TIER_KEY
from pages.components.review.tables import (
    PERIOD,
    TIER,
    WORKED,
    WORKED_LEADS,
    forecast_table,
    parts_table,
    tiers_table,
)
from queries.dataset import model_in_use, open_flow
from queries.review import quarter_review
from queries.review_leads import LeadsAsked, leads_behind

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def parts(demo_workspace):
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    return flow, model, quarter_review(demo_workspace, flow, model)


@pytest.fixture
def page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    at.switch_page("pages/review_page.py").run()
    assert not at.exception
    return at


def shown_tables(page):
    return [each.value for each in page.dataframe]


def test_the_headline_and_every_table_are_the_reviews(page, parts):
    _, _, review = parts
    assert as_markdown(review.headline) in [each.value for each in page.header]
    spoken = "\n".join(each.value for each in page.markdown)
    assert all(as_markdown(sentence) in spoken for sentence in review.sentences + review.caveats)
    for expected in (
        tiers_table(review),
        parts_table(review, review.sources, "Source"),
        parts_table(review, review.campaigns, "Campaign"),
        forecast_table(review),
    ):
        assert any(
            list(table.columns) == list(expected.columns) and len(table) == len(expected)
            for table in shown_tables(page)
        )
    assert [each.value for each in page.metric] == [
        f"{100 * review.top.this.rate:.1f}\u00a0%",
        count(review.this.conversions),
        f"{review.this.amount:,.0f}",
        count(review.scored),
    ]


def test_the_table_of_tiers_holds_what_sales_worked_of_each_period(parts):
    _, _, review = parts
    table = tiers_table(review).set_index([TIER, PERIOD])
    for tier in review.tiers:
        for label in (review.period, review.before_label, review.year_before_label):
            row = table.loc[tier.label, label]
            assert (row[WORKED_LEADS], row[WORKED]) == (tier.worked[label].worked, tier.worked[label].share)
            assert row[WORKED] >= row["Converted (share)"]


def test_an_open_quarter_is_said_to_be_open_and_forecast(page, parts):
    _, _, review = parts
    newest = review.backtest.periods[-1].period
    page.selectbox(key="review_period").select(newest).run()
    assert not page.exception
    assert any("still open" in each.value for each in page.info)
    assert any(as_markdown(newest) in each.value for each in page.header)


def test_the_first_quarter_says_that_nothing_can_be_compared(page, parts):
    _, _, review = parts
    page.selectbox(key="review_period").select(review.backtest.periods[0].period).run()
    assert not page.exception
    assert any("nothing to compare with" in each.value for each in page.info)


def test_a_figure_can_be_followed_to_its_leads(page, parts):
    flow, model, review = parts
    page.selectbox(key=TIER_KEY).select("SQL").run()
    page.selectbox(key=OUTCOME_KEY).select("converted").run()
    assert not page.exception
    expected = leads_behind(flow, model, LeadsAsked(review.period, "SQL", "converted"))
    table = next(table for table in shown_tables(page) if "What became of it" in table.columns)
    assert table["Lead"].tolist() == expected.column("lead_id").to_pylist()
    assert f"**{expected.num_rows}** leads" in [each.value for each in page.markdown]
    value = review.sources.rows[0].value
    page.selectbox(key=PART_KEY).select(f"source: {value}").run()
    fewer = leads_behind(
        flow, model, LeadsAsked(review.period, "SQL", "converted", review.sources.column, value)
    )
    if fewer.num_rows:
        assert f"**{fewer.num_rows}** leads" in [each.value for each in page.markdown]


def test_a_campaign_says_what_it_means_and_can_be_followed_to_its_leads(page, parts):
    flow, model, review = parts
    captions = [each.value for each in page.caption]
    assert as_markdown(review.campaigns.words) in captions
    assert as_markdown(review.sources.words) in captions
    row = next(row for row in review.campaigns.rows if row.value != "(missing)")
    page.selectbox(key=PART_KEY).select(f"campaign: {row.value}").run()
    assert not page.exception
    asked = LeadsAsked(review.period, None, None, review.campaigns.column, row.value)
    assert leads_behind(flow, model, asked).num_rows == row.scored
    assert f"**{count(row.scored)}** leads" in [each.value for each in page.markdown]


def test_the_figures_hold_the_reviews_numbers(parts):
    _, _, review = parts
    for theme in ("light", "dark"):
        tiers = {trace.name: trace for trace in tiers_review_figure(review, theme).data}
        assert list(tiers[review.period].y) == [tier.this.rate for tier in review.tiers]
        assert list(tiers[review.before_label].y) == [tier.before.rate for tier in review.tiers]
        mix = mix_review_figure(review, theme).data
        assert [trace.y[-1] for trace in mix] == [tier.scored for tier in review.tiers]
        by_source = {trace.name: trace for trace in parts_review_figure(review, review.sources, theme).data}
        assert sum(by_source[review.period].x) == review.scored
        forecast = {trace.name: trace for trace in forecast_figure(review, theme).data}
        whole = next(iter(review.forecasts.values()))[0]
        assert forecast["expected"].y[0] == whole.conversions.expected
        assert forecast["expected"].y[0] + forecast["expected"].error_y.array[0] == whole.conversions.high
        assert forecast["converted"].y[-1] == whole.known


def test_without_data_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    at.switch_page("pages/review_page.py").run()
    assert not at.exception
    assert any("Load your leads" in each.value for each in at.info)

"""A quarter's review: its figures are the back-test's, its lists hold the leads that the figures count."""

import shutil
from datetime import datetime

import pyarrow.compute as pc
import pytest

from commands.review_output import review_text
from demo_data.generator import generate
from pages.components.review.tables import WORKED, WORKED_LEADS, parts_table, tiers_table
from queries.campaigns import campaign_column
from queries.dataset import model_in_use, open_flow
from queries.importing import load_tables
from queries.model_history import open_history
from queries.review import quarter_review
from queries.review_leads import LeadsAsked, leads_behind
from queries.worked import known_worked_parts, worked_by_tier
from queries.workspace import Workspace
from reports.review.document import review_document
from scoring.backtest import backtest_by_segment, compute_backtest, to_json
from scoring.definition import definition
from scoring.errors import ScoringError
from scoring.model import Observation
from scoring.rate_change import rate_change
from scoring.review import State
from scoring.review_figures import find_period, three_periods
from scoring.tiers import tier_names
from scoring.worked_words import NOT_TOLD

LEVELS = ("this", "before", "year_before")


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def backtest(flow, model):
    return compute_backtest(flow.cells(model), model)


@pytest.fixture(scope="module")
def review(demo_workspace, flow, model):
    return quarter_review(demo_workspace, flow, model)


def test_the_newest_complete_quarter_is_reviewed_and_every_figure_is_the_back_tests(review, backtest):
    complete = [figures for figures in backtest.periods if not figures.immature_leads]
    assert review.period == complete[-1].period
    assert review.state is State.COMPLETE
    assert to_json(review.backtest) == to_json(backtest)
    assert review.this == find_period(backtest, review.period)
    assert review.before == find_period(backtest, review.before_label)
    assert review.year_before == find_period(backtest, review.year_before_label)
    for place, tier in enumerate(review.tiers):
        assert [getattr(tier, level) for level in LEVELS] == [
            getattr(review, level).tiers[place] for level in LEVELS
        ]
        assert tier.change == rate_change(tier.this, tier.before)
        assert tier.year_change == rate_change(tier.this, tier.year_before)
    assert sum(tier.scored for tier in review.tiers) == review.scored
    assert sum(tier.share for tier in review.tiers) == pytest.approx(1)


def test_beside_each_tiers_rate_stands_the_share_that_sales_worked(review, flow, model):
    shares = worked_by_tier(flow, model)
    for tier in review.tiers:
        assert tier.worked == {one.period: one for one in shares if one.tier == tier.tier}
        for label, figures in (
            (review.period, tier.this),
            (review.before_label, tier.before),
            (review.year_before_label, tier.year_before),
        ):
            assert tier.worked[label].leads == figures.leads
            assert figures.conversions <= tier.worked[label].worked <= figures.leads
    [caveat] = [caveat for caveat in review.caveats if "sales worked" in caveat]
    assert caveat.startswith(f"Of the complete leads of {review.period} sales worked: ")
    assert "The rate of those that nobody worked is not known." in caveat
    assert all(tier.label in caveat for tier in review.tiers)


@pytest.mark.parametrize("name", ["sources", "campaigns"])
def test_beside_the_top_tiers_rate_of_each_part_stands_the_share_that_sales_worked(review, flow, model, name):
    part = getattr(review, name)
    shares = known_worked_parts(flow, model, part.column)
    assert part.rows
    for row in part.rows:
        found = row.worked
        assert (found.leads if found else 0) == row.top.leads
        assert found is None or (found in shares[row.value] and found.period == review.period)
    top = {one.period: one for one in review.tiers[-1].worked.values()}[review.period]
    assert sum(row.worked.worked for row in part.rows if row.worked) == top.worked
    table = parts_table(review, part, "Part")
    shown = [None if share != share else share for share in table[f"{review.top.label}: sales worked"]]
    assert shown == [row.worked.share if row.worked else None for row in part.rows]


def test_data_that_tell_wins_alone_have_no_share_and_say_so_once(tmp_path, model):
    tables = dict(generate(1000, seed=1))
    tables["outcomes"] = tables["outcomes"].filter(pc.field("stage") == "won")
    workspace = Workspace.open(tmp_path)
    load_tables(workspace, tables)
    review = quarter_review(workspace, open_flow(workspace), model)
    assert review.this.conversions
    assert not review.tells_worked
    assert [caveat for caveat in review.caveats if "sales worked" in caveat] == [NOT_TOLD]
    assert not {WORKED, WORKED_LEADS} & set(tiers_table(review))
    assert not any("worked" in column for column in parts_table(review, review.sources, "Source"))
    assert "sales worked   " not in review_text(review)
    tables = [table for one in review_document(review, definition(model)).sections for table in one.tables]
    assert tables
    assert not any("Sales worked" in table.columns for table in tables)


def test_sources_and_campaigns_are_the_back_test_by_segment(review, flow, model):
    for part, column in (
        (review.sources, "leads.source"),
        (review.campaigns, campaign_column(flow)),
    ):
        assert part.column == column
        by_value = backtest_by_segment(flow.cells(model, column), model)
        for row in part.rows:
            figures = find_period(by_value[row.value], review.period)
            if figures is not None:
                assert (row.all.leads, row.all.conversions, row.all.rate, row.all.amount) == (
                    figures.leads,
                    figures.conversions,
                    figures.rate,
                    figures.amount,
                )
                assert row.top == figures.tiers[-1]
        assert sum(row.scored for row in part.rows) == review.scored
        assert sum(row.scored_before for row in part.rows) == review.scored_before
        assert sum(row.all.conversions for row in part.rows) == review.this.conversions
        assert [row.scored for row in part.rows] == sorted((r.scored for r in part.rows), reverse=True)


def test_progress_is_told_all_along(demo_workspace, flow, model):
    told = []
    quarter_review(demo_workspace, flow, model, progress=lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (1.0, "Done")
    assert "Looking through the data" in {text for _, text in told}


def test_an_open_quarter_has_no_rates_but_a_forecast(demo_workspace, flow, model, backtest):
    review = quarter_review(demo_workspace, flow, model, backtest.periods[-1].period)
    assert review.state is State.OPEN
    assert review.this.rate is None
    assert review.top.this.rate is None
    assert review.scored == review.this.immature_leads > 0
    assert sum(tier.scored for tier in review.tiers) == review.scored
    assert review.drift is None
    assert "still open" in review.headline
    whole = review.forecasts[review.period][0]
    assert whole.leads == review.scored
    assert whole.conversions is not None
    assert any("is expected to end with" in sentence for sentence in review.sentences)


def test_the_first_quarter_has_nothing_to_compare_with(demo_workspace, flow, model, backtest):
    review = quarter_review(demo_workspace, flow, model, backtest.periods[0].period)
    assert review.before is review.year_before is review.drift is None
    assert all(tier.change is tier.year_change is tier.before is None for tier in review.tiers)
    assert f"no {review.word} before to compare" in review.headline
    assert any("is the first quarter of the data" in caveat for caveat in review.caveats)


def test_a_period_that_is_not_there_is_refused_with_those_that_are(demo_workspace, flow, model):
    with pytest.raises(ScoringError, match=r"period must be one of 2024-Q2, .*got '1999-Q1'"):
        quarter_review(demo_workspace, flow, model, "1999-Q1")


@pytest.mark.parametrize(
    ("label", "observation", "expected"),
    [
        ("2025-Q1", Observation(), ("2025-Q1", "2024-Q4", "2024-Q1")),
        ("2025-01", Observation(period="month"), ("2025-01", "2024-12", "2024-01")),
        ("2026-Q1", Observation(fiscal_year_start_month=7), ("2026-Q1", "2025-Q4", "2025-Q1")),
    ],
)
def test_before_and_a_year_ago_follow_the_calendar_or_the_fiscal_year(label, observation, expected):
    found = three_periods(label, datetime(2026, 6, 21), observation)
    assert found.labels == expected
    assert found.before.ends_at == found.this.starts_at
    assert found.year_before.starts_at.month == found.this.starts_at.month


def test_the_leads_behind_a_figure_are_as_many_as_it_counts(review, flow, model):
    for tier in review.tiers:
        table = leads_behind(flow, model, LeadsAsked(review.period, tier.tier))
        assert table.num_rows == tier.scored
        won = leads_behind(flow, model, LeadsAsked(review.period, tier.tier, "converted"))
        assert won.num_rows == tier.this.conversions
        assert sum(won.column("amount").to_pylist()) == pytest.approx(tier.this.amount)
        scores = table.column("score").to_numpy()
        assert set(tier_names(scores, model)) == {tier.tier}
        assert scores.tolist() == sorted(scores, reverse=True)
        for row in won.to_pylist():
            assert 0 <= (row["converted_at"] - row["moment"]).days < review.horizon_days
    for row in review.sources.rows[:3]:
        asked = LeadsAsked(review.period, None, None, review.sources.column, row.value)
        assert leads_behind(flow, model, asked).num_rows == row.scored


def test_leads_that_are_still_open_are_listed_as_such(flow, model, backtest):
    newest = backtest.periods[-1]
    table = leads_behind(flow, model, LeadsAsked(newest.period, None, "still open"))
    assert table.num_rows == newest.immature_leads
    known = [at for at in table.column("converted_at").to_pylist() if at is not None]
    assert known
    assert max(known) <= flow.observed_until
    assert leads_behind(flow, model, LeadsAsked(newest.period, None, "converted")).num_rows == 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (LeadsAsked("1999-Q1"), "period must be one of"),
        (LeadsAsked("2026-Q1", "Platinum"), "tier must be one of Nurture, MQL, SQL, got 'Platinum'"),
        (LeadsAsked("2026-Q1", None, "gone"), "outcome must be one of"),
    ],
)
def test_a_question_about_nothing_is_refused(flow, model, asked, message):
    with pytest.raises(ScoringError, match=message):
        leads_behind(flow, model, asked)


def test_a_change_of_the_model_stands_with_what_it_does(demo_workspace, tmp_path, model):
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace")
    registry = open_history(workspace)
    top = model.tiers[-1].model_copy(update={"threshold": model.tiers[-1].threshold + 30})
    stricter = model.model_copy(update={"tiers": (*model.tiers[:-1], top)})
    saved = registry.save(stricter, author="Ada", note="too many leads")
    registry.make_champion(saved.number, author="Ada", note="agreed")
    flow = open_flow(workspace)
    review = quarter_review(workspace, flow, stricter)
    [change] = review.changes
    assert (change.version, change.author, change.replaced) == (saved.number, "Ada", saved.parent)
    assert change.changes == (f"SQL threshold {top.threshold - 30} -> {top.threshold}",)
    assert review.version == saved.number
    for effect, version in ((change.before, model), (change.after, stricter)):
        figures = find_period(compute_backtest(flow.cells(version), version), review.period)
        assert effect.top == figures.tiers[-1]
        assert effect.auc == figures.auc
    assert change.after.top.leads < change.before.top.leads


def test_versions_with_another_meaning_of_converted_are_not_compared(demo_workspace, tmp_path, model):
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace")
    registry = open_history(workspace)
    conversion = model.conversion.model_copy(update={"horizon_days": 60})
    other = model.model_copy(update={"conversion": conversion})
    saved = registry.save(other, author="Ada", note="sooner")
    registry.make_champion(saved.number, author="Ada", note="sooner")
    [change] = quarter_review(workspace, open_flow(workspace), other).changes
    assert change.before is change.after is None
    assert "differ in conversion" in change.problem


def test_rules_that_harm_or_tell_nothing_are_recommended_to_change(review):
    texts = [one.text for one in review.recommendations if one.kind == "rule"]
    assert any("Looked at the jobs" in text for text in texts)
    assert not review.suggested
    assert not [one for one in review.recommendations if one.kind == "points"]

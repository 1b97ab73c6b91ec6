"""A lead's campaign is that of its first touch, as known then; figures by it equal the plain loop."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from commands.review_output import review_json, review_text
from pages.components.figures.review import parts_review_figure
from queries import campaigns
from queries.campaigns import campaign_column
from queries.dataset import model_in_use
from queries.dataset import open_flow as open_dataset
from queries.errors import QueryError
from queries.review import quarter_review
from queries.review_leads import LeadsAsked, leads_behind
from queries.sales import sales_answers
from queries.segments import MAX_SEGMENTS, first_touches, segment_values
from reports.review.document import review_document
from scoring.backtest import TierFigures
from scoring.definition import definition
from scoring.model_file import model_from_dict
from scoring.review import PartReview, PartRow
from scoring.review_parts import best_row, part_words
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import cases
from tests.test_semantics import EXAMPLES, same, sql_backtest

SEGMENT = "activities.channel"
SOME = settings(parent=EXAMPLES, max_examples=min(EXAMPLES.max_examples, 150))
DAY = timedelta(days=1)
START = datetime(2025, 1, 1)
MODEL = {
    "schema_version": 1,
    "name": "Visits",
    "max_score": 100,
    "conversion": {"stages": ["won"], "horizon_days": 30},
    "observation": {"moment": "days_after_creation", "days_after_creation": 10},
    "tiers": [{"name": "all", "threshold": 0}],
    "rules": [{"id": "visit", "category": "engagement", "source": "activity", "points": 1}],
}


@SOME
@given(case=cases())
def test_figures_by_first_touch_equal_the_plain_loop(tmp_path, case):
    model, case = model_from_dict(case.model), case._replace(segment=SEGMENT)
    if reference.Facts(case.data, case.model, case.imported_at, case.observed_until).observed_until is None:
        return
    plain = reference.backtest(case.data, case.model, case.imported_at, case.observed_until, SEGMENT)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None:
            return
        assert same(sql_backtest(flow, model, case), {"segments": plain["segments"]})


@SOME
@given(case=cases())
def test_the_leads_behind_a_campaign_and_the_answers_of_sales_equal_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    if facts.observed_until is None:
        return
    rows = reference.lead_moments(case.data, case.model, case.imported_at, segment=SEGMENT)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        for period, value in sorted({(row["period"], row["segment"]) for row in rows}):
            found = leads_behind(flow, model, LeadsAsked(period, None, None, SEGMENT, value))
            wanted = (period, value)
            counted = [r["lead_id"] for r in rows if (r["period"], r["segment"]) == wanted]
            assert sorted(found.column("lead_id").to_pylist()) == sorted(counted)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(campaigns, "CAMPAIGN_COLUMNS", ("channel",))
            named = campaign_column(flow)
            _, answers = sales_answers(flow, model)
        for row in answers.to_pylist():
            touch = reference.first_touch(row["lead_id"], "channel", row["moment"], facts)
            assert row["campaign"] == ("" if named is None else touch)


def data(touches, lead=None):
    """One lead that came on the first of January, and its touches as (days, campaign)."""
    return {
        "leads": [{"lead_id": "1", "created_at": START} | (lead or {})],
        "accounts": [],
        "activities": [
            {"lead_id": "1", "occurred_at": START + days * DAY, "activity_type": "visit", "channel": campaign}
            for days, campaign in touches
        ],
        "outcomes": [{"lead_id": "1", "occurred_at": START + 80 * DAY, "stage": "won"}],
    }


@pytest.mark.parametrize(
    ("touches", "campaign"),
    [
        ([(2, "spring"), (5, "summer")], "spring"),
        ([(2, None), (3, "  "), (5, "summer")], "summer"),
        ([(-3, "fair"), (2, "spring")], "fair"),
        ([(2, "summer"), (2, "spring")], "spring"),
        ([(10, "spring")], "(missing)"),
        ([(2, None), (20, "spring")], "(missing)"),
        ([], "(missing)"),
    ],
    ids=["first", "that names one", "before the lead", "equal times", "at the moment", "later", "none"],
)
def test_the_first_touch_is_the_earliest_activity_before_the_moment_that_names_one(
    tmp_path, touches, campaign
):
    model = model_from_dict(MODEL)
    with open_flow(tmp_path / "data.duckdb", data(touches), datetime(2025, 12, 1)) as flow:
        assert flow.cells(model, SEGMENT).segments == (campaign,)
        assert campaign in segment_values(flow.engine, SEGMENT)
        assert len(first_touches(flow.engine, SEGMENT)) == any(text and text.strip() for _, text in touches)


def test_campaigns_of_activities_go_before_the_leads_own_and_numbers_are_no_names(tmp_path, monkeypatch):
    def column(touches, region):
        monkeypatch.setattr(campaigns, "CAMPAIGN_COLUMNS", ("channel", "region"))
        given = data(touches, {"region": region})
        given["leads"].append({"lead_id": "2", "created_at": START, "region": "other"})
        with open_flow(tmp_path / "data.duckdb", given, datetime(2025, 12, 1)) as flow:
            return campaign_column(flow)

    assert column([(2, "spring")], "EMEA") == SEGMENT
    assert column([(2, None)], "EMEA") == "leads.region"
    assert column([(2, "10"), (3, "2")], "EMEA") == "leads.region"
    assert column([], "other") is None


def test_too_many_campaigns_are_none(tmp_path, monkeypatch):
    monkeypatch.setattr(campaigns, "CAMPAIGN_COLUMNS", ("channel",))
    leads = [{"lead_id": str(number), "created_at": START} for number in range(MAX_SEGMENTS)]
    touches = [
        {"lead_id": lead["lead_id"], "occurred_at": START, "activity_type": "visit", "channel": f"c{place}"}
        for place, lead in enumerate(leads)
    ]
    given = {"leads": leads, "accounts": [], "activities": touches, "outcomes": []}
    with open_flow(tmp_path / "data.duckdb", given, datetime(2025, 12, 1)) as flow:
        assert campaign_column(flow) is None
        with pytest.raises(QueryError, match=r"at most 1000 values, got more in 'activities.channel'"):
            segment_values(flow.engine, SEGMENT)
    given["activities"] = touches[1:]
    with open_flow(tmp_path / "data.duckdb", given, datetime(2025, 12, 1)) as flow:
        assert campaign_column(flow) == SEGMENT


def test_a_property_that_is_not_there_is_refused(tmp_path):
    with open_flow(tmp_path / "data.duckdb", data([(2, "spring")]), datetime(2025, 12, 1)) as flow:
        for segment in ("activities.nothing", "activities.occurred_at"):
            with pytest.raises(QueryError, match=r"or activities.x for the first touch, got 'activities\."):
                flow.cells(model_from_dict(MODEL), segment)


def test_a_review_says_in_words_what_the_first_touch_is(demo_workspace):
    review = quarter_review(demo_workspace, open_dataset(demo_workspace), model_in_use(demo_workspace))
    assert review.campaigns.column == "activities.campaign"
    words = review.campaigns.words
    assert "of its activities before it was scored, the earliest that names one" in words
    assert review.sources.words == "A lead's source is what its own column source says, as known today."
    assert words in review_text(review)
    assert review_json(review)["campaigns"]["words"] == words
    document = review_document(review, definition(model_in_use(demo_workspace)))
    [section] = [one for one in document.sections if any(chart.key == "campaign" for chart in one.charts)]
    assert section.charts[0].note.endswith(words)
    largest = review.campaigns.rows[0]
    assert largest.value == "(missing)"
    assert "(missing)" not in section.title
    title = parts_review_figure(review, review.campaigns, "light").layout.title.text
    assert "(missing)" not in title


def test_without_a_column_it_is_said_where_none_was_found():
    assert part_words("campaign", None) == (
        "Neither activities nor leads have a column that names their campaign, or it holds too many names "
        "to split by."
    )
    assert part_words("source", None).startswith("The leads have no column that names their source")


def row(value, leads, conversions):
    rate = conversions / leads if leads else None
    figures = TierFigures("", leads, conversions, rate, None, None, None, None, 0.0)
    return PartRow(value, figures, figures, figures, figures, leads, 0, 0, 0, None)


@pytest.mark.parametrize(
    ("rows", "best"),
    [
        ([row("a", 1000, 100), row("b", 1000, 20)], "a"),
        ([row("a", 1000, 100), row("b", 200, 40), row("c", 1000, 20)], "b"),
        ([row("a", 100, 2), row("b", 158, 5), row("c", 500, 6)], None),
        ([row("(missing)", 1000, 100), row("b", 1000, 20)], None),
        ([row("a", 29, 29), row("b", 1000, 20)], None),
        ([], None),
    ],
    ids=["larger", "of two the best", "chance", "without one", "few leads", "nothing"],
)
def test_the_best_campaign_is_named_only_when_it_is_more_than_chance(rows, best):
    leads, wins = sum(one.all.leads for one in rows), sum(one.all.conversions for one in rows)
    found = best_row(
        PartReview("campaign", "leads.campaign", "", tuple(rows)), wins / leads if leads else None
    )
    assert (found and found.value) == best


def test_the_best_of_many_by_chance_alone_is_rarely_named():
    rng = np.random.default_rng(7)
    named = 0
    for _ in range(200):
        rows = tuple(row(str(place), 200, int(won)) for place, won in enumerate(rng.binomial(200, 0.05, 40)))
        rate = sum(one.all.conversions for one in rows) / (200 * 40)
        named += best_row(PartReview("campaign", "leads.campaign", "", rows), rate) is not None
    assert named <= 20

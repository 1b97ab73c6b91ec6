"""Documents of models with long names and of data without amounts: nothing overlaps, nothing is empty."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import pytest
from pptx import Presentation

from queries.dataset import model_in_use, open_flow
from queries.review import quarter_review
from reports.review.content import Figure, Table
from reports.review.document import review_document
from reports.review.html import document_html
from reports.review.parts import MOST_ROWS, part_section
from reports.review.powerpoint import document_pptx
from reports.review.slide_tables import pages_of_tables, table_height
from scoring.definition import definition
from scoring.model import Tier
from scoring.review_parts import best_row

NAMES = (
    "Not yet of interest to anybody in the field",
    "Newsletter only: keep informed until something happens",
    "Marketing-qualified, first step: invite to a webinar in the region",
    "Marketing-qualified, second step: qualified by telephone (inside sales)",
    "Sales-accepted: an appointment within two working days",
    "Sales-qualified, enterprise desk with executive sponsor",
)
COMPANY = "Vereinigte Maschinenbau- und Anlagentechnik-Gesellschaft Süd-West mbH & Co. KG, Landesvertrieb"


@pytest.fixture(scope="module")
def long_model(demo_workspace):
    model = model_in_use(demo_workspace)
    tiers = tuple(
        Tier(
            name=f"T{place}",
            label=label,
            threshold=20 * place,
            owner="inside sales",
            action="call the lead and write down what was said",
        )
        for place, label in enumerate(NAMES)
    )
    name = "B2B guideline for the regions of northern and central Europe, second revision after the workshop"
    return model.model_copy(update={"tiers": tiers, "name": name})


@pytest.fixture(scope="module")
def long_review(demo_workspace, long_model):
    return quarter_review(demo_workspace, open_flow(demo_workspace), long_model, "2025-Q4")


@pytest.fixture(scope="module")
def long_slides(long_review, long_model):
    document = review_document(long_review, definition(long_model), COMPANY)
    return Presentation(io.BytesIO(document_pptx(document)))


def overlap(one, other):
    """Whether two shapes share more than a hair's breadth of a slide."""
    hair = 20_000
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return across > hair and down > hair


def test_nothing_on_a_slide_lies_on_anything_else_however_long_names_are(long_slides):
    checked = 0
    for number, slide in enumerate(long_slides.slides, start=1):
        for one, other in combinations(slide.shapes, 2):
            assert not overlap(one, other), (number, one.name, other.name)
            checked += 1
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= long_slides.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= long_slides.slide_height
    assert checked > 50


def test_charts_of_tiers_with_long_names_lie_and_those_with_short_ones_stand(long_review, long_model):
    charts = {
        chart.key: chart
        for section in review_document(long_review, definition(long_model)).sections
        for chart in section.charts
    }
    assert charts["tiers"].kind == "bars"
    short = replace(
        long_review,
        tiers=tuple(replace(tier, label=f"Tier {n}") for n, tier in enumerate(long_review.tiers)),
    )
    sections = review_document(short, definition(long_model)).sections
    [tiers] = [chart for section in sections for chart in section.charts if chart.key == "tiers"]
    assert tiers.kind == "columns"


def test_every_slide_but_the_first_has_its_number(long_slides):
    for number, slide in enumerate(long_slides.slides, start=1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert (str(number) in texts) == (number > 1)


def test_no_slide_of_text_holds_a_last_sentence_alone(long_slides):
    bullets = {}
    for slide in long_slides.slides:
        counts = [
            len(shape.text_frame.paragraphs)
            for shape in slide.shapes
            if shape.has_text_frame and "•" in shape.text_frame.text
        ]
        if counts:
            bullets.setdefault(slide.shapes.title.text_frame.text, []).append(sum(counts))
    assert len(bullets["What the words mean"]) > 1
    assert min(bullets["What the words mean"]) > 1


def test_a_table_longer_than_a_slide_goes_on_and_keeps_every_row():
    width, room = 10_000_000, 3_000_000
    rows = tuple((f"campaign {number}", Figure(str(number), number)) for number in range(40))
    table = Table("Campaigns", ("Campaign", "Leads"), rows)
    pages = list(pages_of_tables([table], width, room, room))
    assert len(pages) > 2
    assert tuple(row for page in pages for part in page for row in part.rows) == rows
    for page in pages:
        assert sum(table_height(part, width) for part in page) <= room + 300_000
    assert [part.title for part in pages[1]] == ["Campaigns (continued)"]
    # Below text there may be no room for any of it: then it begins on the next slide.
    assert next(pages_of_tables([table], width, room, 100)) == []


def test_data_without_amounts_have_no_column_of_zeros(long_review, long_model):
    def without(figures):
        return replace(figures, amount=0.0, tiers=tuple(replace(tier, amount=0.0) for tier in figures.tiers))

    backtest = replace(
        long_review.backtest,
        periods=tuple(map(without, long_review.backtest.periods)),
        pooled=without(long_review.backtest.pooled),
    )
    for review, told in ((long_review, True), (replace(long_review, backtest=backtest), False)):
        document = review_document(review, definition(long_model))
        tables = [table for section in document.sections for table in section.tables]
        columns = {name for table in tables for name in table.columns}
        assert ("Amount" in columns) is told
        assert "Sales worked" in columns
        for table in tables:
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_the_campaign_that_a_title_names_stands_in_chart_and_table(long_review):
    part = long_review.campaigns
    rate = long_review.this.rate
    best = best_row(part, rate)
    if best is None:
        # Make one: a small campaign in which nearly everybody converted.
        small = part.rows[-1]
        figures = replace(small.all, leads=60, conversions=50, rate=50 / 60, low=0.72, high=0.91)
        best = replace(small, all=figures)
    rows = (*(row for row in part.rows if row.value != best.value), best)
    assert len(rows) > MOST_ROWS
    section = part_section(long_review, replace(part, rows=rows))
    assert f"{best.value} converted best" in section.title
    assert best.value in section.charts[0].categories
    assert section.tables[0].rows[-1][0] == best.value
    assert f"and the one that converted best; {len(rows) - MOST_ROWS - 1} more" in section.charts[0].note


def test_an_open_period_has_no_empty_series(demo_workspace):
    model = model_in_use(demo_workspace)
    review = quarter_review(demo_workspace, open_flow(demo_workspace), model, "2026-Q2")
    document = review_document(review, definition(model))
    charts = [chart for section in document.sections for chart in section.charts]
    assert len(charts) >= 3
    for chart in charts:
        for series in chart.series:
            assert any(value is not None for value in series.values), (chart.title, series.name)
    [tiers] = [chart for chart in charts if chart.key == "tiers"]
    assert tiers.title == "Conversion rate by tier in 2025-Q2 and 2026-Q1"
    assert "2026-Q2</caption>" in document_html(document)

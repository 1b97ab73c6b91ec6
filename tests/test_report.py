"""The document of a review: its figures are the back-test's, and its text is text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from pptx import Presentation

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.review import quarter_review
from reports.review import formats
from reports.review.content import Figure
from reports.review.document import review_document
from reports.review.html import document_html
from reports.review.powerpoint import document_pptx
from scoring.definition import definition
from scoring.review import PartReview
from scoring.review_parts import part_words

PERIOD = "2025-Q4"
HOSTILE = "<script>alert(1)</script><img src=http://x.example/y.png> =1+1 & “”\x07"


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def review(demo_workspace, model):
    return quarter_review(demo_workspace, open_flow(demo_workspace), model, PERIOD)


@pytest.fixture(scope="module")
def document(review, model):
    return review_document(review, definition(model), "Nordlicht & Söhne")


@pytest.fixture(scope="module")
def page(document):
    return document_html(document)


@pytest.fixture(scope="module")
def slides(document):
    return Presentation(io.BytesIO(document_pptx(document)))


@pytest.fixture(scope="module")
def backtest(demo_workspace):
    arguments = ["backtest", "--workspace", str(demo_workspace.path), "--json"]
    return json.loads(CliRunner().invoke(main, arguments).stdout)


class Figures(HTMLParser):
    """The figures of a page, as a program reads them: place, whole value, text."""

    def __init__(self):
        super().__init__()
        self.found, self._open = [], None

    def handle_starttag(self, tag, attributes):
        if tag == "data":
            given = dict(attributes)
            self._open = [given.get("data-figure"), float(given["value"]), ""]

    def handle_data(self, data):
        if self._open is not None:
            self._open[2] += data

    def handle_endtag(self, tag):
        if tag == "data":
            self.found.append(tuple(self._open))
            self._open = None


def figures_of(page):
    parser = Figures()
    parser.feed(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))
    return parser.found


def plain(text):
    """With the spaces that keep a number and its sign together as any other."""
    return text.replace("\xa0", " ")


def figure_at(backtest, place):
    """What ``backtest --json`` says at a place such as ``2025-Q4/SQL/rate``."""
    period, tier, key = place.split("/")
    found = next(one for one in [*backtest["periods"], backtest["pooled"]] if one["period"] == period)
    if tier:
        found = next(one for one in found["tiers"] if one["tier"] == tier)
    return found[key]


def test_every_figure_of_the_page_is_the_back_tests_to_the_digit(page, backtest):
    placed = [(place, value) for place, value, _ in figures_of(page) if place]
    assert len(placed) > 150
    for place, value in placed:
        assert value == figure_at(backtest, place), place


def test_every_table_of_tiers_says_what_sales_worked(document, review):
    tables = [table for section in document.sections for table in section.tables]
    columns = {table.title: table for table in tables if "Sales worked" in table.columns}
    assert len(columns) == 1 + len(review.tiers)
    place = columns[f"Every tier in {PERIOD}"].columns.index("Sales worked")
    for tier, row in zip(reversed(review.tiers), columns[f"Every tier in {PERIOD}"].rows, strict=True):
        assert row[place].value == tier.worked[PERIOD].share
        assert row[place].shown.endswith(f" ({tier.worked[PERIOD].worked})")
    for tier in review.tiers:
        *_, whole = columns[f"{tier.label} by {review.word}"].rows
        assert whole[place].value == tier.worked["pooled"].share


def test_no_figure_of_the_back_test_is_missing_from_the_page(page, backtest):
    places = {place for place, _, _ in figures_of(page)}
    for period in [*backtest["periods"], backtest["pooled"]]:
        for key in (
            "leads",
            "immature_leads",
            "conversions",
            "rate",
            "auc",
            "amount",
            "unscored_conversions",
        ):
            assert period[key] is None or f"{period['period']}//{key}" in places
        for tier in period["tiers"]:
            for key in ("leads", "conversions", "rate", "low", "lift", "capture", "amount"):
                assert tier[key] is None or f"{period['period']}/{tier['tier']}/{key}" in places


def test_what_is_shown_is_the_value_rounded(page):
    for place, value, shown in figures_of(page):
        if place and place.endswith(("/rate", "/capture")) and "under" not in shown:
            assert float(shown.split()[0]) == pytest.approx(100 * value, abs=0.0501)
        if place and place.endswith(("/leads", "/conversions")):
            assert int(shown.replace(",", "")) == value


def test_charts_on_slides_hold_the_same_figures_as_the_back_test(slides, document, backtest):
    drawn = [shape.chart for slide in slides.slides for shape in slide.shapes if shape.has_chart]
    charts = [chart for section in document.sections for chart in section.charts]
    assert len(drawn) == len(charts) >= 5
    checked = 0
    for plotted, chart in zip(drawn, charts, strict=True):
        assert tuple(plotted.plots[0].categories) == chart.categories
        for found, series in zip(plotted.plots[0].series, chart.series, strict=True):
            assert found.name == series.name
            assert tuple(found.values) == series.values
            for value, place in zip(found.values, series.paths, strict=False):
                if place:
                    assert value == figure_at(backtest, place)
                    checked += 1
    assert checked > 40


def test_error_bars_on_slides_end_where_the_likely_range_does(slides, document):
    charts = [chart for section in document.sections for chart in section.charts]
    drawn = [shape.chart for slide in slides.slides for shape in slide.shapes if shape.has_chart]
    bars = 0
    for plotted, chart in zip(drawn, charts, strict=True):
        for found, series in zip(plotted.plots[0].series, chart.series, strict=True):
            element = found._element.find("{*}errBars")
            assert (element is not None) == bool(series.low)
            if element is None:
                continue
            for end, sign, bounds in (("plus", 1, series.high), ("minus", -1, series.low)):
                for point in element.findall(f"{{*}}{end}/{{*}}numLit/{{*}}pt"):
                    place = int(point.get("idx"))
                    reached = series.values[place] + sign * float(point.find("{*}v").text)
                    assert reached == pytest.approx(bounds[place], abs=1e-12)
                    bars += 1
    assert bars > 20


def test_tables_on_slides_hold_the_documents_cells(slides, document):
    shown = [
        tuple(plain(cell.text) for cell in row.cells)
        for slide in slides.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]
    for section in document.sections:
        for table in section.tables:
            for row in table.rows:
                cells = tuple(cell.shown if isinstance(cell, Figure) else cell for cell in row)
                assert tuple(map(plain, cells)) in shown


def test_slides_and_page_say_whose_and_what_they_are(slides, page, document, review, model):
    texts = [
        shape.text_frame.text for slide in slides.slides for shape in slide.shapes if shape.has_text_frame
    ]
    slide_text = " ".join(texts)
    wanted = [document.company, review.headline, f"Model: {model.name}", *review.caveats]
    wanted += [tier.sentence for tier in definition(model).tiers]
    for text in map(plain, wanted):
        assert text in plain(slide_text)
        assert text.replace("&", "&amp;").replace("'", "&#x27;") in plain(page)


def test_a_number_and_its_percent_sign_are_not_parted(slides, page):
    texts = [
        shape.text_frame.text for slide in slides.slides for shape in slide.shapes if shape.has_text_frame
    ]
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    for text in ("\n".join(texts), body):
        assert "\xa0%" in text
        assert not re.search(r"\d %", text)


def test_nothing_on_a_slide_lies_outside_of_it(slides):
    for slide in slides.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= slides.slide_width
            assert shape.top + shape.height <= slides.slide_height


@pytest.mark.parametrize("period", ["2024-Q2", "2026-Q2"])
def test_the_first_and_the_open_period_have_documents_without_gaps(demo_workspace, model, period):
    review = quarter_review(demo_workspace, open_flow(demo_workspace), model, period)
    document = review_document(review, definition(model))
    for section in document.sections:
        assert "–" not in section.title
        assert section.paragraphs or section.points or section.charts or section.tables
        for table in section.tables:
            assert {len(row) for row in table.rows} == {len(table.columns)}
        for chart in section.charts:
            for series in chart.series:
                ends = [part for part in (series.values, series.low, series.high, series.paths) if part]
                assert {len(part) for part in ends} == {len(chart.categories)}
    assert document_html(document).endswith("</html>\n")
    assert len(Presentation(io.BytesIO(document_pptx(document))).slides) > 8


def test_hostile_text_stays_text_in_both_forms(review, model):
    tiers = tuple(replace(tier, label=HOSTILE) for tier in review.tiers)
    rows = tuple(replace(row, value=HOSTILE) for row in review.sources.rows)
    hostile = replace(
        review,
        model=HOSTILE,
        tiers=tiers,
        headline=HOSTILE,
        caveats=(HOSTILE,),
        sources=replace(review.sources, rows=rows),
    )
    document = review_document(hostile, definition(model), HOSTILE)
    text = re.sub(r"<script>.*?</script>", "", document_html(document), flags=re.DOTALL)
    assert "<script>alert" not in document_html(document)
    assert "<img" not in text
    content = document_pptx(document)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
    assert len(Presentation(io.BytesIO(content)).slides) > 10


def test_the_page_is_one_small_file(page):
    assert len(page.encode()) < 6_000_000
    assert page.count("plotly.js v") <= 2
    assert 'showSendToCloud": false' in page.replace("&quot;", '"')


@pytest.mark.parametrize("ending", ["html", "pptx"])
def test_the_command_writes_the_document(demo_workspace, tmp_path, ending):
    out = tmp_path / f"review.{ending}"
    arguments = ["report", "--workspace", str(demo_workspace.path), "--period", PERIOD, "--out", str(out)]
    result = CliRunner().invoke(main, [*arguments, "--company", "Nordlicht"])
    assert result.exit_code == 0, result.output
    assert f"{out.stat().st_size:,} bytes" in result.output
    if ending == "html":
        assert "Nordlicht: Review of 2025-Q4" in out.read_text(encoding="utf-8")
    else:
        assert Presentation(str(out)).core_properties.title == "Review of 2025-Q4"


def test_a_document_that_cannot_be_written_leaves_the_old_one(demo_workspace, tmp_path, monkeypatch):
    out = tmp_path / "review.html"
    out.write_text("the old one")

    def fails(_document):
        raise OSError(28, "No space left on device")

    broken = replace(formats.FORMATS["html"], write=fails)
    monkeypatch.setitem(formats.FORMATS, "html", broken)
    arguments = ["report", "--workspace", str(demo_workspace.path), "--period", PERIOD, "--out", str(out)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert out.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "review.docx"], "must end in .html or .pptx, got '.docx'"),
        (["--out", "review.html", "--period", "1999-Q1"], "1999-Q1"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(demo_workspace, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["report", "--workspace", str(demo_workspace.path), *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert not list(tmp_path.iterdir())


def test_data_without_sources_and_campaigns_have_no_empty_section_but_say_so(review, model):
    nothing = replace(
        review,
        sources=PartReview("source", None, part_words("source", None), ()),
        campaigns=PartReview("campaign", None, part_words("campaign", None), ()),
    )
    document = review_document(nothing, definition(model))
    for section in document.sections:
        assert section.paragraphs or section.points or section.charts or section.tables
    [caveats] = [one for one in document.sections if one.title == "What these figures cannot say"]
    assert caveats.points[-2:] == (nothing.sources.words, nothing.campaigns.words)
    slides = Presentation(io.BytesIO(document_pptx(document))).slides
    assert all(len(slide.shapes) > 2 for slide in slides)

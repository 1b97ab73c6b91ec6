"""The document of a review in a real browser: it draws every chart and asks nothing of a network."""

from __future__ import annotations

import re

import pytest

from queries.dataset import model_in_use, open_flow
from queries.review import quarter_review
from reports.review.document import review_document
from reports.review.html import document_html
from scoring.definition import definition


@pytest.fixture(scope="module")
def document(demo_workspace):
    model = model_in_use(demo_workspace)
    review = quarter_review(demo_workspace, open_flow(demo_workspace), model, "2025-Q4")
    return review_document(review, definition(model), "Nordlicht")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_asks_nothing_of_a_network_and_draws_every_chart(browser, document, tmp_path, width):
    file = tmp_path / "review.html"
    file.write_text(document_html(document), encoding="utf-8")
    charts = [chart for section in document.sections for chart in section.charts]
    series = sum(len(chart.series) for chart in charts)
    context = browser.new_context(viewport={"width": width, "height": 800})
    shown = context.new_page()
    requests, errors = [], []
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    shown.goto(file.as_uri())
    shown.locator(".js-plotly-plot .trace").nth(series - 1).wait_for(state="attached")
    drawn = shown.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(one => one.id)")
    wide = shown.evaluate("document.documentElement.scrollWidth")
    pdf = shown.pdf(prefer_css_page_size=True)
    context.close()
    assert requests == [file.as_uri()]
    assert errors == []
    assert drawn == [f"chart-{chart.key}" for chart in charts]
    assert wide <= width
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", pdf)) < 20

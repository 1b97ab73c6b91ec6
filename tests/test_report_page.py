"""The document on the Review page: made of the review that the page shows, when it is asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from pages.components.review import document as component

PAGE = Path(__file__).parent.parent / "pages" / "review_page.py"


@pytest.mark.parametrize("form", ["html", "pptx"])
def test_the_document_is_of_the_review_on_the_page_and_names_the_company(demo_workspace, monkeypatch, form):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    offered = []
    original = component.st.download_button

    def offer(label, *, data, **keys):
        if keys["key"] == "review_document_download":
            offered.append((data, keys["file_name"]))
        return original(label, data=data, **keys)

    monkeypatch.setattr(component.st, "download_button", offer)
    at = AppTest.from_file(PAGE, default_timeout=240).run()
    at.text_input(key="review_company").set_value("Nordlicht").run()
    at.radio(key="review_document_form").set_value(form).run()
    assert not at.exception
    data, name = offered[-1]
    period = at.session_state["review_period"]
    assert name == f"nordlicht-review-{period.lower()}.{form}"
    content = data()
    if form == "html":
        assert f"Nordlicht: Review of {period}" in content.decode("utf-8")
    else:
        assert Presentation(io.BytesIO(content)).core_properties.title == f"Review of {period}"

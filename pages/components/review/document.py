"""The review as a document to send: a page that opens anywhere, or slides to edit."""

from __future__ import annotations

import streamlit as st

from pages.components.table import file_stem
from reports.review.document import review_document
from reports.review.formats import FORMATS
from scoring.definition import definition
from scoring.model import Model
from scoring.review import QuarterReview


def show_document(review: QuarterReview, model: Model) -> None:
    """A popover that asks for whom and in which form, with the download."""
    with st.popover("As a document", icon=":material/description:", key="review_document_open"):
        st.markdown("This review with its charts, definitions and caveats, to send to whoever was not there.")
        company = st.text_input(
            "Company",
            key="review_company",
            max_chars=100,
            placeholder="Stands on the first page",
        ).strip()
        form = st.radio(
            "As",
            list(FORMATS),
            format_func=lambda ending: FORMATS[ending].label,
            key="review_document_form",
            horizontal=True,
        )
        st.download_button(
            "Download the document",
            data=lambda: write_document(review, model, company, form),
            file_name=f"{file_stem(f'{company} review {review.period}')}.{form}",
            mime=FORMATS[form].media_type,
            key="review_document_download",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )


def write_document(review: QuarterReview, model: Model, company: str, form: str) -> bytes:
    """The file, made only when somebody asks for it."""
    return FORMATS[form].write(review_document(review, definition(model), company))

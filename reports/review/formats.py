"""The forms that a document can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.review.content import Document
from reports.review.html import document_html
from reports.review.powerpoint import document_pptx


@dataclass(frozen=True)
class Format:
    """What it is called, its media type, and what writes it."""

    label: str
    media_type: str
    write: Callable[[Document], bytes]


FORMATS: Mapping[str, Format] = {
    "html": Format("A page (HTML)", "text/html", lambda document: document_html(document).encode("utf-8")),
    "pptx": Format(
        "Slides (PowerPoint)",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        document_pptx,
    ),
}
"""By the ending of the file's name."""

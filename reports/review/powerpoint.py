"""A document as slides: native charts and tables that can be edited, one sentence as the title of each."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.review.content import Document, Section, Table
from reports.review.powerpoint_charts import add_chart
from reports.review.slide_tables import GAP, TITLE_OF_TABLE, add_table, pages_of_tables, table_height
from reports.review.slide_text import fitting_size, shortened, text_height
from reports.review.style import INK, MUTED
from reports.review.typography import set_text

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.733)
BODY_TOP, BODY_BOTTOM = Inches(1.45), Inches(7.0)
ACROSS, BODY = RIGHT - LEFT, BODY_BOTTOM - BODY_TOP
MOST_BESIDE_CHART = Inches(2.5)
"""The height of a table that goes on the slide of a chart."""

NOTE, NOTE_MARGIN = Pt(12), Inches(0.13)
LARGE_TEXT, SMALL_TEXT, AFTER_TEXT = Pt(18), Pt(14), Pt(8)
TITLES = (Pt(26), Pt(22), Pt(18))
MOST_OF_COMPANY, MOST_OF_FACT, MOST_OF_FOOTER = 40, 70, 150
"""Letters in a footer, which has one line."""

TITLE_ONLY = 5


def document_pptx(document: Document) -> bytes:
    """The whole file."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = WIDTH, HEIGHT
    slides.core_properties.title = set_text(document.title)
    slides.core_properties.author = set_text(document.company)
    _cover(slides, document)
    company = [shortened(document.company, MOST_OF_COMPANY)] if document.company else []
    facts = [shortened(fact, MOST_OF_FACT) for fact in document.facts[1:]]
    footer = shortened(" · ".join([*company, document.title, *facts]), MOST_OF_FOOTER)
    for section in document.sections:
        _section(slides, section, footer)
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def _cover(slides: Any, document: Document) -> None:
    """Whose and what it is, what happened, and the key figures; what is longer pushes the rest down."""
    top = int(Inches(0.55))
    slide = _slide(slides, document.title)
    title = slide.shapes.title
    if document.company:
        top = _flow(slide, document.company, top, Pt(18), colour=MUTED, bold=True)
    title.top, title.height = top, Inches(0.75)
    title.text_frame.paragraphs[0].font.size = Pt(40)
    top = _flow(slide, " · ".join(document.facts), top + Inches(0.85), Pt(16), colour=MUTED)
    size = fitting_size(document.headline, (Pt(24), Pt(20)), ACROSS, 3)
    top = _flow(slide, document.headline, top + Inches(0.2), size)
    _key_figures(slide, document, max(int(Inches(4.4)), top + Inches(0.2)))


def _key_figures(slide: Any, document: Document, top: int) -> None:
    step = ACROSS // max(1, len(document.key_figures))
    width = step - Inches(0.15)
    names = max((text_height([name], Pt(14), width) for name, _, _ in document.key_figures), default=0)
    for place, (name, figure, below) in enumerate(document.key_figures):
        left = LEFT + place * step
        _text(slide, [name], left, top, Pt(14), colour=MUTED, width=width, height=names)
        shown = top + names + Inches(0.08)
        _text(slide, [figure.shown], left, shown, Pt(26), bold=True, width=width)
        room = text_height([below], Pt(12), width)
        _text(slide, [below], left, shown + Inches(0.6), Pt(12), colour=MUTED, width=width, height=room)


def _flow(slide: Any, text: str, top: int, size: int, colour: str = INK, bold: bool = False) -> int:
    """Put a paragraph across the slide; where the next one begins."""
    height = text_height([text], size, ACROSS, gap=Inches(0.1), bold=bold)
    _text(slide, [text], LEFT, top, size, colour=colour, bold=bold, height=height)
    return top + height


def _section(slides: Any, section: Section, footer: str) -> None:
    """The slides of a section: its charts, then text, then tables, as many as it takes."""
    if not (section.charts or section.tables or section.paragraphs or section.points):
        _new(slides, section, footer)
    tables = list(section.tables)
    for chart in section.charts:
        slide = _new(slides, section, footer)
        fits = tables and table_height(tables[0], ACROSS) <= MOST_BESIDE_CHART
        below = tables.pop(0) if fits else None
        bottom = int(BODY_BOTTOM) if below is None else BODY_BOTTOM - table_height(below, ACROSS) + GAP
        if below is not None:
            _table(slide, below, bottom)
        if chart.note:
            note = text_height([chart.note], NOTE, ACROSS) + NOTE_MARGIN
            bottom -= note
            _text(slide, [chart.note], LEFT, bottom, NOTE, colour=MUTED, height=note)
        add_chart(slide, chart, LEFT, BODY_TOP, ACROSS, bottom - BODY_TOP)
    _texts_and_tables(slides, section, tables, footer)


def _texts_and_tables(slides: Any, section: Section, tables: Sequence[Table], footer: str) -> None:
    """Text, then tables below the last of it where they fit."""
    slide, top = None, int(BODY_TOP)
    for texts, size in _pages_of_text(section):
        slide = _new(slides, section, footer)
        height = text_height(texts, size, ACROSS, AFTER_TEXT)
        _text(slide, texts, LEFT, BODY_TOP, size, height=min(height, BODY), gap=AFTER_TEXT)
        top = BODY_TOP + height
    for place, page in enumerate(pages_of_tables(tables, ACROSS, BODY, BODY_BOTTOM - top)):
        if slide is None or place:
            slide, top = _new(slides, section, footer), int(BODY_TOP)
        for table in page:
            _table(slide, table, top)
            top += table_height(table, ACROSS)


def _pages_of_text(section: Section) -> Iterator[tuple[list[str], int]]:
    """Text for one slide each, and its size: large where all of it fits on one."""
    texts = [*section.paragraphs, *(f"•  {point}" for point in section.points)]
    whole = text_height(texts, LARGE_TEXT, ACROSS, AFTER_TEXT)
    size = LARGE_TEXT if whole <= BODY else SMALL_TEXT
    heights = [text_height([text], size, ACROSS, AFTER_TEXT) for text in texts]
    # As many slides as it takes, filled alike: none with a last sentence alone.
    even = sum(heights) / max(1, -(-sum(heights) // BODY))
    page: list[str] = []
    used = 0
    for text, height in zip(texts, heights, strict=True):
        if page and (used + height > BODY or used + height / 2 > even):
            yield page, size
            page, used = [], 0
        page.append(text)
        used += height
    if page:
        yield page, size


def _new(slides: Any, section: Section, footer: str) -> Any:
    """A further slide of a section, with its footer and number."""
    slide = _slide(slides, section.title)
    top, height, room = Inches(7.08), Inches(0.3), Inches(0.6)
    _text(slide, [footer], LEFT, top, Pt(10), colour=MUTED, width=ACROSS - room, height=height)
    page = str(len(slides.slides))
    number = _text(slide, [page], RIGHT - room, top, Pt(10), colour=MUTED, width=room, height=height)
    number.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return slide


def _slide(slides: Any, title: str) -> Any:
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = LEFT, Inches(0.35), ACROSS, Inches(1.0)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.text = set_text(title)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _font(paragraph, fitting_size(title, TITLES, ACROSS, 2, bold=True), INK, bold=True)
    return slide


def _text(
    slide: Any,
    texts: Sequence[str],
    left: int,
    top: int,
    size: int,
    *,
    colour: str = INK,
    bold: bool = False,
    width: int = ACROSS,
    height: int = Inches(0.5),
    gap: int = 0,
) -> Any:
    frame = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = set_text(text)
        paragraph.space_after = Emu(gap)
        _font(paragraph, size, colour, bold)
    return frame


def _font(paragraph: Any, size: int, colour: str, bold: bool) -> None:
    paragraph.font.size = Emu(size)
    paragraph.font.bold = bold
    paragraph.font.color.rgb = RGBColor.from_string(colour[1:])


def _table(slide: Any, table: Table, top: int) -> None:
    _text(slide, [table.title], LEFT, top, Pt(14), bold=True, height=TITLE_OF_TABLE)
    add_table(slide, table, LEFT, top + TITLE_OF_TABLE, ACROSS)

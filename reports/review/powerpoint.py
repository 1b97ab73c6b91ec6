"""A document as slides: native charts and tables that can be edited, one sentence as the title of each."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.review.content import Cell, Document, Figure, Section, Table
from reports.review.powerpoint_charts import add_chart
from reports.review.style import INK, MUTED
from reports.review.typography import set_text

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.733)
BODY_TOP, BODY_BOTTOM = Inches(1.45), Inches(7.0)
MOST_ROWS = 12
"""Rows of a table on one slide; more go on to the next."""

ROWS_BESIDE_CHART = 5
ROW, TITLE_OF_TABLE, NOTE_MARGIN, NOTE_LINE = Inches(0.36), Inches(0.42), Inches(0.13), Inches(0.22)

LETTERS_OF_A_NOTE = 140
"""In one line below a chart."""

MOST_LETTERS = 1700
"""Letters of text on one slide."""

MOST_WORDY = 3
"""A table of so few columns holds sentences."""

TITLE_ONLY = 5


def document_pptx(document: Document) -> bytes:
    """The whole file."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = WIDTH, HEIGHT
    slides.core_properties.title = set_text(document.title)
    slides.core_properties.author = set_text(document.company)
    _cover(slides, document)
    footer = " · ".join(
        [*([document.company] if document.company else []), document.title, *document.facts[1:]]
    )
    for section in document.sections:
        _section(slides, section, footer)
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def _cover(slides: Any, document: Document) -> None:
    slide = _slide(slides, document.title, size=40, top=Inches(1.0), height=Inches(0.9))
    if document.company:
        _text(slide, [document.company], LEFT, Inches(0.55), Pt(18), colour=MUTED, bold=True)
    _text(slide, [" · ".join(document.facts)], LEFT, Inches(1.9), Pt(16), colour=MUTED)
    _text(slide, [document.headline], LEFT, Inches(2.6), Pt(24), height=Inches(1.4))
    step = (RIGHT - LEFT) // max(1, len(document.key_figures))
    for place, (name, figure, below) in enumerate(document.key_figures):
        left = LEFT + place * step
        width = step - Inches(0.15)
        _text(slide, [name], left, Inches(4.5), Pt(14), colour=MUTED, width=width, height=Inches(0.6))
        _text(slide, [figure.shown], left, Inches(5.05), Pt(26), bold=True, width=width)
        _text(slide, [below], left, Inches(5.7), Pt(12), colour=MUTED, width=width, height=Inches(0.8))


def _section(slides: Any, section: Section, footer: str) -> None:
    """The slides of a section: its charts, then text, then tables, as many as it takes."""
    if not (section.charts or section.tables or section.paragraphs or section.points):
        _footer(_slide(slides, section.title), footer)
    tables = list(section.tables)
    for chart in section.charts:
        slide = _slide(slides, section.title)
        below = tables.pop(0) if tables and len(tables[0].rows) <= ROWS_BESIDE_CHART else None
        room = 0 if below is None else _height_of(below.rows) + TITLE_OF_TABLE
        note = _height_of_note(chart.note)
        bottom = BODY_BOTTOM - room - note
        add_chart(slide, chart, LEFT, BODY_TOP, RIGHT - LEFT, bottom - BODY_TOP)
        if chart.note:
            _text(slide, [chart.note], LEFT, bottom, Pt(12), colour=MUTED, height=note)
        if below is not None:
            _table(slide, below, below.rows, BODY_BOTTOM - room)
        _footer(slide, footer)
    for texts in _pages_of_text(section):
        slide = _slide(slides, section.title)
        size = Pt(18 if sum(map(len, texts)) < 900 else 14)
        _text(slide, texts, LEFT, BODY_TOP, size, height=BODY_BOTTOM - BODY_TOP, gap=Pt(8))
        _footer(slide, footer)
    for page in _pages_of_tables(tables):
        slide, top = _slide(slides, section.title), int(BODY_TOP)
        for table in page:
            _table(slide, table, table.rows, top)
            top += TITLE_OF_TABLE + _height_of(table.rows) + Inches(0.2)
        _footer(slide, footer)


def _pages_of_tables(tables: Sequence[Table]) -> Iterator[list[Table]]:
    """Tables for one slide each: small ones together, a long one in parts."""
    page: list[Table] = []
    for table in tables:
        for start in range(0, max(1, len(table.rows)), MOST_ROWS):
            title = f"{table.title} (continued)" if start else table.title
            part = Table(title, table.columns, table.rows[start : start + MOST_ROWS])
            if page and sum(len(one.rows) + 2 for one in [*page, part]) > MOST_ROWS + 2:
                yield page
                page = []
            page.append(part)
    if page:
        yield page


def _height_of_note(note: str) -> int:
    lines = -(-len(note) // LETTERS_OF_A_NOTE)
    return NOTE_MARGIN + lines * NOTE_LINE if lines else 0


def _height_of(rows: Sequence[object]) -> int:
    return ROW * (len(rows) + 1)


def _pages_of_text(section: Section) -> Iterator[list[str]]:
    page: list[str] = []
    for text in (*section.paragraphs, *(f"•  {point}" for point in section.points)):
        if page and sum(map(len, page)) + len(text) > MOST_LETTERS:
            yield page
            page = []
        page.append(text)
    if page:
        yield page


def _slide(
    slides: Any, title: str, size: int = 26, top: int = Inches(0.4), height: int = Inches(0.95)
) -> Any:
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = LEFT, top, RIGHT - LEFT, height
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.text = set_text(title)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _font(paragraph, Pt(size if len(title) < 90 else size - 4), INK, bold=True)
    return slide


def _footer(slide: Any, text: str) -> None:
    _text(slide, [text], LEFT, Inches(7.08), Pt(10), colour=MUTED, height=Inches(0.3))


def _text(
    slide: Any,
    texts: Sequence[str],
    left: int,
    top: int,
    size: int,
    *,
    colour: str = INK,
    bold: bool = False,
    width: int = RIGHT - LEFT,
    height: int = Inches(0.5),
    gap: int = 0,
) -> None:
    frame = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = set_text(text)
        paragraph.space_after = Emu(gap)
        _font(paragraph, size, colour, bold)


def _font(paragraph: Any, size: int, colour: str, bold: bool) -> None:
    paragraph.font.size = Emu(size)
    paragraph.font.bold = bold
    paragraph.font.color.rgb = RGBColor.from_string(colour[1:])


def _table(slide: Any, table: Table, rows: Sequence[Sequence[Cell]], top: int) -> None:
    _text(slide, [table.title], LEFT, top, Pt(14), bold=True, height=TITLE_OF_TABLE)
    columns, top = len(table.columns), top + TITLE_OF_TABLE
    shape = slide.shapes.add_table(len(rows) + 1, columns, LEFT, top, RIGHT - LEFT, _height_of(rows))
    grid = shape.table
    first = Inches(2.4) if columns > 2 else (RIGHT - LEFT) // 2
    wordy = columns <= MOST_WORDY
    for place in range(columns):
        grid.columns[place].width = Emu(first if place == 0 else (RIGHT - LEFT - first) // (columns - 1))
    size = Pt(11 if columns <= 8 else 10)
    for row, cells in enumerate([table.columns, *rows]):
        for place, cell in enumerate(cells):
            _cell(grid.cell(row, place), cell, size, head=row == 0, right=place > 0 and not wordy)


def _cell(target: Any, cell: Cell, size: int, head: bool, right: bool) -> None:
    target.text = set_text(cell.shown if isinstance(cell, Figure) else cell)
    target.margin_left = target.margin_right = Inches(0.06)
    target.margin_top = target.margin_bottom = Inches(0.025)
    paragraph = target.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _font(paragraph, size, "#ffffff" if head else INK, bold=head)
    if head:
        target.fill.solid()
        target.fill.fore_color.rgb = RGBColor.from_string("12325a")

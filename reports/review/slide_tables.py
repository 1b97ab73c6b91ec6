"""Tables on slides: columns as wide as what stands in them, rows as high, and as many slides as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.review.content import Cell, Figure, Table
from reports.review.slide_text import BOLD_LETTER, LETTER, LINE, line_count
from reports.review.style import INK
from reports.review.typography import set_text

ROW, TITLE_OF_TABLE, GAP = Inches(0.34), Inches(0.42), Inches(0.2)
SIDE, ABOVE = Inches(0.06), Inches(0.03)
"""Room around the text of a cell."""

MOST_WORDY = 3
"""A table of so few columns holds sentences."""

LARGE, SMALL, MOST_OF_LARGE = Pt(12), Pt(11), 8
"""Sizes of text; a table with more columns than this has the small one."""


def table_height(table: Table, width: int) -> int:
    """With its title above and a gap below."""
    return TITLE_OF_TABLE + sum(_row_heights(table, width)) + GAP


def pages_of_tables(tables: Sequence[Table], width: int, room: int, first_room: int) -> Iterator[list[Table]]:
    """Tables for one slide each: small ones together, a long one in parts.

    Parameters
    ----------
    tables : sequence of Table
    width, room : int
        Of a slide, for tables.
    first_room : int
        On the first slide, where text may stand above; a table that does not fit goes on to the next one.
    """
    page: list[Table] = []
    left = first_room
    for table in tables:
        for part in _parts(table, width, room):
            height = table_height(part, width)
            if height > left + GAP and (page or left < room):
                yield page
                page, left = [], room
            page.append(part)
            left -= height
    if page:
        yield page


def add_table(slide: Any, table: Table, left: int, top: int, width: int) -> None:
    """Put a table on a slide, without its title."""
    heights, widths = _row_heights(table, width), _widths(table, width)
    rows, columns = len(heights), len(widths)
    grid = slide.shapes.add_table(rows, columns, left, top, width, sum(heights)).table
    for place, each in enumerate(widths):
        grid.columns[place].width = Emu(each)
    for row, cells in enumerate([table.columns, *table.rows]):
        grid.rows[row].height = Emu(heights[row])
        for place, cell in enumerate(cells):
            right = place > 0 and columns > MOST_WORDY
            _fill(grid.cell(row, place), cell, _size(table), head=row == 0, right=right)


def _parts(table: Table, width: int, room: int) -> Iterator[Table]:
    """The table in parts that each fit on a slide; one without rows as it is."""
    head, *heights = _row_heights(table, width)
    room -= TITLE_OF_TABLE + head
    start, used = 0, 0
    for place, height in enumerate(heights):
        if used + height > room and place > start:
            yield _part(table, start, place)
            start, used = place, 0
        used += height
    yield _part(table, start, len(heights))


def _part(table: Table, start: int, end: int) -> Table:
    title = f"{table.title} (continued)" if start else table.title
    return Table(title, table.columns, table.rows[start:end])


def _size(table: Table) -> int:
    return LARGE if len(table.columns) <= MOST_OF_LARGE else SMALL


def _text_of(cell: Cell) -> str:
    return cell.shown if isinstance(cell, Figure) else cell


def _widths(table: Table, width: int) -> list[int]:
    """The first column as wide as its longest name, within bounds; the others by their longest word."""
    columns = len(table.columns)
    if columns == 1:
        return [width]
    size = _size(table)
    names = [table.columns[0], *(_text_of(row[0]) for row in table.rows)]
    wanted = max(int(len(name) * size * BOLD_LETTER) for name in names) + 2 * SIDE
    first = min(max(wanted, Inches(1.3)), width // 3 if columns <= MOST_WORDY else Inches(3.0))
    needs = []
    for place in range(1, columns):
        cells = [_text_of(row[place]) for row in table.rows]
        longest = max((len(text) for text in cells), default=0) * LETTER
        word = max(len(word) for word in [*table.columns[place].split(), ""]) * BOLD_LETTER
        needs.append(max(longest, word) * size + 2 * SIDE)
    rest = width - first
    if columns <= MOST_WORDY:
        return [first, *([rest // (columns - 1)] * (columns - 1))]
    # What is left over is shared evenly, so that columns of like content are alike.
    over = (rest - sum(needs)) / len(needs)
    scale = 1.0 if over >= 0 else rest / sum(needs)
    return [first, *(int(need * scale + max(0.0, over)) for need in needs)]


def _row_heights(table: Table, width: int) -> list[int]:
    """Of the head and each row."""
    size, widths = _size(table), _widths(table, width)
    heights = []
    for row, cells in enumerate([table.columns, *table.rows]):
        lines = max(
            line_count(_text_of(cell), size, each - 2 * SIDE, bold=row == 0)
            for cell, each in zip(cells, widths, strict=True)
        )
        heights.append(max(int(ROW), int(lines * LINE * size) + 2 * ABOVE))
    return heights


def _fill(target: Any, cell: Cell, size: int, head: bool, right: bool) -> None:
    target.text = set_text(_text_of(cell))
    target.margin_left = target.margin_right = SIDE
    target.margin_top = target.margin_bottom = ABOVE
    paragraph = target.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    paragraph.font.size = Emu(size)
    paragraph.font.bold = head
    paragraph.font.color.rgb = RGBColor.from_string("ffffff" if head else INK[1:])
    if head:
        target.fill.solid()
        target.fill.fore_color.rgb = RGBColor.from_string("12325a")

"""A document as one HTML file that opens anywhere: nothing is loaded, charts can be explored, it prints.

Plotly's library stands in it once. Text is escaped wherever it goes, and a content policy forbids every
request.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from plotly.offline import get_plotlyjs

from reports.review.content import Cell, Chart, Document, Figure, Section, Table
from reports.review.html_style import PRINT_SCRIPT, STYLE
from reports.review.plotly_charts import chart_html
from reports.review.typography import set_text

MOST_WORDY = 3
"""A table of so few columns holds sentences."""

MOST_KEPT = 34
"""Rows of a table that stays on one sheet of paper."""

MOST_OF_A_NAME = 20
"""Letters of a row's name that stays on one line."""

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def document_html(document: Document) -> str:
    """The whole file."""
    title = escape(f"{document.company}: {document.title}" if document.company else document.title)
    body = [_cover(document), *(_section(section) for section in document.sections)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head>"
        f"<body><main>{''.join(body)}</main><script>{PRINT_SCRIPT}</script></body></html>\n"
    )


def _text(text: str) -> str:
    return escape(set_text(text))


def _cover(document: Document) -> str:
    company = f"<p class=company>{escape(document.company)}</p>" if document.company else ""
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in document.facts)
    figures = "".join(
        f"<div><dt>{_text(name)}</dt><dd>{_figure(figure)}</dd><dd class=below>{_text(below)}</dd></div>"
        for name, figure, below in document.key_figures
    )
    return (
        f"<header>{company}<h1>{escape(document.title)}</h1><ul class=facts>{facts}</ul>"
        f"<p class=headline>{_text(document.headline)}</p><dl class=figures>{figures}</dl></header>"
    )


def _section(section: Section) -> str:
    texts = [f"<p>{_text(text)}</p>" for text in section.paragraphs]
    if section.points:
        texts.append("<ul>" + "".join(f"<li>{_text(text)}</li>" for text in section.points) + "</ul>")
    blocks = [*texts, *map(_chart, section.charts), *map(_table, section.tables)]
    # On paper a title stays with what follows it; a long list or table may go on over pages.
    short = not section.charts and len(section.tables) > 0 and len(section.tables[0].rows) <= MOST_KEPT
    sentence = len(section.paragraphs) == 1 and not section.points
    keep = ' class="keep"' if not texts or (sentence and short) else ""
    kept = 2 if sentence and short else 1
    first, others = "".join(blocks[:kept]), "".join(blocks[kept:])
    return f"<section><div{keep}><h2>{_text(section.title)}</h2>{first}</div>{others}</section>"


def _chart(chart: Chart) -> str:
    note = f"<figcaption>{_text(chart.note)}</figcaption>" if chart.note else ""
    label = escape(f"{chart.title}. Its figures stand in the tables of this document.", quote=True)
    title = f"<h3>{escape(chart.title)}</h3>"
    return f'<figure role="group" aria-label="{label}">{title}{chart_html(chart)}{note}</figure>'


def _table(table: Table) -> str:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in table.columns)
    kind = "table" + (" words" if len(table.columns) <= MOST_WORDY else "")
    kind += " short" if len(table.rows) <= MOST_KEPT else ""
    rows = "".join(f"<tr>{_row(row)}</tr>" for row in table.rows)
    return (
        f'<div class="{kind}"><table><caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(row: Sequence[Cell]) -> str:
    first, *others = row
    name = first.shown if isinstance(first, Figure) else first
    kind = " class=name" if len(name) <= MOST_OF_A_NAME else ""
    cells = [f"<th scope=row{kind}>{_cell(first)}</th>"]
    return "".join(cells + [f"<td>{_cell(cell)}</td>" for cell in others])


def _cell(cell: Cell) -> str:
    return _figure(cell) if isinstance(cell, Figure) else _text(cell)


def _figure(figure: Figure) -> str:
    """The text as shown, with the whole value and its place for programs."""
    shown = _text(figure.shown)
    if figure.value is None:
        return shown
    place = f' data-figure="{escape(figure.path, quote=True)}"' if figure.path else ""
    return f'<data value="{figure.value!r}"{place}>{shown}</data>'

"""A build sheet as Markdown, as CSV and as a page."""

from __future__ import annotations

import re
from html import escape

import pyarrow as pa

from queries.safe_csv import csv_bytes
from reports.build_sheet.sheet import PARTS, BuildSheet, SheetLine, Verdict

_MARKUP = re.compile(r"([\\`*\[\]<~]|(?<!\w)_|_(?!\w))")
COLUMNS = ("Part", "Id", "Name", "Verdict", "Where", "What to enter", "What differs", "What to do")


def to_markdown(sheet: BuildSheet) -> str:
    """The sheet as Markdown: a list of steps by part, then what holds for everything."""
    text = [
        f"# {_plain(sheet.model)}: build sheet for {_plain(sheet.product)}",
        "",
        _plain(sheet.summary),
        "",
    ]
    for part, title in PARTS.items():
        lines = sheet.of_part(part)
        if not lines:
            continue
        text += [f"## {title}", ""]
        for line in lines:
            text += [*_markdown_line(line), ""]
    text += ["## Notes", "", *(f"- {_plain(note)}" for note in sheet.notes), ""]
    return "\n".join(text)


def to_csv(sheet: BuildSheet) -> bytes:
    """One row a line, safe to open in a spreadsheet."""
    rows = [
        (
            line.part,
            line.key,
            line.label,
            str(line.verdict),
            line.place,
            "\n".join(line.settings),
            "\n".join(line.differences),
            line.advice,
        )
        for line in sheet.lines
    ]
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(COLUMNS))]
    return csv_bytes(pa.Table.from_arrays(columns, names=list(COLUMNS)))


def to_html(sheet: BuildSheet) -> str:
    """The sheet as a page of its own, without anything to load."""
    body = [f"<h1>{escape(sheet.model)}: build sheet for {escape(sheet.product)}</h1>"]
    body.append(f"<p class=summary>{escape(sheet.summary)}</p>")
    for part, title in PARTS.items():
        lines = sheet.of_part(part)
        if lines:
            body += [f"<h2>{escape(title)}</h2>", _html_table(lines)]
    body += ["<h2>Notes</h2>", _html_list(sheet.notes)]
    title = escape(f"{sheet.model}: build sheet for {sheet.product}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _markdown_line(line: SheetLine) -> list[str]:
    key = f" (`{line.key}`)" if line.part == "rule" else ""
    text = [f"- [ ] **{_plain(line.label)}**{key}: {line.verdict}"]
    if line.verdict is Verdict.NOTHING:
        return [f"{text[0]}. {_plain(line.advice)}"]
    if line.place:
        text.append(f"  - Where: {_plain(line.place)}")
    text += [f"  - {_plain(setting)}" for setting in line.settings]
    text += [f"  - **Differs:** {_plain(one)}" for one in line.differences]
    text += [f"  - *What to do:* {_plain(line.advice)}"] if line.advice else []
    return text


def _html_table(lines: tuple[SheetLine, ...]) -> str:
    rows = "".join(
        f"<tr class={line.verdict.name.lower()}><td><strong>{escape(line.label)}</strong>"
        f"<div class=key>{escape(line.key)}</div></td>"
        f"<td class=verdict>{escape(str(line.verdict))}</td>"
        f"<td>{_html_place(line)}</td><td>{_html_difference(line)}</td></tr>"
        for line in lines
    )
    head = "<tr><th>What</th><th>Built</th><th>Where, and what to enter</th><th>What differs</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _html_place(line: SheetLine) -> str:
    place = f"<div class=place>{escape(line.place)}</div>" if line.place else ""
    return place + (_html_list(line.settings) if line.settings else "")


def _html_difference(line: SheetLine) -> str:
    said = _html_list(line.differences) if line.differences else ""
    return said + (f"<p class=advice>{escape(line.advice)}</p>" if line.advice else "")


def _html_list(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


STYLE = """
:root { color-scheme: light; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
body { color: #1d2733; background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.summary { font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid #c9d2dc; padding: .4rem .6rem; }
td { vertical-align: top; border-bottom: 1px solid #e3e8ee; padding: .5rem .6rem; overflow-wrap: anywhere; }
th:nth-child(1) { width: 20%; } th:nth-child(2) { width: 7.5rem; } .verdict { overflow-wrap: normal; }
th:nth-child(3) { width: 36%; }
ul { margin: 0; padding-left: 1.1rem; } .key { color: #5b6878; font-size: .85rem; }
.place { font-weight: 600; } .advice { margin: .4rem 0 0; color: #3c4a5a; }
.verdict { font-weight: 600; } .same .verdict { color: #1b6e4b; } .different .verdict { color: #7a5200; }
.impossible .verdict { color: #a3271c; } .nothing td { color: #5b6878; }
@media (max-width: 640px) { table, thead, tbody, tr, td { display: block; } thead { display: none; }
  td { border: 0; padding: .2rem 0; }
  tr { border-bottom: 1px solid #e3e8ee; display: block; padding: .6rem 0; } }
@media print { main { max-width: none; padding: 0; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""

"""Sources and campaigns in a document."""

from __future__ import annotations

from reports.review.content import Chart, Figure, Section, Series, Table
from reports.review.figures import share, span, whole
from scoring.figure_words import count, percent
from scoring.review import PartReview, PartRow, QuarterReview
from scoring.review_parts import best_row, judged_rows, named_rows

MOST_ROWS = 10
MOST_LETTERS = 24
"""Of a tier's name in the head of a narrow column."""


def part_section(review: QuarterReview, part: PartReview) -> Section:
    """A section for the sources or campaigns of data that name them."""
    if not part.rows:
        return Section(f"No lead of {review.period} names its {part.name}")
    rows, best = part.rows[:MOST_ROWS], best_row(part, review.this.rate)
    left = len(part.rows) - len(rows)
    shown = f" The {len(rows)} with most leads"
    if best is not None and best not in rows:
        rows, left, shown = (*rows, best), left - 1, f"{shown}, and the one that converted best"
    most = f"{shown}; {left} more stand on the page Review." if left > 0 else ""
    lying = rows[::-1]
    chart = Chart(
        part.name,
        "bars",
        "rate",
        f"Conversion rate by {part.name} in {review.period}",
        tuple(row.value for row in lying),
        (
            Series(
                review.period,
                tuple(row.all.rate for row in lying),
                tuple(row.all.low for row in lying),
                tuple(row.all.high for row in lying),
            ),
        ),
        f"Lines show the likely range.{most} {part.words}",
    )
    columns = (
        part.name.capitalize(),
        f"Scored in {review.period}",
        f"Scored in {review.before_label}",
        f"Scored in {review.year_before_label}",
        "Complete leads",
        "Converted",
        "Rate",
        "Likely range",
        f"Of them {review.top.label}" if len(review.top.label) <= MOST_LETTERS else "Of them in the top tier",
    )
    table = Table(f"{part.name.capitalize()}s in {review.period}", columns, tuple(map(_cells, rows)))
    charts = (chart,) if any(row.all.rate is not None for row in rows) else ()
    # Where there is a chart, its note says it.
    said = () if charts else (part.words,)
    return Section(_title(review, part), paragraphs=said, charts=charts, tables=(table,))


def _title(review: QuarterReview, part: PartReview) -> str:
    named = named_rows(part)
    if not named:
        return f"No lead of {review.period} names its {part.name}"
    largest = named[0]
    text = f"Most leads came from {largest.value} ({count(largest.scored)})"
    if not judged_rows(part):
        return text
    best = best_row(part, review.this.rate)
    if best is None:
        return f"{text}; no {part.name} converted better by more than chance"
    return f"{text}; {best.value} converted best, at {percent(best.all.rate)} of {count(best.all.leads)}"


def _cells(row: PartRow) -> tuple[str | Figure, ...]:
    return (
        row.value,
        whole(row.scored),
        whole(row.scored_before),
        whole(row.scored_year_before),
        whole(row.all.leads),
        whole(row.all.conversions),
        share(row.all.rate),
        span(row.all.low, row.all.high),
        whole(row.scored_top),
    )

"""What a document is made of, before it is laid out: sections of text, tables and charts.

Every figure keeps its whole value beside the text that is shown, and where it stands in what
``tierline backtest --json`` prints, so that a document can be checked against it to the digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Number = int | float


@dataclass(frozen=True)
class Figure:
    """A number in a table.

    Attributes
    ----------
    shown : str
        As people read it.
    value : number or None
        In full; None for a figure of nothing.
    path : str
        Such as ``2026-Q1/SQL/rate``: period, tier where it is one tier's, key. '' where it is not a figure of
        the back-test.
    """

    shown: str
    value: Number | None = None
    path: str = ""


Cell = Figure | str


@dataclass(frozen=True)
class Table:
    """A table; columns from the second on are figures and stand on the right unless they hold sentences."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Series:
    """One series of a chart.

    Attributes
    ----------
    name : str
    values : tuple of number or None
        One for each category.
    low, high : tuple of number or None
        Ends of the likely range, same length; empty without ranges.
    paths : tuple of str
        As a `Figure`'s, same length as the values; empty where they are no figures of the back-test.
    """

    name: str
    values: tuple[Number | None, ...]
    low: tuple[Number | None, ...] = ()
    high: tuple[Number | None, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart whose title says what it shows.

    Attributes
    ----------
    key : str
        Of letters and hyphens, unique in the document.
    kind : str
        ``columns`` side by side, ``stack`` of columns, ``lines`` over time, ``bars`` lying.
    axis : str
        ``rate`` or ``count``.
    title, note : str
    categories : tuple of str
    series : tuple of Series
        The darkest colour is the last one's.
    """

    key: str
    kind: Literal["columns", "stack", "lines", "bars"]
    axis: Literal["rate", "count"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""


MOST_UPRIGHT, MOST_OF_A_NAME = 72, 26
"""Letters of all names below upright columns, and of one of them."""


def columns_or_bars(names: Sequence[str]) -> Literal["columns", "bars"]:
    """How to draw categories: upright columns unless their names are too long to stand below.

    Examples
    --------
    >>> columns_or_bars(["MQL", "SQL"]), columns_or_bars(["Qualified by telephone in the region"])
    ('columns', 'bars')
    """
    short = sum(map(len, names)) <= MOST_UPRIGHT and max(map(len, names), default=0) <= MOST_OF_A_NAME
    return "columns" if short else "bars"


@dataclass(frozen=True)
class Section:
    """A part of the document: a sentence as its title, then text, charts and tables."""

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes
    ----------
    title : str
    company : str
        '' when it was not named.
    facts : tuple of str
        Under the title: period, model and version, how far the data go.
    headline : str
        What happened, one sentence.
    key_figures : tuple of (str, Figure, str)
        What it is, the figure, and what stands below it.
    sections : tuple of Section
    """

    title: str
    company: str
    facts: tuple[str, ...]
    headline: str
    key_figures: tuple[tuple[str, Figure, str], ...]
    sections: tuple[Section, ...]

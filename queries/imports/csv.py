"""CSV as Arrow batches, record by record, with the physical line that each record starts in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TextIO

import pyarrow as pa

from queries.contract import check_names, clean_name
from queries.imports.encoding import TextFile
from queries.imports.errors import ImportRefused
from queries.imports.source import Batch, BrokenRow, Staged
from queries.imports.staging import Staging
from queries.mapping import BLANKS, FileMapping

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 200
MIN_BLANKS_COLUMNS = 3
"""Names of two words would look like two columns."""
BATCH_ROWS = 20_000
BATCH_CHARACTERS = 16_000_000
MAX_FIELD_CHARACTERS = 16_000_000
RAW_CHARACTERS = 1_000
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class CsvSource:
    """Rows of a text file.

    Parameters
    ----------
    text : TextFile
        The file, found to be text.
    options : FileMapping
        How it is read; the delimiter is detected when not given.

    Raises
    ------
    ImportRefused
        When the header cannot become columns.
    """

    def __init__(self, text: TextFile, options: FileMapping) -> None:
        self.file = text.file
        self.notes = list(text.notes)
        self.clustered_by: frozenset[int] = frozenset()
        self._text = text
        self._options = options
        with text.open() as (stream, _):
            lines = list(islice(stream, options.skip_lines + SAMPLE_LINES))
        separator = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
        self._skipped = options.skip_lines + (1 if separator else 0)
        self._delimiter = options.delimiter or (
            separator.group(1) if separator else detect_delimiter(lines[self._skipped :])
        )
        if self._delimiter == BLANKS and options.delimiter is None:
            self.notes.append(f"{self.file.name}: columns were taken as set apart by blanks")
        self.columns = self._read_header()
        check_names(self.columns, self.file.name)

    def _read_header(self) -> tuple[str, ...]:
        if not self._options.header:
            return tuple(clean_name(name) for name in self._options.column_names)
        with self._text.open() as (stream, _):
            records = _Records(self.file.name, stream, self._delimiter, self._skipped)
            for line, fields in records:
                if isinstance(fields, str):
                    raise ImportRefused(
                        f"{self.file.name}, line {line}: the header must be readable, got {fields}"
                    )
                return tuple(clean_name(name) for name in fields)
        raise ImportRefused(
            f"{self.file.name}: a file must hold a header and rows, got only blanks; export it again"
        )

    def stage(self, staging: Staging, number: int, max_rows: int | None) -> Iterator[Staged]:
        """Copy the rows, part by part; see `batches`."""
        staging.start_file(number, len(self.columns))
        rows = text_bytes = 0
        for batch in self.batches():
            rows += batch.rows.num_rows + len(batch.broken)
            text_bytes += batch.text_bytes
            staging.append(number, batch)
            yield Staged(rows, text_bytes, batch.read_fraction)
            if max_rows is not None and rows >= max_rows:
                return

    def first_rows(self, count: int) -> pa.Table:
        """The first rows as text; refuses what `batches` refuses."""
        rows = next(self.batches()).rows
        return pa.Table.from_batches([rows]).drop_columns(["line", "row"]).slice(0, count)

    def batches(self) -> Iterator[Batch]:
        """The rows in order, in parts of bounded size.

        Raises
        ------
        ImportRefused
            For a quote that is never closed, an enormous field, or a file that ends in the middle of a row.
        """
        size = max(1, self.file.bytes)
        with self._text.open() as (stream, raw):
            records = _Records(self.file.name, stream, self._delimiter, self._skipped)
            part = _Part(len(self.columns), self._text.has_nul)
            for line, fields in islice(records, 1 if self._options.header else 0, None):
                part.add(line, fields, records)
                if part.is_full():
                    yield part.flush(raw.tell() / size)
            if part.last_is_short and not records.last_line_ended:
                raise ImportRefused(
                    f"{self.file.name}, line {records.start}: the file must be complete, got one that ends "
                    "in the middle "
                    "of a row; export it again"
                )
            yield part.flush(1.0)


class _Records:
    """The records of a text with the line they start in: their fields, or why they have none."""

    def __init__(self, name: str, stream: TextIO, delimiter: str, skipped_lines: int) -> None:
        self.name = name
        self.start = 1
        self.last_line_ended = True
        self._lines: list[str] = []
        self._stream = stream
        self._delimiter = delimiter
        self._number = sum(1 for _ in islice(stream, skipped_lines))

    @property
    def raw(self) -> str:
        """The text of the last record."""
        return "".join(self._lines)

    def holds_nul(self) -> bool:
        """Whether the last record has a NUL character."""
        return any("\0" in line for line in self._lines)

    def _remember_lines(self) -> Iterator[str]:
        for line in self._stream:
            self._number += 1
            self._lines.append(line)
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        reader: Iterator[list[str]]
        if self._delimiter == BLANKS:
            reader = (line.split() for line in self._remember_lines())
        else:
            reader = csv.reader(self._remember_lines(), delimiter=self._delimiter, strict=True)
        while True:
            before = self._number
            self._lines = []
            try:
                fields: list[str] | str = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.start = before + 1
                fields = self._explain(str(error))
            if not fields or (len(fields) == 1 and fields[0].isspace()):
                continue  # an empty line
            self.start = before + 1
            self.last_line_ended = self._lines[-1].endswith(("\n", "\r"))
            yield self.start, fields

    def _explain(self, error: str) -> str:
        if error.startswith("unexpected end of data"):
            raise ImportRefused(
                f"{self.name}, line {self.start}: every quote must be closed, got one that is open at the "
                "end of the "
                "file; close it or export the file again"
            )
        if "field larger than" in error:
            raise ImportRefused(
                f"{self.name}, line {self.start}: a field must have at most {MAX_FIELD_CHARACTERS:,} "
                "characters, got "
                "more; look for a quote that is not closed"
            )
        return f"a quote inside a quoted field must be doubled ({error})"


class _Part:
    """Rows on their way into a batch."""

    def __init__(self, width: int, check_nul: bool) -> None:
        self.width = width
        self.last_is_short = False
        self._check_nul = check_nul
        self._row = 0
        self._start()

    def _start(self) -> None:
        self._lines: list[int] = []
        self._rows: list[int] = []
        self._fields: list[list[str]] = []
        self._broken: list[BrokenRow] = []
        self._characters = 0

    def is_full(self) -> bool:
        return len(self._fields) + len(self._broken) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS

    def add(self, line: int, fields: list[str] | str, records: _Records) -> None:
        """Take a record, as a row or as a broken one."""
        self._row += 1
        self.last_is_short = False
        if isinstance(fields, str):
            reason = fields
        elif len(fields) != self.width:
            reason = f"a row must have {self.width} fields, got {len(fields)}"
            self.last_is_short = len(fields) < self.width
        elif self._check_nul and records.holds_nul():
            reason = "a row must hold text, got a NUL character"
        else:
            self._lines.append(line)
            self._rows.append(self._row)
            self._fields.append(fields)
            self._characters += sum(map(len, fields))
            return
        self._broken.append(BrokenRow(line, reason, records.raw[:RAW_CHARACTERS].rstrip("\r\n")))

    def flush(self, read_fraction: float) -> Batch:
        """The rows so far; starts a new part."""
        columns: Iterable[tuple[str, ...]] = (
            zip(*self._fields, strict=True) if self._fields else ((),) * self.width
        )
        arrays = [pa.array(self._lines, pa.int64()), pa.array(self._rows, pa.int64())]
        arrays += [pa.array(column, pa.string()) for column in columns]
        names = ["line", "row", *(f"c{i}" for i in range(self.width))]
        rows = pa.RecordBatch.from_arrays(arrays, names)
        batch = Batch(rows, self._broken, min(read_fraction, 1.0), self._characters)
        self._start()
        return batch


def _sample_records(lines: list[str], delimiter: str) -> list[list[str]]:
    """The records of the first lines, as far as they can be read."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    records = []
    with suppress(csv.Error):  # said where the rows are read
        for record in csv.reader(lines, delimiter=delimiter):
            if record:
                records.append(record)
    return records


def detect_delimiter(lines: list[str]) -> str:
    """The delimiter that splits the first lines into the most columns and the same number in most of them.

    Parameters
    ----------
    lines : list of str
        The first lines of a file, the header first.

    Returns
    -------
    str
        `BLANKS` where only runs of blanks do, into the same three columns or more in every line; a comma when
        nothing splits them.
    """

    def columns(delimiter: str) -> float:
        records = _sample_records(lines, delimiter)
        if not records or len(records[0]) < 2:
            return 0.0
        # The last one may be cut off by the end of the sample.
        body = records[1:-1] or records[1:]
        agreeing = sum(len(record) == len(records[0]) for record in body)
        return len(records[0]) * (agreeing + 1) / (len(body) + 1)

    best = max(DELIMITERS, key=columns)
    return BLANKS if columns(best) == 0 and _apart_by_blanks(lines) else best


def _apart_by_blanks(lines: list[str]) -> bool:
    """Whether every line has the same number of words; the last may be cut off by the sample's end."""
    words = [len(line.split()) for line in lines if line.strip()]
    whole = words[:-1] if len(words) > 2 else words
    return len(whole) > 1 and whole[0] >= MIN_BLANKS_COLUMNS and len(set(whole)) == 1

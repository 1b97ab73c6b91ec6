"""CSV that no spreadsheet takes for formulas, column by column, for lists of any length."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

FORMULA_START = r"^[=+\-@\t\r\x00]"
"""What a spreadsheet takes for the start of a formula, or skips before one."""


def write_safe_csv(table: pa.Table, target: Path | pa.NativeFile) -> None:
    """Write a table as CSV in UTF-8 with a byte order mark, by which Excel recognises it.

    Parameters
    ----------
    table : Arrow table
        Text that begins like a formula, also a column's name, gets a leading apostrophe; numbers and times
        stay as they are, times in ISO 8601.
    target : Path or Arrow file
    """
    safe = _safe(table)
    if isinstance(target, Path):
        with pa.OSFile(str(target), "wb") as file:
            _write(safe, file)
    else:
        _write(safe, target)


def write_safe_parts(parts: Iterable[pa.Table], target: Path | pa.NativeFile) -> int:
    """The same for a table that comes in parts of equal columns, of which only one is in memory at a time.

    Returns
    -------
    int
        The rows written. Without any part nothing is written, not even a header.
    """
    if isinstance(target, Path):
        with pa.OSFile(str(target), "wb") as file:
            return write_safe_parts(parts, file)
    rows, writer = 0, None
    for part in parts:
        safe = _safe(part)
        if writer is None:
            target.write(b"\xef\xbb\xbf")
            writer = pa.csv.CSVWriter(target, safe.schema)
        writer.write_table(safe)
        rows += part.num_rows
    if writer is not None:
        writer.close()
    return rows


def csv_bytes(table: pa.Table) -> bytes:
    """The same in memory."""
    buffer = pa.BufferOutputStream()
    write_safe_csv(table, buffer)
    return bytes(buffer.getvalue().to_pybytes())


def _safe(table: pa.Table) -> pa.Table:
    columns = [_harmless(column) for column in table.columns]
    names = _harmless(pa.chunked_array([pa.array(table.column_names, pa.string())])).to_pylist()
    return pa.Table.from_arrays(columns, names=names)


def _write(table: pa.Table, file: pa.NativeFile) -> None:
    file.write(b"\xef\xbb\xbf")
    pa.csv.write_csv(table, file)


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
    if not pa.types.is_string(column.type):
        return column
    dangerous = pc.fill_null(pc.match_substring_regex(column, FORMULA_START), False)
    return pc.if_else(dangerous, pc.binary_join_element_wise("'", column, ""), column)

"""What a text file is before anything is read from it: really text, in which encoding, and not too large."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from queries.imports.errors import ImportRefused
from queries.workspace import SourceFile

CHUNK_BYTES = 1 << 20
MAX_LINE_BYTES = 64 * CHUNK_BYTES
MAX_CONTROL_SHARE = 0.005
MAX_NUL_SHARE = 0.2
GZIP_MAGIC = b"\x1f\x8b"
OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save the workbook's sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office document", "save it as CSV without a password"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"PARE", "an encrypted Parquet file", "export it without encryption"),
    (b"%PDF", "a PDF document", "export it as CSV"),
    (b"SQLite format 3", "an SQLite database", "export its tables as CSV"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it or compress it as .gz"),
    (b"\xfd7zXZ", "an xz archive", "unpack it or compress it as .gz"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it or compress it as .gz"),
    (b'{"', "a JSON document", "export it as CSV"),
    (b"[{", "a JSON document", "export it as CSV"),
)
_WEB_PAGE = re.compile(rb"<(!doctype|html|head|\?xml)", re.IGNORECASE)
# Control characters that text does not hold; NUL is counted apart, because some exports do.
_CONTROLS = bytes(code for code in (*range(1, 32), 127) if code not in b"\t\n\r\f\v\x1a")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class TextFile:
    """A file that was found to be text.

    Attributes
    ----------
    encoding : str
        Python's name.
    has_nul : bool
        Whether NUL characters stand in it.
    notes : tuple of str
        What was found out and should be said.
    """

    path: Path
    file: SourceFile
    encoding: str
    has_nul: bool
    notes: tuple[str, ...] = ()

    @contextmanager
    def open(self) -> Iterator[tuple[TextIO, BinaryIO]]:
        """The decoded text, with line ends as they are, and the file, whose position shows progress."""
        with self.path.open("rb") as raw:
            binary = gzip.GzipFile(fileobj=raw) if is_gzip(self.path) else raw
            text = io.TextIOWrapper(cast(BinaryIO, binary), encoding=self.encoding, newline="")
            try:
                yield text, raw
            finally:
                text.detach()


def is_gzip(path: Path) -> bool:
    """Whether the name says that the file is compressed."""
    return path.suffix.lower() == ".gz"


def inspect_text(path: Path, encoding: str | None, max_bytes: int) -> TextFile:
    """Read a file once to see that it is text.

    Parameters
    ----------
    path : Path
        A text file, compressed when its name ends in ``.gz``.
    encoding : str or None
        What a mapping says; detected when None: UTF-8, UTF-16 with a byte-order mark, else Windows-1252.
    max_bytes : int
        The size, uncompressed, above which it is refused.

    Raises
    ------
    ImportRefused
        For a file that is empty, not text, not what its name says, cut off, undecodable or too large.
    """
    name = path.name
    with path.open("rb") as raw:
        head = raw.read(64)
    if not head:
        raise ImportRefused(f"{name}: a file must hold a header and rows, got an empty file; export it again")
    if is_gzip(path) != head.startswith(GZIP_MAGIC):
        wanted, way = (
            ("compressed", "name it without .gz") if is_gzip(path) else ("plain text", "name it .gz")
        )
        raise ImportRefused(f"{name}: the file must be {wanted}, as its name says, got another kind; {way}")
    scan = _Scan(path, max_bytes)
    head = scan.head()
    _refuse_other_kinds(name, head)
    found = encoding or _encoding_of(scan, head)
    digest = hashlib.sha256()
    for chunk in scan.raw_chunks():
        digest.update(chunk)
    source = SourceFile(name, digest.hexdigest(), path.stat().st_size)
    said = {"utf-16": "UTF-16", "cp1252": "Windows-1252 (cp1252)"}.get(found)
    notes = (f"{name}: converted from {said}",) if said is not None and encoding is None else ()
    if encoding is not None:
        _decode_all(scan, encoding)
    return TextFile(path, source, found, scan.nul_count > 0 and found != "utf-16", notes)


class _Scan:
    """The bytes of a file, read as often as needed, with counts of the last complete reading."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self.name = path.name
        self.max_bytes = max_bytes
        self.size = 0
        self.nul_count = 0
        self.control_count = 0
        self._line_size = 0

    def raw_chunks(self) -> Iterator[bytes]:
        """The file as it lies on disk."""
        with self.path.open("rb") as raw:
            while chunk := raw.read(CHUNK_BYTES):
                yield chunk

    def head(self) -> bytes:
        """The beginning of the content."""
        return next(self.chunks(), b"")

    def chunks(self) -> Iterator[bytes]:
        """The content, uncompressed.

        Raises
        ------
        ImportRefused
            When it is too large, or cut off or damaged.
        """
        self.size = self.nul_count = self.control_count = self._line_size = 0
        try:
            with self.path.open("rb") as raw:
                binary = gzip.GzipFile(fileobj=raw) if is_gzip(self.path) else raw
                while chunk := binary.read(CHUNK_BYTES):
                    self._count(chunk)
                    yield chunk
        except EOFError:
            raise ImportRefused(
                f"{self.name}: a compressed file must be complete, got one that is cut off; send it again"
            ) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ImportRefused(
                f"{self.name}: a compressed file must be undamaged, got: {error}; send it again"
            ) from None

    def _count(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.nul_count += chunk.count(0)
        self.control_count += len(chunk) - len(chunk.translate(None, _CONTROLS))
        if self.size > self.max_bytes:
            raise ImportRefused(
                f"{self.name}: a file must hold at most {self.max_bytes:,} bytes of text, got more; split "
                "it, or "
                "raise the limit"
            )
        line_end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._line_size = len(chunk) - line_end - 1 + (self._line_size if line_end < 0 else 0)
        if self._line_size > MAX_LINE_BYTES:
            raise ImportRefused(
                f"{self.name}: a line must have at most {MAX_LINE_BYTES:,} bytes, got more; see if it is text"
            )


def _refuse_other_kinds(name: str, head: bytes) -> None:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise ImportRefused(f"{name}: a file must hold a header and rows, got only blanks; export it again")
    for magic, kind, way_out in OTHER_KINDS:
        if start.startswith(magic):
            raise ImportRefused(f"{name}: the file must be CSV text, got {kind}; {way_out}")
    if start[8:12] == b"DUCK":
        raise ImportRefused(f"{name}: the file must be CSV text, got a DuckDB database; name it .duckdb")
    if _WEB_PAGE.match(start):
        raise ImportRefused(
            f"{name}: the file must be CSV text, got a web page, perhaps a login page that was saved in its "
            "place; "
            "log in and export it again"
        )


def _encoding_of(scan: _Scan, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _decode_all(scan, "utf-16")
        return "utf-16"
    if head.count(0) > MAX_NUL_SHARE * len(head):
        raise ImportRefused(
            f"{scan.name}: the file must be text, got {head.count(0):,} NUL bytes at its beginning, as in "
            "UTF-16 without "
            "a byte-order mark; save it as UTF-8"
        )
    failed_line = _first_bad_line(scan, "utf-8-sig")
    if scan.control_count > MAX_CONTROL_SHARE * scan.size:
        raise ImportRefused(
            f"{scan.name}: the file must be text, got control characters, as in an encrypted or binary file; "
            "save it "
            "as CSV"
        )
    if failed_line is None:
        return "utf-8-sig"
    _refuse_damaged_utf8(scan, failed_line)
    if (bad_line := _first_bad_line(scan, "cp1252")) is not None:
        raise ImportRefused(
            f"{scan.name}, line {bad_line}: the text must be UTF-8 or Windows-1252, got bytes of neither; "
            "save it as "
            "UTF-8, or name the encoding in a mapping"
        )
    return "cp1252"


def _refuse_damaged_utf8(scan: _Scan, line: int) -> None:
    """Text that is mostly UTF-8 must not be taken for Windows-1252, which would spoil every accent in it."""
    sequences = high_bytes = 0
    for chunk in scan.chunks():
        sequences += sum(len(match) for match in _UTF8_SEQUENCE.findall(chunk))
        high_bytes += len(_HIGH_BYTE.findall(chunk))
    if sequences > high_bytes / 2:
        raise ImportRefused(
            f"{scan.name}, line {line}: the text must be UTF-8 throughout, got bytes that are not; the file "
            "is cut off, "
            "damaged or put together from several encodings: export it again"
        )


def _decode_all(scan: _Scan, encoding: str) -> None:
    line = _first_bad_line(scan, encoding)
    if line is not None:
        raise ImportRefused(
            f"{scan.name}, line {line}: the text must be {encoding}, got bytes that are not; the file is cut "
            "off or in "
            "another encoding: save it as UTF-8"
        )


def _first_bad_line(scan: _Scan, encoding: str) -> int | None:
    """The first line that cannot be decoded, None when all can; reads the whole file."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    newlines = 0
    bad_line = None
    for chunk in scan.chunks():
        if bad_line is None:
            try:
                newlines += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                bad_line = newlines + error.object[: error.start].count(b"\n") + 1
    if bad_line is None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            bad_line = newlines + 1
    return bad_line

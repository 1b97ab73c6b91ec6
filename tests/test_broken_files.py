"""Files as they really arrive: each gets its answer, with file and line or column, and the old data stay."""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries.checks import check_data
from queries.importing import ImportRefused, load_files
from queries.imports.csv import detect_delimiter
from tests.loading import IMPORTED_AT, files_in, loaded_workspace, rows_of

HEADER = "lead_id,created_at,title\n"
GOOD = [f"n{number},2025-01-01T00:00:00Z,Boss\n" for number in range(200)]
CSV = HEADER + "".join(GOOD)


def parquet_bytes(rows: int = 1000) -> bytes:
    """A Parquet file of leads."""
    table = pa.table({"lead_id": [str(i) for i in range(rows)], "created_at": ["2025-01-01"] * rows})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def zip_bytes() -> bytes:
    """What an Excel workbook begins like."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return sink.getvalue()


@dataclass(frozen=True)
class Refused:
    """A file that must be refused, and what the message must say besides its name."""

    case: str
    content: bytes
    says: str
    name: str = "leads.csv"


REFUSED = [
    Refused("empty", b"", "got an empty file"),
    Refused("blank lines", b"\n\n  \n", "got only blanks"),
    Refused("byte-order mark only", b"\xef\xbb\xbf", "got only blanks"),
    Refused("header only", HEADER.encode(), "at least one row of data"),
    Refused("login page", b"<!DOCTYPE html>\n<html><body>Log in</body></html>", "a web page"),
    Refused("workbook renamed", zip_bytes(), "Excel workbook"),
    Refused(
        "encrypted workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "encrypted Office document"
    ),
    Refused("JSON", b'[{"lead_id": 1}]', "a JSON document"),
    Refused("Parquet named .csv", parquet_bytes(), r"name it \.parquet"),
    Refused("CSV named .parquet", CSV.encode(), "must be Parquet", "leads.parquet"),
    Refused("empty Parquet", b"", "empty file", "leads.parquet"),
    Refused("truncated Parquet", parquet_bytes()[:-100], "complete and undamaged", "leads.parquet"),
    Refused("Parquet without rows", parquet_bytes(0), "at least one row", "leads.parquet"),
    Refused("random bytes", random.Random(1).randbytes(4000), "got control characters|NUL bytes"),
    Refused("plain text named .gz", CSV.encode(), r"without \.gz", "leads.csv.gz"),
    Refused("gzip named .csv", gzip.compress(CSV.encode()), r"name it \.gz"),
    Refused("truncated gzip", gzip.compress(CSV.encode())[:-20], "cut off", "leads.csv.gz"),
    Refused(
        "damaged gzip", gzip.compress(CSV.encode())[:40] + bytes(60), "undamaged|cut off", "leads.csv.gz"
    ),
    Refused("UTF-16 without mark", CSV.encode("utf-16-le"), "UTF-16 without"),
    Refused("UTF-16 cut off", CSV.encode("utf-16")[:-1], "utf-16"),
    Refused("UTF-8 cut off", (CSV + "x,2025-01-01,ééé").encode()[:-1], "line 202: the text must be UTF-8"),
    Refused(
        "mixed encodings",
        (HEADER + "a,2025-01-01,éè\n").encode() + b"b,2025-01-01,\xe9\n",
        "line 3: the text must",
    ),
    Refused(
        "neither encoding", HEADER.encode() + b"a,2025-01-01,\x81\xff\n", "line 2: the text must be UTF-8 or"
    ),
    Refused("unclosed quote", (CSV + 'x,2025-01-01,"open\n' + GOOD[0]).encode(), "line 202: every quote"),
    Refused("unclosed quote in header", b'lead_id,"created_at\na,2025-01-01\n', "line 1: every quote"),
    Refused("cut off in a row", (CSV + "x,2025").encode(), "line 202: the file must be complete"),
    Refused("enormous field", (HEADER + "a,2025-01-01," + "x" * 17_000_000).encode(), "line 2: a field must"),
    Refused("duplicate header", b"lead_id,created_at,Title,title\na,2025-01-01,x,y\n", "columns 3 and 4"),
    Refused("blank header", b"lead_id,created_at,\na,2025-01-01,x\n", "column 3 must have a name"),
    Refused(
        "zero-width header",
        "lead_id,created_at,\u200b\na,2025-01-01,x\n".encode(),
        "column 3 must have a name",
    ),
    Refused("missing key column", b"id,created_at\na,2025-01-01\n", "must have the column lead_id, got 'id'"),
    Refused("no header", "".join(GOOD).encode(), "add a header line"),
    Refused("wrong delimiter shown", b"lead_id^created_at\na^2025-01-01\n", "got 'lead_id\\^created_at'"),
    Refused(
        "5,000 columns",
        ("lead_id,created_at," + ",".join(f"c{i}" for i in range(5000)) + "\n").encode(),
        "at most 2,000 columns, got 5,002",
    ),
    Refused(
        "long rows", (CSV + "a,2025-01-01,x,y\n" * 3).encode(), "got 3 of 203: line 202: a row must have 3"
    ),
    Refused(
        "mixed dates", (HEADER + "a,01/02/2025,x\nb,2025-01-02,y\n").encode(), 'line 2: created_at .*"01/02'
    ),
    Refused("missing keys", (CSV + ",2025-01-01,x\n" * 3).encode(), "line 202: lead_id is missing"),
    Refused("no DuckDB file", b"nonsense" * 100, "DuckDB database", "leads.duckdb"),
]


@pytest.mark.parametrize("broken", REFUSED, ids=lambda broken: broken.case)
def test_a_broken_file_is_refused_and_the_old_data_stay(tmp_path: Path, broken: Refused) -> None:
    workspace = loaded_workspace(tmp_path)
    before, manifest = files_in(workspace), workspace.manifest
    path = tmp_path / broken.name
    path.write_bytes(broken.content)
    with pytest.raises(ImportRefused) as refusal:
        load_files(workspace, [path])
    message = str(refusal.value)
    assert re.search(broken.says, message), message
    assert broken.name in message
    assert "\n" not in message
    assert ";" in message  # what to do
    assert files_in(workspace) == before
    assert workspace.manifest == manifest
    assert rows_of(workspace, "select lead_id from leads") == [("old-1",), ("old-2",)]


@dataclass(frozen=True)
class Accepted:
    """A file that must be read, with the rows it must give and what must be said."""

    case: str
    content: bytes
    rows: list[tuple[str, str | None]]
    note: str = ""
    name: str = "leads.csv"


ACCEPTED = [
    Accepted("byte-order mark", ("\ufeff" + HEADER + "a,2025-01-01,é\n").encode(), [("a", "é")]),
    Accepted("UTF-16", (HEADER + "a,2025-01-01,é\n").encode("utf-16"), [("a", "é")], "converted from UTF-16"),
    Accepted("cp1252", (HEADER + "a,2025-01-01,é €\n").encode("cp1252"), [("a", "é €")], "cp1252"),
    Accepted("sep line", b"sep=;\nlead_id;created_at;title\na;2025-01-01;x,y\n", [("a", "x,y")]),
    Accepted(
        "semicolons",
        b"lead_id;created_at;title\na;2025-01-01;1,5\nb;2025-01-01;2,5\n",
        [("a", "1,5"), ("b", "2,5")],
    ),
    Accepted("tabs", b"lead_id\tcreated_at\ttitle\na\t2025-01-01\tx\n", [("a", "x")], name="leads.tsv"),
    Accepted("pipes", b"lead_id|created_at|title\na|2025-01-01|x\n", [("a", "x")]),
    Accepted(
        "mixed newlines",
        b"lead_id,created_at,title\r\na,2025-01-01,x\rb,2025-01-01,y\nc,2025-01-01,z",
        [("a", "x"), ("b", "y"), ("c", "z")],
    ),
    Accepted(
        "quoted newline", b'lead_id,created_at,title\na,2025-01-01,"x\r\ny ""z"""\n', [("a", 'x\r\ny "z"')]
    ),
    Accepted("empty lines", b"lead_id,created_at,title\n\na,2025-01-01,x\n\n\n", [("a", "x")]),
    Accepted(
        "exponent as id",
        b"lead_id,created_at,title\n1E5,2025-01-01,x\n100000,2025-01-01,y\n",
        [("100000", "y"), ("1E5", "x")],
    ),
    Accepted("leading zeros", b"lead_id,created_at,title\n007,2025-01-01,x\n", [("007", "x")]),
    Accepted("formulas", b"lead_id,created_at,title\n=1+1,2025-01-01,=cmd()\n", [("=1+1", "=cmd()")]),
    Accepted(
        "right-to-left marks",
        "lead_id,created_at,title\na,2025-01-01,\u202eevil\n".encode(),
        [("a", "\u202eevil")],
    ),
    Accepted("NaN", b"lead_id,created_at,title\na,2025-01-01,NaN\n", [("a", "NaN")]),
    Accepted(
        "3 MB field", b"lead_id,created_at,title\na,2025-01-01," + b"x" * 3_000_000, [("a", "x" * 3_000_000)]
    ),
    Accepted(
        "zero width around a name",
        "\u200blead_id,created_at, title \na,2025-01-01,x\n".encode(),
        [("a", "x")],
    ),
    Accepted(
        "compressed",
        gzip.compress(b"lead_id,created_at,title\na,2025-01-01,x\n"),
        [("a", "x")],
        name="leads.csv.gz",
    ),
    Accepted("single quotes", b'lead_id,created_at,title\na,2025-01-01,12" pipe\n', [("a", '12" pipe')]),
]


@pytest.mark.parametrize("fine", ACCEPTED, ids=lambda fine: fine.case)
def test_an_odd_file_is_read_whole_and_what_was_done_is_said(tmp_path: Path, fine: Accepted) -> None:
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / fine.name
    path.write_bytes(fine.content)
    report = load_files(workspace, [path])
    assert rows_of(workspace, "select lead_id, title from leads order by lead_id") == fine.rows
    assert report.tables["leads"].summary.rejected == 0
    assert any(fine.note in note for note in report.notes)


@dataclass(frozen=True)
class RejectedLine:
    """A row among good ones that must be rejected: its physical line and the reason."""

    case: str
    row: str
    reason: str
    before: str = ""


REJECTED = [
    RejectedLine("long row", "x,2025-01-01,t,u\n", "a row must have 3 fields, got 4"),
    RejectedLine("short row", "x,2025-01-01\n", "a row must have 3 fields, got 2"),
    RejectedLine("only delimiters", ",,\n", "lead_id is missing"),
    RejectedLine("missing key", " ,2025-01-01,t\n", "lead_id is missing"),
    RejectedLine("missing time", "x,,t\n", "created_at is missing"),
    RejectedLine("impossible time", "x,2025-02-30,t\n", 'got "2025-02-30"'),
    RejectedLine("NUL", "x,2025-01-01,a\0b\n", "NUL character"),
    RejectedLine(
        "repeated id", "n7,2025-01-01T00:00:00Z,Other\n", r'got "n7" again, first in line 9 \(other values\)'
    ),
    RejectedLine("stray quote", 'x,2025-01-01,"a"b\n', "must be doubled"),
    RejectedLine("after a long record", "x\n", "got 1", before='q,2025-01-01,"two\nlines"\n'),
]


@pytest.mark.parametrize("bad", REJECTED, ids=lambda bad: bad.case)
def test_a_bad_row_is_rejected_with_its_physical_line(tmp_path: Path, bad: RejectedLine) -> None:
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / "leads.csv"
    path.write_text(
        HEADER + "".join(GOOD) + bad.before + bad.row + "z,2025-01-01,last\n", encoding="utf-8", newline=""
    )
    result = load_files(workspace, [path]).to_json()["tables"]["leads"]
    good = len(GOOD) + 1 + bool(bad.before)
    assert (result["read"], result["accepted"], result["rejected"]) == (good + 1, good, 1)
    [row] = result["rejected_rows"]
    assert row["line"] == 202 + bad.before.count("\n")
    assert re.search(bad.reason, row["reason"]), row["reason"]
    [(line, raw)] = rows_of(workspace, "select line, raw from rejected_rows")
    assert line == row["line"]
    assert raw


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("future", "a,2999-01-01,x\n"),
        ("formula", "a,2025-01-01,=HYPERLINK(1)\n"),
        ("markup", "a,2025-01-01,<script>alert(1)</script>\n"),
        ("unclear_dates", "".join(f"a{day},2025-01-01,{day:02d}/05/2025\n" for day in range(1, 13))),
    ],
)
def test_what_looks_wrong_but_keeps_the_contract_is_a_warning(tmp_path: Path, kind: str, text: str) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "leads.csv").write_text(HEADER + text)
    load_files(workspace, [tmp_path / "leads.csv"], imported_at=IMPORTED_AT)
    findings = [finding for finding in check_data(workspace) if finding.kind == kind]
    assert [(finding.severity, finding.table) for finding in findings] == [("warning", "leads")]


def test_an_offset_that_appears_late_is_still_seen(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "leads.csv").write_text(CSV + "late,2025-01-01T00:00:00+02:00,x\n")
    load_files(workspace, [tmp_path / "leads.csv"])
    assert rows_of(workspace, "select created_at::varchar from leads where lead_id = 'late'") == [
        ("2024-12-31 22:00:00",)
    ]


@pytest.mark.parametrize("name", ["leads.csv", "leads.csv.gz", "leads.parquet"])
def test_a_file_over_the_size_limit_is_refused_before_it_fills_the_disk(tmp_path: Path, name: str) -> None:
    workspace = loaded_workspace(tmp_path)
    text = HEADER + "a,2025-01-01,x\n" * 50_000
    content: dict[str, Callable[[], bytes]] = {
        "leads.csv": text.encode,
        "leads.csv.gz": lambda: gzip.compress(text.encode()),
        "leads.parquet": lambda: parquet_bytes(50_000),
    }
    (tmp_path / name).write_bytes(content[name]())
    with pytest.raises(ImportRefused, match=f"{name}: a file must hold at most 100,000 bytes"):
        load_files(workspace, [tmp_path / name], max_source_bytes=100_000)


def test_a_bad_row_of_parquet_is_named_by_its_number(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    ids = [str(number) for number in range(150)] + [None, "nul\0"]
    table = pa.table({"lead_id": ids, "created_at": ["2025-01-01"] * 152})
    pq.write_table(table, tmp_path / "leads.parquet")
    rejected = load_files(workspace, [tmp_path / "leads.parquet"], max_rejected=0.02).to_json()["tables"][
        "leads"
    ]
    assert rejected["rejected_rows"] == [
        {"line": 151, "reason": "lead_id is missing"},
        {"line": 152, "reason": "a row must hold text, got a NUL character"},
    ]


def test_a_duckdb_file_gives_its_tables_and_its_views_are_left_alone(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    with duckdb.connect(tmp_path / "crm.duckdb") as connection:
        connection.execute(
            "create table leads as select 7 as lead_id, timestamp '2025-01-01' as created_at, 1.5 as x"
        )
        connection.execute("create view outcomes as select * from read_text('/etc/hostname')")
    report = load_files(workspace, [tmp_path / "crm.duckdb"])
    assert set(report.tables) == {"leads"}
    assert rows_of(workspace, "select lead_id, x from leads") == [("7", "1.5")]


def test_a_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "Leads.csv").write_text(HEADER + GOOD[0])
    (folder / "accounts.parquet").write_bytes(b"")
    pq.write_table(pa.table({"account_id": ["x"]}), folder / "accounts.parquet")
    (folder / "notes.txt").write_text("nothing")
    report = load_files(workspace, [folder])
    assert set(report.tables) == {"leads", "accounts"}
    assert any("notes.txt: left out" in note for note in report.notes)
    (folder / "leads.parquet").write_bytes(parquet_bytes())
    with pytest.raises(ImportRefused, match="leads must come from one file"):
        load_files(workspace, [folder])


def test_one_bad_file_keeps_the_good_ones_out_too(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "leads.csv").write_text(CSV)
    (tmp_path / "outcomes.csv").write_text("lead_id,occurred_at\nn1,2025-01-01\n")
    with pytest.raises(ImportRefused, match=r"outcomes\.csv: outcomes must have the column stage"):
        load_files(workspace, [tmp_path / "leads.csv", tmp_path / "outcomes.csv"])
    assert rows_of(workspace, "select count(*) from leads") == [(2,)]


@pytest.mark.parametrize("path", ["missing.csv", "contacts.csv", "."])
def test_a_file_that_cannot_be_placed_is_refused(tmp_path: Path, path: str) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "contacts.csv").write_text(CSV)
    (tmp_path / "empty").mkdir()
    source = tmp_path / "empty" if path == "." else tmp_path / path
    with pytest.raises(
        ImportRefused, match=r"must be a file|named after its table|must name at least one file"
    ):
        load_files(workspace, [source])
    if path == "contacts.csv":
        load_files(workspace, [], leads=source)
        assert rows_of(workspace, "select count(*) from leads") == [(200,)]


def test_the_delimiter_is_the_one_that_most_rows_agree_on() -> None:
    assert detect_delimiter(["a;b;c\n", "1,5;2,5;3\n", "1;2;3\n"]) == ";"
    assert detect_delimiter(["a,b|c,d\n", "1,2,3\n", "1,2,3\n", "x\n"]) == ","
    assert detect_delimiter(["only\n", "one\n"]) == ","
    assert detect_delimiter([]) == ","

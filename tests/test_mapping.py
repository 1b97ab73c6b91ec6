"""Mappings: the file format, every feature, the ready ones for CRM exports, and the preview."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from queries.checks import check_data
from queries.crm_exports import propose_mapping
from queries.importing import ImportRefused, load_files
from queries.mapping import Mapping
from queries.mapping_file import format_mapping, parse_mapping
from queries.mapping_preview import preview
from queries.workspace import Workspace
from tests.loading import loaded_workspace, rows_of

EVERYTHING = r"""
schema_version = 1
name = "everything"

[files.crm]
name = "crm-*.csv"
delimiter = ";"
encoding = "cp1252"
header = false
column_names = ["id", "made", "state", "value"]
skip_lines = 2

[files.visits]
name = "visits.txt"
delimiter = "blanks"

[[leads]]
file = "crm"
leave_out = ["state"]
time_format = ["iso", "%d.%m.%Y"]
timezone = "Europe/Berlin"
keep_row = "last"

[leads.columns]
lead_id = "id"
created_at = "made"

[leads.constants]
origin = "crm"

[leads.numbers]
value = "1.234,56"

[[leads.where]]
column = "state"
is = "not_in"
value = ["test", "spam"]

[[outcomes]]
file = "crm"
keep_others = false

[outcomes.columns]
lead_id = "id"

[outcomes.from_dates]
won = "made"

[outcomes.values.stage]
Won = "won"

[[activities]]
file = "visits"
row_number_as = "visit_number"

[activities.columns]
occurred_at = "at"
activity_type = "what"

[activities.match]
column = "mail"
equals = "email"
"""


def load(tmp_path: Path, mapping: str, **files: str) -> Workspace:
    workspace = loaded_workspace(tmp_path)
    paths = []
    for name, text in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        paths.append(path)
    load_files(workspace, paths, mapping=parse_mapping(mapping))
    return workspace


def test_a_mapping_survives_being_written_and_read() -> None:
    mapping = parse_mapping(EVERYTHING)
    assert parse_mapping(format_mapping(mapping)) == mapping
    assert mapping.leads[0].time_format == ("iso", "%d.%m.%Y")
    assert mapping.activities[0].match is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("leads = [", "must be a TOML file"),
        ("", "at least one table"),
        ("nonsense = 1\n[[leads]]", "nonsense must not be given"),
        ("[[leads]]\ncolums = {}", r"leads\[1\].colums must not be given"),
        ("[files.a]\nsheet = 1\n[[leads]]", "files.a.sheet must not be given"),
        ("[[leads]]\n[[leads.where]]\ncolumn = 'a'\nis = 'like'\nvalue = 'b'", r"leads\[1\].where\[1\].is"),
        ("[[leads]]\n[[leads.where]]\ncolumn = 'a'\nis = 'in'\nvalue = 'b'", "value must be a list"),
        ("[[leads]]\n[[leads.where]]\ncolumn = 'a'\nis = 'is_present'\nvalue = 'b'", "must be left out"),
        ("[[leads]]\ntime_format = '%Q'", "known directives"),
        ("[[leads]]\ntime_format = '%H:%M'", "must name year and month"),
        ("[[leads]]\n[leads.numbers]\nx = '1234'", r"leads\[1\].numbers.x"),
        ("[[leads]]\nfile = 'other'", "file must be one of"),
        ("[files.a]\n[files.b]\n[[leads]]", "file must be given"),
        ("[files.a]\ndelimiter = 'ab'\n[[leads]]", "one character"),
        ("[files.a]\nencoding = 'klingon'\n[[leads]]", "must be an encoding"),
        ("[files.a]\nencoding = 'base64'\n[[leads]]", "must be an encoding"),
        ("[files.a]\nheader = false\n[[leads]]", "column_names"),
        ("[[leads]]\n[leads.from_dates]\nwon = 'x'", "from_dates must stand under"),
        ("[[accounts]]\nkeep_row = 'first'", "has no time"),
        ("[[accounts]]\n[accounts.match]\ncolumn = 'a'\nequals = 'b'", "match must not be given"),
        (
            "[[leads]]\nrow_number_as = 'lead_id'\n[leads.columns]\nlead_id = 'x'",
            "'lead_id' must come from one",
        ),
        ("[[leads]]\nkeep_others = 'yes'", r"leads\[1\].keep_others"),
        ("schema_version = 2\n[[leads]]", "schema_version"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(text: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says) as refusal:
        parse_mapping(text, "crm.toml")
    assert str(refusal.value).startswith("crm.toml: ")


def test_every_mistake_is_listed() -> None:
    with pytest.raises(ImportRefused) as refusal:
        parse_mapping("[[leads]]\na = 1\nb = 2")
    assert len(str(refusal.value).splitlines()) == 2


def test_columns_constants_translations_and_numbers(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        """
        [[leads]]
        leave_out = ["Secret"]
        [leads.columns]
        lead_id = "ID"
        created_at = "Made"
        [leads.constants]
        origin = "fair"
        [leads.values.size]
        L = "large"
        [leads.numbers]
        revenue = "1.234,56"
        staff = "1 234,56"
        """,
        contacts="ID,Made,size,revenue,staff,Secret\n"
        'a,2025-01-01, L ,"1.234,5",12\u00a0000,x\n'
        'b,2025-01-01,M,"-7,25",9,x\n'
        'c,2025-01-01,,"1,234.5",?,x\n',
    )
    assert rows_of(workspace, "select lead_id, origin, size, revenue, staff from leads") == [
        ("a", "fair", "large", "1234.5", "12000"),
        ("b", "fair", "M", "-7.25", "9"),
        ("c", "fair", None, "1,234.5", "?"),
    ]
    assert workspace.manifest is not None
    assert "Secret" not in workspace.manifest.tables["leads"].columns


def test_row_numbers_count_rows_and_not_lines(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        "[[leads]]\nrow_number_as = 'lead_id'",
        calls='created_at,text\n2025-01-01,"two\nlines"\n\n2025-01-02,x\n',
    )
    assert rows_of(workspace, "select lead_id, text from leads") == [("1", "two\nlines"), ("2", "x")]


def test_date_columns_become_outcomes_and_blank_dates_do_not(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        """
        [[outcomes]]
        keep_others = false
        [outcomes.columns]
        lead_id = "id"
        [outcomes.from_dates]
        mql = "MQL on"
        won = "Won on"
        """,
        wide="id,MQL on,Won on\nold-1,2025-01-05,2025-02-05\nold-2,2025-01-06,\nold-3, , \n",
    )
    assert rows_of(workspace, "select lead_id, stage, occurred_at from outcomes order by all") == [
        ("old-1", "mql", datetime(2025, 1, 5)),
        ("old-1", "won", datetime(2025, 2, 5)),
        ("old-2", "mql", datetime(2025, 1, 6)),
    ]


@pytest.mark.parametrize(
    ("keep_row", "expected"), [("first", ("2025-01-01", "early")), ("last", ("2025-03-01", "late"))]
)
def test_the_first_or_last_row_stands_for_an_id(
    tmp_path: Path, keep_row: str, expected: tuple[str, str]
) -> None:
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / "orders.csv"
    path.write_text("lead_id,created_at,note\na,2025-02-01,mid\na,2025-01-01,early\na,2025-03-01,late\n")
    report = load_files(workspace, [path], mapping=parse_mapping(f"[[leads]]\nkeep_row = '{keep_row}'"))
    assert rows_of(workspace, "select created_at::date::varchar, note from leads") == [expected]
    summary = report.tables["leads"].summary
    assert (summary.read, summary.accepted, summary.rejected) == (1, 1, 0)


def test_rows_are_filtered_before_they_count(tmp_path: Path) -> None:
    conditions: list[tuple[str, Any, list[str]]] = [
        ("equals", "'open'", ["a"]),
        ("not_equals", "'open'", ["b"]),
        ("in", "['Open ', 'won']", ["a", "b"]),
        ("not_in", "['open']", ["b"]),
        ("is_present", None, ["a", "b"]),
        ("is_missing", None, ["c"]),
    ]
    path = tmp_path / "deals.csv"
    path.write_text(
        "lead_id,created_at,state\na,2025-01-01,OPEN\nb,2025-01-01, won\nc,2025-01-01, \nd,,dead\n"
    )
    for operator, value, expected in conditions:
        workspace = loaded_workspace(tmp_path / operator)
        text = f"[[leads]]\n[[leads.where]]\ncolumn = 'State'\nis = '{operator}'\n"
        text += f"value = {value}\n" if value is not None else ""
        text += "[[leads.where]]\ncolumn = 'created_at'\nis = 'is_present'\n"
        load_files(workspace, [path], mapping=parse_mapping(text))
        assert [row[0] for row in rows_of(workspace, "select lead_id from leads")] == expected, operator


def test_rows_are_matched_by_another_column(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        """
        [[activities]]
        [activities.match]
        column = "mail"
        equals = "email"
        """,
        events="mail,occurred_at,activity_type\n"
        " ANN@acme.example ,2025-01-05,click\n"
        "nobody@x.example,2025-01-05,click\n",
    )
    assert rows_of(workspace, "select lead_number, lead_id from activities") == [
        (0, "old-1"),
        (None, "nobody@x.example"),
    ]
    assert workspace.manifest is not None
    assert any("1 rows match none of the leads" in note for note in workspace.manifest.notes)


def test_leads_are_matched_with_accounts_by_name(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        "[[leads]]\n[leads.match]\ncolumn = 'Company'\nequals = 'industry'",
        contacts="lead_id,created_at,Company\na,2025-01-01,SOFTWARE\nb,2025-01-01,unknown\nc,2025-01-01,\n",
    )
    assert rows_of(workspace, "select lead_id, account_id from leads") == [
        ("a", "acme"),
        ("b", "unknown"),
        ("c", None),
    ]


def test_the_earliest_of_several_matching_leads_is_taken(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "leads.csv").write_text(
        "lead_id,created_at,email\nx,2025-02-01,a@b\ny,2025-01-01,A@B\nz,2025-01-01,a@b\n"
    )
    load_files(workspace, [tmp_path / "leads.csv"])
    (tmp_path / "events.csv").write_text("email,occurred_at,activity_type\na@b,2025-03-01,click\n")
    mapping = parse_mapping("[[activities]]\n[activities.match]\ncolumn = 'email'\nequals = 'email'")
    report = load_files(workspace, [tmp_path / "events.csv"], mapping=mapping)
    assert rows_of(workspace, "select lead_id from activities") == [("y",)]
    assert any("1 rows match several leads" in note for note in report.notes)


def test_one_file_feeds_several_tables_and_several_files_feed_one(tmp_path: Path) -> None:
    workspace = load(
        tmp_path,
        """
        [files.web]
        name = "web*"
        [files.mail]
        name = "mail*"
        [[leads]]
        file = "web"
        keep_others = false
        keep_row = "first"
        [leads.columns]
        lead_id = "who"
        created_at = "at"
        [[activities]]
        file = "web"
        [activities.columns]
        lead_id = "who"
        occurred_at = "at"
        [activities.constants]
        activity_type = "visit"
        [[activities]]
        file = "mail"
        [activities.columns]
        lead_id = "who"
        occurred_at = "at"
        [activities.constants]
        activity_type = "open"
        """,
        web="who,at,page\na,2025-01-02,/x\na,2025-01-01,/y\n",
        mail="who,at,campaign\na,2025-01-03,spring\n",
    )
    assert rows_of(workspace, "select lead_number, activity_type, page, campaign from activities") == [
        (0, "visit", "/y", None),
        (0, "visit", "/x", None),
        (0, "open", None, "spring"),
    ]
    assert rows_of(workspace, "select created_at from leads") == [(datetime(2025, 1, 1),)]


def test_file_options_are_followed(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    (tmp_path / "crm-1.csv").write_bytes(
        "title\nmade today\nü1;03.02.2025;open;1,5\nü1;04.02.2025;open;2,5\n".encode("cp1252")
    )
    (tmp_path / "visits.txt").write_text("  mail   at  what\n bob@other.example   2025-02-02  click\n")
    mapping = parse_mapping(
        EVERYTHING.replace("[outcomes.columns]", "time_format = '%d.%m.%Y'\n[outcomes.columns]")
    )
    load_files(workspace, [tmp_path / "crm-1.csv"], mapping=_without_visits(mapping))
    assert rows_of(workspace, "select lead_id, created_at, value, origin from leads") == [
        ("ü1", datetime(2025, 2, 3, 23), "2.5", "crm")
    ]
    assert rows_of(workspace, "select count(*) from outcomes") == [(2,)]


def _without_visits(mapping: Mapping) -> Mapping:
    files = {key: file for key, file in mapping.files.items() if key != "visits"}
    return mapping.model_copy(update={"files": files, "activities": ()})


@pytest.mark.parametrize(("last_day", "expected"), [(12, ("%d/%m/%Y",)), (13, ())])
def test_formats_whose_days_may_be_months_are_remembered(
    tmp_path: Path, last_day: int, expected: tuple[str, ...]
) -> None:
    workspace = load(
        tmp_path,
        "[[leads]]\ntime_format = ['iso', '%d/%m/%Y']",
        dates=f"lead_id,created_at\na,{last_day}/01/2025\nb,2025-01-31\n",
    )
    assert workspace.manifest is not None
    assert workspace.manifest.tables["leads"].ambiguous_times == expected
    unclear = [finding.field for finding in check_data(workspace) if finding.kind == "unclear_dates"]
    assert unclear == ["created_at"] * len(expected)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (
            "[[leads]]\n[leads.columns]\nlead_id = 'Nope'",
            "leads.columns.lead_id must name a column of the file, got 'Nope'",
        ),
        ("[[leads]]\nleave_out = ['Nope']", "leads.leave_out must name a column"),
        ("[[leads]]\n[[leads.where]]\ncolumn = 'Nope'\nis = 'is_present'", "leads.where must name a column"),
        ("[[leads]]\ntimezone = 'Mars/Base'", "IANA name"),
        ("[[leads]]\n[leads.constants]\nID = 'x'", "column names must differ"),
        (
            "[[activities]]\n[activities.match]\ncolumn = 'id'\nequals = 'fax'",
            "match.equals must name a column of leads",
        ),
        ("[files.a]\nname = 'other.csv'\n[[leads]]", "must read the file"),
        (
            "[files.a]\nname = 'crm.csv'\n[files.b]\nname = 'gone.csv'\n[[leads]]\nfile = 'a'",
            "must have its files",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_refused(tmp_path: Path, mapping: str, says: str) -> None:
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / "crm.csv"
    path.write_text("id,lead_id,created_at,occurred_at,activity_type\n1,a,2025-01-01,2025-01-01,x\n")
    with pytest.raises(ImportRefused, match=re.escape(says)):
        load_files(workspace, [path], mapping=parse_mapping(mapping))
    assert rows_of(workspace, "select count(*) from leads") == [(2,)]


HUBSPOT_DISPLAY = (
    "Record ID,First Name,Last Name,Email,Create Date,Lifecycle Stage,Became a Lead Date,"
    "Became a Marketing Qualified Lead Date,Became a Customer Date,Associated Company,Original Source\n"
    "101,Ann,A,ann@a.example,2025-01-02 10:30,Customer,2025-01-02 10:30,"
    "2025-01-10 08:00,2025-02-20 16:45,Acme,Organic\n"
    "102,Bob,B,bob@b.example,2025-01-03 09:00,Lead,2025-01-03 09:00,,,Beta,Paid\n"
)
HUBSPOT_INTERNAL = (
    "hs_object_id,email,createdate,lifecyclestage,hs_lifecyclestage_lead_date,"
    "hs_lifecyclestage_marketingqualifiedlead_date,hs_lifecyclestage_customer_date,associatedcompanyid\n"
    "101,ann@a.example,2025-01-02T10:30:00.123Z,customer,1735813800000,1736496000000,2025-02-20T16:45:00Z,77\n"
    "102,bob@b.example,2025-01-03T09:00:00Z,lead,1735894800000,,,78\n"
)
SALESFORCE_LABELS = (
    "Lead ID,First Name,Last Name,Company / Account,Lead Source,Lead Status,"
    "Create Date,Converted,Converted Date\n"
    "00Q1,Ann,A,Acme,Web,Qualified,1/2/2025,1,2/20/2025\n"
    "00Q2,Bob,B,Beta,Fair,Open,1/13/2025,0,\n"
)
SALESFORCE_FIELDS = (
    "Id,Company,LeadSource,Status,CreatedDate,IsConverted,ConvertedDate,ConvertedOpportunityId\n"
    "00Q1,Acme,Web,Qualified,2025-01-02T10:30:00.000+0000,true,2025-02-20,006A\n"
    "00Q2,Beta,Fair,Open,2025-01-13T10:30:00.000Z,false,,\n"
)


@pytest.mark.parametrize(
    ("export", "name", "outcomes"),
    [
        (HUBSPOT_DISPLAY, "HubSpot contact export", ["101 lead", "101 mql", "101 won", "102 lead"]),
        (HUBSPOT_INTERNAL, "HubSpot contact export", ["101 lead", "101 mql", "101 won", "102 lead"]),
        (SALESFORCE_LABELS, "Salesforce lead export", ["00Q1 opportunity"]),
        (SALESFORCE_FIELDS, "Salesforce lead export", ["00Q1 opportunity"]),
    ],
)
def test_crm_exports_are_recognised_and_load_with_the_proposed_mapping(
    tmp_path: Path, export: str, name: str, outcomes: list[str]
) -> None:
    mapping = propose_mapping(export.splitlines()[0].split(","))
    assert mapping is not None
    assert mapping.name == name
    assert parse_mapping(format_mapping(mapping)) == mapping
    workspace = loaded_workspace(tmp_path)
    path = tmp_path / "export-2025-06-01.csv"
    path.write_text(export)
    with pytest.raises(ImportRefused, match=f"looks like a {name}"):
        load_files(workspace, [path])
    report = load_files(workspace, [path], mapping=mapping)
    assert report.tables["leads"].summary.accepted == 2
    found = rows_of(workspace, "select lead_id || ' ' || stage from outcomes order by 1")
    assert [row[0] for row in found] == outcomes
    assert rows_of(workspace, "select count(distinct account_id) from leads") == [(2,)]
    columns = [column.lower() for column in report.tables["leads"].summary.columns]
    # What knows how the lead ended must not become something that a rule can use.
    assert not [column for column in columns if re.search(r"stage|status|convert|became|customer", column)]


def test_other_columns_are_no_crm_export() -> None:
    assert propose_mapping(["lead_id", "created_at", "Status"]) is None
    assert propose_mapping(["Id", "CreatedDate", "Amount"]) is None
    assert propose_mapping([]) is None


def test_the_preview_shows_what_would_come_of_a_file_and_changes_nothing(tmp_path: Path) -> None:
    workspace = loaded_workspace(tmp_path)
    manifest = workspace.manifest
    path = tmp_path / "events.csv"
    path.write_text(
        "mail,when,kind,page\n"
        "ann@acme.example,03.02.2025,visit,/a\n"
        "bob@other.example,31.02.2025,visit,/b\n"
        "ann@acme.example,04.02.2025,,/c\n"
    )
    mapping = parse_mapping(
        "[[activities]]\ntime_format = '%d.%m.%Y'\n"
        "[activities.columns]\noccurred_at = 'when'\nactivity_type = 'kind'\n"
        "[activities.match]\ncolumn = 'mail'\nequals = 'email'\n"
    )
    shown = preview(path, mapping, rows=1, workspace=workspace)
    assert list(shown) == ["activities"]
    assert shown["activities"].rows.to_pylist() == [
        {"lead_id": "old-1", "occurred_at": datetime(2025, 2, 3), "activity_type": "visit", "page": "/a"}
    ]
    assert (shown["activities"].read, shown["activities"].rejected) == (3, 2)
    assert [row.line for row in shown["activities"].rejected_rows] == [3, 4]
    assert workspace.manifest == manifest
    with pytest.raises(ImportRefused, match="must name a column of leads"):
        preview(path, mapping)


def test_the_mappings_of_the_documentation_are_valid() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "data_format.md").read_text(encoding="utf-8")
    mappings = [parse_mapping(block) for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    assert [mapping.name for mapping in mappings] == ["CRM export", "E-mail clicks"]

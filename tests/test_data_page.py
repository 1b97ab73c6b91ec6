"""The Data page, driven through AppTest: every way in, every way out, and text that must stay text."""

import gzip
import io
import shutil
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from pages.components.data.demo import load_demo
from pages.components.data.files import name_patterns
from pages.components.data.running_import import ImportJob
from pages.components.data.uploads import harmless_name
from pages.components.data.words import shown
from pages.components.mapping.feed import CONSTANT
from pages.components.mapping.guess import (
    guess_column,
    guess_date_columns,
    guess_hindsight,
    guess_stage,
    guess_tables,
    guess_time_format,
)
from pages.components.mapping.lines import format_pairs, parse_pairs
from queries.catalogue import frequent_values, stages
from queries.dataset import open_flow
from queries.importing import load_files
from queries.mapping_file import parse_mapping
from queries.workspace import Workspace

PAGE = Path(__file__).parents[1] / "pages" / "data_page.py"
LEADS = "lead_id,created_at,region\n" + "".join(f"A{i},2025-01-{i:02},North\n" for i in range(1, 29))
ACCOUNTS = "account_id,industry\nC1,Retail\n"
ACTIVITIES = (
    "lead_id,occurred_at,activity_type\nA1,2025-02-01T08:00:00Z,click\nA2,2025-02-13T08:00:00Z,open\n"
)
OUTCOMES = "lead_id,occurred_at,stage,amount\nA1,2025-03-14,won,100\n"
OWN_FILES = {"leads": LEADS, "accounts": ACCOUNTS, "activities": ACTIVITIES, "outcomes": OUTCOMES}
HUBSPOT = (
    "Record ID,Email,Create Date,Lifecycle Stage,"
    "Became a Marketing Qualified Lead Date,Became a Customer Date\n"
    "101,ann@example.com,2025-01-13 09:30,customer,2025-02-01 10:00,2025-03-15 12:00\n"
    "102,bob@example.com,2025-01-14 09:30,marketingqualifiedlead,2025-02-02 10:00,\n"
)
UNKNOWN = (
    "Person;Entered;Signed Won Date;Town\n"
    "p1;13.01.2025;20.02.2025;Ulm\n"
    "p2;14.01.2025;;Bonn\n"
    "p3;15.01.2025;25.02.2025;Ulm\n"
)


@pytest.fixture
def empty_workspace(tmp_path):
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def own_workspace(tmp_path):
    workspace = Workspace.open(tmp_path / "workspace")
    for name, text in OWN_FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    load_files(workspace, [tmp_path / f"{name}.csv" for name in OWN_FILES])
    return workspace


@pytest.fixture
def page(monkeypatch):
    def open_page(workspace):
        monkeypatch.setenv("TIERLINE_WORKSPACE", str(workspace.path))
        return run(AppTest.from_file(PAGE, default_timeout=120))

    return open_page


@pytest.fixture
def downloads(monkeypatch):
    """What the download buttons hold, by key."""
    held = {}
    button = streamlit.download_button

    def remember(label, data, **options):
        held[options["key"]] = data
        return button(label, data, **options)

    monkeypatch.setattr(streamlit, "download_button", remember)
    return held


def run(app):
    app.run()
    assert not app.exception
    return app


def upload(app, *files, key="data"):
    chooser = next(c for c in app.file_uploader if c.key.startswith(f"upload_{key}"))
    chooser.set_value(
        [
            (name, content.encode() if isinstance(content, str) else content, "text/csv")
            for name, content in files
        ]
        if key == "data"
        else (files[0][0], files[0][1].encode(), "application/toml")
    )
    return run(app)


def click(app, key):
    app.button(key=key).click()
    return run(app)


def texts(app):
    """Everything that is said, without the marks that keep it from being markdown."""
    elements = [*app.markdown, *app.caption, *app.error, *app.success, *app.info, *app.warning]
    labels = [expander.label for expander in app.expander]
    return "\n".join([*(element.value for element in elements), *labels]).replace("\\", "")


def tables_of(workspace):
    return {name: table.accepted for name, table in workspace.manifest.tables.items()}


def test_without_data_the_page_offers_two_ways_to_begin(page, empty_workspace):
    app = page(empty_workspace)
    assert [header.value for header in app.header] == ["Load your files", "Try the demo"]
    assert "Nothing is loaded yet" in texts(app)
    assert app.number_input(key="demo_leads").value == 20_000
    assert not app.button(key="demo_load").disabled
    assert empty_workspace.manifest is None


def test_the_demo_loads_with_one_button(page, empty_workspace):
    app = page(empty_workspace)
    app.number_input(key="demo_leads").set_value(1_000)
    click(app, "demo_load")
    assert tables_of(empty_workspace)["leads"] == 1_000
    assert "Loaded" in app.success[0].value
    assert app.metric[0].value == "1,000"
    click(app, "data_import_dismiss")
    assert not app.success


def test_the_demo_replaces_data_only_after_a_confirmation(page, own_workspace):
    app = page(own_workspace)
    assert app.button(key="demo_load").disabled
    app.number_input(key="demo_leads").set_value(1_000)
    app.checkbox(key="demo_confirm").check()
    run(app)
    click(app, "demo_load")
    assert tables_of(own_workspace)["leads"] == 1_000


def test_four_files_in_our_columns_load_without_a_question(page, empty_workspace):
    app = page(empty_workspace)
    # Names say nothing here: the columns do.
    upload(app, *((f"export {number}.csv", text) for number, text in enumerate(OWN_FILES.values())))
    assert "The columns are as they should be" in texts(app)
    assert [tab.label for tab in app.tabs] == ["Leads", "Companies", "Activities", "Outcomes"]
    click(app, "load_files")
    assert tables_of(empty_workspace) == {"leads": 28, "accounts": 1, "activities": 2, "outcomes": 1}
    assert "28 leads, 1 company, 2 activities and 1 outcome" in app.success[0].value
    assert "1 Jan 2025 to 28 Jan 2025" in texts(app)
    assert "export 0.csv" in texts(app)


def test_compressed_and_parquet_files_load_too(page, empty_workspace):
    parquet = io.BytesIO()
    pq.write_table(pa.table({"lead_id": ["A1"], "occurred_at": ["2025-03-14"], "stage": ["won"]}), parquet)
    app = page(empty_workspace)
    upload(app, ("leads.csv.gz", gzip.compress(LEADS.encode())), ("deals.parquet", parquet.getvalue()))
    click(app, "load_files")
    assert tables_of(empty_workspace) == {"leads": 28, "accounts": 0, "activities": 0, "outcomes": 1}


def test_what_no_file_feeds_stays_and_that_is_said_before(page, own_workspace):
    app = page(own_workspace)
    upload(app, ("new.csv", LEADS.replace("North", "South")))
    assert "This replaces the leads that are loaded now." in texts(app)
    remove = app.checkbox(key="remove_others")
    assert "companies, activities and outcomes that are loaded now" in remove.label
    assert remove.value is False
    click(app, "load_files")
    assert tables_of(own_workspace) == {"leads": 28, "accounts": 1, "activities": 2, "outcomes": 1}


def test_demo_data_do_not_stay_beside_own_leads_unless_wanted(page, demo_workspace, tmp_path):
    copy = Workspace.open(shutil.copytree(demo_workspace.path, tmp_path / "copy"))
    app = page(copy)
    upload(app, ("leads.csv", LEADS), ("outcomes.csv", OUTCOMES))
    remove = app.checkbox(key="remove_others")
    assert "belong to the demo, not to your leads" in remove.label
    assert remove.value is True
    click(app, "load_files")
    assert tables_of(copy) == {"leads": 28, "accounts": 0, "activities": 0, "outcomes": 1}


def test_a_hubspot_export_is_recognised_and_loads_as_proposed(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("hubspot-crm-exports-2025-04-01.csv", HUBSPOT))
    said = texts(app)
    assert "looks like a HubSpot contact export" in said
    assert "told apart by “Record ID”" in said
    assert "won on “Became a Customer Date”" in said
    click(app, "load_files")
    assert tables_of(empty_workspace) == {"leads": 2, "accounts": 0, "activities": 0, "outcomes": 3}
    columns = empty_workspace.manifest.tables["leads"].columns
    assert "Email" in columns
    assert "Lifecycle Stage" not in columns


def test_a_proposal_can_be_changed_before_loading(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("contacts.csv", HUBSPOT))
    app.toggle(key="map_change").set_value(True)
    run(app)
    stage = next(box for box in app.text_input if "Became a Customer Date" in box.label.replace("\\", ""))
    assert stage.value == "won"
    stage.set_value("bought")
    run(app)
    click(app, "load_files")
    assert dict(stages(open_flow(empty_workspace).engine)) == {"mql": 2, "bought": 1}


def choose(app, table, column, value):
    """Choose a column of the file for one of ours in the mapping's form."""
    box = next(b for b in app.selectbox if b.key.endswith(f"_{table}_0_{column}"))
    box.set_value(("column", value))
    return run(app)


def mapped(app, text=UNKNOWN):
    """The mapping form for UNKNOWN, filled in."""
    upload(app, ("people 2025.csv", text))
    choose(app, "leads", "lead_id", "Person")
    choose(app, "leads", "created_at", "Entered")
    choose(app, "outcomes", "lead_id", "Person")
    return run(app)


def test_an_unknown_file_is_mapped_on_the_screen(page, empty_workspace):
    app = page(empty_workspace)
    mapped(app)
    previews = [element.value for element in app.dataframe]
    assert list(previews[0]["lead_id"]) == ["p1", "p2", "p3"]
    assert list(previews[1]["stage"]) == ["won", "won"]
    # The date of winning must not become something that rules know about a lead.
    assert list(previews[0].columns) == ["lead_id", "created_at", "account_id", "Town"]
    click(app, "load_files")
    assert tables_of(empty_workspace) == {"leads": 3, "accounts": 0, "activities": 0, "outcomes": 2}


def test_the_screen_says_what_is_still_to_choose(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("people.csv", UNKNOWN))
    assert "Still to do" in app.info[-1].value
    assert "load_files" not in [button.key for button in app.button]


def test_rows_that_would_be_left_out_are_shown_before_loading(page, empty_workspace):
    app = page(empty_workspace)
    mapped(app, UNKNOWN + "p4;31.02.2025;;Ulm\n")
    assert "1 row would be left out" in texts(app)
    [reasons] = [element.value for element in app.dataframe if "Why" in element.value]
    assert list(reasons["Line"]) == [5]
    assert "31.02.2025" in reasons["Why"][0]


def test_a_saved_mapping_opens_again_for_next_months_file(page, empty_workspace, downloads):
    app = page(empty_workspace)
    mapped(app)
    mapping = downloads["mapping_download"]
    assert parse_mapping(mapping).files["people_2025_csv"].name == "people *.csv"

    fresh = page(empty_workspace)
    upload(fresh, ("people 2026.csv", UNKNOWN))
    upload(fresh, ("mapping.toml", mapping), key="mapping")
    click(fresh, "load_files")
    assert tables_of(empty_workspace) == {"leads": 3, "accounts": 0, "activities": 0, "outcomes": 2}


RICH_MAPPING = """
schema_version = 1
name = "mapping"

[files.crm_csv]
name = "crm.csv"
delimiter = ";"
encoding = "cp1252"
skip_lines = 1

[files.visits_csv]
name = "visits.csv"
header = false
column_names = ["mail", "moment", "page"]

[[leads]]
file = "crm_csv"
columns = { lead_id = "Id", created_at = "Made", job_title = "Title" }
leave_out = ["Score"]
constants = { source = "Fair" }
time_format = ["%d.%m.%Y", "iso"]
timezone = "Europe/Berlin"
keep_row = "first"
values = { Town = { "Muenchen" = "Munich" } }
where = [
    { column = "Town", is = "not_in", value = ["Test", "Demo"] },
    { column = "Id", is = "is_present" },
]

[[outcomes]]
file = "crm_csv"
columns = { lead_id = "Id", amount = "Value" }
keep_others = false
numbers = { amount = "1.234,56" }
time_format = ["%d.%m.%Y"]

[outcomes.from_dates]
won = "Bought"
lost = "Gone"

[[activities]]
file = "visits_csv"
columns = { occurred_at = "moment" }
constants = { activity_type = "visit" }
match = { column = "mail", equals = "Mail" }
"""
CRM = (
    "exported today\n"
    "Id;Made;Title;Town;Mail;Score;Value;Bought;Gone\n"
    "1;13.01.2025;CEO;Muenchen;a@b.example;3;1.000,50;14.02.2025;\n"
    "2;14.01.2025;CTO;Test;c@d.example;4;;;15.02.2025\n"
)
VISITS = "a@b.example,2025-01-20 10:00,/price\nx@y.example,2025-01-21 10:00,/\n"


def test_an_opened_mapping_comes_back_unchanged_from_the_screen(page, empty_workspace, downloads):
    app = page(empty_workspace)
    upload(app, ("crm.csv", CRM), ("visits.csv", VISITS))
    upload(app, ("mapping.toml", RICH_MAPPING), key="mapping")
    assert parse_mapping(downloads["mapping_download"]) == parse_mapping(RICH_MAPPING)
    click(app, "load_files")
    assert tables_of(empty_workspace) == {"leads": 1, "accounts": 0, "activities": 2, "outcomes": 2}
    values = dict(frequent_values(open_flow(empty_workspace).engine, "leads", "Town"))
    assert values == {"Munich": 1}


def test_columns_without_names_are_named_on_the_screen(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("visits.csv", VISITS))
    next(box for box in app.toggle if box.key.endswith("_header")).set_value(False)
    run(app)
    next(box for box in app.text_area if box.key.endswith("_names")).set_value("lead_id\noccurred_at\npage")
    run(app)
    next(box for box in app.checkbox if box.key.endswith("_activities")).check()
    run(app)
    kind = next(box for box in app.selectbox if box.key.endswith("_activities_0_activity_type"))
    kind.set_value(CONSTANT)
    run(app)
    next(box for box in app.text_input if box.key.endswith("_activity_type_constant")).set_value("visit")
    run(app)
    click(app, "load_files")
    assert tables_of(empty_workspace)["activities"] == 2


def test_a_line_that_is_no_pair_is_pointed_out(page, empty_workspace):
    app = page(empty_workspace)
    mapped(app)
    next(box for box in app.text_area if box.key.endswith("_leads_0_rename")).set_value("Town is city")
    run(app)
    assert "got “Town is city”" in texts(app)
    assert "load_files" not in [button.key for button in app.button]


def test_a_broken_mapping_file_is_explained(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("people.csv", UNKNOWN))
    upload(app, ("mapping.toml", "[[leads]]\ncolums = {}\n"), key="mapping")
    assert "colums must not be given" in texts(app)


def test_a_refused_file_leaves_the_old_data_and_says_why(page, own_workspace):
    before = own_workspace.manifest.version
    app = page(own_workspace)
    broken = LEADS + "".join(f"B{i},yesterday,North\n" for i in range(5))
    upload(app, ("leads.csv", broken))
    assert "5 rows would be left out" in texts(app)
    assert "Of the leads more than 1 % would be left out" in texts(app)
    click(app, "load_files")
    assert "Not loaded" in app.error[0].value
    assert "line 30" in app.error[0].value.replace("\\", "")
    assert "as they were" in app.error[0].value
    assert own_workspace.manifest.version == before
    assert app.metric[0].value == "28"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.csv", b"<!DOCTYPE html><html><body>login</body></html>", "web page"),
        ("book.csv", b"PK\x03\x04" + b"\0" * 200, "Excel"),
        ("empty.csv", b"", "empty file"),
        ("cut.parquet", b"PAR1 and nothing", "Parquet"),
        ("double.csv", b"lead_id,lead_id\n1,2\n", "must differ"),
    ],
)
def test_a_file_that_is_none_is_explained_at_once(page, empty_workspace, name, content, said):
    app = page(empty_workspace)
    upload(app, (name, content))
    assert said in texts(app)
    assert "load_files" not in [button.key for button in app.button]
    assert empty_workspace.manifest is None


def test_a_cancelled_import_ends_and_leaves_everything_as_it_was(own_workspace):
    before = own_workspace.manifest.version
    generating = threading.Event()

    def work(say, cancelled):
        generating.set()
        while not cancelled():
            pass
        return load_demo(own_workspace, 1_000, say, cancelled)

    job = ImportJob("Loading", work)
    assert generating.wait(10)
    assert not job.wait(0)
    job.cancel()
    assert job.wait(60)
    assert job.result.cancelled
    assert own_workspace.manifest.version == before


def test_an_unexpected_error_is_logged_under_an_id_and_not_shown(caplog):
    def work(say, cancelled):
        raise ZeroDivisionError("secret detail")

    job = ImportJob("Loading", work)
    assert job.wait(10)
    assert "secret detail" not in job.result.reason
    [record] = [record for record in caplog.records if "import failed" in record.message]
    assert record.message.removeprefix("import failed (").removesuffix(")") in job.result.reason


def test_rows_that_were_left_out_are_listed_with_line_reason_and_text(page, own_workspace, tmp_path):
    activities = ACTIVITIES + "A3,2025-02-30,click\n"
    (tmp_path / "activities.csv").write_text(activities)
    load_files(own_workspace, [tmp_path / "activities.csv"], max_rejected=0.5)
    app = page(own_workspace)
    assert "1 row was left out" in texts(app)
    [rows] = [element.value for element in app.dataframe if "Why" in element.value]
    assert rows.loc[0, "Table"] == "Activities"
    assert rows.loc[0, "Line"] == 4
    assert "2025-02-30" in rows.loc[0, "Why"]
    assert "A3" in rows.loc[0, "The row's text"]


def test_findings_about_data_and_model_stand_in_the_order_of_their_weight(page, own_workspace, tmp_path):
    (tmp_path / "outcomes.csv").write_text(OUTCOMES + "nobody,2025-03-15,won,1\n")
    load_files(own_workspace, [tmp_path / "outcomes.csv"])
    app = page(own_workspace)
    said = texts(app)
    # The default model has a rule on pages, which these activities do not have.
    assert "The model in use: rule 'pricing_page': field must be a column of activities" in said
    assert "1 of 2 outcomes have an unknown lead_id" in said
    assert said.index("Put right first") < said.index("Worth a look")


def test_on_demo_data_rules_fit_and_the_leak_is_found(page, demo_workspace, tmp_path):
    copy = Workspace.open(shutil.copytree(demo_workspace.path, tmp_path / "copy"))
    said = texts(page(copy))
    assert "onboarding_call" in said
    assert "must be a column" not in said


def test_text_from_files_never_becomes_markdown(page, empty_workspace):
    trap = "![x](http://tracker.example/p.png)"
    app = page(empty_workspace)
    upload(app, (f"{trap}.csv", f'lead_id,created_at,"{trap}"\nA1,2025-01-13,"=1+1"\n'))
    app.toggle(key="map_change").set_value(True)
    run(app)
    said = [element.value for element in [*app.markdown, *app.caption]]
    labels = [box.label for box in [*app.selectbox, *app.multiselect, *app.text_input, *app.expander]]
    assert not [text for text in said + labels if "![x](" in text]
    click(app, "load_files")
    assert tables_of(empty_workspace)["leads"] == 1
    assert not [element.value for element in [*app.markdown, *app.caption] if "![x](" in element.value]


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "upload"),
        ("", "upload"),
        (".hidden.csv", "hidden.csv"),
        ("a\0b\n.csv", "a_b_.csv"),
        ("*?[x].csv", "_x_.csv"),
        ("\u202etxt.csv", "_txt.csv"),
    ],
)
def test_a_files_name_can_do_no_harm(name, harmless):
    assert harmless_name(name) == harmless


def test_a_long_name_keeps_its_ending():
    assert harmless_name("x" * 300 + ".csv").endswith(".csv")
    assert len(harmless_name("x" * 300 + ".csv")) <= 80


def test_two_files_of_one_name_are_told_apart(page, empty_workspace):
    app = page(empty_workspace)
    upload(app, ("export.csv", LEADS), ("export.csv", OUTCOMES))
    assert "export-2.csv" in texts(app)
    click(app, "load_files")
    assert tables_of(empty_workspace)["outcomes"] == 1


def test_shown_text_is_cut_and_does_not_turn_around():
    assert shown("a\u202eb") == "ab"
    assert shown("x" * 20, 5) == "xxxx…"


def test_pairs_survive_writing_and_reading():
    pairs = {"Closed Won": "won", "Lost": "lost"}
    assert parse_pairs(format_pairs(pairs)) == (pairs, [])
    assert parse_pairs("no arrow") == ({}, ["no arrow"])


def test_guesses_follow_names():
    columns = ["Contact ID", "CreatedDate", "Became a Customer Date", "Deal Amount"]
    assert guess_column("lead_id", columns) == "Contact ID"
    assert guess_column("created_at", columns) == "CreatedDate"
    assert guess_column("reason", columns) is None
    assert guess_date_columns(columns) == ["Became a Customer Date"]
    assert guess_stage("Became a Customer Date") == "won"
    assert guess_tables(columns) == ["leads", "outcomes"]


@pytest.mark.parametrize(
    ("examples", "written"),
    [
        (["2025-01-31"], "iso"),
        ([], "iso"),
        (["31.01.2025"], "%d.%m.%Y"),
        (["01.02.2025"], "%d.%m.%Y"),
        (["31/01/2025 09:30"], "%d/%m/%Y %H:%M"),
        (["01/31/2025"], "%m/%d/%Y"),
        # Which is the day? A guess would be wrong in silence.
        (["01/02/2025", "03/04/2025"], "iso"),
        (["13/01/2025", "01/13/2025"], "iso"),
        (["31.01.2025", "yesterday"], "iso"),
        (["1/31/2025 9:05 AM", "2/1/2025 12:00 PM"], "%m/%d/%Y %I:%M %p"),
        (["31.01.2025 09:30:15"], "%d.%m.%Y %H:%M:%S"),
        (["31.01.2025", "31.01.2025 09:30"], "iso"),
        (["19970101", "19980630"], "%Y%m%d"),
        (["2025/01/31"], "%Y/%m/%d"),
        (["31 Jan 2025"], "%d %b %Y"),
        (["Jan 31, 2025"], "%b %d, %Y"),
        (["1735689600"], "unix_seconds"),
        (["1735689600000"], "unix_milliseconds"),
        (["45658"], "iso"),
    ],
)
def test_the_way_times_are_written_is_seen_from_examples(examples, written):
    assert guess_time_format(examples) == written


def test_what_is_known_only_afterwards_is_left_out_of_a_wide_leads_file():
    assert guess_hindsight(["id", "Won Date", "Amount", "Town"]) == ["Won Date", "Amount"]
    assert guess_hindsight(["id", "Amount", "Town"]) == []


def test_a_list_of_deals_with_one_closing_date_feeds_leads_and_outcomes():
    columns = ["opportunity_id", "account", "deal_stage", "engage_date", "close_date", "close_value"]
    assert guess_tables(columns, "sales_pipeline.csv") == ["leads", "outcomes"]
    assert guess_column("lead_id", columns) == "opportunity_id"
    assert guess_column("created_at", columns) == "engage_date"
    assert guess_hindsight(columns) == ["close_date", "deal_stage", "close_value"]
    assert guess_tables(["account", "sector"], "accounts.csv") == ["accounts"]
    assert guess_tables(["account", "sector"], "sectors.csv") == []
    assert guess_tables(["id", "name"], "our-contacts 2025.csv") == ["leads"]


def test_patterns_fit_next_months_names_or_are_the_names():
    assert name_patterns(["contacts-2026-11-30.csv"]) == ["contacts-*.csv"]
    assert name_patterns(["part1.csv", "part2.csv"]) == ["part1.csv", "part2.csv"]

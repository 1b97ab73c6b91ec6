"""Files as they come from real systems: what is wrong is named, with what to do about it."""

import pytest

from queries.importing import ImportRefused, load_files
from queries.imports.csv import detect_delimiter
from queries.mapping import BLANKS
from queries.workspace import Workspace

LEADS = "lead_id,created_at,country\n" + "".join(f"L{number},2025-01-05,DE\n" for number in range(20))


def refusal(folder, name, text, **options):
    path = folder / name
    path.write_text(text)
    workspace = Workspace.open(folder / "workspace")
    with pytest.raises(ImportRefused) as refused:
        load_files(workspace, [] if options else [path], **dict.fromkeys(options, path))
    assert Workspace.open(folder / "workspace").manifest is None
    return str(refused.value)


def test_days_that_a_spreadsheet_counted_are_recognised(tmp_path):
    said = refusal(tmp_path, "leads.csv", LEADS.replace("2025-01-05", "45658.375"))
    assert "line 2: created_at must be" in said
    assert "days as spreadsheets count them: format the column as a date" in said


def test_other_unreadable_dates_are_not_called_spreadsheet_days(tmp_path):
    assert "spreadsheets" not in refusal(tmp_path, "leads.csv", LEADS.replace("2025-01-05", "1735689600"))


def test_a_file_in_the_place_of_another_says_which_it_is(tmp_path):
    said = refusal(tmp_path, "export.csv", LEADS, outcomes=True)
    assert "outcomes must have the columns occurred_at and stage" in said
    assert "these are the columns of leads" in said


def test_a_folder_without_tables_names_the_files_that_were_seen(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "contacts.csv").write_text(LEADS)
    with pytest.raises(ImportRefused, match=r"got .*exports with contacts\.csv; .*the Data page writes"):
        load_files(Workspace.open(tmp_path / "workspace"), [folder])


def test_columns_that_only_blanks_set_apart_are_found():
    assert detect_delimiter([" id   date  value\n", " 1 2025  3.5\n", " 22 2026 4\n"]) == BLANKS


@pytest.mark.parametrize(
    "lines",
    [
        ["account_id\n", "Acme\n", "Beta Limited\n"],
        ["Account Name\n", "Acme Corp\n", "Beta Limited\n"],
        ["a,b c d\n", "1,2 3 4\n"],
        ["id date value\n", "1 2025\n", "2 2026 4\n"],
    ],
)
def test_names_of_several_words_are_no_columns(lines):
    assert detect_delimiter(lines) != BLANKS


def test_columns_set_apart_by_blanks_are_loaded_and_said(tmp_path):
    path = tmp_path / "leads.txt"
    path.write_text(" lead_id  created_at  score\n 001 2025-01-05  3\n 002 2025-02-05 12\n")
    report = load_files(Workspace.open(tmp_path / "workspace"), [path])
    assert report.tables["leads"].summary.accepted == 2
    assert "leads.txt: columns were taken as set apart by blanks" in report.notes

"""Values that were rewritten on the way, or stand for none, are said; ordinary ones are not."""

from datetime import datetime

import pytest

from tests.test_checks import check, fine_tables


def test_a_date_that_stands_for_none_is_said_with_the_lead(tmp_path):
    tables = fine_tables()
    tables["leads"]["created_at"][5] = datetime(1000, 1, 1)
    tables["leads"]["created_at"][6] = datetime(1970, 1, 1)
    [finding] = check(tmp_path, tables)
    assert (finding.kind, finding.table, finding.field) == ("early", "leads", "created_at")
    assert finding.message.startswith("2 leads are dated before 1980, the earliest 1000-01-01 (lead 'l005')")


@pytest.mark.parametrize("table", ["activities", "outcomes"])
def test_an_early_activity_or_outcome_is_said(tmp_path, table):
    tables = fine_tables()
    tables[table]["occurred_at"][5] = datetime(1899, 12, 30)
    kinds = {(finding.kind, finding.table) for finding in check(tmp_path, tables)}
    assert ("early", table) in kinds


@pytest.mark.parametrize("written", ["{0}", "{0:05d}", " {0} ", "{0}.0"])
def test_ids_that_a_program_rewrote_are_said_with_an_example(tmp_path, written):
    tables = fine_tables()
    tables["leads"]["lead_id"] = [f"{number:04d}" for number in range(400)]
    tables["activities"]["lead_id"] = [f"{number:04d}" for number in range(400) for _ in range(2)]
    tables["outcomes"]["lead_id"] = [written.format(number) for number in range(400)]
    found = {finding.kind: finding for finding in check(tmp_path, tables)}
    assert set(found) == {"orphans", "alike_ids"}
    alike = found["alike_ids"]
    assert alike.evidence["rows"] == 400
    # The example is a pair that belongs together.
    assert int(float(alike.evidence["written"])) == int(alike.evidence["lead_id"])


def test_an_id_that_could_be_two_leads_is_none_of_them(tmp_path):
    tables = fine_tables()
    tables["leads"]["lead_id"][:2] = ["7", "007"]
    tables["activities"]["lead_id"] = tables["leads"]["lead_id"] * 2
    tables["outcomes"]["lead_id"] = ["0007", "00007", *tables["leads"]["lead_id"][2:]]
    assert [finding.kind for finding in check(tmp_path, tables)] == ["orphans"]


@pytest.mark.parametrize(
    "example", ["1.234,50", "12,5", "1,234.50", "€ 10", "50%", "1'000", "10 EUR", "-3,5"]
)
def test_numbers_that_are_written_otherwise_are_said(tmp_path, example):
    tables = fine_tables()
    tables["leads"]["employees"] = [example] * 400
    [finding] = check(tmp_path, tables)
    assert (finding.kind, finding.field) == ("numbers_as_text", "employees")
    assert repr(example) in finding.message


@pytest.mark.parametrize(
    "example", ["10.5", "1e3", "2025-01-31", "31.01.2025", "10-50", "192.168.0.1", "+49 30 1234", "a,5"]
)
def test_what_is_a_number_or_none_is_not(tmp_path, example):
    tables = fine_tables()
    tables["leads"]["employees"] = [example] * 400
    assert check(tmp_path, tables) == []


def test_a_few_odd_numbers_among_words_are_words(tmp_path):
    tables = fine_tables()
    tables["leads"]["employees"] = ["12,5"] * 10 + ["many"] * 390
    assert check(tmp_path, tables) == []


def test_one_date_is_one(tmp_path):
    tables = fine_tables()
    tables["leads"]["created_at"][5] = datetime(1000, 1, 1)
    [finding] = check(tmp_path, tables)
    assert finding.message.startswith("1 of the leads is dated before 1980")

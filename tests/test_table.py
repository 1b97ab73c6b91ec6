"""Downloads that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components.table import (
    FORMULA_STARTS,
    csv_bytes,
    file_stem,
    percent_column,
    with_percents,
)


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(start):
    text = f'{start}HYPERLINK("http://example.com")'
    header, row = read_back(csv_bytes(pd.DataFrame({text: [text]})))
    assert header == [f"'{text}"]
    assert row == [f"'{text}"]


def test_numbers_and_times_are_left_alone():
    frame = pd.DataFrame(
        {
            "delta": [-1, 2],
            "rate": [-0.25, None],
            "at": pd.to_datetime(["2025-01-01", "2025-04-01"]),
            "count": pd.array([-3, None], dtype="Int64"),
        }
    )
    assert read_back(csv_bytes(frame)) == [
        ["delta", "rate", "at", "count"],
        ["-1", "-0.25", "2025-01-01", "-3"],
        ["2", "", "2025-04-01", ""],
    ]


def test_a_rate_keeps_every_digit():
    rate = 314 / 3645
    assert float(read_back(csv_bytes(pd.DataFrame({"rate": [rate]})))[1][0]) == rate


def test_numbers_among_texts_stay_numbers_and_missing_text_stays_empty():
    frame = pd.DataFrame({"mixed": pd.Series([-5, "-5", None], dtype="object")})
    assert [row[0] for row in read_back(csv_bytes(frame))[1:]] == ["-5", "'-5", ""]


def test_categories_are_text_too():
    frame = pd.DataFrame({"part": pd.Categorical(["=1+1", "EMEA"])})
    assert read_back(csv_bytes(frame))[1:] == [["'=1+1"], ["EMEA"]]


def test_two_columns_of_one_name_are_both_made_safe():
    frame = pd.DataFrame([["=a", "=b"]], columns=["x", "x"])
    assert read_back(csv_bytes(frame)) == [["x", "x"], ["'=a", "'=b"]]


def test_the_file_says_that_it_is_utf8():
    assert csv_bytes(pd.DataFrame({"ä": ["é"]})).startswith(b"\xef\xbb\xbf")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=1, max_size=5))
def test_no_cell_begins_like_a_formula_and_nothing_is_lost(texts):
    # Empty cells of a single column would be blank lines, which no reader can tell from none.
    rows = read_back(csv_bytes(pd.DataFrame({"key": range(len(texts)), "text": texts})))[1:]
    cells = [row[1] for row in rows]
    assert not any(cell.startswith(FORMULA_STARTS) for cell in cells)
    assert [
        cell.removeprefix("'") if text.startswith(FORMULA_STARTS) else cell
        for cell, text in zip(cells, texts, strict=True)
    ] == texts


def test_a_file_name_is_plain():
    assert file_stem("../../etc/Sales-ready (SQL) by quarter") == "etc-sales-ready-sql-by-quarter"
    assert file_stem("…") == "table"


def test_percents_have_one_decimal_in_every_row_and_the_file_every_digit():
    frame = pd.DataFrame(
        {"Rate": [0.17796, 0.2344, None, 0.5], "Lift": [1.25, 2.0, 3.0, None], "Tier": list("abcd")}
    )
    shown, config = with_percents(frame, {"Rate": percent_column("what it is")})
    cells = shown._translate(False, False)["body"]
    text = [[cell["display_value"] for cell in row if cell["type"] == "td"] for row in cells]
    assert [row[0].replace("\u00a0", " ") for row in text] == ["17.8 %", "23.4 %", "–", "50.0 %"]
    assert [row[1:] for row in text[:2]] == [["1.25", "a"], ["2", "b"]]
    assert config["Rate"]["help"] == "what it is" and config["Rate"]["type_config"]["format"] is None
    assert shown.data.equals(frame)
    assert "0.17796" in csv_bytes(frame).decode("utf-8-sig")


def test_tables_without_percents_are_shown_as_they_are():
    frame = pd.DataFrame({"Leads": [1, 2]})
    assert with_percents(frame, {"Leads": None})[0] is frame

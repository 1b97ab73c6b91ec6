"""Figures as text."""

from __future__ import annotations

import pytest

from pages.components import format as shown

NO_BREAK = shown.NO_BREAK


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.1423, "14.2 %"),
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.0004, "under 0.1 %"),
        (0.0005, "0.1 %"),
        (None, "–"),
    ],
)
def test_a_rate_is_shown_in_percent(rate, text):
    assert shown.percent(rate).replace(NO_BREAK, " ") == text


def test_percent_never_breaks_between_number_and_sign():
    assert " " not in shown.percent(0.5)


@pytest.mark.parametrize(("number", "text"), [(9870, "9,870"), (0, "0"), (None, "–")])
def test_thousands_are_apart(number, text):
    assert shown.count(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (1_694_940.0, "1,694,940"),
        (999.5, "999.50"),
        (12.0, "12"),
        (1234.56, "1,235"),
        (None, "–"),
        (-5.25, "-5.25"),
    ],
)
def test_small_amounts_keep_their_cents(amount, text):
    assert shown.money(amount) == text


@pytest.mark.parametrize(
    ("delta", "text"),
    [
        (0.011, "+1.1 points"),
        (-0.02, "−2.0 points"),
        (0.0, "±0.0 points"),
        (0.0001, "±0.0 points"),
        (None, "–"),
    ],
)
def test_a_difference_has_its_sign(delta, text):
    assert shown.signed_points(delta).replace(NO_BREAK, " ") == text


@pytest.mark.parametrize(
    ("delta", "text"), [(35, "+35"), (-1200, "−1,200"), (0, "±0"), (100, "+100"), (None, "–")]
)
def test_a_difference_of_counts_has_its_sign(delta, text):
    assert shown.signed_count(delta) == text


def test_auc_lift_and_ranges_are_said_in_words():
    assert shown.auc_in_words(0.742).replace(NO_BREAK, " ") == (
        "picks the buyer over the non-buyer 74 times in 100"
    )
    assert shown.signed_times(-0.009).replace(NO_BREAK, " ") == "−0.9 times in 100"
    assert shown.times(5.09).replace(NO_BREAK, " ") == "5.1 times the average"
    assert shown.likely_range(0.129, 0.156).replace(NO_BREAK, " ") == "likely 12.9 to 15.6 %"
    assert shown.likely_times(0.716, 0.761) == "likely 72 to 76"


@pytest.mark.parametrize(
    "empty",
    [
        shown.auc_in_words(None),
        shown.times(None),
        shown.likely_range(None, 0.5),
        shown.likely_times(None, None),
        shown.times_in_100(None),
        shown.signed_times(None),
    ],
)
def test_a_figure_of_nothing_is_a_dash(empty):
    assert empty == "–"


def test_periods_are_called_by_their_length():
    assert shown.period_word(["2025-Q1"]) == "quarter"
    assert shown.period_word(["2025-01"], plural=True) == "months"
    assert shown.period_word([]) == "quarter"


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](http://example.com/a.png)",
        "[click](javascript:alert(1))",
        "<img src=x>",
        "**bold** _it_ `code` $x^2$ :red[x] ~~gone~~ # head",
        "http://example.com",
    ],
)
def test_markdown_in_the_data_is_shown_as_it_is(hostile):
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    tokens = markdown.parseInline(shown.as_markdown(hostile))[0].children
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert "".join(token.content for token in tokens) == hostile


def test_a_text_of_several_lines_stays_one_paragraph():
    assert "\n" not in shown.as_markdown("a\n# b\r\nc")


def test_of_many_names_the_first_are_said_and_how_many_more():
    assert shown.some_of(["a", "b", "c"], most=2) == "a, b, c"
    assert shown.some_of(["a", "b", "c", "d"], most=2) == "a, b and 2 more"
    assert shown.some_of([]) == ""

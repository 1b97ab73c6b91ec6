"""What the browser is given: whole numbers packed as narrowly as they can be, nothing lost on the way."""

import base64
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from pages.components.console.payload import (
    appearance_payload,
    counts_payload,
    packed,
    response_payload,
    tiers_payload,
)
from pages.components.theme import PALETTES, tier_colours
from queries.dataset import ready_models
from scoring.cells import Cells
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.errors import ScoringError
from scoring.model import Category
from scoring.response import ResponseTable


def unpacked(column):
    values = np.frombuffer(base64.b64decode(column["base64"]), np.dtype(column["type"]).newbyteorder("<"))
    return values.tolist()


def cells_of(*rows, segments=("a", "b"), periods=("2025-Q1", "2025-Q2")):
    """Cells from (segment, period, score, mature, converted, leads)."""
    segment, period, score, mature, converted, leads = zip(*rows, strict=True) if rows else [()] * 6
    return Cells(
        periods=periods,
        segments=segments,
        segment=np.array(segment, dtype=np.int32),
        period=np.array(period, dtype=np.int32),
        score=np.array(score, dtype=np.int64),
        mature=np.array(mature, dtype=np.bool_),
        converted=np.array(converted, dtype=np.bool_),
        leads=np.array(leads, dtype=np.int64),
        amount=np.zeros(len(leads), dtype=np.int64),
        unscored_conversions=np.zeros((len(segments), len(periods)), dtype=np.int64),
        horizon_days=90,
        observed_until=datetime(2026, 1, 1),
    )


CELLS = cells_of(
    (0, 0, 3, True, True, 2),
    (1, 0, 3, True, True, 5),
    (0, 0, 3, True, False, 300),
    (0, 1, 4, True, False, 7),
    (1, 1, 4, False, True, 11),
)
TABLE = ResponseTable(
    cells=CELLS,
    rest_of_category=np.array([1, 1, 1, -2, 0]),
    rest=np.array([3, 3, 3, 4, 0]),
    count=np.array([20, 20, 20, 0, 40]),
    category=Category(name="engagement", max_points=30),
    min_score=0,
    max_score=10,
)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "uint8"),
        ([0, 255], "uint8"),
        ([-1, 127], "int8"),
        ([256], "uint16"),
        ([-129], "int16"),
        ([-1, 32_768], "int32"),
        ([2**31 - 1, -(2**31)], "int32"),
    ],
)
def test_numbers_are_packed_into_the_narrowest_type_and_come_back(values, kind):
    column = packed(np.array(values, dtype=np.int64))
    assert column["type"] == kind
    assert unpacked(column) == values


def test_numbers_beyond_32_bits_are_refused():
    with pytest.raises(OverflowError, match="must fit into 32 bits, got 0 to 2147483648"):
        packed(np.array([0, 2**31]))


def test_counts_hold_complete_leads_by_period_and_score_and_say_how_many_are_open():
    payload = counts_payload(CELLS, 2, 5)
    assert payload["periods"] == ["2025-Q1", "2025-Q2"]
    assert payload["open"] == [0, 11]
    assert (payload["minScore"], payload["maxScore"]) == (2, 5)
    assert unpacked(payload["converted"]) == [0, 7, 0, 0, 0, 0, 0, 0]
    assert unpacked(payload["notConverted"]) == [0, 300, 0, 0, 0, 0, 7, 0]


def test_a_score_outside_the_range_is_refused():
    with pytest.raises(ScoringError, match="scores must lie in"):
        counts_payload(CELLS, 0, 3)


def test_rows_that_differ_only_in_segment_are_added_up_and_open_leads_left_out():
    payload = response_payload(TABLE, "email_click", "draft 1")
    assert (payload["rule"], payload["draft"]) == ("email_click", "draft 1")
    assert unpacked(payload["starts"]) == [0, 1, 1, 2, 3]
    assert unpacked(payload["leads"]) == [7, 300, 7]
    assert unpacked(payload["rest"]) == [3, 3, 4]
    assert unpacked(payload["restOfCategory"]) == [1, 1, -2]
    counts = unpacked(payload["countValues"])
    assert [counts[place] for place in unpacked(payload["count"])] == [20, 20, 0]
    assert payload["open"] == [0, 11]
    assert (payload["categoryMin"], payload["categoryMax"]) == (None, 30)


def test_a_part_of_the_segments_brings_only_its_periods():
    cells = cells_of((0, 0, 3, True, True, 2), (1, 1, 3, True, False, 5))
    columns = {"rest_of_category": np.array([1, 2]), "rest": np.array([3, 4]), "count": np.array([20, 40])}
    payload = response_payload(replace(TABLE, cells=cells, **columns), "email_click", "draft 1", ["b"])
    assert payload["periods"] == ["2025-Q2"]
    assert unpacked(payload["starts"]) == [0, 0, 1]
    assert unpacked(payload["rest"]) == [4]


def test_an_empty_table_has_groups_without_rows():
    nothing = np.zeros(0, dtype=np.int64)
    table = replace(
        TABLE, cells=cells_of(periods=("2025-Q1",)), rest_of_category=nothing, rest=nothing, count=nothing
    )
    payload = response_payload(table, "email_click", "draft 1")
    assert unpacked(payload["starts"]) == [0, 0, 0]
    assert unpacked(payload["leads"]) == []


def test_tiers_carry_what_is_shown_and_colours_those_of_the_theme():
    model = ready_models()["b2b_guideline"]
    tiers = tiers_payload(model)
    assert [tier["threshold"] for tier in tiers] == [tier.threshold for tier in model.tiers]
    assert [tier["label"] for tier in tiers] == [tier.shown_label for tier in model.tiers]
    colours = appearance_payload(PALETTES["dark"], tier_colours(len(tiers), "dark"))
    assert colours["converted"] == PALETTES["dark"].converted
    assert colours["tiers"] == list(tier_colours(3, "dark"))
    assert colours["smallBelow"] == MIN_LEADS_FOR_RATE
